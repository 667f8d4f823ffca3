// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/agent.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol/crypto/random_bytes.hpp"
#include "tests/unit/client/temporary_folder.hpp"

namespace oberih::client {
namespace {

TEST(Agent, gives_the_key_until_it_is_locked) {
  TemporaryFolder folder;
  auto key = crypto::random_secret<SymmetricKey>();
  EXPECT_FALSE(key_from_agent(folder.path()));
  EXPECT_FALSE(stop_agent(folder.path()));
  ASSERT_TRUE(start_agent(folder.path(), key, std::chrono::minutes(5)));
  for (int i = 0; i < 3; ++i) {
    std::optional<SymmetricKey> given = key_from_agent(folder.path());
    ASSERT_TRUE(given);
    EXPECT_TRUE(crypto::constant_time_equal(given->view(), key.view()));
  }
  EXPECT_TRUE(touch_agent(folder.path()));
  EXPECT_GT(agent_time_left(folder.path()).value_or(std::chrono::seconds(0)),
            std::chrono::seconds(200));
  EXPECT_TRUE(stop_agent(folder.path()));
  EXPECT_FALSE(key_from_agent(folder.path()));
}

TEST(Agent, its_socket_is_its_owners_alone) {
  TemporaryFolder folder;
  ASSERT_TRUE(
      start_agent(folder.path(), crypto::random_secret<SymmetricKey>(), std::chrono::minutes(5)));
  struct stat status {};
  ASSERT_EQ(::stat((folder.path() / "agent.socket").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_TRUE(stop_agent(folder.path()));
}

TEST(Agent, a_new_one_takes_the_place_of_the_old_one) {
  TemporaryFolder folder;
  auto second = crypto::random_secret<SymmetricKey>();
  ASSERT_TRUE(
      start_agent(folder.path(), crypto::random_secret<SymmetricKey>(), std::chrono::minutes(5)));
  ASSERT_TRUE(start_agent(folder.path(), second, std::chrono::minutes(5)));
  std::optional<SymmetricKey> given = key_from_agent(folder.path());
  ASSERT_TRUE(given);
  EXPECT_TRUE(crypto::constant_time_equal(given->view(), second.view()));
  EXPECT_TRUE(stop_agent(folder.path()));
}

TEST(Agent, locks_itself_when_nobody_uses_it) {
  TemporaryFolder folder;
  ASSERT_TRUE(
      start_agent(folder.path(), crypto::random_secret<SymmetricKey>(), std::chrono::minutes(0)));
  for (int i = 0; i < 100 && std::filesystem::exists(folder.path() / "agent.socket"); ++i)
    ::usleep(50'000);
  EXPECT_FALSE(key_from_agent(folder.path()));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "agent.socket"));
}

}  // namespace
}  // namespace oberih::client
