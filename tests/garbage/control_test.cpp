// SPDX-License-Identifier: Apache-2.0
// The control: what must be reported is reported. A judge that finds nothing here would find
// nothing anywhere.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sstream>
#include <thread>

#include "tests/garbage/campaign.hpp"

namespace oberih::garbage {
namespace {

bool has_sentence(const std::vector<std::string>& violations, std::string_view words) {
  return std::ranges::any_of(violations, [&](const std::string& violation) {
    return violation.find(words) != std::string::npos;
  });
}

/// Takes connections and never says a word.
class MuteServer {
 public:
  MuteServer() : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(descriptor_, raw, length) != 0 || ::listen(descriptor_, 8) != 0 ||
        ::getsockname(descriptor_, raw, &length) != 0)
      throw std::runtime_error("no free port");
    port_ = ntohs(address.sin_port);
  }
  ~MuteServer() { ::close(descriptor_); }
  MuteServer(const MuteServer&) = delete;
  MuteServer& operator=(const MuteServer&) = delete;
  std::uint16_t port() const { return port_; }

 private:
  int descriptor_;
  std::uint16_t port_ = 0;
};

TEST(GarbageControl, a_server_that_never_ends_a_connection_is_reported) {
  const MuteServer server;
  const faults::Member member;
  Target target;
  target.port = server.port();
  target.patience = std::chrono::milliseconds(300);
  target.hostile.emplace_back(member);
  const Mischief mischief{Stage::tcp, "noise", noise, ""};
  const Outcome outcome = run_connection(target, 1, mischief);
  EXPECT_EQ(outcome.ending, Ending::hung);
  EXPECT_NE(outcome.violation, "");
}

TEST(GarbageControl, a_server_that_speaks_badly_is_reported) {
  ServerWords words;
  words.hear("HTTP/1.1 101 Switching Protocols\r\n\r\n");
  words.hear(encode({.is_masked = false, .payload = R"({"jsonrpc":"2.0","id":1,"result":{}})"}));
  EXPECT_EQ(words.violation(), "");
  EXPECT_TRUE(words.take_reply(1));
  words.hear(encode({.is_masked = false, .payload = R"({"jsonrpc":"2.0","id":1})"}));
  EXPECT_NE(words.violation(), "");
}

TEST(GarbageControl, a_server_that_dies_in_the_middle_is_reported) {
  std::ostringstream out;
  const auto violations =
      run_campaign({.seed = 3, .connections = 60}, out,
                   [](faults::Ground& ground) { ground.deployment().stop_server(SIGKILL); });
  EXPECT_TRUE(has_sentence(violations, "the server's process ended")) << out.str();
}

TEST(GarbageControl, lost_entries_and_complaints_of_the_server_are_reported) {
  std::ostringstream out;
  const auto violations =
      run_campaign({.seed = 4, .connections = 30}, out, [](faults::Ground& ground) {
        while (ground.database().ask("oberih", "SELECT count(*) FROM ciphertext") == "0")
          std::this_thread::sleep_for(std::chrono::milliseconds(10));
        ground.database().ask("oberih",
                              "SET session_replication_role = replica; ALTER TABLE ciphertext "
                              "DISABLE TRIGGER ALL; DELETE FROM ciphertext");
        test::write_file(ground.deployment().server_log(), "{\"level\":\"error\"}\n");
        test::write_file(ground.deployment().folder() / "server.out", "ThreadSanitizer: race\n");
      });
  EXPECT_TRUE(has_sentence(violations, "does not open")) << out.str();
  EXPECT_TRUE(has_sentence(violations, "server's log")) << out.str();
  EXPECT_TRUE(has_sentence(violations, "server's output")) << out.str();
}

}  // namespace
}  // namespace oberih::garbage
