// SPDX-License-Identifier: Apache-2.0
// W8: people who ask one another for work, take it, and hand it in, by the clock. In each pair one
// asks and the other works, then the other way round; every step is the next that the table of
// transitions has, so that none is refused.
#include <array>
#include <cmath>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/task_facts.hpp"
#include "protocol/sealing/task_text.hpp"
#include "tests/load/followers.hpp"
#include "tests/load/posting.hpp"
#include "tests/load/workloads.hpp"

namespace oberih::load {
namespace {

using sealing::TaskAction;

constexpr double actions_per_second = 500;
constexpr Milliseconds extension_ms = 24ull * 3600 * 1000;

// By turns whoever asks and whoever works. The last is done by whoever asked: the next to act is
// the other, who now asks.
constexpr std::array life_of_a_task = {TaskAction::propose, TaskAction::accept, TaskAction::extend,
                                       TaskAction::start,   TaskAction::extend, TaskAction::submit,
                                       TaskAction::confirm};

/// One of two. Both know beforehand what the other will have done.
class Partner {
 public:
  Partner(const Member& member, const Member& other, bool is_first, const TaskId& tasks)
      : member_(&member), other_(&other), step_(is_first ? 0 : 1), tasks_(tasks) {}

  EntryContent next(std::size_t bytes) {
    const std::uint64_t number = step_ / life_of_a_task.size();
    const std::size_t at = step_ % life_of_a_task.size();
    step_ += 2;
    sealing::TaskFacts facts;
    facts.action = life_of_a_task[at];
    facts.task = tasks_;
    for (std::size_t i = 0; i < 8; ++i)
      facts.task.bytes[i] ^= static_cast<std::uint8_t>(number >> (8 * i));
    facts.expected_version = at;
    if (facts.action == TaskAction::propose) {
      facts.requester =
          sealing::TaskParty::of(member_->certificate.agency, member_->certificate.person);
      facts.slots = {
          sealing::TaskParty::of(other_->certificate.agency, other_->certificate.person)};
      facts.kind = sealing::TaskKind::general;
      facts.urgency = sealing::TaskUrgency::hours_8;
    }
    if (facts.action == TaskAction::extend)
      facts.due_ms = wall_clock_ms() + (1 + at) * extension_ms;
    const std::string title = facts.action == TaskAction::propose ? "Доручення" : "";
    return {EntryType::task, sealing::encode_task_facts(facts),
            require(sealing::encode_task_text({facts.action, title, std::string(bytes, 'x')}),
                    "a task's text")};
  }

 private:
  const Member* member_;
  const Member* other_;
  std::uint64_t step_;  // of the pair
  TaskId tasks_;        // what the ids of the pair's tasks are counted from
};

/// Neighbours in a channel are a pair.
class Pairs {
 public:
  NextContent operator()(const Channel& channel, std::size_t place) {
    const std::size_t first = place / 2 * 2;
    if (first + 1 >= channel.members.size()) return say_something;
    const auto pair = std::make_pair(channel.id, first);
    const auto tasks = tasks_.try_emplace(pair, crypto::random_id<TaskId>()).first->second;
    auto partner = std::make_shared<Partner>(*channel.members[place],
                                             *channel.members[place == first ? first + 1 : first],
                                             place == first, tasks);
    return [partner](std::size_t bytes) { return partner->next(bytes); };
  }

 private:
  std::map<std::pair<ChannelId, std::size_t>, TaskId> tasks_;
};

}  // namespace

namespace {

constexpr std::size_t watched_channels = 10;

/// One who watches in each of some channels: from the action to what is verified and opened there.
class Watchers {
 public:
  Watchers(Stage& stage, const std::vector<Channel*>& channels) : followers_(stage) {
    for (std::size_t i = 0; i < std::min(watched_channels, channels.size()); ++i) {
      followers_.add(*channels[i]->members.back(), *channels[i]);
      newest_seq_ = std::max(newest_seq_, channels[i]->newest_seq);
      ++count_;
    }
    followers_.wait_for(newest_seq_);
  }

  /// Of the run that has just ended, in which everybody acted `rounds` times.
  Measures measure(const Posting& posting, std::uint64_t rounds, double seconds) {
    // What the server says by itself stands in the channel too: more than the actions have come.
    const auto expected = rounds * people_in_channel * count_;
    std::vector<Followers::Sighting> seen;
    const auto start = Clock::now();
    while (seen.size() < expected && seconds_between(start, Clock::now()) < 10) {
      for (const Followers::Sighting& each : followers_.take_sightings()) seen.push_back(each);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    Latencies latencies;
    for (const Followers::Sighting& each : seen)
      latencies.add(each.at - posting.due_of(each.identity));
    Measures measures;
    latencies.write_to(measures);
    measures.deliv_s = static_cast<double>(seen.size()) / seconds;
    measures.lost = static_cast<double>(expected) - static_cast<double>(seen.size());
    measures.doubled = 0;
    return measures;
  }

 private:
  Followers followers_;
  std::uint64_t newest_seq_ = 0;
  std::size_t count_ = 0;
};

}  // namespace

std::vector<Row> run_tasks(const Options& options) {
  Stage stage;
  const auto opened = stage.open_channels(options.scaled(50, 2), people_in_channel);
  stage.start_server();
  Pairs pairs;
  Posting posting(stage, opened, std::ref(pairs), Posting::Neighbours::answer_one_another);
  Watchers watchers(stage, opened);
  // Whole rounds: a run ends where everybody has acted equally often.
  const double round = static_cast<double>(posting.senders()) / actions_per_second;
  const auto rounds_in = [&](double seconds) {
    return std::max(std::uint64_t{1}, static_cast<std::uint64_t>(std::ceil(seconds / round)));
  };
  const auto run = [&](double seconds) {
    const double whole = round * static_cast<double>(rounds_in(seconds));
    return posting.run_open(actions_per_second, whole + 0.001 / actions_per_second);
  };
  posting.leave_out(run(1.0));
  (void)watchers.measure(posting, rounds_in(1.0), 1.0);
  Row row{"W8", "500 task actions/s, 50 channels of 10", {}};
  Row verified{"W8", "of these, verified by one in each of ten channels", {}};
  for (unsigned i = 0; i < options.runs; ++i) {
    row.runs.push_back(run(options.seconds));
    verified.runs.push_back(watchers.measure(posting, rounds_in(options.seconds), options.seconds));
  }
  return {row, verified};
}

}  // namespace oberih::load
