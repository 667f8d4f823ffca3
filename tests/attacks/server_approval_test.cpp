// SPDX-License-Identifier: Apache-2.0
// A malicious server and a member who conspires with it show a record that lacks the approvals it
// needs: the server has let it pass, the other members' clients do not.
#include "client-cli/verification/record_sender.hpp"
#include "tests/attacks/server_attack.hpp"

namespace oberih::attacks {
namespace {

/// A case channel: Oksana and a colleague of hers administer it for the police, the prosecutor for
/// the prosecution; Taras is a member. Whoever becomes an administrator needs both agencies.
class ServerAttackOnApproval : public ServerAttack {
 protected:
  ServerAttackOnApproval() {
    colleague_ = scene().enrol(scene().police(), Role::investigator);
    oksana_ = scene().honest_member(scene().oksana());
    EXPECT_EQ(outcome(oksana_->connect()), "accepted");
    client::RecordSender records(oksana_->session());
    channel_ = records.create({ChannelKind::case_, History::full, 2}).value();
    EXPECT_EQ(outcome(oksana_->read(channel_)), "accepted");
    EXPECT_EQ(outcome(records.change(
                  oksana_->channel(channel_),
                  {scene().taras().line(RosterRole::member), colleague_->line(RosterRole::admin),
                   scene().odesa().line(RosterRole::admin)},
                  "order 7", {}, "")),
              "accepted");
    EXPECT_EQ(outcome(oksana_->say(channel_, "слово")), "accepted");
  }

  static sealing::Change make_taras(RosterRole role) {
    sealing::Change change;
    change.alter = sealing::LinesItem{"order 8", {Scene::shared().taras().line(role)}};
    return change;
  }
  wire::ChannelAppend promotion(const Device& author, const RecordSpoils& spoils) {
    EXPECT_EQ(outcome(oksana_->read(channel_)), "accepted");
    return forge_record(*oksana_, channel_, author, make_taras(RosterRole::admin), spoils);
  }
  void expect_refused(std::string_view why, const wire::ChannelAppend& append) {
    const wire::ChannelItem item = item_of(channel_, append);
    expect_items_refused(channel_, scene().odesa(), why, 1,
                         [&](Items& items) { items.push_back(item); });
  }
  /// By the honest server, and so by everybody who reads from it.
  void expect_accepted(const wire::ChannelAppend& append) {
    const auto appended = oksana_->session().ask(append);
    EXPECT_TRUE(appended) << appended.error().detail;
    auto reader = scene().honest_member(scene().odesa());
    EXPECT_EQ(outcome(reader->read(channel_)), "accepted");
    EXPECT_EQ(reader->evidence(), 0u);
  }

  std::unique_ptr<Member> oksana_;
  std::unique_ptr<Device> colleague_;
  ChannelId channel_;
};

TEST_F(ServerAttackOnApproval, two_agencies_promote_and_the_same_approvals_twice_do_not) {
  RecordSpoils spoils;
  spoils.approvers = {&scene().odesa()};
  std::vector<sealing::Approval> used;
  spoils.approvals = [&](std::vector<sealing::Approval>& approvals) { used = approvals; };
  expect_accepted(promotion(scene().oksana(), spoils));
  EXPECT_EQ(outcome(oksana_->read(channel_)), "accepted");
  RecordSpoils back;
  back.approvers = {&scene().odesa()};
  expect_accepted(
      forge_record(*oksana_, channel_, scene().oksana(), make_taras(RosterRole::member), back));
  spoils.approvals = [&](std::vector<sealing::Approval>& approvals) { approvals = used; };
  expect_refused("approval_invalid", promotion(scene().oksana(), spoils));
}

TEST_F(ServerAttackOnApproval, a_member_that_promotes_itself_is_refused) {
  expect_refused("approval_required", promotion(scene().taras(), {}));
}

TEST_F(ServerAttackOnApproval, a_member_that_approves_itself_is_refused) {
  RecordSpoils spoils;
  spoils.approvers = {&scene().taras(), &scene().odesa()};
  expect_refused("approval_invalid", promotion(scene().taras(), spoils));
}

TEST_F(ServerAttackOnApproval, one_approval_too_few_is_refused) {
  RecordSpoils spoils;
  spoils.approvers = {&scene().odesa()};
  expect_refused("approval_required", promotion(scene().taras(), spoils));
}

TEST_F(ServerAttackOnApproval, two_approvals_of_one_agency_are_refused) {
  RecordSpoils spoils;
  spoils.approvers = {&scene().oksana(), colleague_.get()};
  expect_refused("approval_required", promotion(scene().taras(), spoils));
}

TEST_F(ServerAttackOnApproval, approvals_that_have_expired_are_refused) {
  RecordSpoils spoils;
  spoils.approvers = {&scene().oksana(), &scene().odesa()};
  spoils.approvals_expire_ms = wall_clock_ms() - 600'000;
  expect_refused("approval_invalid", promotion(scene().taras(), spoils));
}

TEST_F(ServerAttackOnApproval, an_approval_in_anothers_name_is_refused) {
  RecordSpoils spoils;
  spoils.approvers = {&scene().oksana(), colleague_.get()};
  spoils.approvals = [&](std::vector<sealing::Approval>& approvals) {
    approvals[1].approver = scene().odesa().id();
  };
  expect_refused("approval_invalid", promotion(scene().taras(), spoils));
}

TEST_F(ServerAttackOnApproval, approvals_of_another_item_are_refused) {
  RecordSpoils spoils;
  spoils.approvers = {&scene().oksana(), &scene().odesa()};
  std::vector<sealing::Approval> others;
  spoils.approvals = [&](std::vector<sealing::Approval>& approvals) { others = approvals; };
  EXPECT_EQ(outcome(oksana_->read(channel_)), "accepted");
  sealing::Change other;
  other.alter = sealing::LinesItem{"order 9", {colleague_->line(RosterRole::member)}};
  (void)forge_record(*oksana_, channel_, scene().oksana(), other, spoils);
  spoils.approvals = [&](std::vector<sealing::Approval>& approvals) { approvals = others; };
  expect_refused("approval_invalid", promotion(scene().taras(), spoils));
}

}  // namespace
}  // namespace oberih::attacks
