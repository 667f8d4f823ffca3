// SPDX-License-Identifier: Apache-2.0
// What the server says by itself, with the real programs: a due time by the calendar, a reminder,
// that it is overdue, and an alert to whoever answers for the work and sits on no roster; and that
// nobody acknowledges what is urgent. The server is killed around each moment, is away for days,
// and its clock leaps; everybody sees each once. The clock of the server alone is stepped: nobody
// waits for an hour to come.
#include <gtest/gtest.h>
#include <signal.h>

#include <array>
#include <chrono>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "protocol/base/civil_time.hpp"
#include "tests/support/deployment.hpp"
#include "tests/support/stepped_clock.hpp"

namespace oberih::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using std::chrono::seconds;

constexpr seconds minute{60}, hour{3600}, day{86'400};

/// The first whole minute behind it, as a person types it.
std::string kyiv_minute(std::time_t after) {
  const std::time_t due = after / 60 * 60 + 60;
  const bool is_summer = is_european_summer_time(static_cast<Milliseconds>(due) * 1000);
  const std::time_t on_the_wall = due + (is_summer ? 3 : 2) * 3600;
  std::tm kyiv{};
  gmtime_r(&on_the_wall, &kyiv);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &kyiv);
  return text.data();
}

std::vector<Officer> officers_and_chiefs() {
  std::vector<Officer> officers = Deployment::four_officers();
  officers.push_back({"chief", "prosecution", "supervisor", "Керівник Одеса"});
  officers.push_back({"police-chief", "police", "supervisor", "Керівник Поліція"});
  return officers;
}

class Deadlines : public testing::Test {
 protected:
  Deadlines() {
    fs::copy(OBERIH_SOURCE "/policies", policies_, fs::copy_options::recursive);
    std::ifstream file(OBERIH_SOURCE "/policies/deadlines.json");
    json deadlines = json::parse(file);
    for (json& notices : deadlines["due_notices"]) {
      notices["remind_minutes_before"] = {1};
      notices["escalate_minutes_after"] = {0};
    }
    for (json& limits : deadlines["evidence_limits"])
      if (limits["priorities"] == json{"urgent"})
        limits["delivered_minutes"] = limits["opened_minutes"] = limits["acknowledged_minutes"] =
            limits["repeat_minutes"] = 1;
    std::ofstream(policies_ / "deadlines.json") << deadlines.dump(2);
    deployment_.stop_server(SIGTERM);
    Environment environment = clock_.environment();
    environment["OBERIH_POLICIES_DIRECTORY"] = policies_.string();
    deployment_.set_server_environment(environment);
    deployment_.start_server();
    run("investigator", {"channel", "create", "--kind", "case", "--title", "91"});
    run("investigator", {"channel", "add", "91", "--device", deployment_.device_of("prosecutor"),
                         "--mandate", "Постанова"});
  }

  std::string run(const std::string& profile, const std::vector<std::string>& arguments) {
    const Finished finished = deployment_.oberih(profile, arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
    return finished.out;
  }
  std::vector<json> objects(const std::string& profile, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--json");
    std::istringstream out(run(profile, arguments));
    std::vector<json> all;
    for (std::string line; std::getline(out, line);) all.push_back(json::parse(line));
    return all;
  }
  std::string ask(const std::string& title, const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"task",   "propose",  "91",
                                       title,    "--person", deployment_.device_of("prosecutor"),
                                       "--text", "Прошу"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return objects("investigator", arguments).at(0).at("task");
  }
  /// What the server said of the task, in order, as that profile reads it.
  std::vector<std::string> said(const std::string& profile, const std::string& task) {
    std::vector<std::string> all;
    for (const json& item : objects(profile, {"message", "read", "91", "--all"}))
      if (item.contains("event") && item["event"].value("task", "") == task)
        all.push_back(item["event"]["what"]);
    return all;
  }
  /// What the server said of the entry: "opened", "acknowledged", "acknowledged again".
  std::vector<std::string> silence(const std::string& profile, std::uint64_t entry) {
    std::vector<std::string> all;
    for (const json& item : objects(profile, {"message", "read", "91", "--all"})) {
      if (!item.contains("event") || item["event"].value("entry", std::uint64_t{0}) != entry)
        continue;
      const json& event = item["event"];
      all.push_back(event["step"].get<std::string>() + (event["is_repeat"] ? " again" : ""));
    }
    return all;
  }
  void wait_until_silence_is(std::uint64_t entry, const std::string& newest) {
    const auto deadline = std::chrono::steady_clock::now() + seconds(60);
    for (std::vector<std::string> said; said.empty() || said.back() != newest;
         said = silence("investigator", entry)) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline)
          << "the server does not say: " << newest;
      std::this_thread::sleep_for(seconds(1));
    }
  }
  std::vector<json> alerts_of(const std::string& profile, const std::string& kind) {
    std::vector<json> alerts = objects(profile, {"inbox"});
    std::erase_if(alerts, [&](const json& each) { return each.value("alert", "") != kind; });
    return alerts;
  }
  /// The server is killed, and away for so long.
  void pass(seconds time) {
    EXPECT_EQ(deployment_.stop_server(SIGKILL), 128 + SIGKILL);
    clock_.step(time);
    deployment_.start_server();
  }
  std::string check() {
    const Finished check =
        deployment_.oberihd("check", {"--policies_directory", policies_.string()});
    EXPECT_EQ(check.exit_code, 0) << check.out << check.err;
    return check.out;
  }
  /// Reads until the server has said so much of the task.
  void wait_until_said(const std::string& task, std::size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + seconds(60);
    while (said("prosecutor", task).size() < count) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "the server is silent";
      std::this_thread::sleep_for(seconds(1));
    }
  }

  void expect_silence_until_it_is_broken(std::uint64_t entry);

  Deployment deployment_{officers_and_chiefs()};
  const fs::path policies_ = deployment_.folder() / "policies";
  SteppedClock clock_{deployment_.folder() / "clock"};
};

