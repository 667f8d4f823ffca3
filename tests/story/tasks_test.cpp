// SPDX-License-Identifier: Apache-2.0
// A task from the police to a prosecutor with the real programs: asked for, taken on, paused,
// extended, handed in, sent back, confirmed; one race; and what the journal says of it all.
#include <gtest/gtest.h>
#include <signal.h>

#include <future>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "tests/support/deployment.hpp"

namespace oberih::test {
namespace {

using nlohmann::json;

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class Tasks : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    // Two: fewer than the channels that the prosecutor comes to sit in.
    deployment = std::make_unique<Deployment>(Deployment::four_officers(), "subscriptions = 2\n");
    expect_ok("investigator", {"channel", "create", "--kind", "case", "--title", "88"});
    expect_ok("investigator",
              {"channel", "add", "88", "--device", device("prosecutor"), "--mandate", "Постанова"});
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
  static std::string ask(const std::string& title, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"task",   "propose",           "88",
                                       title,    "--person",          device("prosecutor"),
                                       "--text", "Через перекладачку"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const std::vector<json> proposed = objects("investigator", arguments);
    EXPECT_EQ(proposed.size(), 1u);
    return proposed.at(0).at("task");
  }
  static json slot_of(const std::string& profile, const std::string& task) {
    return objects(profile, {"task", "show", task}).at(0).at("slots").at(0);
  }

