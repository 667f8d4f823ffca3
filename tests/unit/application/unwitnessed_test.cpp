// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "protocol/wire/requests.hpp"
#include "server/application/request_router.hpp"
#include "witness_stage.hpp"

namespace oberih::application {
namespace {

/// A server whose witnesses are silent, under one policy or the other.
class Unwitnessed : public testing::Test {
 protected:
  void follow(domain::UnwitnessedBehaviour behaviour) {
    auto policies = std::make_shared<Policies>();
    policies->witnessing = {60, behaviour};
    policies_.replace(policies);
  }
  /// What an empty request is refused for: those that get past the policy are malformed.
  std::string refusal_of(std::string_view method) {
    std::string name = "answered";
    router_.handle({}, {1, std::string(method), nlohmann::json::object()},
                   [&](Result<std::string> answer) {
                     if (!answer) name = refusal_row(answer.error().code).name;
                   });
    return name;
  }
  void be_witnessed() {
    stage_.view.publish(WitnessedNote{5, stage_.note_over(5), stage_.clock.now_ms()});
  }

  WitnessStage stage_;
  test::MemoryJournal journal_;
  test::MemoryStore store_{journal_};
  Recorder recorder_{store_, stage_.view, stage_.clock, stage_.clock, stage_.listener, nullptr, {}};
  PoliciesInForce policies_;
  RequestRouter router_{
      Services{stage_.view, stage_.reader, recorder_, stage_.clock, policies_, "test"}};
};

TEST_F(Unwitnessed, journal_takes_no_posts_where_policy_says_read_only) {
  follow(domain::UnwitnessedBehaviour::read_only);
  for (const std::string_view method :
       {wire::EntryPost::method, wire::ChannelAppend::method, wire::ProposalAppend::method,
        wire::ApprovalAppend::method, wire::AttachmentBegin::method})
    EXPECT_EQ(refusal_of(method), "unwitnessed") << method;
  be_witnessed();
  EXPECT_NE(refusal_of(wire::EntryPost::method), "unwitnessed");
  stage_.clock.pass(60 * 60'000);
  EXPECT_NE(refusal_of(wire::EntryPost::method), "unwitnessed") << "the limit itself";
  stage_.clock.pass(1);
  EXPECT_EQ(refusal_of(wire::EntryPost::method), "unwitnessed");
}

TEST_F(Unwitnessed, journal_goes_on_where_policy_says_warn) {
  follow(domain::UnwitnessedBehaviour::warn);
  EXPECT_NE(refusal_of(wire::EntryPost::method), "unwitnessed");
}

TEST_F(Unwitnessed, journal_takes_revocations_and_receipts_and_is_read_all_the_same) {
  follow(domain::UnwitnessedBehaviour::read_only);
  for (const std::string_view method :
       {wire::DirectoryAppend::method, wire::ReceiptAppend::method, wire::ChannelRead::method,
        wire::CheckpointRead::method, wire::AttachmentPut::method})
    EXPECT_NE(refusal_of(method), "unwitnessed") << method;
}

}  // namespace
}  // namespace oberih::application