/// The urgent entry was received and shown to nobody: sender and supervisor are told, again and
/// again, until the one who was asked acknowledges it.
void Deadlines::expect_silence_until_it_is_broken(std::uint64_t entry) {
  const std::string name = "91#" + std::to_string(entry);
  const std::vector<std::string> said{"opened", "acknowledged", "acknowledged again"};
  EXPECT_EQ(silence("investigator", entry), said);
  const std::string inbox = run("investigator", {"inbox"});
  EXPECT_NE(inbox.find("Silence: your entry " + name + " \"Вона в небезпеці\""), std::string::npos)
      << inbox;
  const std::string ladder = run("investigator", {"receipts", name});
  EXPECT_NE(ladder.find("not opened by the limit"), std::string::npos) << ladder;
  const std::vector<json> alerts = alerts_of("chief", "step_missing");
  ASSERT_EQ(alerts.size(), 3u);
  EXPECT_EQ(alerts[0].at("count"), 1);
  EXPECT_FALSE(alerts[0].contains("channel"));
  EXPECT_TRUE(alerts_of("police-chief", "step_missing").empty());
  // As the alert names it, a colleague in the channel finds it.
  const std::string digits = alerts[0].at("entry").get<std::string>().substr(0, 8);
  EXPECT_NE(run("prosecutor", {"receipts", digits}).find("Entry " + std::to_string(entry)),
            std::string::npos);

  run("prosecutor", {"entry", "acknowledge", name});
  EXPECT_EQ(run("investigator", {"inbox"}).find("Silence:"), std::string::npos);
}

