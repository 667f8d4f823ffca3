// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/command_line.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "client-cli/connection/back_off.hpp"
#include "protocol/base/result.hpp"
#include "tests/unit/client/temporary_folder.hpp"

namespace oberih::client {
namespace {

struct Ran {
  int exit_code = 0;
  std::string out, err;
};

class CommandLine : public testing::Test {
 protected:
  CommandLine() {
    setenv("OBERIH_HOME", home.path().c_str(), 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("OBERIH_PROFILE");
    unsetenv("OBERIH_PASSPHRASE_FILE");
  }
  static Ran run(const std::vector<std::string>& arguments) {
    std::ostringstream out, err;
    int exit_code = run_command_line(arguments, out, err);
    return {exit_code, out.str(), err.str()};
  }

  TemporaryFolder home;
};

const std::vector<std::vector<std::string>> commands = {{"status"},
                                                        {"unlock"},
                                                        {"lock"},
                                                        {"profile", "create"},
                                                        {"profile", "show"},
                                                        {"profile", "list"},
                                                        {"agency", "create"},
                                                        {"agency", "sign"},
                                                        {"agency", "certify"},
                                                        {"agency", "show"},
                                                        {"device", "request"},
                                                        {"device", "invite"},
                                                        {"device", "certify"},
                                                        {"device", "list"},
                                                        {"device", "show"},
                                                        {"device", "revoke"},
                                                        {"channel", "create"},
                                                        {"channel", "add"},
                                                        {"channel", "remove"},
                                                        {"channel", "list"},
                                                        {"channel", "show"},
                                                        {"channel", "leave"},
                                                        {"channel", "title"},
                                                        {"message", "post"},
                                                        {"message", "read"},
                                                        {"message", "follow"},
                                                        {"evidence", "list"},
                                                        {"evidence", "show"},
                                                        {"evidence", "export"}};

TEST_F(CommandLine, a_missing_word_is_answered_with_the_words_that_there_are) {
  const Ran audit = run({"audit"});
  EXPECT_EQ(audit.exit_code, 64);
  for (const char* word : {"find", "request", "read", "export"})
    EXPECT_NE(audit.err.find(word), std::string::npos) << audit.err;
  EXPECT_EQ(audit.err.find("hearing"), std::string::npos) << "those of another group";
  EXPECT_NE(run({}).err.find("hearing"), std::string::npos);
}

TEST_F(CommandLine, every_command_has_help_with_an_example_in_both_languages) {
  for (std::vector<std::string> words : commands) {
    words.insert(words.end(), {"--help", "--lang", "en"});
    Ran english = run(words);
    EXPECT_EQ(english.exit_code, 0) << words[0];
    EXPECT_NE(english.out.find("Example:\n  oberih "), std::string::npos) << english.out;
    words.back() = "uk";
    EXPECT_NE(run(words).out.find("Приклад:\n  oberih "), std::string::npos) << words[0];
  }
}

TEST_F(CommandLine, what_is_not_understood_ends_with_64_and_a_hint) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{},
                                             {"nonsense"},
                                             {"message"},
                                             {"message", "post"},
                                             {"channel", "create", "--kind", "case"},
                                             {"status", "--lang", "fr"},
                                             {"status"}}) {
    Ran ran = run(words);
    EXPECT_EQ(ran.exit_code, refusal_row(RefusalCode::usage).exit_code) << ran.err;
    EXPECT_FALSE(ran.err.empty());
    EXPECT_TRUE(ran.out.empty()) << ran.out;
  }
}

TEST_F(CommandLine, programs_get_refusals_as_objects) {
  Ran ran = run({"--json", "profile", "show"});
  nlohmann::json refusal = nlohmann::json::parse(ran.err);
  EXPECT_EQ(refusal["refusal"], "usage");
  EXPECT_EQ(refusal["exit_code"], 64);
}

TEST_F(CommandLine, global_options_stand_before_or_behind_the_command) {
  const std::string genesis(64, 'a');
  EXPECT_EQ(run({"--profile", "one", "profile", "create", "--server", "127.0.0.1:7417", "--genesis",
                 genesis})
                .exit_code,
            0);
  EXPECT_EQ(run({"profile", "create", "--server", "127.0.0.1:7417", "--genesis", genesis,
                 "--profile", "two"})
                .exit_code,
            0);
  Ran listed = run({"profile", "list", "--json"});
  EXPECT_NE(listed.out.find("\"profile\":\"one\""), std::string::npos) << listed.out;
  EXPECT_NE(listed.out.find("\"profile\":\"two\""), std::string::npos) << listed.out;
}

TEST_F(CommandLine, a_profile_without_keys_says_how_to_make_them) {
  run({"profile", "create", "--server", "127.0.0.1:7417", "--genesis", std::string(64, 'a')});
  Ran ran = run({"channel", "list"});
  EXPECT_EQ(ran.exit_code, 64);
  EXPECT_NE(ran.err.find("device request"), std::string::npos) << ran.err;
}

TEST_F(CommandLine, speaks_ukrainian_when_asked) {
  EXPECT_NE(run({"--lang", "uk", "profile", "show"}).err.find("Відмовлено"), std::string::npos);
}

TEST_F(CommandLine, says_what_is_wrong_with_a_line_in_the_language_of_who_typed_it) {
  struct Fault {
    std::vector<std::string> line;
    const char *english, *ukrainian;
  };
  for (const Fault& fault : std::vector<Fault>{
           {{"audit"}, "A command is required: ", "Бракує слова команди: "},
           {{"grant", "approve"}, "grant is required", "Бракує: grant"},
           {{"status", "--loud"}, "Not expected here: --loud", "Тут не очікується: --loud"},
           {{"status", "--wait"}, "--wait lacks its value", "--wait: бракує значення"},
           {{"status", "--wait", "long"}, "not the number", "не те число"}}) {
    EXPECT_NE(run(fault.line).err.find(fault.english), std::string::npos) << run(fault.line).err;
    std::vector<std::string> line = fault.line;
    line.insert(line.begin(), {"--lang", "uk"});
    EXPECT_NE(run(line).err.find(fault.ukrainian), std::string::npos) << run(line).err;
  }
}

TEST_F(CommandLine, a_witness_without_a_folder_hears_of_its_folder_and_of_no_profile) {
  const Ran ran = run({"witness", "status", "--dir", home.path() / "nowhere"});
  EXPECT_EQ(ran.exit_code, 74);
  EXPECT_NE(ran.err.find("witness's folder"), std::string::npos) << ran.err;
  EXPECT_EQ(ran.err.find("profile"), std::string::npos) << ran.err;
}

TEST(BackOff, grows_from_a_second_to_half_a_minute) {
  BackOff back_off;
  std::chrono::milliseconds step(1'000);
  for (int i = 0; i < 12; ++i) {
    std::chrono::milliseconds delay = back_off.next_delay();
    EXPECT_GE(delay, step / 2);
    EXPECT_LE(delay, step);
    step = std::min(step * 2, std::chrono::milliseconds(30'000));
  }
}

}  // namespace
}  // namespace oberih::client
