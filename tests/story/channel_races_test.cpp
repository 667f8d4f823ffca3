// SPDX-License-Identifier: Apache-2.0
// Clients that change, rotate and post at once, a member who will not stop, a key that opens for
// nobody, and one profile in two copies: what must come out is one order that all share.
#include <gtest/gtest.h>

#include <thread>

#include "protocol/crypto/digest.hpp"
#include "protocol/sealing/key_wrap.hpp"
#include "protocol/sealing/proposal.hpp"
#include "tests/support/crew.hpp"

namespace oberih::test {
namespace {

using client::EntrySender;
using client::RecordSender;
using client::VerifiedChannel;

constexpr int changes_per_hour = 150;

class ChannelRaces : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    deployment = std::make_unique<Deployment>(
        std::vector<Officer>{}, "handshakes_per_address = 512\nkey_changes_per_hour = " +
                                    std::to_string(changes_per_hour) + "\n");
    crew = std::make_unique<Crew>(*deployment);
  }
  static void TearDownTestSuite() {
    crew.reset();
    deployment.reset();
  }

  void SetUp() override {
    chief = &crew->enrol("police", Role::investigator);
    officer = &crew->enrol("police", Role::investigator);
    prosecutor = &crew->enrol("prosecution", Role::prosecutor);
    for (CrewMember* each : {chief, officer, prosecutor}) require(each->session->connect());
    channel_id =
        require(RecordSender(*chief->session).create({ChannelKind::ordinary, History::full, 1}));
    VerifiedChannel channel = chief->channel(channel_id);
    require(chief->session->pull(channel));
    require(RecordSender(*chief->session)
                .change(channel,
                        {officer->line(RosterRole::member), prosecutor->line(RosterRole::admin)},
                        "Постанова", {}, {}));
    require(chief->post(channel, "перше"));
  }

  /// All at once, each on its own thread; what throws fails the test.
  static void at_once(const std::vector<std::function<void()>>& acts) {
    std::atomic<bool> go = false;
    std::vector<std::thread> threads;
    for (const auto& act : acts)
      threads.emplace_back([&] {
        while (!go) std::this_thread::yield();
        try {
          act();
        } catch (const std::exception& failure) {
          ADD_FAILURE() << failure.what();
        }
      });
    go = true;
    for (std::thread& thread : threads) thread.join();
  }

  /// `evidence`: files that each keeps.
  void expect_all_agree(const std::vector<CrewMember*>& people, std::size_t evidence = 0) const {
    VerifiedChannel first = people[0]->channel(channel_id);
    require(people[0]->session->pull(first));
    for (CrewMember* each : people) {
      VerifiedChannel channel = each->channel(channel_id);
      require(each->session->pull(channel));
      EXPECT_EQ(channel.state().newest_leaf(), first.state().newest_leaf()) << each->name;
      EXPECT_EQ(channel.state().head(), first.state().head());
      EXPECT_EQ(channel.state().roster(), first.state().roster());
      EXPECT_EQ(each->texts(channel), people[0]->texts(first)) << each->name;
      EXPECT_EQ(each->evidence(), evidence) << each->name;
    }
  }

  static std::unique_ptr<Deployment> deployment;
  static std::unique_ptr<Crew> crew;
  CrewMember* chief = nullptr;
  CrewMember* officer = nullptr;
  CrewMember* prosecutor = nullptr;
  ChannelId channel_id;
};
std::unique_ptr<Deployment> ChannelRaces::deployment;
std::unique_ptr<Crew> ChannelRaces::crew;

TEST_F(ChannelRaces, two_rotate_at_once_while_a_third_posts_and_all_see_one_order) {
  constexpr int rounds = 20;
  const auto rotate = [&](CrewMember& who) {
    VerifiedChannel channel = who.channel(channel_id);
    for (int i = 0; i < rounds; ++i) {
      require(who.session->pull(channel));
      require(RecordSender(*who.session).rotate(channel));
    }
  };
  const auto post = [&](CrewMember& who) {
    VerifiedChannel channel = who.channel(channel_id);
    for (int i = 0; i < 3 * rounds; ++i) require(who.post(channel, std::to_string(i)));
  };
  at_once({[&] { rotate(*chief); }, [&] { rotate(*prosecutor); }, [&] { post(*officer); }});
  VerifiedChannel channel = chief->channel(channel_id);
  require(chief->session->pull(channel));
  EXPECT_EQ(channel.state().epoch(), 2u + 2 * rounds);
  const std::vector<std::string> texts = chief->texts(channel);
  ASSERT_EQ(texts.size(), 1u + 3 * rounds);
  for (int i = 0; i < 3 * rounds; ++i)
    EXPECT_EQ(texts[static_cast<std::size_t>(i) + 1], std::to_string(i)) << "out of order";
  expect_all_agree({chief, officer, prosecutor});
}