TEST_F(Deadlines, are_said_once_each_by_a_server_that_is_killed_around_them) {
  const std::string days = ask("Запит", {"--urgency", "3d", "--kind", "information"});
  EXPECT_EQ(said("prosecutor", days), std::vector<std::string>{"due_set"});
  const std::string soon =
      ask("Терміново", {"--due", kyiv_minute(std::time(nullptr) + seconds(3 * hour).count())});
  EXPECT_TRUE(said("investigator", soon).empty());

  pass(3 * hour - minute);
  // The moment comes while the server runs: a step as small as this is none that it doubts.
  clock_.step(minute);
  wait_until_said(soon, 1);
  EXPECT_EQ(said("investigator", soon), std::vector<std::string>{"reminder"});
  pass(seconds(0));
  pass(minute);
  wait_until_said(soon, 2);
  pass(hour);
  const std::vector<std::string> both{"reminder", "overdue"};
  EXPECT_EQ(said("investigator", soon), both);
  EXPECT_EQ(said("prosecutor", soon), both);

  const json history = objects("investigator", {"task", "show", soon}).at(0).at("history");
  EXPECT_EQ(history.at(0).at("action"), "propose");
  EXPECT_EQ(history.at(1).at("event").at("what"), "reminder");
  EXPECT_EQ(history.at(2).at("event").at("what"), "overdue");
  const std::string shown = run("prosecutor", {"message", "read", "91"});
  EXPECT_NE(shown.find("[overdue: "), std::string::npos) << shown;
  EXPECT_EQ(objects("prosecutor", {"task", "list", "--overdue"}).size(), 1u);
  EXPECT_EQ(run("investigator", {"inbox"}).find("Alert of"), std::string::npos);

  // Who supervises the one that was asked is told, without a place in the channel.
  const std::vector<json> alerts = alerts_of("chief", "escalated");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].at("task"), soon);
  EXPECT_EQ(alerts[0].at("state"), "proposed");
  EXPECT_FALSE(alerts[0].contains("channel"));
  const std::string told = run("chief", {"inbox"});
  EXPECT_NE(told.find("Alert of"), std::string::npos) << told;
  EXPECT_NE(told.find(soon.substr(0, 8)), std::string::npos) << told;
  EXPECT_EQ(run("chief", {"inbox"}).find("Alert of"), std::string::npos) << "shown already";
  EXPECT_NE(run("chief", {"inbox", "--all"}).find(soon.substr(0, 8)), std::string::npos);
  EXPECT_EQ(run("police-chief", {"inbox"}).find("Alert of"), std::string::npos);

  // Two days without power, declared afterwards: overdue it stays, and why stands beside it.
  EXPECT_EQ(objects("investigator", {"task", "show", soon}).at(0)["slots"][0]["out_of_service"],
            json::array());
  run("chief", {"agency", "out-of-service", "declare", "--reason", "blackout", "--from",
                "2026-01-05 18:00"});
  const json slot = objects("investigator", {"task", "show", soon}).at(0)["slots"][0];
  EXPECT_EQ(slot["overdue"], true);
  ASSERT_EQ(slot["out_of_service"].size(), 1u) << slot;
  EXPECT_EQ(slot["out_of_service"][0]["reason"], "blackout");
  const std::string excused = run("investigator", {"task", "show", soon});
  EXPECT_NE(excused.find("05.01.2026 18:00"), std::string::npos) << excused;
  EXPECT_NE(excused.find("no negligence"), std::string::npos) << excused;

  // Nobody is told twice, and nothing is made up: the check computes it all again.
  const std::string checked = check();
  EXPECT_NE(checked.find("3 server events, 1 alert,"), std::string::npos) << checked;
}

TEST_F(Deadlines, silence_about_what_is_urgent_is_told_until_somebody_breaks_it) {
  const std::uint64_t urgent =
      objects("investigator", {"message", "post", "91", "Вона в небезпеці", "--urgent"})
          .at(0)
          .at("channel_seq");
  EXPECT_TRUE(silence("prosecutor", urgent).empty());  // received, and shown to no person
  pass(minute);
  wait_until_silence_is(urgent, "acknowledged");
  clock_.step(minute);
  wait_until_silence_is(urgent, "acknowledged again");
  expect_silence_until_it_is_broken(urgent);
  pass(minute);
  pass(minute);
  EXPECT_EQ(silence("investigator", urgent).size(), 3u) << "it was broken";
  const std::string checked = check();
  EXPECT_NE(checked.find("3 server events, 3 alerts,"), std::string::npos) << checked;
}

TEST_F(Deadlines, outlive_days_without_a_server_and_a_clock_that_leaps) {
  const std::string days = ask("Запит", {"--urgency", "3d", "--kind", "information"});
  const std::string bed = ask("Ліжко", {"--urgency", "8h", "--kind", "accommodation"});
  // A clock that leaps by hours is not believed: nothing is written by it, nothing is said.
  clock_.step(9 * hour);
  const Finished doubted = deployment_.oberih("investigator", {"message", "post", "91", "Чути?"});
  EXPECT_NE(doubted.exit_code, 0);
  EXPECT_NE(doubted.err.find("clock"), std::string::npos) << doubted.err;
  EXPECT_TRUE(said("prosecutor", bed).empty());
  clock_.step(-9 * hour);
  pass(seconds(0));
  EXPECT_TRUE(said("prosecutor", bed).empty());

  // Two weeks without a server: all is said that came due, of each what it is, and once.
  pass(14 * day);
  wait_until_said(days, 3);
  wait_until_said(bed, 2);
  const std::vector<std::string> of_days{"due_set", "reminder", "overdue"};
  const std::vector<std::string> of_bed{"reminder", "overdue"};
  pass(minute);
  // Back by as much as a clock may be set: what has been said is not said again.
  pass(-2 * minute);
  pass(5 * minute);
  for (const char* profile : {"investigator", "prosecutor"}) {
    EXPECT_EQ(said(profile, days), of_days) << profile;
    EXPECT_EQ(said(profile, bed), of_bed) << profile;
  }
  EXPECT_EQ(alerts_of("chief", "escalated").size(), 2u);
  const std::string checked = check();
  EXPECT_NE(checked.find("5 server events, 2 alerts,"), std::string::npos) << checked;
}

}  // namespace
}  // namespace oberih::test
