// SPDX-License-Identifier: Apache-2.0
// Two hundred people of eight agencies in twenty channels do with tasks and acknowledgements what
// comes to their minds, all at once, now and then with a lost connection, and the server is killed
// again and again; some of it is wrong or too late. Afterwards everything that was confirmed stands
// in the journal once, and the tables, the clients and a model made from the accepted actions alone
// agree about every task; of what came due each was reminded once. What each person tries is seeded
// (OBERIH_SEED); how the threads interleave is not.
#include <gtest/gtest.h>
#include <signal.h>

#include <iostream>
#include <random>
#include <sstream>
#include <thread>

#include "client-cli/verification/stored_entries.hpp"
#include "client-cli/verification/task_book.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/sealing/remark_text.hpp"
#include "tests/story/reminder_count.hpp"
#include "tests/story/task_model.hpp"
#include "tests/support/crew.hpp"
#include "tests/support/stepped_clock.hpp"

namespace oberih::test {
namespace {

using client::VerifiedChannel;
using encoding::encode_hex;
using sealing::TaskAction;
using sealing::TaskFacts;
using sealing::TaskParty;
using sealing::TaskPartyKind;
using sealing::TaskPointer;

constexpr std::size_t channels = 20;
constexpr std::size_t people_each = 10;
constexpr std::size_t people = channels * people_each;
constexpr std::size_t open_tasks = 12;    // in a channel, before no more is asked for
constexpr std::size_t agencies_each = 3;  // in a channel
constexpr std::chrono::seconds while_down{80};

struct Desk {
  const char* agency;
  Role role;
};
constexpr Desk desks[] = {
    {"police", Role::investigator},      {"prosecution", Role::prosecutor},
    {"ngo", Role::caseworker},           {"border_guard", Role::liaison},
    {"security_service", Role::liaison}, {"labour_inspectorate", Role::liaison},
    {"social_service", Role::liaison},   {"working_group", Role::coordinator}};

std::vector<FoundingAgency> eight_agencies() {
  std::vector<FoundingAgency> agencies;
  for (const Desk& desk : desks) agencies.push_back({desk.agency, desk.agency});
  return agencies;
}

int number_of(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoi(text);
}

bool is_of_a_lost_server(RefusalCode code) {
  return code == RefusalCode::not_connected || code == RefusalCode::unavailable;
}

struct Attempt {
  AcceptedAction action;
  bool is_sound_here = false;  // by what the client knew when it tried
  std::string outcome;
};

/// What one person did, and what came of it.
struct Diary {
  std::vector<Attempt> attempts;                  // of tasks
  std::map<std::uint64_t, AcceptedAction> tasks;  // by journal index
  std::vector<std::uint64_t> acknowledged;        // journal indexes
  std::map<std::string, int> outcomes;            // "accept done", "submit dependencies_open", ...
};

class RandomTasks : public testing::Test {
 protected:
  RandomTasks()
      : deployment({},
                   "handshakes_per_address = 512\nconnections_per_minute = 10000\n"
                   "agency_connections_per_minute = 100000\n",
                   "oberih-quick-passphrase", eight_agencies()),
        crew(deployment) {
    write_reminding_policies(policies);
    Environment environment = clock.environment();
    environment["OBERIH_POLICIES_DIRECTORY"] = policies.string();
    deployment.set_server_environment(environment);
    deployment.stop_server(SIGTERM);
    deployment.start_server();
  }

  std::string person(std::size_t i) const { return encode_hex(crew_member(i).certificate.person); }
  const CrewMember& crew_member(std::size_t i) const {
    return const_cast<Crew&>(crew).members()[i];
  }
  /// Which of the channel's agencies.
  static std::size_t seat_of(std::size_t i) { return i % people_each % agencies_each; }
  /// Neighbouring channels have others.
  static const Desk& desk_of(std::size_t channel, std::size_t seat) {
    return desks[(channel + seat) % std::size(desks)];
  }

