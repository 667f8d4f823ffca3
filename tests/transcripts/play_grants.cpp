// SPDX-License-Identifier: Apache-2.0
// The sentences of a play about grants and what auditors read.
#include "protocol/base/limits.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/audit_leaf.hpp"
#include "protocol/sealing/grant_order.hpp"
#include "protocol/wire/audit_reads.hpp"
#include "tests/transcripts/play.hpp"

namespace oberih::transcripts {
namespace {

constexpr Milliseconds request_waits_ms = day_ms;
constexpr Milliseconds grant_lasts_ms = 2 * day_ms;

/// When each epoch began, as an auditor learns it from the leaves.
std::vector<Milliseconds> begins_of(const wire::ItemPage& page) {
  std::vector<Milliseconds> begins;
  for (const wire::ChannelItem& item : page.items) {
    const auto leaf = journal::parse_leaf(item.leaf).value();
    if (leaf.kind != journal::LeafKind::channel_record) continue;
    const auto body = sealing::parse_record_body(leaf.body).value();
    if (sealing::parse_record_content(body.content).value().epoch > begins.size())
      begins.push_back(leaf.server_ms);
  }
  return begins;
}

std::vector<std::string> texts_in(const std::string& list) {
  std::vector<std::string> texts;
  for (std::size_t at = list.find('"'); at != list.npos;) {
    const std::size_t end = list.find('"', at + 1);
    texts.push_back(list.substr(at + 1, end - at - 1));
    at = list.find('"', end + 1);
  }
  return texts;
}

}  // namespace

Result<wire::ItemPage> Play::read_for_audit(Actor& who, const ChannelId& channel,
                                            sealing::ReadingDepth depth) {
  OBERIH_TRY(read_directory(who));
  sealing::AuditQuestion question;
  question.what = sealing::AuditWhat::read;
  question.auditor = who.device();
  question.size = 1;
  question.query = sealing::encode_audit_reading({depth, channel, 0, limits::page_items});
  question.client_ms = stage_.clock().now_ms();
  return stage_.ask<wire::ItemPage>(
      who, wire::AuditRead{sealing::encode_audit_content(question),
                           sealing::sign_audit_question(question, who.signer()).signature});
}

Result<void> Play::ask_grant(const Words& words) {
  Actor& who = actor(words[0]);
  const ChannelId& id = channel(words[3]);
  auto page = read_for_audit(who, id, sealing::ReadingDepth::leaves);
  if (!page) return page.error();
  const std::vector<Milliseconds> begins = begins_of(*page);
  const std::uint64_t first = std::stoull(words[1]), last = std::stoull(words[2]);
  const Milliseconds now = stage_.clock().now_ms();
  sealing::Proposal request;
  request.channel = id;
  request.id = crypto::random_id<sealing::ProposalId>();
  request.op = sealing::RecordOp::grant;
  request.change.grant =
      sealing::GrantItem{*GrantId::from(request.id.view()),
                         who.device(),
                         who.certificate().hpke_key,
                         first,
                         last,
                         now + grant_lasts_ms,
                         sealing::encode_grant_order({"Order 5/2027", !words[4].empty()})};
  request.expires_ms = now + request_waits_ms;
  request.author = who.device();
  request.client_ms = now;
  if (first > 0 && last <= begins.size())
    request.times = {begins[first - 1], last == begins.size() ? 0 : begins[last]};
  request.reason = "a message has leaked";
  last_proposal_ = last_grant_ = request;
  auto appended = stage_.ask<wire::Appended>(
      who, wire::ProposalAppend{sealing::encode_proposal_body(request, who.signer())});
  if (!appended) return appended.error();
  return {};
}

Result<void> Play::propose_grants_end(const Words& words) {
  Actor& who = actor(words[0]);
  last_proposal_ = last_grant_;
  last_proposal_.change.grant->ends_ms = 0;
  last_proposal_.author = who.device();
  last_proposal_.expires_ms = stage_.clock().now_ms() + request_waits_ms;
  last_proposal_.reason = "the inquiry is closed";
  auto appended = stage_.ask<wire::Appended>(
      who, wire::ProposalAppend{sealing::encode_proposal_body(last_proposal_, who.signer())});
  if (!appended) return appended.error();
  return {};
}

Result<void> Play::read_granted(const Words& words) {
  Actor& who = actor(words[0]);
  auto page = read_for_audit(who, channel(words[1]), sealing::ReadingDepth::contents);
  if (!page) return page.error();
  const auto found = who.open_granted(channel(words[1]), page->items);
  if (!found) return found.error();
  if (*found == texts_in(words[2])) return {};
  std::string all;
  for (const std::string& text : *found) all += " \"" + text + "\"";
  unwritten("but found" + all);
}

Result<void> Play::see_grant(const Words& words) {
  Actor& who = actor(words[0]);
  const ChannelId& id = channel(words[5]);
  OBERIH_TRY(read_channel(who, id));
  for (const auto& [grant_id, grant] : who.conversation(id).state.grants())
    if (grant.auditor_device == actor(words[1]).device() &&
        std::to_string(grant.first_epoch) == words[3] &&
        std::to_string(grant.last_epoch) == words[4] &&
        (grant.ends_ms == 0) == (words[2] == "may no longer"))
      return {};
  unwritten("but sees no such grant");
}

}  // namespace oberih::transcripts
