// SPDX-License-Identifier: Apache-2.0
// The sentences of a play about what waits for approval.
#include <stdexcept>

#include "protocol/crypto/random_bytes.hpp"
#include "tests/transcripts/play.hpp"

namespace oberih::transcripts {
namespace {

constexpr Milliseconds week_ms = 7ull * 24 * 3600 * 1000;

RosterRole role_named(const std::string& word) {
  auto role = find_roster_role(word);
  if (!role) throw std::runtime_error("no such place on a roster: " + word);
  return *role;
}

}  // namespace

Result<void> Play::propose(Actor& who, const ChannelId& id, sealing::RecordOp op,
                           sealing::Change change) {
  const Milliseconds now = stage_.clock().now_ms();
  last_proposal_ = {id,
                    crypto::random_id<sealing::ProposalId>(),
                    op,
                    std::move(change),
                    now + week_ms,
                    who.device(),
                    now};
  auto appended = stage_.ask<wire::Appended>(
      who, wire::ProposalAppend{sealing::encode_proposal_body(last_proposal_, who.signer())});
  if (!appended) return appended.error();
  if (appended->channel_seq != 0)
    throw std::runtime_error("the proposal took a number of the channel");
  return {};
}

Result<void> Play::alter(const Words& words) {
  Actor& who = actor(words[0]);
  catch_up(who, channel(words[3]));
  sealing::Change change;
  change.alter = {"Order 3", {actor(words[1]).line(role_named(words[2]))}};
  return send(who, who.change_channel(channel(words[3]), change, {}, stage_.clock().now_ms()));
}

Result<void> Play::propose_person(const Words& words) {
  Actor& who = actor(words[0]);
  catch_up(who, channel(words[2]));
  sealing::Change change;
  change.add = {"Order 2", {actor(words[1]).line(role_named(words[3]))}};
  return propose(who, channel(words[2]), sealing::RecordOp::change, std::move(change));
}

Result<void> Play::propose_role(const Words& words) {
  Actor& who = actor(words[0]);
  catch_up(who, channel(words[3]));
  sealing::Change change;
  change.alter = {"Order 3", {actor(words[1]).line(role_named(words[2]))}};
  return propose(who, channel(words[3]), sealing::RecordOp::change, std::move(change));
}

Result<void> Play::propose_policy(const Words& words) {
  Actor& who = actor(words[0]);
  catch_up(who, channel(words[2]));
  sealing::Change change;
  change.policy = who.conversation(channel(words[2])).state.policy();
  change.policy->approvals_k = static_cast<std::uint8_t>(std::stoul(words[1]));
  return propose(who, channel(words[2]), sealing::RecordOp::change, std::move(change));
}

Result<void> Play::propose_closing(const Words& words) {
  Actor& who = actor(words[0]);
  catch_up(who, channel(words[1]));
  sealing::Change change;
  change.close_reason = "the case is decided";
  return propose(who, channel(words[1]), sealing::RecordOp::close, std::move(change));
}

Result<void> Play::approve(const Words& words) {
  Actor& who = actor(words[0]);
  auto appended = stage_.ask<wire::Appended>(
      who, wire::ApprovalAppend{sealing::encode_approval_body(
               {last_proposal_.channel, last_proposal_.id, who.device(),
                sealing::sign_approvals(last_proposal_, who.device(), who.signer())})});
  if (!appended) return appended.error();
  return {};
}

Result<void> Play::withdraw_proposal(const Words& words) {
  Actor& who = actor(words[0]);
  auto appended = stage_.ask<wire::Appended>(
      who, wire::ProposalAppend{sealing::encode_withdrawal_body(
               {last_proposal_.channel, last_proposal_.id, who.device(), stage_.clock().now_ms()},
               who.signer())});
  if (!appended) return appended.error();
  return {};
}

Result<sealing::ProposalBook> Play::read_proposals(Actor& who, const std::optional<ChannelId>& id) {
  sealing::ProposalBook book;
  auto page = stage_.ask<wire::ProposalPage>(who, wire::ProposalList{id, 0});
  if (!page) return page.error();
  OBERIH_TRY(read_directory(who));
  for (const wire::DirectoryLeaf& stored : page->leaves) {
    auto leaf = journal::parse_leaf(stored.leaf);
    if (!leaf) return leaf.error();
    auto body = sealing::parse_proposal_body(leaf->body);
    if (!body) return body.error();
    OBERIH_TRY(sealing::verify_proposal_body(*body, who.directory()));
    book.apply(*body, {stored.index, leaf->server_ms, {}, stored.leaf});
  }
  return book;
}

Result<void> Play::carry_out(const Words& words) {
  Actor& who = actor(words[0]);
  catch_up(who, last_proposal_.channel);
  auto book = read_proposals(who, last_proposal_.channel);
  if (!book) return book.error();
  auto waiting = book->find(last_proposal_.channel, last_proposal_.id);
  if (!waiting) throw std::runtime_error("the proposal does not wait any more");
  return send(who, who.carry_out(*waiting, stage_.clock().now_ms()));
}

Result<void> Play::expect_count(Actor& who, const std::optional<ChannelId>& id,
                                const std::string& wanted) {
  auto book = read_proposals(who, id);
  if (!book) return book.error();
  std::size_t count = 0;
  for (const auto& [channel, waiting] : book->channels()) count += waiting.size();
  if (std::to_string(count) != wanted)
    throw std::runtime_error("but there are " + std::to_string(count));
  return {};
}

Result<void> Play::see_proposals(const Words& words) {
  return expect_count(actor(words[0]), channel(words[2]), words[1]);
}

Result<void> Play::see_proposals_anywhere(const Words& words) {
  return expect_count(actor(words[0]), {}, words[1]);
}

}  // namespace oberih::transcripts