  void gather() {
    for (std::size_t i = 0; i < people; ++i) {
      const Desk& desk = desk_of(i / people_each, seat_of(i));
      crew.enrol(desk.agency, desk.role);
    }
    for (std::size_t channel = 0; channel < channels; ++channel)
      for (std::size_t seat = 0; seat < agencies_each; ++seat) {
        std::vector<const CrewMember*> members;
        std::set<std::string> names;
        for (std::size_t i = channel * people_each; i < (channel + 1) * people_each; ++i)
          if (seat_of(i) == seat) {
            members.push_back(&crew.members()[i]);
            names.insert(person(i));
          }
        const TaskParty unit = crew.found_unit(desk_of(channel, seat).agency,
                                               "Підрозділ " + std::to_string(channel + 1), members);
        units[channel][seat] = unit;
        people_of[unit] = names;
      }
    for (std::size_t i = 0; i < people; ++i)
      people_of[TaskParty::of(crew_member(i).certificate.agency,
                              crew_member(i).certificate.person)] = {person(i)};
    for (std::size_t channel = 0; channel < channels; ++channel) open_channel(channel);
  }

  void open_channel(std::size_t number) {
    CrewMember& chief = crew.members()[number * people_each];
    require(chief.session->connect());
    channel_ids[number] = require(
        client::RecordSender(*chief.session).create({ChannelKind::ordinary, History::full, 1}));
    VerifiedChannel channel = chief.channel(channel_ids[number]);
    require(chief.session->pull(channel));
    sealing::Roster lines;
    for (std::size_t i = 1; i < people_each; ++i)
      lines.push_back(crew.members()[number * people_each + i].line(RosterRole::member));
    require(client::RecordSender(*chief.session).change(channel, lines, "Постанова", {}, {}));
  }

  void act_until_done(std::size_t i) {
    CrewMember& who = crew.members()[i];
    std::mt19937 random(seed + static_cast<unsigned>(i));
    VerifiedChannel channel = who.channel(channel_ids[i / people_each]);
    while (done < actions) {
      if (random() % 100 < 2) who.session->connection().close();
      come_back(who, channel);
      if (random() % 100 < 12)
        acknowledge(i, channel, random);
      else
        act(i, channel, random);
      ++done;
    }
  }

  /// The server may be down for a while.
  void come_back(CrewMember& who, VerifiedChannel& channel) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (true) {
      Result<> back = who.session->connect();
      if (back) back = who.session->pull(channel);
      if (back) return;
      if (!is_of_a_lost_server(back.error().code) || std::chrono::steady_clock::now() > deadline)
        require(back);
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }

  /// What was on its way when the server went away is settled before anything else is done.
  Result<wire::Appended> settled(CrewMember& who, VerifiedChannel& channel,
                                 Result<wire::Appended> posted) {
    while (!posted && is_of_a_lost_server(posted.error().code)) {
      const auto waiting = who.session->store().outbox().list(channel.id());
      EXPECT_LE(waiting.size(), 1u);
      come_back(who, channel);
      if (waiting.empty()) return posted;  // never sent
      ++settled_later;
      const Result<> settling = client::EntrySender(*who.session).settle(channel);
      if (!settling) {
        posted = settling.error();
        continue;
      }
      const auto found = who.session->ask(wire::EntryFind{channel.id(), {waiting[0].message}});
      if (found && found->entries.size() == 1) return found->entries[0].appended;
      if (found) ADD_FAILURE() << "what was settled does not stand";
    }
    return posted;
  }

  void acknowledge(std::size_t i, VerifiedChannel& channel, std::mt19937& random) {
    CrewMember& who = crew.members()[i];
    const std::uint64_t seq = 1 + random() % channel.state().newest_seq();
    const auto entry =
        client::find_stored_entry(who.session->store().channels(), channel.id(), seq);
    sealing::AcknowledgementFacts facts;
    facts.entry = {seq, entry ? entry->message_hash : Digest{}};
    facts.kind = sealing::AcknowledgementKind::understood;
    const auto posted = settled(
        who, channel,
        client::EntrySender(*who.session)
            .post(channel, EntryType::acknowledgement, require(sealing::encode_remark("прийнято")),
                  sealing::encode_acknowledgement_facts(facts)));
    if (posted) diaries[i].acknowledged.push_back(posted->index);
    ++diaries[i].outcomes["acknowledge " + outcome(posted ? Result<>() : Result<>(posted.error()))];
  }

