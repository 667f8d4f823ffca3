// SPDX-License-Identifier: Apache-2.0
// A program of the operator's beside the server: what it is given, and what becomes of it when it
// fails, hangs or is none.
#include "server/runtime/doorbell_command.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace oberih::runtime {
namespace {

namespace fs = std::filesystem;
using application::Ring;
using std::chrono::milliseconds;

Ring ring_for(std::uint8_t agency, std::uint8_t unit = 0) {
  Ring ring;
  ring.agency.bytes.fill(agency);
  ring.unit.bytes.fill(unit);
  return ring;
}

class DoorbellCommandTest : public testing::Test {
 protected:
  DoorbellCommandTest() {
    char name[] = "/tmp/oberih-doorbell-XXXXXX";
    if (mkdtemp(name) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
  }
  ~DoorbellCommandTest() override { fs::remove_all(folder_); }

  std::string script(const std::string& text, mode_t mode = 0700) {
    const fs::path file = folder_ / "hook";
    std::ofstream(file) << "#!/bin/sh\ncd " << folder_.string() << "\n" << text << "\n";
    chmod(file.c_str(), mode);
    return file;
  }
  DoorbellCommand::Report keep() {
    return [this](const std::string& reason, std::uint64_t left_out) {
      std::lock_guard lock(mutex_);
      reasons_.push_back(reason);
      left_out_ += left_out;
    };
  }
  std::string reasons() {
    std::lock_guard lock(mutex_);
    std::string all;
    for (const std::string& reason : reasons_) all += reason + "\n";
    return all;
  }
  std::string text_of(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(folder_ / name).rdbuf();
    return text.str();
  }
  template <class Claim>
  static bool wait_until(const Claim& claim) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!claim()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(milliseconds(5));
    }
    return true;
  }
  bool wait_for_reason(const std::string& part) {
    return wait_until([&] { return reasons().find(part) != std::string::npos; });
  }
  bool wait_for_file(const std::string& name) {
    return wait_until([&] { return fs::exists(folder_ / name); });
  }
  static constexpr DoorbellLimits at_once{std::chrono::seconds(30), milliseconds(0), 64, 4};

  fs::path folder_;
  std::mutex mutex_;
  std::vector<std::string> reasons_;
  std::uint64_t left_out_ = 0;
};

TEST_F(DoorbellCommandTest, gives_the_program_two_ids_and_nothing_of_the_servers) {
  setenv("OBERIH_TEST_CANARY", "a secret of the server", 1);
  const int inherited = ::open("/etc/passwd", O_RDONLY);  // not closed by exec
  const std::string hook = script(
      "for each in \"$@\"; do echo \"$each\"; done > arguments\nenv > environment\n"
      "pwd > place\nls /proc/self/fd | wc -l > descriptors\n"
      "readlink /proc/self/fd/2 > error\nmv descriptors done");
  DoorbellCommand doorbell(hook, keep(), at_once);
  doorbell.ring(ring_for(0xAB, 0x0C));
  ASSERT_TRUE(wait_for_file("done")) << reasons();
  EXPECT_EQ(text_of("arguments"),
            "abababababababababababababababab\n0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c\n");
  std::istringstream environment(text_of("environment"));
  for (std::string line; std::getline(environment, line);)
    EXPECT_TRUE(line.starts_with("PATH=/usr/local/sbin:") || line == "LANG=C.UTF-8" ||
                line.starts_with("PWD=") || line.starts_with("OLDPWD=") ||
                line.starts_with("SHLVL=") || line.starts_with("_="))
        << line;
  EXPECT_EQ(text_of("error"), "/dev/null\n");
  // `ls` itself holds the folder it lists, besides the three.
  EXPECT_LE(std::stoi(text_of("done")), 4) << "files of the server are open in it";
  ::close(inherited);
  unsetenv("OBERIH_TEST_CANARY");
  EXPECT_EQ(reasons(), "");
}

TEST_F(DoorbellCommandTest, reports_a_program_that_is_missing_or_none_or_everybodys) {
  const auto reported = [&](const std::string& hook) {
    reasons_.clear();
    DoorbellCommand doorbell(hook, keep(), at_once);
    doorbell.ring(ring_for(1));
    EXPECT_TRUE(wait_for_reason("agency 0101")) << hook;
    return reasons();
  };
  EXPECT_NE(reported(folder_ / "missing").find("No such file"), std::string::npos);
  EXPECT_NE(reported(folder_).find("is no file"), std::string::npos);
  EXPECT_NE(reported(script("true", 0722)).find("written by others"), std::string::npos);
  std::ofstream(folder_ / "garbage") << "neither a program nor a script";
  chmod((folder_ / "garbage").c_str(), 0700);
  EXPECT_NE(reported(folder_ / "garbage").find("Exec format error"), std::string::npos);
  EXPECT_NE(hook_fault(script("true", 0600)), "") << "nobody may execute it, root neither";
  EXPECT_EQ(hook_fault(script("true", 0500)), "");
}

