// SPDX-License-Identifier: Apache-2.0
// Auditors at a real server: who may ask, what stands in the journal before an answer goes out, and
// what the server writes down of reading.
#include "protocol/encoding/hex.hpp"
#include "protocol/sealing/access_leaf.hpp"
#include "protocol/sealing/audit_filter.hpp"
#include "protocol/sealing/audit_leaf.hpp"
#include "protocol/sealing/audit_reading.hpp"
#include "protocol/wire/audit_export.hpp"
#include "protocol/wire/audit_reads.hpp"
#include "protocol/wire/audits.hpp"
#include "server/storage/journal_checker.hpp"
#include "tests/integration/server_fixture.hpp"

namespace oberih::test {
namespace {

using sealing::AccessWhat;
using sealing::AuditFilter;

const Bytes export_of_everything = [] {
  Bytes query(1 + 32 + 16 + 8 + 8, 0);
  query[0] = 1;
  return query;
}();

class ServerAudit : public testing::Test {
 protected:
  ServerAudit() { client_.hello(); }

  wire::AuditFind question(const AuditFilter& filter, std::uint64_t size = 1) {
    const auto signed_question =
        sealing::sign_audit_question({sealing::AuditWhat::find, auditor_->actor.device(), size,
                                      sealing::encode_audit_filter(filter), wall_clock_ms()},
                                     auditor_->actor.signer());
    return {sealing::encode_audit_content(signed_question.question),
            signed_question.signature,
            0,
            500,
            true,
            {}};
  }
  template <class Request>
  std::string refusal_to(const Request& request) {
    const json reply = client_.ask(request);
    return reply.contains("error") ? std::string(reply["error"]["data"]["code"]) : "answered";
  }
  std::pair<Bytes, Signature> signed_question(sealing::AuditWhat what, Bytes query) {
    const auto made = sealing::sign_audit_question(
        {what, auditor_->actor.device(), signed_size(), std::move(query), wall_clock_ms()},
        auditor_->actor.signer());
    return {sealing::encode_audit_content(made.question), made.signature};
  }
  ChannelId channel_of_the_officer() {
    TestClient officer(server_, *officer_);
    const auto hello = officer.get<wire::HelloReply>(wire::SessionHello{"test", 0});
    Actor& actor = officer_->actor;
    EXPECT_TRUE(
        actor.take_directory(officer.get<wire::DirectoryPage>(wire::DirectoryRead{0, 1'000})));
    EXPECT_TRUE(actor.take_checkpoint(hello.checkpoint));
    ChannelId channel;
    officer.get<wire::Appended>(
        actor.create_channel(ChannelKind::ordinary, wall_clock_ms(), &channel));
    return channel;
  }
  void keep_questions_out() {
    server_.database().run_as_superuser(
        "CREATE FUNCTION keep_out() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'no question stands here'; END $$; "
        "CREATE TRIGGER keep_out BEFORE INSERT ON journal FOR EACH ROW WHEN (NEW.kind = 6) "
        "EXECUTE FUNCTION keep_out()");
  }
  void let_questions_in() {
    server_.database().run_as_superuser("DROP TRIGGER keep_out ON journal");
  }
  std::string count_of(int kind) const {
    return server_.database().ask(
        "oberih_superuser", "SELECT count(*) FROM journal WHERE kind = " + std::to_string(kind));
  }
  std::uint64_t signed_size() {
    const std::string size =
        server_.database().ask("oberih_superuser", "SELECT size FROM journal_head");
    for (int tries = 0; tries < 400; ++tries) {
      const std::string newest =
          server_.database().ask("oberih_superuser", "SELECT max(size) FROM checkpoint");
      if (!newest.empty() && std::stoull(newest) >= std::stoull(size)) return std::stoull(newest);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    throw std::runtime_error("no checkpoint covers the journal");
  }

  TestServer server_;
  std::unique_ptr<Person> officer_ = server_.enrol("Слідча");
  std::unique_ptr<Person> auditor_ = server_.enrol_auditor("Аудиторка");
  TestClient client_{server_, *auditor_};
};

TEST_F(ServerAudit, a_question_stands_in_the_journal_when_its_answer_comes) {
  AuditFilter filter;
  filter.role = Role::agency_admin;
  const std::uint64_t size = signed_size();
  const auto page = client_.get<wire::AuditPage>(question(filter, size));
  EXPECT_EQ(page.leaves.size(), 2u) << "one certifies the officer, one the auditor";
  EXPECT_EQ(page.count, 2u);
  EXPECT_GE(page.asked.index, size);
  EXPECT_EQ(
      server_.database().ask("oberih_superuser", "SELECT kind FROM journal WHERE journal_index = " +
                                                     std::to_string(page.asked.index)),
      "6");
}

TEST_F(ServerAudit, later_pages_rest_on_the_same_leaf_and_on_no_other) {
  wire::AuditFind find = question({}, signed_size());
  find.limit = 3;
  auto page = client_.get<wire::AuditPage>(find);
  ASSERT_TRUE(page.more);
  find.asked_index = page.asked.index;
  find.from_index = page.leaves.back().index + 1;
  const auto next = client_.get<wire::AuditPage>(find);
  EXPECT_EQ(next.asked.index, page.asked.index);
  EXPECT_EQ(next.asked.leaf_hash, page.asked.leaf_hash);
  EXPECT_EQ(next.leaves.front().index, 3u);
  EXPECT_EQ(count_of(6), "1");

  wire::AuditFind other = question({}, 2);  // not what stands at that leaf
  other.asked_index = page.asked.index;
  EXPECT_EQ(refusal_to(other), "not_found");
  find.asked_index = 0;
  EXPECT_EQ(refusal_to(find), "not_found");
  find.asked_index = 1'000'000;
  EXPECT_EQ(refusal_to(find), "not_found");
  EXPECT_EQ(count_of(6), "1");
}

// The attack "audit query that leaves no entry": whatever keeps the leaf away keeps the answer.
TEST_F(ServerAudit, nothing_is_answered_where_the_question_cannot_be_written) {
  const wire::AuditFind find = question({}, signed_size());
  ASSERT_EQ(refusal_to(find), "answered") << "the control run fails";
  keep_questions_out();
  EXPECT_EQ(refusal_to(find), "unavailable");
  EXPECT_EQ(count_of(6), "1");
  let_questions_in();
  EXPECT_EQ(refusal_to(find), "answered");
  EXPECT_EQ(count_of(6), "2");
}

TEST_F(ServerAudit, nothing_is_read_or_exported_where_the_question_cannot_be_written) {
  const ChannelId channel = channel_of_the_officer();
  const auto [reading, reading_signature] = signed_question(
      sealing::AuditWhat::read,
      sealing::encode_audit_reading({sealing::ReadingDepth::leaves, channel, 0, 9}));
  const auto [wish, wish_signature] =
      signed_question(sealing::AuditWhat::export_, export_of_everything);
  const wire::AuditRead read{reading, reading_signature};
  const wire::AuditExport everything{wish, wish_signature};
  ASSERT_EQ(refusal_to(read), "answered") << "the control run fails";
  ASSERT_EQ(refusal_to(everything), "answered") << "the control run fails";
  keep_questions_out();
  EXPECT_EQ(refusal_to(read), "unavailable");
  EXPECT_EQ(refusal_to(everything), "unavailable");
  EXPECT_EQ(count_of(6), "2");
  let_questions_in();
  EXPECT_EQ(refusal_to(read), "answered");
  EXPECT_EQ(refusal_to(everything), "answered");
  EXPECT_EQ(count_of(6), "4");
}

TEST_F(ServerAudit, who_is_no_auditor_or_asks_amiss_is_refused_and_leaves_no_question) {
  TestClient officer(server_, *officer_);
  officer.hello();
  const wire::AuditFind good = question({}, signed_size());
  const json refused = officer.ask(good);
  EXPECT_EQ(refused["error"]["data"]["code"], "forbidden");
  EXPECT_EQ(refusal_to(question({}, 1'000'000)), "checkpoint_unknown") << "beyond what is signed";
  wire::AuditFind changed = good;
  changed.signature.bytes[0] ^= 1;
  EXPECT_EQ(refusal_to(changed), "bad_signature");
  changed = good;
  changed.content[1] = 2;  // a reading under a grant
  EXPECT_EQ(refusal_to(changed), "malformed_object");
  changed = good;
  changed.content.push_back(0);
  EXPECT_EQ(refusal_to(changed), "malformed_object");
  changed = good;
  changed.limit = 501;
  EXPECT_EQ(refusal_to(changed), "invalid_parameters");
  EXPECT_EQ(count_of(6), "0");
}

TEST_F(ServerAudit, sessions_history_and_leaves_are_written_down_when_the_server_stops) {
  TestClient officer(server_, *officer_);
  const auto hello = officer.get<wire::HelloReply>(wire::SessionHello{"test", 0});
  Actor& actor = officer_->actor;
  ASSERT_TRUE(
      actor.take_directory(officer.get<wire::DirectoryPage>(wire::DirectoryRead{0, 1'000})));
  ASSERT_TRUE(actor.take_checkpoint(hello.checkpoint));
  ChannelId channel;
  officer.get<wire::Appended>(
      actor.create_channel(ChannelKind::ordinary, wall_clock_ms(), &channel));
  officer.get<wire::ItemPage>(wire::ChannelRead{channel, 0, 10, false});
  officer.get<wire::ItemPage>(wire::ChannelRead{channel, 1, 10, false});  // nothing is there
  {
    socket::RawTls http(server_.port(), &auditor_->tls);
    http.send("GET /tile/entries/000.p/4 HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_NE(http.receive_all().find("200"), std::string::npos);
  }
  server_.stop();
  std::map<AccessWhat, std::vector<sealing::AccessLeaf>> accesses;
  const std::string leaves = server_.database().ask(
      "oberih_superuser",
      "SELECT string_agg(encode(leaf, 'hex'), ' ' ORDER BY journal_index) FROM journal "
      "WHERE kind = 12");
  std::istringstream words(leaves);
  for (std::string word; words >> word;) {
    const auto leaf = journal::parse_leaf(*encoding::decode_hex(word));
    const auto access = sealing::parse_access_leaf(leaf->body);
    ASSERT_TRUE(access);
    EXPECT_EQ(leaf->channel_id, access->what == AccessWhat::history ? channel : ChannelId{});
    accesses[access->what].push_back(*access);
  }
  ASSERT_EQ(accesses[AccessWhat::history].size(), 1u);
  EXPECT_EQ(accesses[AccessWhat::history][0].device, actor.device());
  EXPECT_EQ(accesses[AccessWhat::history][0].from, 1u);
  EXPECT_EQ(accesses[AccessWhat::history][0].to, 1u);
  ASSERT_EQ(accesses[AccessWhat::leaves].size(), 1u);
  EXPECT_EQ(accesses[AccessWhat::leaves][0].device, auditor_->actor.device());
  EXPECT_EQ(accesses[AccessWhat::leaves][0].to, 3u);
  EXPECT_EQ(accesses[AccessWhat::session].size(), 2u);
  const auto report =
      storage::check_journal(server_.database().settings(), storage::CheckOptions{});
  EXPECT_TRUE(report.is_sound()) << report.findings.front().sentence;
  EXPECT_EQ(report.accesses, 4u);
}

}  // namespace
}  // namespace oberih::test