  void act(std::size_t i, VerifiedChannel& channel, std::mt19937& random) {
    CrewMember& who = crew.members()[i];
    client::TaskBook book(who.session->store(), channel.keys(), channel.id());
    const std::vector<TaskPointer> tasks = book.list();
    const TaskFacts facts = choose(i, channel, book, tasks, random);
    Attempt attempt;
    attempt.action = describe(i, facts);
    attempt.is_sound_here = judges(who, channel, book, facts);
    sealing::TaskText text{facts.action, {}, "слова"};
    if (facts.action == TaskAction::propose) text.title = "Завдання";
    const auto posted =
        settled(who, channel, client::EntrySender(*who.session).act(channel, facts, text));
    attempt.outcome = outcome(posted ? Result<>() : Result<>(posted.error()));
    if (posted) diaries[i].tasks[posted->index] = attempt.action;
    ++diaries[i].outcomes[attempt.action.action + " " + attempt.outcome];
    diaries[i].attempts.push_back(std::move(attempt));
  }

  static bool judges(CrewMember& who, VerifiedChannel& channel, client::TaskBook& book,
                     const TaskFacts& facts) {
    const sealing::Place place{UINT64_MAX, channel.state().newest_seq() + 1,
                               who.session->server_time_ms(channel)};
    return book.judge(channel.state(), who.session->directory(), who.device(), place, facts)
        .has_value();
  }

  /// Mostly what may stand; every fifth time whatever comes.
  TaskFacts choose(std::size_t i, VerifiedChannel& channel, client::TaskBook& book,
                   const std::vector<TaskPointer>& tasks, std::mt19937& random) {
    std::vector<TaskPointer> open;
    for (const TaskPointer& task : tasks)
      if (task->is_open()) open.push_back(task);
    if (open.empty() || (open.size() < open_tasks && random() % 100 < 15))
      return ask(i, tasks, random);
    const bool is_wild = random() % 5 == 0;
    TaskFacts facts;
    for (int tries = 0; tries < 40; ++tries) {
      const sealing::Task& task =
          is_wild ? *tasks[random() % tasks.size()] : *open[random() % open.size()];
      facts = about(i, task, random);
      if (is_wild || judges(crew.members()[i], channel, book, facts)) break;
    }
    if (is_wild && random() % 3 == 0) facts.expected_version += random() % 3 - 1;
    return facts;
  }

  TaskFacts ask(std::size_t i, const std::vector<TaskPointer>& tasks, std::mt19937& random) {
    TaskFacts facts;
    facts.action = TaskAction::propose;
    facts.task = crypto::random_id<TaskId>();
    facts.requester = units[i / people_each][seat_of(i)];
    facts.kind = *sealing::task_kind_of(static_cast<std::uint8_t>(1 + random() % 9));
    facts.urgency = *sealing::task_urgency_of(static_cast<std::uint8_t>(1 + random() % 4));
    if (facts.urgency == sealing::TaskUrgency::date) facts.due_ms = wall_clock_ms() + 86'400'000;
    const std::size_t assignees = 1 + random() % 2;
    while (facts.slots.empty() || (facts.slots.size() < assignees && random() % 8 != 0)) {
      const TaskParty party = somebody_else(i, random);
      if (std::ranges::find(facts.slots, party) == facts.slots.end()) facts.slots.push_back(party);
    }
    std::sort(facts.slots.begin(), facts.slots.end());
    if (!tasks.empty() && random() % 6 == 0)
      facts.depends_on.push_back(tasks[random() % tasks.size()]->id);
    return facts;
  }

  /// A unit, or a person of one, of another agency in the channel.
  TaskParty somebody_else(std::size_t i, std::mt19937& random) {
    const std::size_t first = i / people_each * people_each;
    while (true) {
      const std::size_t other = first + random() % people_each;
      if (seat_of(other) == seat_of(i)) continue;
      if (random() % 2 == 0) return units[i / people_each][seat_of(other)];
      return TaskParty::of(crew_member(other).certificate.agency,
                           crew_member(other).certificate.person);
    }
  }

  TaskFacts about(std::size_t i, const sealing::Task& task, std::mt19937& random) {
    TaskFacts facts;
    facts.task = task.id;
    do {
      facts.action = sealing::all_task_actions[1 + random() % 11];
      // What ends a task early is rare, or none would come to its end.
    } while ((facts.action == TaskAction::withdraw || facts.action == TaskAction::decline ||
              facts.action == TaskAction::extend) &&
             random() % 12 != 0);
    facts.slot = static_cast<std::uint16_t>(random() % task.slots.size());
    const sealing::TaskSlot& slot = task.slots[facts.slot];
    facts.expected_version = slot.version;
    if (facts.action == TaskAction::extend)
      facts.due_ms = std::max(slot.due_ms, wall_clock_ms()) + 3'600'000;
    if (facts.action == TaskAction::pause) facts.reason = sealing::PauseReason::awaiting_court;
    if (facts.action == TaskAction::reassign) {
      const std::size_t other = i / people_each * people_each + random() % people_each;
      facts.assignee = TaskParty::of(crew_member(other).certificate.agency,
                                     crew_member(other).certificate.person);
    }
    return facts;
  }

