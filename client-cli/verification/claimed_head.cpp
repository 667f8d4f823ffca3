// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/claimed_head.hpp"

#include <charconv>

#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

constexpr std::string_view number_word = "sender_seq=";
constexpr std::string_view hash_word = " message_hash=";

struct Claim {
  std::uint64_t sender_seq = 0;
  Digest message_hash;
};

/// `sender_seq=N message_hash=HEX`, as docs/protocol.md has it; nothing else.
std::optional<Claim> parse_claim(std::string_view detail) {
  if (!detail.starts_with(number_word)) return std::nullopt;
  detail.remove_prefix(number_word.size());
  Claim claim;
  const auto [end, error] =
      std::from_chars(detail.data(), detail.data() + detail.size(), claim.sender_seq);
  if (error != std::errc{}) return std::nullopt;
  detail.remove_prefix(static_cast<std::size_t>(end - detail.data()));
  if (!detail.starts_with(hash_word)) return std::nullopt;
  const std::optional<Digest> hash =
      encoding::decode_hex_as<Digest>(detail.substr(hash_word.size()));
  if (!hash) return std::nullopt;
  claim.message_hash = *hash;
  return claim;
}

}  // namespace

ClaimedHead judge_claimed_head(std::string_view detail, const sealing::SenderHead& verified) {
  const std::optional<Claim> claim = parse_claim(detail);
  if (!claim) return ClaimedHead::unsaid;
  if (claim->sender_seq < verified.sender_seq) return ClaimedHead::own;
  const bool is_ours =
      claim->sender_seq == verified.sender_seq && claim->message_hash == verified.message_hash;
  return is_ours ? ClaimedHead::own : ClaimedHead::unknown;
}

}  // namespace oberih::client
