// SPDX-License-Identifier: Apache-2.0
#include "tests/load/item_scan.hpp"

#include <charconv>
#include <string>

#include "protocol/encoding/base64url.hpp"

namespace oberih::load {
namespace {

// u8 version, u8 kind, u64 server_ms, channel_id[32], u64 channel_seq: bytes 42 to 49. Four letters
// are three bytes, so letters 56 to 67 are bytes 42 to 50.
constexpr std::size_t first_letter = 56;
constexpr std::size_t letters = 12;

}  // namespace

std::uint64_t channel_seq_of_leaf(std::string_view leaf_text) {
  std::optional<Bytes> bytes;
  if (leaf_text.size() >= first_letter + letters)
    bytes = encoding::decode_base64url(leaf_text.substr(first_letter, letters));
  if (!bytes) throw std::runtime_error("an item's leaf is too short");
  std::uint64_t sequence = 0;
  for (std::size_t i = 0; i < 8; ++i) sequence = sequence << 8 | (*bytes)[i];
  return sequence;
}

std::uint64_t number_behind(std::string_view frame, std::string_view key) {
  const std::string quoted = '"' + std::string(key) + "\":";
  const std::size_t at = frame.find(quoted);
  std::uint64_t number = 0;
  if (at == std::string_view::npos ||
      std::from_chars(frame.data() + at + quoted.size(), frame.data() + frame.size(), number).ec !=
          std::errc())
    throw std::runtime_error("a reply without " + std::string(key) + ": " +
                             std::string(frame.substr(0, 200)));
  return number;
}

std::optional<SeenReply> scan_reply(std::string_view frame) {
  if (!frame.starts_with('{')) return std::nullopt;
  // A refusal has `error` in the place of `result`; an id may be null only there.
  const bool is_refusal = frame.find("\"result\":") == std::string_view::npos;
  if (is_refusal && frame.find("\"id\":null") != std::string_view::npos) return SeenReply{0, true};
  return SeenReply{number_behind(frame, "id"), is_refusal};
}

}  // namespace oberih::load