  static std::unique_ptr<Deployment> deployment;
};
std::unique_ptr<Deployment> Tasks::deployment;

TEST_F(Tasks, a_1_a_task_goes_its_whole_way_and_everybody_sees_it) {
  auto follower =
      deployment->oberih_in_background("prosecutor", {"message", "follow", "88"}, "follow.out");
  const std::string task = ask("Допит у Чернівцях", {"--urgency", "3d"});
  EXPECT_TRUE(follower->wait_for_output("Допит у Чернівцях")) << follower->output();
  EXPECT_TRUE(follower->wait_for_output("Через перекладачку")) << follower->output();
  EXPECT_TRUE(holds(expect_ok("prosecutor", {"inbox"}).out, "an answer"));
  EXPECT_TRUE(holds(expect_ok("investigator", {"inbox"}).out, "Nothing needs you"));

  expect_ok("prosecutor", {"task", "accept", task.substr(0, 8)});
  const std::string again = expect_ok("prosecutor", {"task", "accept", task}).out;
  EXPECT_TRUE(holds(again, "is yours already, and accepted")) << again;
  expect_ok("prosecutor", {"task", "start", task});
  EXPECT_TRUE(holds(expect_ok("prosecutor", {"task", "start", task}).out, "yours already"));
  EXPECT_TRUE(holds(expect_ok("prosecutor", {"task", "accept", task}).out, "and in progress"));
  EXPECT_EQ(slot_of("prosecutor", task)["version"], 3) << "what is so already posts nothing";
  const Finished not_theirs = deployment->oberih("investigator", {"task", "accept", task});
  EXPECT_NE(not_theirs.exit_code, 0) << not_theirs.out;
  expect_ok("prosecutor", {"task", "pause", task, "--why", "awaiting_translation"});
  EXPECT_EQ(slot_of("investigator", task)["state"], "paused");
  EXPECT_TRUE(holds(expect_ok("investigator", {"task", "list"}).out, "awaiting a translation"));
  const Finished early =
      deployment->oberih("prosecutor", {"task", "submit", task, "--text", "Готово"});
  EXPECT_EQ(early.exit_code, 65) << early.err;
  EXPECT_FALSE(holds(early.err, "Готово")) << early.err;

  deployment->stop_server(SIGKILL);
  deployment->start_server();
  expect_ok("investigator", {"task", "extend", task, "--due", "2031-03-04 18:00", "--text",
                             "Перекладачка приїде в понеділок"});
  expect_ok("prosecutor", {"task", "resume", task});
  expect_ok("prosecutor", {"task", "submit", task, "--text", "Протокол підписано"});
  const Finished own = deployment->oberih("prosecutor", {"task", "confirm", task});
  EXPECT_EQ(own.exit_code, 77) << own.err;
  expect_ok("investigator", {"task", "return", task, "--text", "Бракує підпису перекладачки"});
  expect_ok("prosecutor", {"task", "submit", task, "--text", "Тепер усі підписи є"});
  EXPECT_TRUE(holds(expect_ok("investigator", {"inbox"}).out, "confirmation or return"));
  expect_ok("investigator", {"task", "confirm", task});
  EXPECT_TRUE(holds(expect_ok("investigator", {"task", "confirm", task}).out, "yourself"));
  EXPECT_EQ(deployment->oberih("prosecutor", {"task", "accept", task}).exit_code, 65);

  const std::string shown = expect_ok("investigator", {"task", "show", task}).out;
  for (const char* part : {"completed", "Через перекладачку", "04.03.2031 18:00", "has accepted",
                           "awaiting a translation", "Бракує підпису", "Тепер усі підписи є"})
    EXPECT_TRUE(holds(shown, part)) << part << "\n" << shown;
  EXPECT_TRUE(follower->wait_for_output("has confirmed")) << follower->output();
  EXPECT_EQ(slot_of("prosecutor", task)["state"], "completed");
}

TEST_F(Tasks, a_2_of_an_acceptance_and_a_withdrawal_at_once_one_wins) {
  for (int round = 0; round < 3; ++round) {
    const std::string task = ask("Негайно " + std::to_string(round), {"--urgency", "8h"});
    expect_ok("prosecutor", {"task", "list"});  // both know it
    auto accepting = std::async(std::launch::async, [&] {
      return deployment->oberih("prosecutor", {"task", "accept", task});
    });
    const Finished withdrawn =
        deployment->oberih("investigator", {"task", "withdraw", task, "--text", "Особу знайдено"});
    const Finished accepted = accepting.get();
    const json slot = slot_of("investigator", task);
    if (withdrawn.exit_code != 0) {
      // Not first, and so told who was: an accepted task can be withdrawn once one knows.
      EXPECT_EQ(withdrawn.exit_code, 75) << withdrawn.err;
      EXPECT_TRUE(holds(withdrawn.err, "was first")) << withdrawn.err;
      EXPECT_EQ(accepted.exit_code, 0) << accepted.err;
      EXPECT_EQ(slot["state"], "accepted");
    } else {
      EXPECT_EQ(slot["state"], "withdrawn");
      if (accepted.exit_code != 0) {
        EXPECT_TRUE(accepted.exit_code == 75 || accepted.exit_code == 65) << accepted.err;
        EXPECT_TRUE(holds(accepted.err, "was first")) << accepted.err;
      }
    }
    EXPECT_EQ(slot_of("prosecutor", task), slot);
  }
}

TEST_F(Tasks, a_3_what_cannot_be_asked_is_refused_by_name) {
  const auto refused = [](const std::vector<std::string>& arguments) {
    std::vector<std::string> line{"--json"};
    line.insert(line.end(), arguments.begin(), arguments.end());
    const Finished finished = deployment->oberih("investigator", line);
    EXPECT_NE(finished.exit_code, 0) << finished.out;
    std::string last;
    std::istringstream err(finished.err);
    for (std::string each; std::getline(err, each);)
      if (each.starts_with("{")) last = each;
    return last.empty() ? finished.err : json::parse(last).at("refusal").get<std::string>();
  };
  EXPECT_EQ(refused({"task", "propose", "88", "Далеко", "--person", device("caseworker")}),
            "assignee_not_on_roster");
  EXPECT_EQ(refused({"task", "propose", "88", "Вчора", "--person", device("prosecutor"), "--due",
                     "2026-01-05 10:00"}),
            "due_in_past");
  EXPECT_EQ(refused({"task", "propose", "88", "Собі", "--person", device("investigator")}),
            "own_work");
  EXPECT_EQ(refused({"task", "accept", "ffffffff"}), "not_found");
  EXPECT_EQ(refused({"task", "propose", "88", "Нікому"}), "usage");
}

TEST_F(Tasks, a_4_a_template_says_what_is_not_said_besides) {
  const auto proposed = [](std::vector<std::string> more) {
    std::vector<std::string> line{"task", "propose", "88", "--person", device("prosecutor")};
    line.insert(line.end(), more.begin(), more.end());
    const std::string task = objects("investigator", line).at(0).at("task");
    return objects("prosecutor", {"task", "show", task}).at(0);
  };
  const json whole = proposed({"--template", "interpreter"});
  EXPECT_EQ(whole["kind"], "interpretation");
  EXPECT_EQ(whole["urgency"], "3d");
  EXPECT_EQ(whole["title"], "An interpreter for an interrogation");
  EXPECT_TRUE(holds(whole["history"].dump(), "Language: ...")) << whole;
  const json partly = proposed({"Перекладач з арабської", "--template", "interpreter", "--urgency",
                                "8h", "--text", "Завтра о десятій"});
  EXPECT_EQ(partly["kind"], "interpretation");
  EXPECT_EQ(partly["urgency"], "8h");
  EXPECT_EQ(partly["title"], "Перекладач з арабської");
  EXPECT_FALSE(holds(partly["history"].dump(), "Language: ...")) << partly;
  const Finished unknown = deployment->oberih(
      "investigator",
      {"task", "propose", "88", "--person", device("prosecutor"), "--template", "interpretor"});
  EXPECT_EQ(unknown.exit_code, 64);
  EXPECT_TRUE(holds(unknown.err, "identify_victim, accommodation_8h")) << unknown.err;
  EXPECT_TRUE(holds(unknown.err, "what it was given does not fit")) << unknown.err;
  const Finished kind = deployment->oberih(
      "investigator",
      {"task", "propose", "88", "x", "--person", device("prosecutor"), "--kind", "lunch"});
  EXPECT_EQ(kind.exit_code, 64);
  EXPECT_TRUE(holds(kind.err, "does not fit")) << kind.err;
  EXPECT_TRUE(holds(kind.err, "find_person")) << kind.err;
  EXPECT_TRUE(holds(deployment->oberih("investigator", {"task", "propose", "88", "--kid", "x"}).err,
                    "The command line is not understood."));
  EXPECT_TRUE(holds(expect_ok("prosecutor", {"--lang", "uk", "task", "templates"}).out,
                    "Перекладач на допит"));
}

TEST_F(Tasks, a_4_b_an_urgent_task_stands_first_in_the_inbox_until_it_is_taken_on) {
  const std::string task = ask("Вона в небезпеці", {"--urgency", "8h", "--urgent"});
  const auto of_task = [&] {
    std::vector<std::string> needs;
    for (const json& each : objects("prosecutor", {"inbox"})) {
      const std::string command = each.at("command");
      const bool is_first = needs.empty() && each.value("urgent", false);
      if (holds(command, task.substr(0, 8)) || is_first) needs.push_back(each.at("needs"));
    }
    return needs;
  };
  EXPECT_EQ(of_task(), (std::vector<std::string>{"acknowledgement", "answer"}));
  EXPECT_TRUE(objects("investigator", {"inbox"}).empty()) << "who asks is not asked";
  expect_ok("prosecutor", {"task", "accept", task});
  EXPECT_EQ(of_task(), std::vector<std::string>{"work"}) << "to act is more than to acknowledge";
  expect_ok("investigator", {"task", "withdraw", task, "--text", "Її знайдено"});
  EXPECT_TRUE(of_task().empty());
}

TEST_F(Tasks, a_5_one_follows_everything_and_channels_beyond_the_limit_are_said) {
  auto follower = deployment->oberih_in_background("prosecutor", {"follow"}, "everything.out");
  EXPECT_TRUE(follower->wait_for_output("Channels followed: 1")) << follower->output();
  EXPECT_TRUE(follower->wait_for_output("Перекладач з арабської")) << "what was missed";
  ask("Знайти свідка", {"--urgency", "8h"});
  EXPECT_TRUE(follower->wait_for_output("Знайти свідка")) << follower->output();

  for (const char* title : {"Група пошуку", "Третій канал"}) {
    expect_ok("investigator", {"channel", "create", "--kind", "working_group", "--title", title});
    expect_ok("investigator", {"channel", "add", title, "--device", device("prosecutor")});
    expect_ok("investigator", {"message", "post", title, std::string("Перше: ") + title});
    // One that the follower was added to meanwhile is taken in.
    EXPECT_TRUE(follower->wait_for_output(std::string("Перше: ") + title)) << follower->output();
  }
  EXPECT_TRUE(follower->wait_for_output("follows 2 of your channels live")) << follower->output();
  expect_ok("investigator", {"message", "post", "Третій канал", "Друге, без підписки"});
  EXPECT_TRUE(follower->wait_for_output("Друге, без підписки")) << follower->output();

  deployment->stop_server(SIGKILL);
  deployment->start_server();
  expect_ok("investigator", {"message", "post", "Група пошуку", "Після зупинки"});
  EXPECT_TRUE(follower->wait_for_output("Після зупинки")) << follower->output();
  const std::string all = follower->output();
  EXPECT_EQ(all.find("Після зупинки"), all.rfind("Після зупинки")) << "shown twice\n" << all;
  EXPECT_TRUE(holds(all, "Група пошуку        #")) << "the channel stands in each line\n" << all;

  // A receipt follows what was shown, and a channel that one leaves ends alone.
  const auto opened = [] {
    const std::string entry =
        "Група пошуку#" + std::to_string(objects("investigator", {"message", "post", "Група пошуку",
                                                                  "Чи прочитано", "--ask-receipt"})
                                             .at(0)
                                             .at("channel_seq")
                                             .get<int>());
    for (int attempt = 0; attempt < 100; ++attempt) {
      if (!objects("investigator", {"receipts", entry}).at(0).at("opened").is_null()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  };
  EXPECT_TRUE(opened()) << follower->output();
  expect_ok("investigator", {"channel", "remove", "Група пошуку", "--device", device("prosecutor"),
                             "--reason", "переведено"});
  // "You are no longer on its roster" where the removal itself has come; where the channel is read
  // by turns nobody shows it any more, and that is said: "you are on its roster as far as ...".
  EXPECT_TRUE(follower->wait_for_output("Група пошуку: you are ")) << follower->output();
  expect_ok("investigator", {"message", "post", "88", "Далі тут"});
  EXPECT_TRUE(follower->wait_for_output("Далі тут")) << follower->output();
  EXPECT_EQ(follower->stop(SIGINT), 0) << follower->output();
}

TEST_F(Tasks, a_6_a_program_follows_everything_as_objects) {
  auto follower =
      deployment->oberih_in_background("prosecutor", {"--json", "follow"}, "objects.out");
  EXPECT_TRUE(follower->wait_for_output("Channels followed")) << follower->output();
  ask("Для програми");
  ASSERT_TRUE(follower->wait_for_output("Для програми")) << follower->output();
  follower->stop(SIGINT);
  std::istringstream out(follower->output());
  for (std::string line; std::getline(out, line);) {
    const json object = json::parse(line, nullptr, false);
    if (object.is_discarded() || !holds(line, "Для програми")) continue;
    EXPECT_EQ(object["type"], "task") << line;
    EXPECT_EQ(object["channel_title"], "88") << line;
  }
}

TEST_F(Tasks, a_7_the_check_computes_the_same_tasks_from_the_journal) {
  const std::string board = expect_ok("investigator", {"task", "board"}).out;
  EXPECT_TRUE(holds(board, "in progress")) << board;
  const Finished sound = deployment->oberihd("check");
  EXPECT_EQ(sound.exit_code, 0) << sound.out << sound.err;
  EXPECT_EQ(deployment->sql("UPDATE task_slot SET state = 6").exit_code, 0);
  const Finished tampered = deployment->oberihd("check");
  EXPECT_NE(tampered.exit_code, 0);
  EXPECT_TRUE(holds(tampered.out + tampered.err, "differ from what its entries add up to"))
      << tampered.out << tampered.err;
}

}  // namespace
}  // namespace oberih::test
