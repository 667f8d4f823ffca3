// SPDX-License-Identifier: Apache-2.0
// What an auditor is given: nothing outside of a grant, whoever lies. The scene's conversation has
// three epochs, with one word in the first part of it and others later; grants open the second.
#include <future>
#include <set>

#include "client-cli/verification/grant_reader.hpp"
#include "client-cli/verification/record_sender.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/audit_leaf.hpp"
#include "protocol/sealing/message_text.hpp"
#include "tests/attacks/server_attack.hpp"

namespace oberih::attacks {
namespace {

using client::AuditedItem;
using client::GrantReader;
using sealing::ReadingDepth;

class ServerAttackOnGrants : public ServerAttack {
 protected:
  ServerAttackOnGrants() {
    static const std::unique_ptr<Device> auditor =
        scene().enrol(scene().oversight(), Role::auditor);
    static const std::unique_ptr<Device> chief = scene().enrol(scene().police(), Role::supervisor);
    static const std::unique_ptr<Device> deputy = scene().enrol(scene().police(), Role::supervisor);
    static const std::unique_ptr<Device> head =
        scene().enrol(scene().prosecution(), Role::supervisor);
    auditor_ = auditor.get();
    chief_ = chief.get();
    deputy_ = deputy.get();
    head_ = head.get();
    channel_ = scene().open_channel();
    oksana_ = scene().honest_member(scene().oksana());
    EXPECT_EQ(outcome(oksana_->read(channel_)), "accepted");
  }

  sealing::GrantItem grant(std::uint64_t first = 2, std::uint64_t last = 2) const {
    return {
        crypto::random_id<GrantId>(), auditor_->id(), auditor_->certificate.hpke_key, first, last,
        wall_clock_ms() + 3'600'000,  "Order 5/2027"};
  }
  GrantSpoils approved() const {
    GrantSpoils spoils;
    spoils.approvers = {chief_, head_};
    return spoils;
  }
  std::string append(const sealing::GrantItem& item, const GrantSpoils& spoils,
                     const Device* author = nullptr) {
    EXPECT_EQ(outcome(oksana_->read(channel_)), "accepted");
    const auto appended = oksana_->session().ask(forge_grant(
        *oksana_, channel_, author == nullptr ? scene().oksana() : *author, item, spoils));
    return appended ? "accepted" : std::string(refusal_row(appended.error().code).name);
  }

  struct Reading {
    std::unique_ptr<Member> member;
    std::unique_ptr<GrantReader> reader;
    Result<> result;
  };
  Reading read(std::unique_ptr<Member> member, ReadingDepth depth = ReadingDepth::contents) {
    Reading reading{std::move(member), nullptr, {}};
    reading.result = reading.member->connect();
    reading.reader = std::make_unique<GrantReader>(reading.member->session(), channel_);
    if (reading.result) reading.result = reading.reader->read(depth);
    return reading;
  }
  Reading read_honestly(ReadingDepth depth = ReadingDepth::contents) {
    return read(scene().honest_member(*auditor_), depth);
  }
  static std::vector<std::string> opened(const Reading& reading) {
    std::vector<std::string> texts;
    for (const AuditedItem& item : reading.reader->items()) {
      if (!item.prk) continue;
      const auto leaf = journal::parse_leaf(item.stored.leaf).value();
      const auto entry = sealing::parse_entry_body(leaf.body).value();
      const auto text =
          sealing::open_entry_with_prk(entry, *item.stored.ciphertext, item.prk->view());
      texts.push_back(sealing::parse_message_text(text.value().view()).value().text);
    }
    return texts;
  }
  static std::vector<std::string> of_the_second_epoch() {
    return {Scene::said()[0], Scene::said()[1]};
  }

