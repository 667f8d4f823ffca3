// SPDX-License-Identifier: Apache-2.0
// Channel records: content, signed body with approvals, the three vectors inside; and a bundle
// `vec(body) || vec(wraps) || prev_box`, as a server receives it; and bodies of proposals.
#include "protocol/base/byte_reader.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/sealing/channel_record.hpp"
#include "protocol/sealing/key_wrap.hpp"
#include "protocol/sealing/proposal.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace oberih::fuzz {
namespace {

Bytes encode_change(const sealing::Change& change) {
  Bytes all;
  for (const Bytes& item : sealing::encode_change_items(change))
    all.insert(all.end(), item.begin(), item.end());
  return all;
}

bool is_ascending(const sealing::Roster& roster) {
  for (std::size_t i = 1; i < roster.size(); ++i)
    if (!(roster[i - 1].device < roster[i].device)) return false;
  return true;
}

bool judge_content(ByteView content) {
  const auto record = sealing::parse_record_content(content);
  if (!record) return false;
  require(equal(sealing::encode_record_content(*record), content), "a record has one form");
  require(is_ascending(record->roster), "a roster ascends strictly");
  for (const sealing::RosterLine& line : record->roster)
    require(sealing::find_line(record->roster, line.device) != nullptr, "each line is found");
  sealing::ChannelRecord other_keys = *record;  // the id must not depend on what depends on it
  other_keys.channel.bytes[0] ^= 1;
  other_keys.key_commitment.bytes[0] ^= 1;
  other_keys.message_key_commitment.bytes[0] ^= 1;
  other_keys.prev_box_hash.bytes[0] ^= 1;
  other_keys.wraps_root.bytes[0] ^= 1;
  require(sealing::derive_channel_id(*record) == sealing::derive_channel_id(other_keys),
          "a channel's id leaves out what depends on it");
  return true;
}

bool judge_body(ByteView body) {
  const auto record = sealing::parse_record_body(body);
  if (!record) return false;
  require(equal(sealing::encode_record_body(*record), body), "a signed record has one form");
  judge_content(record->content);
  return true;
}

bool judge_bundle(ByteView input) {
  ByteReader reader(input);
  const ByteView body = reader.vec(input.size());
  const ByteView wraps = reader.vec(input.size());
  const ByteView prev_box = reader.remaining();
  if (reader.failed() || !judge_body(body)) return false;
  const auto signed_record = sealing::parse_record_body(body);
  const auto record = sealing::parse_record_content(signed_record->content);
  if (!record) return false;
  if (sealing::check_wraps(*record, wraps))
    require(sealing::wraps_root(wraps) == record->wraps_root &&
                wraps.size() % sealing::key_wrap_bytes == 0,
            "accepted wraps are those that were signed");
  if (sealing::check_prev_box(*record, prev_box))
    require(prev_box.empty() == record->prev_box_hash.is_zero() &&
                (prev_box.empty() || crypto::sha256(prev_box) == record->prev_box_hash),
            "an accepted box is the one that was signed");
  return true;
}

bool judge_proposal(ByteView input) {
  const auto body = sealing::parse_proposal_body(input);
  if (!body) return false;
  if (const auto* proposal = std::get_if<sealing::Proposal>(&body->what))
    require(equal(sealing::encode_proposal_content(*proposal), body->content),
            "a proposal has one form");
  else if (const auto* approval = std::get_if<sealing::ProposalApproval>(&body->what))
    require(equal(sealing::encode_approval_body(*approval), input), "an approval has one form");
  else
    require(
        equal(sealing::encode_withdrawal_content(std::get<sealing::ProposalWithdrawal>(body->what)),
              body->content),
        "a withdrawal has one form");
  return true;
}

}  // namespace

bool judge(ByteView input) {
  bool accepted = judge_content(input);
  accepted |= judge_body(input);
  accepted |= judge_bundle(input);
  accepted |= judge_proposal(input);
  accepted |= round_trip(input, sealing::parse_approvals, sealing::encode_approvals,
                         "approvals have one form");
  accepted |=
      round_trip(input, sealing::parse_roster, sealing::encode_roster, "a roster has one form");
  accepted |= round_trip(input, sealing::parse_policy, sealing::encode_policy,
                         "a channel's policy has one form");
  accepted |= round_trip(input, sealing::parse_change, encode_change, "a change has one form");
  return accepted;
}

}  // namespace oberih::fuzz
