// SPDX-License-Identifier: Apache-2.0
// Yesterday's database is restored: nothing is served until the roots have given the lost tail up;
// then everybody is told, goes on, and keeps the old checkpoint.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "tests/support/deployment.hpp"

namespace oberih::test {
namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string word_after(const std::string& text, const std::string& option) {
  const auto from = text.find(option + " ") + option.size() + 1;
  return text.substr(from, text.find_first_of(" \n", from) - from);
}

class LostTail : public testing::Test {
 protected:
  Finished ok(const std::string& profile, const std::vector<std::string>& arguments) {
    Finished finished = deployment_.oberih(profile, arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
    return finished;
  }
  void on_all_databases(const std::string& statement) {
    const Finished done = deployment_.sql(statement, "postgres");
    ASSERT_EQ(done.exit_code, 0) << done.err;
  }
  std::string file(const std::string& name) { return deployment_.folder() / name; }

  Deployment deployment_{{{"investigator", "police", "investigator", "Слідча Поліція"},
                          {"prosecutor", "prosecution", "prosecutor", "Прокурор Одеса"}}};
};

TEST_F(LostTail, restored_database_serves_only_after_a_continuation_that_everybody_is_shown) {
  ok("investigator", {"channel", "create", "--kind", "ordinary", "--title", "417"});
  ok("investigator", {"channel", "add", "417", "--person", "Прокурор Одеса"});
  ok("investigator", {"message", "post", "417", "Перше."});
  ok("prosecutor", {"message", "read", "417"});
  deployment_.stop_server(SIGTERM);
  on_all_databases("CREATE DATABASE older TEMPLATE oberih OWNER oberih_owner");
  on_all_databases("GRANT CONNECT ON DATABASE older TO oberih_writer, oberih_reader");
  deployment_.start_server();
  ok("investigator", {"message", "post", "417", "Втрачене."});
  EXPECT_TRUE(holds(ok("prosecutor", {"message", "read", "417"}).out, "Втрачене."));
  usleep(1'500'000);  // until the checkpoint over it is signed
  ok("prosecutor", {"status"});
  deployment_.stop_server(SIGTERM);
  on_all_databases("ALTER DATABASE oberih RENAME TO newer");
  on_all_databases("ALTER DATABASE older RENAME TO oberih");

  const Finished served = deployment_.oberihd("serve");
  EXPECT_NE(served.exit_code, 0);
  EXPECT_TRUE(holds(served.err, "restored to an older state")) << served.err;
  ok("police-admin",
     {"agency", "revoke", "--root", file("police.root"), "--device", std::string(32, 'a'),
      "--reason", "lost", "--out", file("lost.leaf"), "--yes"});
  const Finished appended = deployment_.oberihd("directory append", {file("lost.leaf")});
  EXPECT_TRUE(holds(appended.err, "restored to an older state")) << appended.err;

  const std::string lost = deployment_.oberihd("directory lost-tail").out;
  ASSERT_TRUE(holds(lost, "propose continuation")) << lost;
  const auto propose = [&](const std::string& old_size) {
    ok("police-admin",
       {"governance", "propose", "continuation", "--offline", "--old-size", old_size, "--old-root",
        word_after(lost, "--old-root"), "--new-size", word_after(lost, "--new-size"), "--new-root",
        word_after(lost, "--new-root"), "--out", file("continuation")});
    for (const std::string root : {"police", "prosecution", "court"})
      ok("police-admin",
         {"governance", "sign", "--yes", "--root", file(root + ".root"), file("continuation")});
    return deployment_.oberihd("directory append", {file("continuation")});
  };
  EXPECT_NE(propose("1000").exit_code, 0) << "it must name exactly what was signed";
  const Finished continued = propose(word_after(lost, "--old-size"));
  EXPECT_EQ(continued.exit_code, 0) << continued.err;
  deployment_.start_server();

  const Finished read = ok("prosecutor", {"message", "read", "417"});
  EXPECT_TRUE(holds(read.err, "LOST TAIL")) << read.err;
  EXPECT_TRUE(holds(read.out, "Перше.")) << read.out;
  EXPECT_FALSE(holds(read.out, "Втрачене.")) << read.out;
  EXPECT_FALSE(std::filesystem::is_empty(deployment_.profile_folder("prosecutor") / "evidence"));
  ok("investigator", {"message", "post", "417", "Далі."});
  const Finished after = ok("prosecutor", {"message", "read", "417"});
  EXPECT_TRUE(holds(after.out, "Далі.")) << after.out;
  EXPECT_FALSE(holds(after.err, "LOST TAIL")) << "told once: " << after.err;
  EXPECT_TRUE(holds(ok("prosecutor", {"governance", "log"}).out, "LOST TAIL"));
  const Finished checked = deployment_.oberihd("check");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

}  // namespace
}  // namespace oberih::test
