// SPDX-License-Identifier: Apache-2.0
// An acknowledgement is a promise: the server is killed twenty times in the middle of posting, and
// every acknowledged post is there once, in the order of its author.
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <mutex>
#include <random>
#include <thread>

#include "tests/support/deployment.hpp"

namespace oberih::test {
namespace {

constexpr int kills = 20;

/// Posts until told to stop, like a person whose client says whether it was stored.
class Poster {
 public:
  Poster(const Deployment& deployment, std::string profile)
      : deployment_(deployment), profile_(std::move(profile)), thread_([this] { run(); }) {}
  void finish() {
    stop_ = true;
    thread_.join();
  }
  const std::vector<std::string>& acknowledged() const { return acknowledged_; }
  int refused() const { return refused_; }
  std::size_t count() const { return count_; }

 private:
  void run() {
    for (int number = 0; !stop_; ++number) {
      const std::string text = profile_ + " пише №" + std::to_string(number) + ".";
      if (deployment_.oberih(profile_, {"message", "post", "417", text}).exit_code == 0) {
        acknowledged_.push_back(text);
        count_ = acknowledged_.size();
      } else {
        ++refused_;
      }
    }
  }

  const Deployment& deployment_;
  std::string profile_;
  std::atomic<bool> stop_ = false;
  std::atomic<std::size_t> count_ = 0;
  std::vector<std::string> acknowledged_;
  std::atomic<int> refused_ = 0;
  std::thread thread_;
};

std::size_t times_in(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(Crash, twenty_kills_lose_double_and_reorder_nothing) {
  Deployment deployment(Deployment::four_officers());
  auto run = [&](const std::string& profile, const std::vector<std::string>& arguments) {
    const Finished finished = deployment.oberih(profile, arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
    return finished.out;
  };
  run("investigator", {"channel", "create", "--kind", "case", "--title", "417"});
  run("investigator", {"channel", "add", "417", "--device", deployment.device_of("prosecutor")});
  run("prosecutor", {"channel", "list"});
  auto follower =
      deployment.oberih_in_background("prosecutor", {"message", "follow", "417"}, "follow");

  const unsigned seed = 20261123;
  std::mt19937 random(seed);
  Poster first(deployment, "investigator");
  Poster second(deployment, "prosecutor");
  for (int kill_number = 0; kill_number < kills; ++kill_number) {
    // Progress between two kills, then a moment that the seed picks.
    const std::size_t before = first.count() + second.count();
    for (int tries = 0; tries < 2'000 && first.count() + second.count() < before + 4; ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 60));
    EXPECT_EQ(deployment.stop_server(SIGKILL), 128 + SIGKILL);
    deployment.start_server();
  }
  const std::size_t after_last_kill = first.count() + second.count();
  for (int tries = 0; tries < 2'000 && first.count() + second.count() < after_last_kill + 4;
       ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  first.finish();
  second.finish();

  const std::string read = run("investigator", {"message", "read", "417", "--last", "100000"});
  for (const Poster* poster : {&first, &second}) {
    EXPECT_GE(poster->acknowledged().size(), 20u) << "seed " << seed;
    std::size_t last = 0;
    for (const std::string& text : poster->acknowledged()) {
      EXPECT_EQ(times_in(read, text), 1u) << text << " seed " << seed;
      const std::size_t at = read.find(text);
      EXPECT_GT(at + 1, last) << text << " out of order, seed " << seed;
      last = at;
    }
  }
  // The follower resumed by itself and missed nothing.
  const std::string newest = first.acknowledged().back();
  EXPECT_TRUE(follower->wait_for_output(newest)) << follower->output();
  const std::string followed = follower->output();
  for (const std::string& text : first.acknowledged())
    EXPECT_EQ(times_in(followed, text), 1u) << text;
  const Finished checked = deployment.oberihd("check");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
  std::printf("kills %d, acknowledged %zu + %zu, not acknowledged %d + %d, seed %u\n", kills,
              first.acknowledged().size(), second.acknowledged().size(), first.refused(),
              second.refused(), seed);
}

}  // namespace
}  // namespace oberih::test
