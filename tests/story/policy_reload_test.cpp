// SPDX-License-Identifier: Apache-2.0
// The operator changes a policy while people work: SIGHUP, no restart, and the journal says since
// when.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/support/deployment.hpp"

namespace oberih::test {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

class PolicyReload : public testing::Test {
 protected:
  PolicyReload() {
    fs::copy(OBERIH_SOURCE "/policies", policies_, fs::copy_options::recursive);
    deployment_.stop_server(SIGTERM);
    deployment_.set_server_environment({{"OBERIH_POLICIES_DIRECTORY", policies_.string()}});
    deployment_.start_server();
  }
  void replace(const std::string& old_text, const std::string& new_text) {
    std::string text = read(policies_ / "permissions.json");
    const std::size_t at = text.find(old_text);
    ASSERT_NE(at, text.npos) << old_text;
    std::ofstream(policies_ / "permissions.json") << text.replace(at, old_text.size(), new_text);
    deployment_.server().signal(SIGHUP);
  }
  bool wait_for_log(const std::string& part) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (read(deployment_.server_log()).find(part) == std::string::npos) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
  }
  int create_channel(const std::string& title) {
    return deployment_
        .oberih("investigator", {"channel", "create", "--kind", "ordinary", "--title", title})
        .exit_code;
  }

  Deployment deployment_{{{"investigator", "police", "investigator", "Слідча Поліція"}}};
  const fs::path policies_ = deployment_.folder() / "policies";
};

TEST_F(PolicyReload, changes_what_people_may_and_stands_in_the_journal) {
  EXPECT_EQ(create_channel("перший"), 0);
  replace("\"channel.create\", ", "\"channel.craete\", ");
  ASSERT_TRUE(wait_for_log("channel.craete")) << "a broken file is refused by the word";
  EXPECT_EQ(create_channel("другий"), 0) << "the old policy stays in force";
  replace("\"channel.craete\", ", "");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (create_channel("третій") == 0)
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "the new policy is never followed";
  const Finished check = deployment_.oberihd("check", {"--policies_directory", policies_.string()});
  EXPECT_EQ(check.exit_code, 0) << check.out << check.err;
  EXPECT_NE(check.out.find("policies in force since leaf"), std::string::npos) << check.out;
  EXPECT_EQ(check.out.find("the folder has another"), std::string::npos) << check.out;
}

}  // namespace
}  // namespace oberih::test