TEST_F(ChannelRaces, of_all_who_see_a_revocation_one_rotates_and_nobody_twice) {
  VerifiedChannel before = chief->channel(channel_id);
  require(chief->session->pull(before));
  crew->revoke(*officer);
  CrewMember& laptop = crew->enrol("police", Role::investigator, officer->certificate.person);
  std::vector<std::function<void()>> acts;
  for (CrewMember* each : {chief, prosecutor}) {
    each->session->connection().close();  // they learn of it when they come back
    require(each->session->connect());
    acts.push_back([this, each] {
      VerifiedChannel channel = each->channel(channel_id);
      require(client::ChannelCare(*each->session).tend(channel));
    });
  }
  at_once(acts);
  VerifiedChannel channel = chief->channel(channel_id);
  require(chief->session->pull(channel));
  EXPECT_EQ(channel.state().epoch(), before.state().epoch() + 1);
  EXPECT_EQ(channel.state().find_member(officer->device()), nullptr);
  EXPECT_NE(channel.state().find_member(laptop.device()), nullptr);
  EXPECT_EQ(chief->repairs.size() + prosecutor->repairs.size(), 1u);
  require(chief->post(channel, "без неї"));
  EXPECT_FALSE(officer->session->connect());
  require(laptop.session->connect());
  VerifiedChannel seen = laptop.channel(channel_id);
  require(laptop.session->pull(seen));
  EXPECT_EQ(laptop.texts(seen), (std::vector<std::string>{"перше", "без неї"}));
  expect_all_agree({chief, prosecutor, &laptop});
}

TEST_F(ChannelRaces, two_carry_out_one_proposal_and_it_is_done_once) {
  VerifiedChannel channel = chief->channel(channel_id);
  require(chief->session->pull(channel));
  sealing::Proposal proposal;
  proposal.channel = channel_id;
  proposal.id = crypto::random_id<sealing::ProposalId>();
  proposal.op = sealing::RecordOp::change;
  proposal.change.alter = sealing::LinesItem{"Постанова", {officer->line(RosterRole::admin)}};
  proposal.expires_ms = wall_clock_ms() + 3'600'000;
  proposal.author = chief->device();
  std::vector<sealing::Approval> approvals;
  for (const CrewMember* each : {chief, prosecutor})
    for (const sealing::Approval& approval :
         sealing::sign_approvals(proposal, each->device(), each->session->signer()))
      approvals.push_back(approval);
  const auto carry_out = [&](CrewMember& who) {
    VerifiedChannel own = who.channel(channel_id);
    require(who.session->pull(own));
    return RecordSender(*who.session).carry_out(own, proposal.op, proposal.change, approvals);
  };
  std::vector<std::function<void()>> acts;
  for (CrewMember* each : {chief, prosecutor})
    acts.emplace_back([&, each] { EXPECT_EQ(outcome(carry_out(*each)), "done") << each->name; });
  const std::uint64_t records = channel.state().record_seq();
  at_once(acts);
  EXPECT_EQ(outcome(carry_out(*chief)), "done") << "what is done is done";
  require(chief->session->pull(channel));
  EXPECT_EQ(channel.state().record_seq(), records + 1);
  EXPECT_EQ(channel.state().find_member(officer->device())->role, RosterRole::admin);
  expect_all_agree({chief, prosecutor, officer});
}

TEST_F(ChannelRaces, half_of_a_proposal_is_not_taken_for_all_of_it) {
  VerifiedChannel channel = chief->channel(channel_id);
  require(chief->session->pull(channel));
  const auto approved = [&](const sealing::Change& change) {
    sealing::Proposal proposal;
    proposal.channel = channel_id;
    proposal.change = change;
    proposal.expires_ms = wall_clock_ms() + 3'600'000;
    return sealing::sign_approvals(proposal, prosecutor->device(), prosecutor->session->signer());
  };
  sealing::Change both;
  both.alter = sealing::LinesItem{"Постанова", {officer->line(RosterRole::admin)}};
  both.policy = channel.state().policy();
  both.policy->approvals_k = 2;
  const std::vector<sealing::Approval> approvals = approved(both);
  ASSERT_EQ(approvals.size(), 2u);
  sealing::Change first;
  first.alter = both.alter;
  RecordSender records(*chief->session);
  require(records.carry_out(channel, sealing::RecordOp::change, first, {approvals[0]}));
  EXPECT_NE(outcome(records.carry_out(channel, sealing::RecordOp::change, both, approvals)),
            "done");
  EXPECT_EQ(channel.state().policy().approvals_k, 1) << "the second item was never carried out";
}