  const Device *auditor_, *chief_, *deputy_, *head_;
  ChannelId channel_;
  std::unique_ptr<Member> oksana_;
};

TEST_F(ServerAttackOnGrants, a_granted_auditor_reads_nothing_outside_the_granted_epochs) {
  ASSERT_EQ(append(grant(), approved()), "accepted");
  const Reading honest = read_honestly();
  ASSERT_EQ(outcome(honest.result), "accepted");
  EXPECT_EQ(opened(honest), of_the_second_epoch());
  for (const AuditedItem& item : honest.reader->items())
    EXPECT_EQ(item.stored.ciphertext.has_value(), item.epoch == 2u) << item.stored.seq;
  // A server that gives whatever it has gives nothing that opens.
  const Items all = items_of(channel_, scene().odesa());
  auto server = scene().malicious_server();
  server->when<wire::AuditRead>([&](const wire::AuditRead&, wire::ItemPage& page) {
    for (std::size_t i = 0; i < page.items.size(); ++i)
      if (i < all.size()) page.items[i].ciphertext = all[i].ciphertext;
  });
  const Reading generous = read(scene().member_of(*server, *auditor_));
  ASSERT_EQ(outcome(generous.result), "accepted");
  EXPECT_EQ(opened(generous), of_the_second_epoch());
  EXPECT_FALSE(generous.reader->message_key(1));
  EXPECT_FALSE(generous.reader->message_key(3));
}

TEST_F(ServerAttackOnGrants, without_a_grant_leaves_alone_are_given) {
  EXPECT_EQ(outcome(read_honestly().result), "not_found: ");
  const Reading leaves = read_honestly(ReadingDepth::leaves);
  ASSERT_EQ(outcome(leaves.result), "accepted");
  EXPECT_FALSE(leaves.reader->items().empty());
  for (const AuditedItem& item : leaves.reader->items()) EXPECT_FALSE(item.stored.ciphertext);
}

TEST_F(ServerAttackOnGrants, a_grant_with_too_few_or_bad_approvals_is_refused) {
  GrantSpoils one = approved();
  one.approvers = {chief_};
  EXPECT_EQ(append(grant(), one), "approval_required");
  GrantSpoils one_agency = approved();
  one_agency.approvers = {chief_, deputy_};
  EXPECT_EQ(append(grant(), one_agency), "approval_required");
  GrantSpoils expired = approved();
  expired.approvals_expire_ms = wall_clock_ms() - 1'000;
  EXPECT_EQ(append(grant(), expired), "approval_invalid");
  GrantSpoils by_members = approved();
  by_members.approvers = {&scene().oksana(), &scene().odesa()};
  EXPECT_EQ(append(grant(), by_members), "approval_invalid");
  EXPECT_EQ(append(grant(), approved(), chief_), "forbidden") << "sent for another";
  EXPECT_EQ(append(grant(), approved()), "accepted");
}

TEST_F(ServerAttackOnGrants, a_grant_replayed_for_another_epoch_is_refused) {
  std::vector<sealing::Approval> kept;
  GrantSpoils keeping = approved();
  keeping.approvals = [&](std::vector<sealing::Approval>& approvals) { kept = approvals; };
  const sealing::GrantItem narrow = grant();
  (void)forge_grant(*oksana_, channel_, scene().oksana(), narrow, keeping);
  GrantSpoils replayed = approved();
  replayed.approvals = [&](std::vector<sealing::Approval>& approvals) { approvals = kept; };
  sealing::GrantItem wider = narrow;
  wider.last_epoch = 3;
  EXPECT_EQ(append(wider, replayed), "approval_invalid");
  EXPECT_EQ(append(narrow, replayed), "accepted");
  sealing::GrantItem again = narrow;
  again.grant = crypto::random_id<GrantId>();
  EXPECT_EQ(append(again, replayed), "approval_invalid");
}

TEST_F(ServerAttackOnGrants, a_grant_executed_twice_at_once_is_given_once) {
  auto odesa = scene().honest_member(scene().odesa());
  ASSERT_EQ(outcome(odesa->read(channel_)), "accepted");
  std::vector<sealing::Approval> kept;
  GrantSpoils once = approved();
  once.approvals = [&](std::vector<sealing::Approval>& approvals) { kept = approvals; };
  const sealing::GrantItem item = grant();
  (void)forge_grant(*oksana_, channel_, scene().oksana(), item, once);
  once.approvals = [&](std::vector<sealing::Approval>& approvals) { approvals = kept; };
  const auto execute = [&](Member& member, const Device& author) {
    const auto appended = member.session().ask(forge_grant(member, channel_, author, item, once));
    return appended ? "accepted" : std::string(refusal_row(appended.error().code).name);
  };
  std::multiset<std::string> outcomes;
  {
    auto other = std::async(std::launch::async, [&] { return execute(*odesa, scene().odesa()); });
    outcomes.insert(execute(*oksana_, scene().oksana()));
    outcomes.insert(other.get());
  }
  EXPECT_EQ(outcomes, (std::multiset<std::string>{"accepted", "record_out_of_order"}));
  // Whoever was slower tries again behind it: it is given already.
  ASSERT_EQ(outcome(odesa->read(channel_)), "accepted");
  ASSERT_EQ(outcome(oksana_->read(channel_)), "accepted");
  EXPECT_EQ(execute(*odesa, scene().odesa()), "id_taken");
  EXPECT_EQ(execute(*oksana_, scene().oksana()), "id_taken");
  EXPECT_EQ(opened(read_honestly()), of_the_second_epoch());
}

TEST_F(ServerAttackOnGrants, members_refuse_a_grant_that_a_conspiring_server_lets_pass) {
  GrantSpoils one = approved();
  one.approvers = {chief_};
  const wire::ChannelItem item =
      item_of(channel_, forge_grant(*oksana_, channel_, scene().oksana(), grant(), one));
  expect_items_refused(channel_, scene().odesa(), "approval_required", 3,
                       [&](Items& items) { items.push_back(item); });
}

TEST_F(ServerAttackOnGrants, a_wrong_key_accuses_the_author_of_the_grant) {
  GrantSpoils wrong = approved();
  wrong.wrapped_key = crypto::random_secret<MessageKey>();
  ASSERT_EQ(append(grant(), wrong), "accepted") << "a server cannot see it";
  const Reading reading = read_honestly();
  ASSERT_EQ(outcome(reading.result), "accepted");
  EXPECT_TRUE(opened(reading).empty());
  ASSERT_EQ(reading.reader->wrong_keys().size(), 1u);
  EXPECT_EQ(reading.reader->wrong_keys()[0].author, scene().oksana().id());
  EXPECT_EQ(reading.reader->wrong_keys()[0].epoch, 2u);
  EXPECT_EQ(reading.member->evidence(), 1u);
}

TEST_F(ServerAttackOnGrants, wraps_in_the_name_of_another_author_do_not_open) {
  GrantSpoils others = approved();
  others.context = [&](sealing::WrapContext& context) { context.author = scene().taras().id(); };
  ASSERT_EQ(append(grant(), others), "accepted");
  const Reading reading = read_honestly();
  ASSERT_EQ(outcome(reading.result), "accepted");
  EXPECT_TRUE(opened(reading).empty());
  EXPECT_EQ(reading.reader->wrong_keys().size(), 1u);
}

TEST_F(ServerAttackOnGrants, wraps_that_the_server_changed_accuse_nobody_and_open_nothing) {
  ASSERT_EQ(append(grant(), approved()), "accepted");
  auto server = scene().malicious_server();
  server->when<wire::AuditRead>([](const wire::AuditRead&, wire::ItemPage& page) {
    for (wire::ChannelItem& item : page.items)
      if (!item.wraps.empty()) item.wraps.back() ^= 1;
  });
  const Reading reading = read(scene().member_of(*server, *auditor_));
  ASSERT_EQ(outcome(reading.result), "accepted");
  EXPECT_TRUE(opened(reading).empty());
  EXPECT_TRUE(reading.reader->wrong_keys().empty());
}

TEST_F(ServerAttackOnGrants, a_leaf_hidden_from_an_auditor_is_missed) {
  ASSERT_EQ(append(grant(), approved()), "accepted");
  auto server = scene().malicious_server();
  server->when<wire::AuditRead>([](const wire::AuditRead&, wire::ItemPage& page) {
    if (page.items.size() > 3) page.items.erase(page.items.begin() + 2);
  });
  const Reading hidden = read(scene().member_of(*server, *auditor_));
  expect_caught(hidden.result, "a leaf of the channel is missing before it", *hidden.member);
  server->be_honest();
  server->when<wire::AuditRead>([](const wire::AuditRead&, wire::ItemPage& page) {
    for (wire::ChannelItem& item : page.items)
      if (item.ciphertext) item.ciphertext->front() ^= 1;
  });
  const Reading changed = read(scene().member_of(*server, *auditor_));
  expect_caught(changed.result, "the ciphertext is not the one that was signed", *changed.member);
}

TEST_F(ServerAttackOnGrants, a_withdrawn_grant_gives_nothing_and_another_auditor_never_had_one) {
  const sealing::GrantItem given = grant();
  ASSERT_EQ(append(given, approved()), "accepted");
  ASSERT_EQ(outcome(read_honestly().result), "accepted");
  const auto other = scene().enrol(scene().oversight(), Role::auditor);
  EXPECT_EQ(outcome(read(scene().honest_member(*other)).result), "not_found: ");
  sealing::GrantItem withdrawn = given;
  withdrawn.ends_ms = 0;
  GrantSpoils one = approved();
  one.approvers = {head_};
  EXPECT_EQ(append(withdrawn, one), "approval_required");
  ASSERT_EQ(append(withdrawn, approved()), "accepted");
  EXPECT_EQ(outcome(read_honestly().result), "forbidden: the grant has ended or was withdrawn");
}

TEST_F(ServerAttackOnGrants, a_question_that_the_device_has_not_signed_is_not_answered) {
  ASSERT_EQ(append(grant(), approved()), "accepted");
  auto member = scene().honest_member(*auditor_);
  ASSERT_EQ(outcome(member->connect()), "accepted");
  sealing::AuditQuestion question;
  question.what = sealing::AuditWhat::read;
  question.auditor = auditor_->id();
  question.size = member->session().verified_directory().accepted_size();
  question.query = sealing::encode_audit_reading({ReadingDepth::contents, channel_, 0, 100});
  const auto ask = [&](const sealing::AuditQuestion& asked, const crypto::Signer& signer) {
    const auto page = member->session().ask(
        wire::AuditRead{sealing::encode_audit_content(asked),
                        sealing::sign_audit_question(asked, signer).signature});
    return page ? "accepted" : std::string(refusal_row(page.error().code).name);
  };
  EXPECT_EQ(ask(question, auditor_->signer()), "accepted");
  EXPECT_EQ(ask(question, scene().oksana().signer()), "bad_signature");
  sealing::AuditQuestion others = question;
  others.auditor = scene().oksana().id();
  EXPECT_EQ(ask(others, scene().oksana().signer()), "forbidden");
  sealing::AuditQuestion later = question;
  later.size += 1'000'000;
  EXPECT_EQ(ask(later, auditor_->signer()), "checkpoint_unknown");
  sealing::AuditQuestion search = question;
  search.what = sealing::AuditWhat::find;
  EXPECT_EQ(ask(search, auditor_->signer()), "malformed_object");
}

}  // namespace
}  // namespace oberih::attacks
