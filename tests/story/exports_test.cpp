// SPDX-License-Identifier: Apache-2.0
// An auditor exports; somebody who has nothing but the genesis hash checks it on a clean machine;
// then the administrator of the database alters one row, and is named.
#include <gtest/gtest.h>

#include "tests/support/deployment.hpp"
#include "tests/support/stepped_clock.hpp"
#include "time_authority.hpp"

namespace oberih::test {
namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string value_of(const std::string& json, const std::string& key) {
  const auto from = json.find("\"" + key + "\":\"") + key.size() + 4;
  return json.substr(from, json.find('"', from) - from);
}

constexpr const char* go_check = OBERIH_BINARIES "/oberih-go-check";

/// The first file of leaves.
std::string bundle_of(const std::string& folder) {
  for (const auto& each : std::filesystem::recursive_directory_iterator(folder + "/leaves"))
    if (each.is_regular_file()) return each.path();
  return {};
}

constexpr const char* secret_words = "Свідок живе на вулиці Садовій.";

class Exports : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    deployment_ = new Deployment({{"investigator", "police", "investigator", "Слідча Поліція"},
                                  {"prosecutor", "prosecution", "prosecutor", "Прокурор Одеса"},
                                  {"auditor", "oversight", "auditor", "Аудиторка Нагляд"}},
                                 {}, "oberih-quick-passphrase",
                                 {{"police", "Національна поліція"},
                                  {"prosecution", "Одеська обласна прокуратура"},
                                  {"oversight", "Уповноважений з прав людини"}});
    ok("investigator", {"channel", "create", "--kind", "ordinary", "--title", "417"});
    ok("investigator",
       {"channel", "add", "417", "--person", "Прокурор Одеса", "--mandate", "Ухвала № 417/2027-к"});
    ok("investigator", {"message", "post", "417", secret_words});
    ok("prosecutor", {"message", "read", "417"});
    channel_ = value_of(ok("investigator", {"channel", "list", "--json"}).out, "channel");
    be_anchored();
  }
  static void TearDownTestSuite() {
    delete authority_;
    delete deployment_;
  }
  /// By an authority that is asked over https, until a token stands in the journal.
  static void be_anchored() {
    authority_ = new TimeAuthority(file("authority"), TimeAuthority::Way::https);
    authority_->start();
    deployment_->set_server_environment({{"OBERIH_TIMESTAMP_URL", authority_->url()},
                                         {"OBERIH_TIMESTAMP_CA", authority_->root_file()},
                                         {"OBERIH_TIMESTAMP_TLS_CA", authority_->web_root_file()}});
    deployment_->stop_server(SIGTERM);
    deployment_->start_server();
    for (int tries = 0; tries < 150; ++tries, usleep(200'000))
      if (holds(ok("investigator", {"status", "--json"}).out, "\"state\":\"anchored\"")) return;
    ADD_FAILURE() << read_file(deployment_->server_log());
  }

  static Finished ok(const std::string& profile, const std::vector<std::string>& arguments) {
    Finished finished = deployment_->oberih(profile, arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
    return finished;
  }
  static std::string file(const std::string& name) { return deployment_->folder() / name; }
  /// A machine that has never seen Oberih: no profile, no key, no server.
  static Finished verify_elsewhere(std::vector<std::string> arguments,
                                   Environment environment = {}) {
    const TemporaryFolder home;
    arguments.insert(arguments.begin(), {OBERIH_BINARIES "/oberih", "verify"});
    environment.insert({{"HOME", home.path()},
                        {"OBERIH_HOME", home.path() / "none"},
                        {"OBERIH_PROFILE", ""},
                        {"LC_ALL", "C.UTF-8"}});
    return run_process(arguments, environment);
  }

  static Deployment* deployment_;
  static TimeAuthority* authority_;
  static std::string channel_;
};
Deployment* Exports::deployment_ = nullptr;
TimeAuthority* Exports::authority_ = nullptr;
std::string Exports::channel_;

TEST_F(Exports, a_whole_journal_is_checked_on_a_clean_machine) {
  const Finished made =
      ok("auditor", {"audit", "export", "--all", "--out", file("journal"), "--json"});
  const std::string genesis = value_of(made.out, "genesis");
  const Finished verified =
      verify_elsewhere({file("journal"), "--genesis", genesis, "--html", file("report.html")});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  for (const char* part : {"VERIFIED", "PROVEN", "ASSERTED BY THE SERVER ALONE", "NOT SHOWN",
                           "Unwitnessed", "Слідча Поліція", "Прокурор Одеса", "signed by a device",
                           "complete from 1 to", "opened everything to sequence"})
    EXPECT_TRUE(holds(verified.out, part)) << part << "\n" << verified.out;
  const std::string page = read_file(file("report.html"));
  EXPECT_TRUE(holds(page, "Слідча Поліція"));
  EXPECT_FALSE(holds(page, "<script"));
  const Finished wrong = verify_elsewhere({file("journal"), "--genesis", std::string(64, 'a')});
  EXPECT_EQ(wrong.exit_code, 65) << wrong.out;
  EXPECT_TRUE(holds(wrong.err, "another journal than the pinned one")) << wrong.err;
  for (const auto& each : std::filesystem::recursive_directory_iterator(file("journal")))
    EXPECT_FALSE(each.is_regular_file() && holds(read_file(each.path()), "Садовій"))
        << each.path();
}

// Somebody else's eyes: Go's transparency-log code reads the same folder.
TEST_F(Exports, a_whole_journal_is_read_by_other_programs) {
  if (!std::filesystem::exists(go_check))
    GTEST_SKIP() << "golang-go or golang-golang-x-mod-dev is missing: run ops/packages";
  const Finished made =
      ok("auditor", {"audit", "export", "--all", "--out", file("for_go"), "--json"});
  const Finished verified =
      verify_elsewhere({file("for_go"), "--genesis", value_of(made.out, "genesis"), "--json"});
  const std::vector<std::string> check = {go_check, "-key", value_of(verified.out, "verifier_key"),
                                          "-export", file("for_go")};
  const Finished checked = run_process(check);
  EXPECT_EQ(checked.exit_code, 0) << checked.err;
  EXPECT_TRUE(holds(checked.out, "leaves")) << checked.out;
  const std::string bundle = bundle_of(file("for_go"));
  std::string patched = read_file(bundle);
  patched[patched.size() / 2] = static_cast<char>(patched[patched.size() / 2] ^ 1);
  write_file(bundle, patched);
  EXPECT_NE(run_process(check).exit_code, 0);
}

TEST_F(Exports, b_one_channel_fits_in_one_archive_that_tar_reads) {
  const Finished made = ok("auditor", {"audit", "export", "--channel", channel_, "--out",
                                       file("channel.tar"), "--json"});
  const std::string genesis = value_of(made.out, "genesis");
  const Finished verified = verify_elsewhere({file("channel.tar"), "--genesis", genesis, "--json"});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  EXPECT_TRUE(holds(verified.out, "\"form\":\"selection\"")) << verified.out;
  EXPECT_TRUE(holds(verified.out, channel_));
  std::filesystem::create_directory(file("unpacked"));
  const Finished unpacked =
      run_process({"tar", "-xf", file("channel.tar"), "-C", file("unpacked")});
  EXPECT_EQ(unpacked.exit_code, 0) << unpacked.err;
  EXPECT_EQ(verify_elsewhere({file("unpacked"), "--genesis", genesis}).exit_code, 0);
  std::string patched = read_file(file("unpacked/leaves/selected"));
  patched[patched.size() / 2] = static_cast<char>(patched[patched.size() / 2] ^ 1);
  write_file(file("unpacked/leaves/selected"), patched);
  const Finished found = verify_elsewhere({file("unpacked"), "--genesis", genesis});
  EXPECT_EQ(found.exit_code, 65) << found.out;
  EXPECT_TRUE(holds(found.err, "leaf ")) << found.err;
}

// By the mandate with which somebody was added: titles are sealed.
TEST_F(Exports, b_a_case_is_found_by_the_mandates_that_name_it) {
  const std::string other = value_of(
      ok("investigator", {"channel", "create", "--kind", "ordinary", "--title", "4170", "--json"})
          .out,
      "channel");
  ok("investigator",
     {"channel", "add", "4170", "--person", "Прокурор Одеса", "--mandate", "Ухвала № 4170/2027-к"});
  const Finished made = ok("auditor", {"audit", "export", "--case", "УХВАЛА № 417/2027", "--out",
                                       file("case.tar"), "--json"});
  const std::vector<std::string> line = {file("case.tar"), "--genesis",
                                         value_of(made.out, "genesis")};
  const Finished verified = verify_elsewhere(line);
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  for (const std::string& part :
       {std::string("a mandate names the case \"УХВАЛА № 417/2027\""),
        std::string("A mandate names the case: \"Ухвала № 417/2027-к\""), channel_.substr(0, 8)})
    EXPECT_TRUE(holds(verified.out, part)) << part << "\n" << verified.out;
  EXPECT_FALSE(holds(verified.out, other.substr(0, 8)));
  EXPECT_FALSE(holds(verified.out, "№ 4170"));
  EXPECT_TRUE(holds(verify_elsewhere({line[0], line[1], line[2], "--html", file("case.html")}).out,
                    "PROVEN"));
  EXPECT_TRUE(holds(read_file(file("case.html")), "УХВАЛА № 417/2027"));
  std::filesystem::create_directory(file("case"));
  EXPECT_EQ(run_process({"tar", "-xf", file("case.tar"), "-C", file("case")}).exit_code, 0);
  EXPECT_TRUE(holds(read_file(file("case/manifest.json")), "\"case\": \"УХВАЛА № 417/2027\""));
  // What was asked for stands in the journal, for everybody who reads it there.
  EXPECT_EQ(deployment_
                ->sql("SELECT count(*) FROM journal WHERE kind = 6 AND "
                      "position(convert_to('УХВАЛА № 417/2027', 'UTF8') IN leaf) > 0")
                .out,
            "1\n");
}

TEST_F(Exports, b_a_case_that_no_mandate_names_is_no_export_and_says_where_to_look) {
  const Finished none = deployment_->oberih(
      "auditor", {"audit", "export", "--case", "417/2028", "--out", file("no_case")});
  EXPECT_EQ(none.exit_code, 69) << none.out << none.err;
  for (const char* part : {"417/2028", "Case numbers in titles are sealed", "--channel"})
    EXPECT_TRUE(holds(none.err, part)) << part << "\n" << none.err;
  EXPECT_FALSE(std::filesystem::exists(file("no_case")));
  const std::string too_long(201, '7');
  for (const std::vector<std::string>& options : {std::vector<std::string>{"--case", ""},
                                                  {"--case", too_long},
                                                  {"--case", "417\n"},
                                                  {"--case", "417", "--channel", channel_},
                                                  {"--case", "417", "--all"},
                                                  {"--case", "417", "--texts"},
                                                  {"--case", "", "--from", "2027-03-01"}}) {
    std::vector<std::string> arguments = {"audit", "export", "--out", file("amiss")};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const Finished refused = deployment_->oberih("auditor", arguments);
    EXPECT_EQ(refused.exit_code, 64) << options[1] << refused.out << refused.err;
  }
}

// The machine of a court has been off for years, or its clock is from another century.
TEST_F(Exports, b_a_wrong_clock_changes_nothing_of_what_is_said) {
  const Finished made =
      ok("auditor", {"audit", "export", "--all", "--out", file("any_time.tar"), "--json"});
  const std::vector<std::string> line = {file("any_time.tar"), "--genesis",
                                         value_of(made.out, "genesis")};
  const Finished today = verify_elsewhere(line);
  ASSERT_EQ(today.exit_code, 0) << today.err;
  SteppedClock clock(file("clock"));
  for (const int years : {-40, 80}) {
    clock.set(std::chrono::hours(24 * 365) * years);
    const Finished there = run_process({"date", "+%Y"}, clock.environment());
    const Finished here = run_process({"date", "+%Y"});
    ASSERT_NEAR(std::stoi(there.out), std::stoi(here.out) + years, 1) << "the clock is wrong";
    const Finished elsewhere = verify_elsewhere(line, clock.environment());
    EXPECT_EQ(elsewhere.exit_code, 0) << elsewhere.err;
    EXPECT_EQ(elsewhere.out, today.out);
  }
}

TEST_F(Exports, c_only_auditors_export_and_every_export_is_recorded) {
  const Finished refused =
      deployment_->oberih("investigator", {"audit", "export", "--all", "--out", file("mine")});
  EXPECT_EQ(refused.exit_code, 77) << refused.out << refused.err;
  EXPECT_FALSE(std::filesystem::exists(file("mine")));
  const auto exports_recorded = [] {
    return std::stoi(deployment_->sql("SELECT count(*) FROM journal WHERE kind = 6").out);
  };
  const int before = exports_recorded();
  ok("auditor", {"audit", "export", "--channel", channel_, "--out", file("counted")});
  EXPECT_EQ(exports_recorded(), before + 1);
}

TEST_F(Exports, c_time_stamps_are_judged_under_the_certificate_of_their_authority) {
  const std::string genesis = value_of(
      ok("auditor", {"audit", "export", "--all", "--out", file("dated"), "--json"}).out, "genesis");
  ok("auditor", {"audit", "export", "--channel", channel_, "--out", file("dated.tar")});
  const auto verify = [&](const std::string& path, const std::string& ca,
                          const std::string& language = "C") {
    return verify_elsewhere({file(path), "--genesis", genesis, "--timestamp-ca", ca},
                            {{"LC_ALL", language + ".UTF-8"}});
  };
  const Finished whole = verify("dated", authority_->root_file());
  EXPECT_EQ(whole.exit_code, 0) << whole.err;
  for (const char* part : {"under the certificates that were given", "proven by a third party",
                           "PROVEN BY A THIRD PARTY", "Test time-stamps"})
    EXPECT_TRUE(holds(whole.out, part)) << part << "\n" << whole.out;
  const Finished selection = verify("dated.tar", authority_->root_file(), "uk");
  EXPECT_EQ(selection.exit_code, 0) << selection.err;
  EXPECT_TRUE(holds(selection.out, "Усе, що з нього показано, існувало")) << selection.out;
  EXPECT_TRUE(holds(selection.out, "доведено третьою стороною"));

  const Finished unjudged = verify_elsewhere({file("dated"), "--genesis", genesis});
  EXPECT_EQ(unjudged.exit_code, 0) << unjudged.err;
  EXPECT_TRUE(holds(unjudged.out, "was not judged")) << unjudged.out;
  EXPECT_FALSE(holds(unjudged.out, "third party"));
  const Finished stranger = verify("dated", authority_->web_root_file());
  EXPECT_EQ(stranger.exit_code, 65) << stranger.out;
  EXPECT_TRUE(holds(stranger.err, " (timestamp_token)")) << stranger.err;
  EXPECT_EQ(verify("dated", file("dated/names")).exit_code, 64) << "no certificate";
}

TEST_F(Exports, d_a_row_that_an_administrator_alters_is_named) {
  const std::string row =
      deployment_->sql("SELECT max(journal_index) FROM journal WHERE kind = 5").out;
  const std::string index = row.substr(0, row.find('\n'));
  const std::string flip =
      "ALTER TABLE journal DISABLE TRIGGER USER;"
      "UPDATE journal SET leaf = set_byte(leaf, octet_length(leaf) - 1,"
      " get_byte(leaf, octet_length(leaf) - 1) # 1) WHERE journal_index = " +
      index;
  const Finished altered = deployment_->sql(flip);
  ASSERT_EQ(altered.exit_code, 0) << altered.err;
  const Finished found =
      deployment_->oberih("auditor", {"audit", "export", "--all", "--out", file("altered")});
  EXPECT_NE(found.exit_code, 0) << found.out;
  EXPECT_TRUE(holds(found.err, "leaf " + index + " (entry")) << found.err;
  EXPECT_FALSE(std::filesystem::exists(file("altered")));
  ASSERT_EQ(deployment_->sql(flip).exit_code, 0);
  ok("auditor", {"audit", "export", "--all", "--out", file("restored")});
}

}  // namespace
}  // namespace oberih::test