TEST_F(ChannelRaces, a_member_who_changes_the_key_endlessly_is_stopped_and_the_others_are_not) {
  VerifiedChannel channel = prosecutor->channel(channel_id);
  require(prosecutor->session->pull(channel));
  Result<> last;
  int changes = 0;
  while (last && changes <= changes_per_hour) {
    last = RecordSender(*prosecutor->session).rotate(channel);
    if (last) ++changes;
  }
  EXPECT_EQ(changes, changes_per_hour);
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code, RefusalCode::forbidden);
  EXPECT_NE(last.error().detail.find("150 times within an hour"), std::string::npos)
      << last.error().detail;
  // The one who is stopped still posts and still removes who must go; the others change as before.
  require(prosecutor->post(channel, "досить"));
  VerifiedChannel own = officer->channel(channel_id);
  require(officer->session->pull(own));
  EXPECT_EQ(outcome(RecordSender(*officer->session).rotate(own)), "forbidden") << "without a cause";
  crew->revoke(*officer);
  require(client::ChannelCare(*prosecutor->session).tend(channel));
  EXPECT_EQ(channel.state().find_member(officer->device()), nullptr);
  VerifiedChannel other = chief->channel(channel_id);
  require(chief->session->pull(other));
  require(RecordSender(*chief->session).rotate(other));
  expect_all_agree({chief, prosecutor});
}

/// A rotate whose wraps hold another key than the record commits to.
Result<wire::Appended> rotate_with_a_wrong_key(CrewMember& who, VerifiedChannel& channel) {
  client::ClientSession& session = *who.session;
  const sealing::ChannelState& state = channel.state();
  const auto committed = crypto::random_secret<EpochKey>();
  const auto wrapped = crypto::random_secret<EpochKey>();
  const auto checkpoint = session.verified_directory().newest_checkpoint();
  sealing::ChannelRecord record;
  record.op = sealing::RecordOp::rotate;
  record.channel = channel.id();
  record.seq = state.record_seq() + 1;
  record.prev_record = state.head();
  record.epoch = state.epoch() + 1;
  const auto keys = sealing::derive_epoch_keys(committed, record.channel, record.epoch);
  record.key_commitment = keys.key_commitment;
  record.message_key_commitment = keys.message_key_commitment;
  record.prev_epoch = state.epoch();
  const Bytes box(48, 7);
  record.prev_box_hash = crypto::sha256(box);
  record.roster = state.roster();
  record.policy = state.policy();
  record.author = who.device();
  record.log_size = checkpoint->size;
  record.log_root = checkpoint->root;
  record.client_ms = wall_clock_ms();
  std::vector<sealing::KeyWrap> wraps;
  for (const sealing::RosterLine& line : record.roster)
    wraps.push_back(require(sealing::wrap_key(
        {record.channel, record.epoch, sealing::WrapKind::epoch_key, record.key_commitment,
         record.author, session.directory().find_device(line.device)->certificate.agency,
         line.device, line.hpke_key},
        wrapped.view())));
  const Bytes stored = sealing::encode_wraps(wraps);
  record.wraps_root = sealing::wraps_root(stored);
  const Bytes content = sealing::encode_record_content(record);
  return session.ask(wire::ChannelAppend{
      content, session.signer().sign("channel-record", content), {}, stored, box});
}

TEST_F(ChannelRaces, a_key_that_opens_for_nobody_is_reported_and_replaced_and_no_history_is_lost) {
  VerifiedChannel channel = prosecutor->channel(channel_id);
  require(prosecutor->session->pull(channel));
  require(rotate_with_a_wrong_key(*prosecutor, channel));
  VerifiedChannel own = officer->channel(channel_id);
  require(officer->post(own, "знову читаємо"));  // tells, waits, rotates from the last good epoch
  require(officer->session->pull(own));
  EXPECT_EQ(own.state().epoch(), 4u);
  EXPECT_EQ(own.state().unusable_epoch(), 3u);
  EXPECT_EQ(officer->repairs.size(), 2u);
  expect_all_agree({chief, officer, prosecutor}, 1);  // against the author
  EXPECT_EQ(officer->texts(own), (std::vector<std::string>{"перше", "знову читаємо"}));
  CrewMember& late = crew->enrol("police", Role::investigator);
  VerifiedChannel chiefs = chief->channel(channel_id);
  require(chief->session->pull(chiefs));
  require(RecordSender(*chief->session)
              .change(chiefs, {late.line(RosterRole::member)}, "Постанова", {}, {}));
  require(late.session->connect());
  VerifiedChannel lates = late.channel(channel_id);
  require(late.session->pull(lates));
  EXPECT_EQ(late.texts(lates), chief->texts(chiefs));
  EXPECT_EQ(late.evidence(), 0u) << "that epoch was not for this device";
}

