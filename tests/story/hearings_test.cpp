// SPDX-License-Identifier: Apache-2.0
// A court calls to a hearing with the real programs: twelve, of whom nine have no account; they
// answer, somebody else is served by post, the date moves, a victim is told by the Centre; and what
// the journal says of it all.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/deployment.hpp"

namespace oberih::test {
namespace {

using nlohmann::json;

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class Hearings : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    deployment = std::make_unique<Deployment>(
        std::vector<Officer>{{"clerk", "court", "court_clerk", "Секретар Суду"},
                             {"prosecutor", "prosecution", "prosecutor", "Прокурор Одеса"},
                             {"counsel", "legal_aid", "defence_counsel", "Адвокат Ніна"},
                             {"deputy", "legal_aid", "supervisor", "Адвокат Олена"},
                             {"centre", "coordination_centre", "coordinator", "Центр Катерина"}},
        std::string(), "oberih-quick-passphrase",
        std::vector<FoundingAgency>{{"court", "Приморський районний суд"},
                                    {"prosecution", "Одеська обласна прокуратура"},
                                    {"legal_aid", "Центр правової допомоги"},
                                    {"coordination_centre", "Координаційний центр"}});
    channel = objects("clerk", {"channel", "create", "--kind", "hearing"}).at(0).at("channel");
    for (const char* member : {"prosecutor", "counsel", "deputy", "centre"})
      expect_ok("clerk",
                {"channel", "add", channel, "--device", device(member), "--mandate", "Ухвала"});
  }
  static void TearDownTestSuite() { deployment.reset(); }

