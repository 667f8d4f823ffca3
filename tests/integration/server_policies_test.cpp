// SPDX-License-Identifier: Apache-2.0
// Policies that are exchanged while a server serves, and what it refuses: both stand in the
// journal, and `oberihd check` reads them.
#include <algorithm>
#include <fstream>
#include <sstream>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/encoding/hex.hpp"
#include "server/runtime/policy_loader.hpp"
#include "server/storage/journal_checker.hpp"
#include "tests/integration/server_fixture.hpp"

namespace oberih::test {
namespace {

namespace fs = std::filesystem;

class PoliciesOfServer : public testing::Test {
 protected:
  PoliciesOfServer()
      : folder_(copy_of_policies()), server_([this](runtime::Settings& settings) {
          settings.policies_directory = folder_.string();
        }) {}
  ~PoliciesOfServer() override { fs::remove_all(folder_); }

  static fs::path copy_of_policies() {
    char name[] = "/tmp/oberih-policies-XXXXXX";
    if (mkdtemp(name) == nullptr) throw std::runtime_error("no temporary folder");
    fs::copy(OBERIH_SOURCE "/policies", name, fs::copy_options::recursive);
    return name;
  }
  void replace(const std::string& old_text, const std::string& new_text) {
    std::ostringstream all;
    all << std::ifstream(folder_ / "permissions.json").rdbuf();
    std::string text = all.str();
    const std::size_t at = text.find(old_text);
    ASSERT_NE(at, text.npos) << old_text;
    std::ofstream(folder_ / "permissions.json") << text.replace(at, old_text.size(), new_text);
  }
  std::string hash() const {
    return encoding::encode_hex(*runtime::hash_policy(folder_, "permissions"));
  }
  storage::CheckReport check() {
    storage::CheckReport report = storage::check_journal(server_.database().settings(), {});
    for (const auto& finding : report.findings) ADD_FAILURE() << finding.sentence;
    return report;
  }
  /// A refusal is recorded after it was answered.
  bool wait_for_refusals(std::uint64_t leaves) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (check().refusals < leaves) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
  }
  static std::string refusal(const json& reply) {
    return reply.contains("error") ? reply["error"]["data"]["code"].get<std::string>() : "answered";
  }

  fs::path folder_;
  TestServer server_;
};

TEST_F(PoliciesOfServer, stand_in_the_journal_from_the_start_and_once) {
  ASSERT_TRUE(server_.wait_for_log(hash()));
  const storage::CheckReport first = check();
  ASSERT_TRUE(first.policies_index.has_value());
  EXPECT_EQ(first.policies.size(), 6u);
  server_.app().reload_policies();  // nothing has changed
  server_.stop();
  server_.start();
  server_.enrol("Слідча");  // whatever comes afterwards
  EXPECT_EQ(check().policies_index, first.policies_index);
}

TEST_F(PoliciesOfServer, are_exchanged_while_people_are_connected) {
  auto person = server_.enrol("Слідча");
  TestClient client(server_, *person);
  ASSERT_TRUE(client.hello().contains("result"));
  EXPECT_EQ(refusal(client.ask(wire::ChannelList{})), "answered");
  replace("\"channel.list\", ", "");
  server_.app().reload_policies();
  ASSERT_TRUE(server_.wait_for_log(hash()));
  EXPECT_EQ(refusal(client.ask(wire::ChannelList{})), "forbidden");
  const storage::CheckReport report = check();
  const auto named =
      std::ranges::find(report.policies, std::string("permissions"), &sealing::PolicyFile::name);
  ASSERT_NE(named, report.policies.end());
  EXPECT_EQ(encoding::encode_hex(named->hash), hash());
}

TEST_F(PoliciesOfServer, stay_in_force_when_the_new_ones_are_broken) {
  auto person = server_.enrol("Слідча");
  TestClient client(server_, *person);
  ASSERT_TRUE(client.hello().contains("result"));
  const auto before = check().policies_index;
  replace("\"channel.list\", ", "\"channel.lits\", ");
  server_.app().reload_policies();
  ASSERT_TRUE(server_.wait_for_log("channel.lits"));
  EXPECT_TRUE(server_.wait_for_log("The old ones stay in force."));
  EXPECT_EQ(refusal(client.ask(wire::ChannelList{})), "answered");
  EXPECT_EQ(check().policies_index, before);
}

TEST_F(PoliciesOfServer, whatever_they_refuse_stands_in_the_journal_as_first_and_count) {
  auto person = server_.enrol("Слідча");
  TestClient client(server_, *person);
  ASSERT_TRUE(client.hello().contains("result"));
  const auto channel = crypto::random_id<ChannelId>();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(refusal(client.ask(wire::ChannelRead{channel, 0, 10, false})), "not_found");
    EXPECT_EQ(refusal(client.ask(wire::ChannelFollow{channel, 0})), "not_found");
  }
  EXPECT_EQ(client.refusal_to(R"({"jsonrpc":"2.0","id":1,"method":"channel.burn","params":{}})"),
            "unknown_method");
  server_.stop();  // which writes the count
  EXPECT_EQ(check().refusals, 2u);
}

TEST_F(PoliciesOfServer, a_bundle_of_leaves_that_was_refused_is_recorded) {
  auto person = server_.enrol("Слідча");
  socket::RawTls http(server_.port(), &person->tls);
  http.send("GET /tile/entries/000.p/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_NE(http.receive_all().find("403"), std::string::npos);
  EXPECT_TRUE(wait_for_refusals(1));
}

}  // namespace
}  // namespace oberih::test