TEST_F(DoorbellCommandTest, reports_a_program_that_fails_and_rings_again) {
  DoorbellCommand doorbell(script("[ -e broken ] || exit 3; touch rung"), keep(), at_once);
  doorbell.ring(ring_for(1));
  ASSERT_TRUE(wait_for_reason("ended with exit code 3"));
  std::ofstream(folder_ / "broken") << "no more";
  doorbell.ring(ring_for(1));
  EXPECT_TRUE(wait_for_file("rung"));
}

TEST_F(DoorbellCommandTest, kills_a_program_that_hangs_and_what_it_started) {
  DoorbellLimits limits = at_once;
  limits.time_limit = milliseconds(1'000);
  DoorbellCommand doorbell(
      script("sleep 1000 & echo $! > part; mv part child; trap '' TERM; wait; wait"), keep(),
      limits);
  doorbell.ring(ring_for(1));
  ASSERT_TRUE(wait_for_file("child"));
  const pid_t child = std::stoi(text_of("child"));
  ASSERT_TRUE(wait_for_reason("was killed"));
  EXPECT_TRUE(wait_until([&] {
    std::ifstream status("/proc/" + std::to_string(child) + "/stat");
    std::string text;
    // Gone, or a zombie that nobody here can await.
    return !std::getline(status, text) || text.find(") Z ") != std::string::npos;
  }));
}

TEST_F(DoorbellCommandTest, holds_up_neither_other_agencies_nor_whoever_rings) {
  DoorbellCommand doorbell(
      script("echo $2 >> \"log-$1\"; [ $1 = 01010101010101010101010101010101 ] || exit 0\n"
             "while [ ! -e open ]; do sleep 0.02; done; echo end >> \"log-$1\""),
      keep(), at_once);
  const std::string slow = "log-" + std::string("01010101010101010101010101010101");
  const std::string quick = "log-" + std::string("02020202020202020202020202020202");
  for (int times = 0; times < 20; ++times) doorbell.ring(ring_for(1));
  ASSERT_TRUE(wait_for_file(slow));
  for (int times = 0; times < 20; ++times) doorbell.ring(ring_for(1));
  doorbell.ring(ring_for(2));
  EXPECT_TRUE(wait_for_file(quick)) << "the other agency waits for the first";
  std::ofstream(folder_ / "open") << "now";
  doorbell.ring(ring_for(1, 9));
  ASSERT_TRUE(wait_until([&] {
    const std::string text = text_of(slow);
    return text.ends_with("end\n") && text.find("0909") != std::string::npos;
  }));
  std::istringstream lines(text_of(slow));
  std::vector<std::string> all;
  for (std::string line; std::getline(lines, line);) all.push_back(line);
  ASSERT_GE(all.size(), 5u);
  for (std::size_t i = 1; i < all.size(); i += 2)
    EXPECT_EQ(all[i], "end") << "two at once for one agency";
  EXPECT_LE(all.size(), 6u) << "what waits already is not rung for again";
  EXPECT_EQ(reasons(), "");
}

TEST_F(DoorbellCommandTest, tells_the_log_a_few_lines_a_minute) {
  DoorbellLimits limits = at_once;
  {
    DoorbellCommand doorbell(script("exit 1"), keep(), limits);
    for (std::uint8_t agency = 1; agency <= 40; ++agency) doorbell.ring(ring_for(agency));
    ASSERT_TRUE(wait_for_reason("exit code 1"));
    ASSERT_TRUE(wait_until([&] {
      std::lock_guard lock(mutex_);
      return reasons_.size() >= 10;
    }));
  }
  EXPECT_LE(reasons_.size(), 20u) << "at most ten in each of two minutes";
}

TEST_F(DoorbellCommandTest, ends_with_the_server) {
  const auto begun = std::chrono::steady_clock::now();
  {
    DoorbellCommand doorbell(script("touch begun; sleep 1000"), keep(), at_once);
    doorbell.ring(ring_for(1));
    ASSERT_TRUE(wait_for_file("begun"));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));
}

}  // namespace
}  // namespace oberih::runtime