  static std::string device(const std::string& profile) { return deployment->device_of(profile); }
  static Finished expect_ok(const std::string& profile, const std::vector<std::string>& arguments) {
    Finished finished = deployment->oberih(profile, arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
    return finished;
  }
  static std::vector<json> objects(const std::string& profile, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--json");
    std::istringstream out(expect_ok(profile, arguments).out);
    std::vector<json> all;
    for (std::string line; std::getline(out, line);) all.push_back(json::parse(line));
    return all;
  }
  /// The refusal's name, and what it says besides.
  static std::string refused(const std::string& profile,
                             const std::vector<std::string>& arguments) {
    std::vector<std::string> line{"--json"};
    line.insert(line.end(), arguments.begin(), arguments.end());
    const Finished finished = deployment->oberih(profile, line);
    EXPECT_NE(finished.exit_code, 0) << finished.out;
    std::string last;
    std::istringstream err(finished.err);
    for (std::string each; std::getline(err, each);)
      if (each.starts_with("{")) last = each;
    if (last.empty()) return finished.err;
    const json object = json::parse(last);
    return object.at("refusal").get<std::string>() + ": " + object.value("detail", "");
  }
  static json person(const std::string& profile, const std::string& status) {
    return {{"person", device(profile)}, {"status", status}};
  }
  static json summons(const json& called) {
    return {{"start", "2031-03-04 10:00"},
            {"minutes", 90},
            {"summoned_by", "суддя Петренко О. В."},
            {"court_address", "вул. Балківська, 33"},
            {"court_phone", "+380 48 000 00 00"},
            {"case_number", "522/417/26"},
            {"room", "зал 3"},
            {"act", "підготовче судове засідання"},
            {"called", called}};
  }
  static std::string file_of(const json& content) {
    const std::string path = deployment->folder() / "summons.json";
    write_file(path, content.dump(2) + "\n");
    return path;
  }
  static std::string schedule(const json& content) {
    // All of them call the same people to the same room at the same time.
    return objects("clerk", {"hearing", "schedule", channel, "--file", file_of(content),
                             "--despite-clashes"})
        .at(0)
        .at("hearing");
  }
  static json shown(const std::string& profile, const std::string& hearing) {
    return objects(profile, {"hearing", "show", hearing}).at(0);
  }

  static std::unique_ptr<Deployment> deployment;
  static std::string channel;
};
std::unique_ptr<Deployment> Hearings::deployment;
std::string Hearings::channel;

TEST_F(Hearings, a_1_twelve_are_called_and_one_list_says_who_was_served) {
  auto follower = deployment->oberih_in_background("prosecutor", {"follow"}, "follow.out");
  json called = json::array({person("prosecutor", "prosecutor"), person("counsel", "defender"),
                             person("centre", "other")});
  for (int i = 1; i <= 9; ++i)
    called.push_back({{"name", "Свідок Номер " + std::to_string(i)}, {"status", "witness"}});
  const std::string hearing = schedule(summons(called)).substr(0, 8);
  EXPECT_TRUE(follower->wait_for_output("Tue 04.03.2031 10:00")) << follower->output();

  // Prosecution and defence are shown the same, and what to type.
  for (const char* party : {"prosecutor", "counsel"}) {
    const std::string inbox = expect_ok(party, {"inbox"}).out;
    EXPECT_TRUE(holds(inbox, "your answer to a summons")) << inbox;
    EXPECT_TRUE(holds(inbox, "oberih hearing acknowledge " + hearing)) << inbox;
    const json seen = shown(party, hearing);
    EXPECT_EQ(seen["summons"]["place"], "зал 3");
    EXPECT_EQ(seen["summons"]["court_name"], "Приморський районний суд");
    EXPECT_EQ(seen["start"], "2031-03-04 10:00");
    ASSERT_EQ(seen["addressees"].size(), 12u);
    EXPECT_EQ(seen["addressees"][3]["name"], "Свідок Номер 1") << "as the clerk wrote them";
    EXPECT_EQ(seen["addressees"][11]["name"], "Свідок Номер 9");
  }
  EXPECT_TRUE(holds(expect_ok("clerk", {"inbox"}).out, "Nothing needs you"));

  expect_ok("prosecutor", {"hearing", "acknowledge", hearing, "--understood"});
  EXPECT_TRUE(holds(expect_ok("prosecutor", {"inbox"}).out, "Nothing needs you"));
  EXPECT_TRUE(holds(refused("counsel", {"hearing", "acknowledge", hearing, "--cannot-attend"}),
                    "--because"));
  expect_ok("counsel",
            {"hearing", "acknowledge", hearing, "--cannot-attend", "--because", "інше засідання"});
  expect_ok("centre", {"hearing", "acknowledge", hearing});
  EXPECT_TRUE(follower->wait_for_output("інше засідання")) << follower->output();

  // A way that paper proves is not stated without the paper.
  EXPECT_TRUE(holds(refused("clerk", {"hearing", "serve", hearing, "4", "--way", "post"}),
                    "135(1), 136(1)"));
  write_file(deployment->folder() / "notice.pdf", "a scan");
  const std::string scan = deployment->folder() / "notice.pdf";
  for (int i = 4; i < 12; ++i)
    expect_ok("clerk", {"hearing", "serve", hearing, std::to_string(i), "--way", "post", "--scan",
                        scan, "--text", "повідомлення 0412" + std::to_string(i)});
  EXPECT_TRUE(holds(
      refused("clerk", {"hearing", "serve", hearing, "Свідок", "--way", "post", "--scan", scan}),
      "several addressees fit"));

  const json list = objects("counsel", {"hearing", "service", hearing}).at(0);
  EXPECT_EQ(list["served"], 11);
  EXPECT_EQ(list["not_served"], 1);
  EXPECT_EQ(list["addressees"][3]["proofs"][0]["files"], "notice.pdf");
  const std::string shown_list = expect_ok("counsel", {"hearing", "service", hearing}).out;
  for (const char* part : {"Served: 11 of 12. Not served: Свідок Номер 9", "інше засідання",
                           "Sent by post (135(1), 136(1))", "повідомлення 04124", "cannot attend"})
    EXPECT_TRUE(holds(shown_list, part)) << part << "\n" << shown_list;
  EXPECT_TRUE(holds(expect_ok("counsel", {"--lang", "uk", "hearing", "service", hearing}).out,
                    "Надіслано поштою"));
  EXPECT_FALSE(holds(shown_list, "UTC"));
  // The scan can be fetched by whoever reads the statement.
  const json statement = list["addressees"][3]["proofs"][0];
  const std::string saved = deployment->folder() / "saved.pdf";
  expect_ok("counsel", {"attachment", "save", channel,
                        std::to_string(statement["channel_seq"].get<int>()), "--to", saved});
  EXPECT_EQ(read_file(saved), "a scan");
}

TEST_F(Hearings, a_2_it_is_moved_on_proposal_and_cancelled_once) {
  const std::string hearing =
      schedule(summons(json::array({person("prosecutor", "prosecutor"),
                                    {{"name", "Свідок Один"}, {"status", "witness"}}})))
          .substr(0, 8);
  expect_ok("prosecutor", {"hearing", "acknowledge", hearing});
  expect_ok("prosecutor", {"hearing", "propose-date", hearing, "--start", "2031-03-11 14:00",
                           "--text", "експертиза до десятого"});
  EXPECT_TRUE(
      holds(refused("counsel", {"hearing", "propose-date", hearing, "--start", "2031-03-11 14:00"}),
            "not_your_part"));
  EXPECT_TRUE(holds(
      refused("prosecutor", {"hearing", "reschedule", hearing, "--start", "2031-03-11 14:00"}),
      "not_your_part"));
  const json before = shown("clerk", hearing);
  expect_ok("clerk", {"hearing", "reschedule", hearing, "--start", "2031-03-11 14:00"});
  const json after = shown("prosecutor", hearing);
  EXPECT_EQ(after["version"], 2);
  EXPECT_EQ(after["start"], "2031-03-11 14:00");
  EXPECT_EQ(after["summons"]["act"], before["summons"]["act"]);
  EXPECT_EQ(after["proceeding"], before["proceeding"]);
  EXPECT_EQ(after["room"], before["room"]);
  EXPECT_EQ(after["addressees"][1]["id"], before["addressees"][1]["id"]) << "the same person";
  EXPECT_FALSE(after["addressees"][0]["served"]) << "whoever had answered answers anew";
  const std::string whole = expect_ok("prosecutor", {"hearing", "show", hearing}).out;
  for (const char* part :
       {"version 2", "Tue 11.03.2031 14:00", "Tue 04.03.2031 10:00", "експертиза до десятого"})
    EXPECT_TRUE(holds(whole, part)) << part << "\n" << whole;

  // What is of the version before counts no more.
  const std::string old = channel + "#" + std::to_string(before["entry"].get<int>());
  EXPECT_TRUE(holds(refused("prosecutor", {"entry", "acknowledge", old}), "stale_version"));
  EXPECT_TRUE(holds(refused("clerk", {"hearing", "outcome", hearing, "held"}),
                    "hearing_not_begun: it begins Tue 11.03.2031 14:00"));
  expect_ok("clerk", {"hearing", "cancel", hearing, "--reason", "court_unavailable"});
  const std::string twice =
      refused("clerk", {"hearing", "cancel", hearing, "--reason", "court_unavailable"});
  EXPECT_TRUE(holds(twice, "transition_unknown")) << twice;
  EXPECT_TRUE(holds(twice, "cancelled (version 3)")) << twice;
  EXPECT_TRUE(holds(expect_ok("prosecutor", {"inbox"}).out, "the hearing is cancelled"));
  expect_ok("prosecutor", {"hearing", "acknowledge", hearing});
  EXPECT_EQ(shown("clerk", hearing)["state"], "cancelled");
}

TEST_F(Hearings, a_3_a_victim_is_told_by_the_centre_and_named_nowhere) {
  json victim = person("centre", "victim");
  json called = json::array({person("prosecutor", "prosecutor"), victim});
  EXPECT_TRUE(
      holds(refused("clerk", {"hearing", "schedule", channel, "--file", file_of(summons(called))}),
            "a victim is never an addressee"));
  called[1]["through_centre"] = true;
  called[1]["name"] = "Марія";
  EXPECT_TRUE(
      holds(refused("clerk", {"hearing", "schedule", channel, "--file", file_of(summons(called))}),
            "named nowhere"));
  called[1].erase("name");
  called[0]["through_centre"] = true;
  EXPECT_TRUE(
      holds(refused("clerk", {"hearing", "schedule", channel, "--file", file_of(summons(called))}),
            "Coordination Centre alone"));
  called[0].erase("through_centre");
  called[1]["measures"] = {"video_link", "accompaniment"};
  const std::string hearing = schedule(summons(called)).substr(0, 8);
  EXPECT_TRUE(holds(expect_ok("centre", {"inbox"}).out, "the word that the person was told"));
  EXPECT_TRUE(holds(refused("prosecutor", {"hearing", "told", hearing}), "not_your_part"));
  EXPECT_TRUE(
      holds(expect_ok("counsel", {"hearing", "service", hearing}).out, "has not confirmed yet"));
  expect_ok("centre", {"hearing", "acknowledge", hearing});
  expect_ok("centre", {"hearing", "told", hearing});
  EXPECT_TRUE(holds(expect_ok("counsel", {"hearing", "service", hearing}).out,
                    "confirms that the protected person was told"));
  const std::string whole = expect_ok("counsel", {"hearing", "show", hearing}).out;
  EXPECT_TRUE(holds(whole, "on behalf of a protected person")) << whole;
  EXPECT_TRUE(holds(whole, "by video link, accompanied")) << whole;
}

TEST_F(Hearings, a_4_bad_input_is_refused_by_name_and_changes_nothing) {
  const auto entries = [] { return objects("clerk", {"message", "read", channel}).size(); };
  const std::size_t before = entries();
  const json one = json::array({person("prosecutor", "prosecutor")});
  const auto with = [&](const std::string& field, const json& value) {
    json content = summons(one);
    content[field] = value;
    return refused("clerk", {"hearing", "schedule", channel, "--file", file_of(content)});
  };
  EXPECT_TRUE(holds(with("start", "2026-01-05 10:00"), "due_in_past: start"));
  EXPECT_TRUE(holds(with("start", "2031-03-30 03:30"), "hearing_time_invalid"));
  EXPECT_TRUE(holds(with("start", "2031-03-30 03:30"), "straight to 04:00"));
  EXPECT_TRUE(holds(with("start", "2031-10-26 03:30"), "twice"));
  EXPECT_TRUE(holds(with("start", "2031-03-04T10:00+01:00"), "without a zone"));
  EXPECT_TRUE(holds(with("room", "зал\n3"), "room has a line break"));
  EXPECT_TRUE(holds(with("room", "зал\n3"), "line "));
  EXPECT_TRUE(holds(with("minutes", 721), "1 to 720"));
  EXPECT_TRUE(holds(with("answer_by", "2031-03-05 10:00"), "hearing_time_invalid"));
  json many = json::array();
  for (int i = 0; i < 501; ++i)
    many.push_back({{"name", "Свідок " + std::to_string(i)}, {"status", "witness"}});
  EXPECT_TRUE(holds(with("called", many), "called calls 501: at most 500"));
  EXPECT_TRUE(holds(with("called", json::array({{{"unit", "Немає"}, {"status", "witness"}}})),
                    "called[0]: no unit"));
  EXPECT_TRUE(holds(with("not_told", {"Центр правової допомоги"}), "may_not_be_told"));
  EXPECT_TRUE(holds(
      refused("prosecutor", {"hearing", "schedule", channel, "--file", file_of(summons(one))}),
      "not_your_part"));
  EXPECT_TRUE(
      holds(refused("clerk", {"message", "post", channel, "Між нами"}), "entry_type_forbidden"));
  EXPECT_EQ(entries(), before);
}

TEST_F(Hearings, a_5_a_template_is_a_file_and_the_prosecution_brings_its_witnesses) {
  const std::string path = deployment->folder() / "template.json";
  write_file(path, expect_ok("clerk", {"hearing", "template"}).out);
  EXPECT_TRUE(holds(refused("clerk", {"hearing", "schedule", channel, "--file", path}),
                    "called[0]: no unit 'Одеська обласна прокуратура' is known"));
  expect_ok("prosecution-admin",
            {"unit", "create", "--name", "Відділ обвинувачення", "--member", device("prosecutor")});
  const std::vector<json> made = objects("clerk", {"hearing",
                                                   "schedule",
                                                   channel,
                                                   "--start",
                                                   "2031-04-01 09:30",
                                                   "--case",
                                                   "522/9/26",
                                                   "--act",
                                                   "допит свідків",
                                                   "--room",
                                                   "зал 4",
                                                   "--summoned-by",
                                                   "суддя",
                                                   "--court-address",
                                                   "вул. Балківська, 33",
                                                   "--court-phone",
                                                   "+380",
                                                   "--call",
                                                   "Відділ обвинувачення:prosecutor",
                                                   "--call-name",
                                                   "Свідок Сам:witness:screen,interpreter",
                                                   "--secure-witnesses",
                                                   "Відділ обвинувачення"});
  ASSERT_EQ(made.size(), 2u) << "the hearing and the task";
  EXPECT_EQ(made[1]["kind"], "secure_witnesses");
  const std::string inbox = expect_ok("prosecutor", {"inbox"}).out;
  EXPECT_TRUE(holds(inbox, "Secure the witnesses: case 522/9/26")) << inbox;
  EXPECT_TRUE(holds(inbox, "your answer to a summons")) << inbox;
  expect_ok("prosecutor", {"hearing", "acknowledge", made[0]["hearing"], "--understood"});
  EXPECT_EQ(objects("clerk", {"hearing", "service", made[0]["hearing"]}).at(0)["served"], 1)
      << "a member answers for the unit";
}

TEST_F(Hearings, a_6_the_service_is_proven_to_somebody_who_has_the_genesis_hash_alone) {
  json called = json::array({person("prosecutor", "prosecutor"), person("counsel", "defender")});
  called.push_back({{"name", "Свідок Доведений"}, {"status", "witness"}});
  const std::string hearing = schedule(summons(called)).substr(0, 8);
  expect_ok("prosecutor", {"hearing", "acknowledge", hearing, "--understood"});
  write_file(deployment->folder() / "receipt.pdf", "a scan");
  expect_ok("clerk", {"hearing", "serve", hearing, "3", "--way", "signature", "--scan",
                      deployment->folder() / "receipt.pdf", "--text", "розписався"});
  const std::string file = deployment->folder() / "service.proof";
  const json made = objects("counsel", {"hearing", "prove", hearing, "--out", file}).at(0);
  const std::string genesis = made["genesis"];
  EXPECT_FALSE(
      deployment->oberih("counsel", {"hearing", "prove", hearing, "--out", file}).exit_code == 0)
      << "a file that is there is not written over";

  const auto verify = [&](const std::string& path, const std::string& hash) {
    return deployment->oberih("nobody", {"verify", path, "--genesis", hash});
  };
  const Finished proven = verify(file, genesis);
  EXPECT_EQ(proven.exit_code, 0) << proven.out << proven.err;
  for (const char* part :
       {"2 of 3 addressees are proven to be served with version 1", "Свідок Доведений (witness)",
        "SERVED by own acknowledgement", "Прокурор Одеса", "розписався", "Секретар Суду",
        "NOT PROVEN to be served", "Unwitnessed", "522/417/26"})
    EXPECT_TRUE(holds(proven.out, part)) << part << "\n" << proven.out;
  const Finished json_form =
      deployment->oberih("nobody", {"--json", "verify", file, "--genesis", genesis});
  EXPECT_EQ(json::parse(json_form.out)["addressees"][2]["name"], "Свідок Доведений");

  // Of another journal, cut, or with one bit flipped: it proves nothing.
  std::string other = genesis;
  other[0] = other[0] == '0' ? '1' : '0';
  EXPECT_TRUE(holds(verify(file, other).err, "another journal than the pinned one"));
  EXPECT_TRUE(holds(verify(file, "7a1f").err, "64 digits"));
  EXPECT_TRUE(holds(verify(deployment->folder() / "receipt.pdf", genesis).err,
                    "does not begin as a proof of service does"));
  const std::string whole = read_file(file);
  const std::string spoilt = deployment->folder() / "spoilt.proof";
  for (std::size_t i = 0; i < 24; ++i) {
    std::string changed = whole;
    const std::size_t at = whole.size() * i / 24 + 5;
    changed[at] = static_cast<char>(changed[at] ^ (1 << (i % 8)));
    write_file(spoilt, changed);
    EXPECT_NE(verify(spoilt, genesis).exit_code, 0) << "byte " << at;
  }
  write_file(spoilt, whole.substr(0, whole.size() - 1));
  EXPECT_TRUE(holds(verify(spoilt, genesis).err, "cut short"));
}

TEST_F(Hearings, a_7_a_deputy_answers_in_the_others_place_and_signs_their_own_name) {
  const std::string hearing =
      schedule(summons(json::array({person("counsel", "defender")}))).substr(0, 8);
  EXPECT_FALSE(holds(expect_ok("deputy", {"inbox"}).out, hearing)) << "they stand in for nobody";
  EXPECT_TRUE(
      holds(refused("deputy", {"hearing", "acknowledge", hearing, "--as", "1"}), "not_your_part"));
  expect_ok("deputy", {"unit", "create", "--name", "Адвокати", "--member", "Адвокат Ніна"});
  expect_ok("deputy", {"unit", "deputy", "Адвокати", "Адвокат Олена", "--for", "Адвокат Ніна",
                       "--to", "2031-03-04 20:00"});
  EXPECT_TRUE(holds(expect_ok("deputy", {"inbox"}).out, hearing));
  const std::string said =
      expect_ok("deputy", {"hearing", "acknowledge", hearing, "--understood"}).out;
  EXPECT_TRUE(holds(said, "You answered as deputy for Адвокат Ніна")) << said;
  EXPECT_FALSE(holds(expect_ok("counsel", {"inbox"}).out, hearing)) << "it is answered";

  const std::string list = expect_ok("clerk", {"hearing", "service", hearing}).out;
  EXPECT_TRUE(holds(list, "Адвокат Олена (legal_aid), standing in for Адвокат Ніна")) << list;
  const std::string file = deployment->folder() / "deputy.proof";
  const json made = objects("counsel", {"hearing", "prove", hearing, "--out", file}).at(0);
  const Finished proven = deployment->oberih(
      "nobody", {"verify", file, "--genesis", made["genesis"].get<std::string>()});
  EXPECT_TRUE(holds(proven.out, "standing in for Адвокат Ніна")) << proven.out << proven.err;
}

TEST_F(Hearings, a_8_the_check_computes_the_same_hearings_from_the_journal) {
  const Finished sound = deployment->oberihd("check");
  EXPECT_EQ(sound.exit_code, 0) << sound.out << sound.err;
}

}  // namespace
}  // namespace oberih::test
