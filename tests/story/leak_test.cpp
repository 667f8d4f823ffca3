// SPDX-License-Identifier: Apache-2.0
// The tale of a leaked message, as docs/auditing.md shows it: every command in it is typed here,
// to the real programs, and what comes out is what the document says. Oberih's parts beside it are
// real, too: two witnesses cosign, PostgreSQL's superuser alters a row, and whoever verifies has
// nothing but the file that was handed over and the genesis hash.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <sstream>

#include "running_witness.hpp"
#include "shown_transcript.hpp"

namespace oberih::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* document_path = OBERIH_SOURCE "/docs/auditing.md";

class Leak : public testing::Test {
 protected:
  Leak() {
    fs::create_directory(path("bin"));
    fs::create_directory(path("desk"));
    fs::create_directory(path("clean"));
    fs::create_symlink(OBERIH_BINARIES "/oberih-quick-passphrase", path("bin/oberih"));
    write_file(path("bin/oberihd"), "#!/bin/sh\ncommand=$1; shift\nexec " OBERIH_BINARIES
                                    "/oberihd \"$command\" --settings " +
                                        path("oberihd.conf") + " \"$@\"\n");
    fs::permissions(path("bin/oberihd"), fs::perms::owner_all);
  }
  std::string path(const std::string& name) const { return deployment_.folder() / name; }
  Finished ok(const std::string& profile, const std::vector<std::string>& arguments) {
    Finished finished = deployment_.oberih(profile, arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
    return finished;
  }

  /// Two witnesses that the roots have agreed upon, and the server that asks them.
  void have_witnesses() {
    const std::string genesis = field_of(ok("oksana", {"--json", "status"}).out, "genesis");
    std::vector<std::string> propose = {"governance", "propose", "witnesses",           "--out",
                                        path("wish"), "--need",  "2:police,prosecution"};
    std::string addresses;
    for (const std::string kind : {"police", "prosecution"}) {
      RunningWitness& witness = *witnesses_.emplace_back(std::make_unique<RunningWitness>(
          deployment_.folder(), "w." + kind, path(kind + ".agency")));
      ASSERT_EQ(witness.trust(path("genesis"), genesis).exit_code, 0);
      witness.start({"--accept-first"});
      propose.insert(propose.end(), {"--add", witness.folder() / "card.json"});
      addresses += witness.name() + "=127.0.0.1:" + std::to_string(witness.port()) + " ";
    }
    ok("oksana", propose);
    for (const std::string root : {"police", "prosecution", "oversight"})
      ok("oksana", {"governance", "sign", "--yes", "--root", path(root + ".root"), path("wish")});
    const Finished agreed = deployment_.oberihd("directory append", {path("wish")});
    ASSERT_EQ(agreed.exit_code, 0) << agreed.err;
    // Who stops writes down first what was read.
    deployment_.stop_server(SIGTERM);
    deployment_.set_server_environment({{"OBERIH_WITNESSES", addresses}});
    deployment_.start_server();
  }

  /// What was said before anybody asked.
  void hold_the_conversation() {
    ok("oksana", {"channel", "create", "--kind", "case", "--title", "417"});
    ok("oksana", {"message", "post", "417", "Заява від 20 листопада."});
    ok("oksana", {"channel", "add", "417", "--device", deployment_.device_of("pavlo"), "--mandate",
                  "Постанова 417/1"});
    ok("oksana", {"message", "post", "417", "Свідок живе на вулиці Садовій, 5."});
    ok("pavlo", {"message", "read", "417"});
  }

  Environment environment_of(const std::string& who) const {
    Environment environment{{"LC_ALL", "C.UTF-8"},
                            {"TZ", "Europe/Kyiv"},
                            {"PATH", path("bin") + ":" + std::getenv("PATH")}};
    if (who == "judge") {  // of all of this, the machine has the program alone
      environment.insert({{"HOME", path("clean")},
                          {"OBERIH_HOME", path("clean/none")},
                          {"OBERIH_PROFILE", ""},
                          {"OBERIH_PASSPHRASE_FILE", ""}});
    } else if (who == "root") {
      const std::string settings = read_file(path("oberihd.conf"));
      for (const auto& [variable, keyword] :
           {std::pair("PGHOST", "host="), std::pair("PGPORT", "port=")}) {
        const std::size_t at = settings.find(keyword, settings.find("\ndatabase = ")) + 5;
        environment[variable] = settings.substr(at, settings.find_first_of(" \n", at) - at);
      }
      environment["PGUSER"] = "oberih_superuser";
      environment["PGDATABASE"] = "oberih";
    } else {
      environment.insert({{"OBERIH_HOME", path("profiles")},
                          {"OBERIH_PROFILE", who},
                          {"OBERIH_PASSPHRASE_FILE", path("passphrase")}});
    }
    return environment;
  }
  /// Everybody works in one folder but the judge, who has what lies in it handed over.
  std::vector<std::string> type(const std::string& who, const std::string& command) {
    if (who == "judge")
      fs::copy(path("desk"), path("clean"),
               fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    const Finished done =
        run_process({"bash", "-c",
                     "cd " + path(who == "judge" ? "clean" : "desk") + " && " + command + " 2>&1"},
                    environment_of(who));
    std::vector<std::string> lines;
    std::istringstream out(done.out);
    for (std::string line; std::getline(out, line);)
      if (!line.empty()) lines.push_back(line);
    if (done.exit_code != 0) lines.push_back("(exit " + std::to_string(done.exit_code) + ")");
    return lines;
  }

  Deployment deployment_{{{"oksana", "police", "investigator", "Оксана Коваль"},
                          {"ivan", "police", "supervisor", "Іван Бондар"},
                          {"pavlo", "prosecution", "prosecutor", "Павло Гнатюк"},
                          {"lesia", "prosecution", "supervisor", "Леся Мельник"},
                          {"nina", "oversight", "auditor", "Ніна Савчук"}},
                         {},
                         "oberih-quick-passphrase",
                         {{"police", "Національна поліція"},
                          {"prosecution", "Одеська обласна прокуратура"},
                          {"oversight", "Уповноважений з прав людини"}}};
  std::vector<std::unique_ptr<RunningWitness>> witnesses_;
};

TEST_F(Leak, goes_as_the_document_shows_and_an_altered_row_is_named) {
  hold_the_conversation();
  have_witnesses();
  const std::vector<TypedCommand> commands = typed_commands(read_file(document_path));
  ASSERT_GE(commands.size(), 15u);
  RunOfTranscript run;
  for (const TypedCommand& each : commands) {
    const std::string command = run.command_of_run(each.command);
    const std::vector<std::string> lines = type(each.who, command);
    if (run.matches(each.shown, lines)) continue;
    std::string all;
    for (const std::string& line : lines) all += line + "\n";
    ADD_FAILURE() << document_path << ":" << each.line << " shows something else than\n"
                  << each.who << "$ " << command << "\n"
                  << all;
  }
}

// -- what the comparison compares -----------------------------------------------------------------

bool matches(const std::string& shown, const std::string& line) {
  return RunOfTranscript().matches({shown}, {line});
}

TEST(ShownTranscript, takes_other_ids_times_and_numbers_and_no_other_words) {
  EXPECT_TRUE(matches("7c01ab34 at 10:00:00, leaf 31, 12", "55aa01ff at 23:59:59, leaf 4, 120"));
  EXPECT_TRUE(matches("  2.5 MB   in all", "2.7 MB in all"));
  EXPECT_FALSE(matches("read by Petro", "read by Pavlo"));
  EXPECT_FALSE(matches("1 of 2 agencies", "2 of 2 agencies"));
  EXPECT_FALSE(matches("(exit 77)", "(exit 65)"));
  EXPECT_FALSE(matches("leaf 31", "leaf 7c01ab34"));
  EXPECT_FALSE(matches("leaf 31", "index 31"));
  EXPECT_FALSE(matches("at 10:00:00", "at 10.5"));
  EXPECT_FALSE(RunOfTranscript().matches({"one"}, {"one", "two"}));
  EXPECT_TRUE(RunOfTranscript().matches({"one", "...", "four"}, {"one", "two", "three", "four"}));
  EXPECT_FALSE(RunOfTranscript().matches({"one", "..."}, {"two"}));
}

TEST(ShownTranscript, takes_each_id_and_place_for_one_other_alone) {
  RunOfTranscript run;
  EXPECT_TRUE(run.matches({"leaf 31 of 7c01ab34"}, {"leaf 47 of 55aa01ff"}));
  EXPECT_FALSE(run.matches({"leaf 31"}, {"leaf 48"}));
  EXPECT_FALSE(run.matches({"leaf 32"}, {"leaf 47"}));
  EXPECT_TRUE(run.matches({"index 31"}, {"index 47"}));
  EXPECT_FALSE(run.matches({"7c01ab34"}, {"55aa01fe"}));
  EXPECT_FALSE(run.matches({"7c01ab35"}, {"55aa01ff"}));
  EXPECT_TRUE(run.matches({"7c01ab34cd"}, {"55aa01ffee"}));
  EXPECT_EQ(run.command_of_run("read 7c01ab34cd, not 00000000"), "read 55aa01ffee, not 00000000");
}

TEST(ShownTranscript, is_read_out_of_its_blocks_alone) {
  const auto commands = typed_commands(
      "```\nanna$ one\n```\n```transcript\nanna$ two \\\n      three\nout\n```\nanna$ four\n");
  ASSERT_EQ(commands.size(), 1u);
  EXPECT_EQ(commands[0].line, 5u);
  EXPECT_EQ(commands[0].who, "anna");
  EXPECT_EQ(commands[0].command, "two three");
  EXPECT_EQ(commands[0].shown, std::vector<std::string>{"out"});
}

}  // namespace
}  // namespace oberih::test