  AcceptedAction describe(std::size_t i, const TaskFacts& facts) {
    AcceptedAction action;
    action.author = person(i);
    action.task = encode_hex(facts.task);
    action.action = sealing::name_of(facts.action);
    action.slot = facts.slot;
    action.expected_version = facts.expected_version;
    action.slots = facts.slots.size();
    const std::set<int> one_for_all = {4, 6, 7, 8, 9};
    action.one_finishes_for_all = one_for_all.contains(static_cast<int>(facts.kind));
    for (const TaskId& other : facts.depends_on) action.depends_on.push_back(encode_hex(other));
    if (facts.action == TaskAction::propose) action.requesters = people_of.at(facts.requester);
    for (const TaskParty& party : facts.slots) action.addressees.push_back(people_of.at(party));
    if (facts.action == TaskAction::reassign) {
      action.addressees.push_back(people_of.at(facts.assignee));
      action.holder = encode_hex(facts.assignee.person());
    }
    return action;
  }

  void run_all() {
    std::vector<std::string> failures(people);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < people; ++i)
      threads.emplace_back([&, i] {
        try {
          act_until_done(i);
        } catch (const std::exception& failure) {
          failures[i] = failure.what();
          done += actions;  // ends the run
        }
      });
    const int kills = 2 + actions / 1'000;
    for (int kill = 1; kill <= kills; ++kill) {
      while (done < actions * kill / (kills + 1))
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      deployment.stop_server(SIGKILL);
      if (kill <= 2) clock.step(while_down);  // no more: clients believe no clock far from theirs
      deployment.start_server();
    }
    for (std::thread& thread : threads) thread.join();
    for (std::size_t i = 0; i < people; ++i) EXPECT_EQ(failures[i], "") << "person " << i;
  }

  std::vector<std::string> rows(const std::string& statement) const {
    const Finished finished = deployment.sql(statement);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    std::vector<std::string> lines;
    std::istringstream out(finished.out);
    for (std::string line; std::getline(out, line);) lines.push_back(line);
    return lines;
  }

  void expect_clients_agree(const TaskModel& model) {
    const auto slots = model.slots();
    std::size_t seen = 0;
    ReminderCount reminders(wall_clock_ms() + 2 * std::chrono::milliseconds(while_down).count());
    for (std::size_t i = 1; i < people; i += people_each) {
      CrewMember& who = crew.members()[i];
      require(who.session->connect());
      VerifiedChannel channel = who.channel(channel_ids[i / people_each]);
      require(who.session->pull(channel));
      client::TaskBook book(who.session->store(), channel.keys(), channel.id());
      for (const TaskPointer& task : book.list()) {
        ++seen;
        for (std::size_t slot = 0; slot < task->slots.size(); ++slot) {
          const TaskModel::Slot& other = slots.at({encode_hex(task->id), slot});
          EXPECT_EQ(sealing::name_of(task->slots[slot].state), other.state);
          EXPECT_EQ(task->slots[slot].version, other.version);
        }
      }
      reminders.take(book);
      EXPECT_EQ(who.evidence(), 0u) << who.name;
    }
    EXPECT_EQ(seen, model.count());
    reminders.expect_enough();
  }