TEST_F(ChannelRaces, who_sees_the_report_first_repairs_and_who_reported_finds_it_done) {
  VerifiedChannel channel = prosecutor->channel(channel_id);
  require(prosecutor->session->pull(channel));
  require(rotate_with_a_wrong_key(*prosecutor, channel));
  VerifiedChannel own = officer->channel(channel_id);
  require(client::ChannelCare(*officer->session).tend(own));  // tells, and leaves it to the others
  EXPECT_TRUE(own.state().is_wrap_unusable());
  VerifiedChannel chiefs = chief->channel(channel_id);
  require(client::ChannelCare(*chief->session).tend(chiefs));
  EXPECT_FALSE(chiefs.state().is_wrap_unusable());
  require(client::ChannelCare(*officer->session).tend(own));
  EXPECT_EQ(own.state().epoch(), 4u);
  ASSERT_EQ(officer->repairs.size(), 1u);
  EXPECT_TRUE(officer->repairs[0].told_unusable);
  ASSERT_EQ(chief->repairs.size(), 1u);
  EXPECT_TRUE(chief->repairs[0].is_fresh_key);
  expect_all_agree({chief, officer, prosecutor}, 1);  // against the author
}

// -- one device, two copies -----------------------------------------------------------------------

TEST_F(ChannelRaces, a_restored_backup_finds_its_chain_again_and_misleads_nobody) {
  VerifiedChannel own = officer->channel(channel_id);
  require(officer->post(own, "до копії"));
  CrewMember& backup = crew->copy_of(*officer);
  for (const char* text : {"після 1", "після 2", "після 3"}) require(officer->post(own, text));
  VerifiedChannel restored = backup.channel(channel_id);
  require(backup.post(restored, "з копії"));
  require(backup.session->pull(restored));
  EXPECT_EQ(restored.state().sender_head(officer->device()).sender_seq, 5u);
  expect_all_agree({chief, officer, prosecutor, &backup});
  EXPECT_EQ(backup.texts(restored), (std::vector<std::string>{"перше", "до копії", "після 1",
                                                              "після 2", "після 3", "з копії"}));
}

TEST_F(ChannelRaces, two_copies_that_post_at_once_make_one_unbroken_chain) {
  constexpr int posts = 30;
  CrewMember& copy = crew->copy_of(*officer);
  const auto post = [&](CrewMember& who, const std::string& mark) {
    VerifiedChannel channel = who.channel(channel_id);
    for (int i = 0; i < posts; ++i) require(who.post(channel, mark + std::to_string(i)));
  };
  at_once({[&] { post(*officer, "a"); }, [&] { post(copy, "b"); }});
  expect_all_agree({chief, officer, prosecutor, &copy});
  VerifiedChannel channel = chief->channel(channel_id);
  std::map<char, int> next;
  for (const std::string& text : chief->texts(channel))
    if (text != "перше") {
      EXPECT_EQ(text.substr(1), std::to_string(next[text[0]]++)) << text << " is out of order";
    }
  EXPECT_EQ(next['a'], posts);
  EXPECT_EQ(next['b'], posts);
}

TEST_F(ChannelRaces, what_a_restored_outbox_holds_is_not_posted_twice) {
  VerifiedChannel own = officer->channel(channel_id);
  require(officer->session->pull(own));
  officer->session->store().outbox().put(
      {channel_id, crypto::random_id<MessageId>(), EntryType::message,
       require(sealing::encode_message_text({sealing::MessageWhat::text, "один раз"})),
       wall_clock_ms()});
  CrewMember& backup = crew->copy_of(*officer);
  require(EntrySender(*officer->session).settle(own));
  VerifiedChannel restored = backup.channel(channel_id);
  require(EntrySender(*backup.session).settle(restored));
  EXPECT_EQ(backup.session->store().outbox().size(), 0u);
  expect_all_agree({chief, officer, prosecutor, &backup});
  VerifiedChannel channel = chief->channel(channel_id);
  EXPECT_EQ(chief->texts(channel), (std::vector<std::string>{"перше", "один раз"}));
}

}  // namespace
}  // namespace oberih::test
