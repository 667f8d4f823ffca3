// SPDX-License-Identifier: Apache-2.0
// How fast the client library verifies: one device that catches up alone, and ten that follow live.
// Everything is checked as a client checks it: chain, signatures, rules, checkpoints, store. In CI
// the numbers are small; OBERIH_ENTRIES=20000 OBERIH_SECONDS=30 measures.
#include <gtest/gtest.h>

#include <ctime>
#include <iostream>
#include <thread>

#include "tests/support/crew.hpp"

namespace oberih::test {
namespace {

using client::RecordSender;
using client::VerifiedChannel;
using Clock = std::chrono::steady_clock;

constexpr std::size_t posters = 4;
constexpr std::size_t followers = 10;
constexpr int posts_per_second = 200;

int number_from(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoi(text);
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

class VerificationPace : public testing::Test {
 protected:
  VerificationPace()
      : deployment({}, "handshakes_per_address = 512\nagency_connections_per_minute = 100000\n"),
        crew(deployment) {
    for (std::size_t i = 0; i < posters + followers + 1; ++i)
      crew.enrol("police", Role::investigator);
    for (CrewMember& each : crew.members()) require(each.session->connect());
    CrewMember& chief = crew.members()[0];
    channel_id =
        require(RecordSender(*chief.session).create({ChannelKind::ordinary, History::full, 1}));
    VerifiedChannel channel = chief.channel(channel_id);
    require(chief.session->pull(channel));
    sealing::Roster lines;
    for (std::size_t i = 1; i < crew.members().size(); ++i)
      lines.push_back(crew.members()[i].line(RosterRole::member));
    require(RecordSender(*chief.session).change(channel, lines, "Постанова", {}, {}));
  }

  /// Each poster its share; `pause`: between two posts of one poster.
  void post_all(int posts, std::chrono::microseconds pause) {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < posters; ++i)
      threads.emplace_back([this, i, posts, pause] {
        CrewMember& who = crew.members()[i];
        VerifiedChannel channel = who.channel(channel_id);
        Clock::time_point next = Clock::now();
        for (int n = 0; n < posts / static_cast<int>(posters); ++n) {
          std::this_thread::sleep_until(next);
          next += pause;
          if (auto posted = who.post(channel, "Повідомлення " + std::to_string(n)); !posted)
            return void(ADD_FAILURE() << posted.error().detail);
        }
      });
    for (std::thread& thread : threads) thread.join();
  }

  /// Verifies what comes until it has everything up to `last`.
  void follow(CrewMember& who, const std::atomic<std::uint64_t>& last) const {
    VerifiedChannel channel = who.channel(channel_id);
    require(who.session->pull(channel));
    wire::ChannelFollow follow;
    follow.channel = channel_id;
    follow.after_seq = channel.state().newest_seq();
    require(who.session->ask(follow));
    while (last == 0 || channel.state().newest_seq() < last) {
      const auto event = who.session->connection().next_event(std::chrono::milliseconds(100));
      if (!event && !who.session->connection().is_open())
        throw std::runtime_error("the connection ended");
      if (!event) continue;
      if (const auto* item = std::get_if<wire::ItemEvent>(&*event))
        require(who.session->apply(channel, {&item->item, 1}, item->directory_count));
      if (const auto* checkpoint = std::get_if<wire::CheckpointEvent>(&*event))
        require(who.session->take_checkpoint(checkpoint->checkpoint));
    }
  }

  Deployment deployment;
  Crew crew;
  ChannelId channel_id;
};

TEST_F(VerificationPace, one_catches_up_alone_and_ten_keep_up_live) {
  const int entries = number_from("OBERIH_ENTRIES", 400);
  post_all(entries, std::chrono::microseconds(0));
  CrewMember& newcomer = crew.members().back();
  VerifiedChannel channel = newcomer.channel(channel_id);
  auto start = Clock::now();
  const std::clock_t used =
      std::clock();  // of this process alone: a busy machine changes it little
  require(newcomer.session->pull(channel));
  const double alone = seconds_since(start);
  const double processor = static_cast<double>(std::clock() - used) / CLOCKS_PER_SEC;
  const auto leaves = static_cast<double>(channel.state().newest_seq());
  EXPECT_GE(channel.state().newest_seq(), static_cast<std::uint64_t>(entries));
  std::cout << "alone: " << leaves << " leaves in " << alone << " s, " << leaves / alone << "/s; "
            << processor << " s of processor time, " << leaves / processor << "/s\n";

  const int seconds = number_from("OBERIH_SECONDS", 2);
  std::atomic<std::uint64_t> last = 0;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < followers; ++i)
    threads.emplace_back([&, i] {
      try {
        follow(crew.members()[posters + i], last);
      } catch (const std::exception& failure) {
        ADD_FAILURE() << failure.what();
      }
    });
  start = Clock::now();
  post_all(posts_per_second * seconds,
           std::chrono::microseconds(1'000'000 * posters / posts_per_second));
  const double posting = seconds_since(start);
  require(newcomer.session->pull(channel));
  last = channel.state().newest_seq();
  start = Clock::now();
  for (std::thread& thread : threads) thread.join();
  std::cout << "live: " << posts_per_second * seconds / posting << " posts/s for " << posting
            << " s, the last of ten followers was through " << seconds_since(start)
            << " s behind\n";
}

}  // namespace
}  // namespace oberih::test