  const unsigned seed =
      static_cast<unsigned>(number_of("OBERIH_SEED", static_cast<int>(std::random_device{}() / 4)));
  const int actions = number_of("OBERIH_RANDOM_ACTIONS", 2'000);
  Deployment deployment;
  const std::filesystem::path policies = deployment.folder() / "policies";
  SteppedClock clock{deployment.folder() / "clock"};
  Crew crew;
  ChannelId channel_ids[channels];
  TaskParty units[channels][agencies_each];
  std::map<TaskParty, std::set<std::string>> people_of;
  std::atomic<int> done = 0;
  std::atomic<int> settled_later = 0;
  std::vector<Diary> diaries{people};
};

/// Of those who tried the same with the same version of a slot one wins, and who was right by what
/// they knew is told that somebody was faster, and nothing else.
void judge_contests(const std::vector<Diary>& diaries) {
  using Place = std::tuple<std::string, std::size_t, std::uint64_t>;
  std::map<Place, std::vector<const Attempt*>> contests;
  for (const Diary& diary : diaries)
    for (const Attempt& each : diary.attempts) {
      if (each.action.action != "propose")
        contests[{each.action.task, each.action.slot, each.action.expected_version}].push_back(
            &each);
      if (each.outcome == "not_connected") continue;  // never sent
      if (each.is_sound_here && each.outcome != "done") {
        EXPECT_EQ(each.outcome, "stale_version") << each.action.action << " " << each.action.task;
      }
    }
  int contested = 0;
  for (const auto& [place, attempts] : contests) {
    const auto count = [&](const char* action, const char* outcome) {
      return std::ranges::count_if(attempts, [&](const Attempt* each) {
        return each->is_sound_here && (*action == 0 || each->action.action == action) &&
               each->outcome == outcome;
      });
    };
    EXPECT_LE(count("", "done"), 1) << std::get<0>(place);
    if (count("accept", "done") == 1 && count("accept", "stale_version") >= 1) ++contested;
  }
  std::cout << "  acceptances that several were at: " << contested << '\n';
  EXPECT_GT(contested, 0) << "nobody ever raced: the run shows nothing about it";
}

/// All that the server confirmed, and how often the journal holds it.
struct Confirmed {
  std::map<std::uint64_t, AcceptedAction> tasks;
  std::multiset<std::string> indexes;
};

Confirmed gather_confirmed(const std::vector<Diary>& diaries) {
  Confirmed all;
  std::map<std::string, int> outcomes;
  for (const Diary& diary : diaries) {
    all.tasks.insert(diary.tasks.begin(), diary.tasks.end());
    for (const auto& [index, action] : diary.tasks) all.indexes.insert(std::to_string(index));
    for (const std::uint64_t index : diary.acknowledged) all.indexes.insert(std::to_string(index));
    for (const auto& [what, count] : diary.outcomes) outcomes[what] += count;
  }
  for (const auto& [what, count] : outcomes) std::cout << "  " << what << ": " << count << '\n';
  return all;
}

/// As the table of the server shows it: task|slot|state|version|holder.
std::set<std::string> rows_of(const TaskModel& model) {
  const char* const states[] = {"",          "proposed",  "accepted", "in_progress", "paused",
                                "submitted", "completed", "declined", "withdrawn"};
  std::set<std::string> rows;
  for (const auto& [place, slot] : model.slots()) {
    const std::string holder = slot.holder.empty() ? std::string(32, '0') : slot.holder;
    const auto state = std::ranges::find(states, slot.state) - std::begin(states);
    rows.insert(place.first + "|" + std::to_string(place.second) + "|" + std::to_string(state) +
                "|" + std::to_string(slot.version) + "|" + holder);
  }
  return rows;
}

TEST_F(RandomTasks, what_was_accepted_adds_up_to_the_same_everywhere) {
  std::cout << "OBERIH_SEED=" << seed << std::endl;
  gather();
  const auto started = std::chrono::steady_clock::now();
  run_all();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  std::cout << done << " actions in " << took.count() << " s\n";
  std::cout << "  settled when the server was back: " << settled_later << '\n';
  const Confirmed confirmed = gather_confirmed(diaries);
  const auto stand = rows("SELECT journal_index FROM entry WHERE type IN (2, 4)");
  EXPECT_EQ(std::multiset<std::string>(stand.begin(), stand.end()), confirmed.indexes)
      << "the journal holds each confirmed action once, and no other";
  std::cout << "  accepted: " << stand.size() << '\n';
  judge_contests(diaries);

  TaskModel model;
  for (const auto& [index, action] : confirmed.tasks) {
    const auto wrong = model.take(action);
    EXPECT_FALSE(wrong) << "leaf " << index << ", " << action.action << ": " << wrong.value_or("");
  }
  const auto table = rows(
      "SELECT encode(task_id, 'hex'), slot, state, version, encode(holder, 'hex') FROM task_slot");
  EXPECT_EQ(std::set<std::string>(table.begin(), table.end()), rows_of(model));
  expect_clients_agree(model);
  const Finished checked = deployment.oberihd("check");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
  EXPECT_EQ(deployment.stop_server(SIGTERM), 0) << deployment.server().output();
}

}  // namespace
}  // namespace oberih::test
