// SPDX-License-Identifier: Apache-2.0
// Finds in a server's frame what a load test counts, without parsing JSON: all values are numbers
// and base64url, so no text can look like a key.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "tests/load/prepared_posts.hpp"

namespace oberih::load {

struct SeenItem {
  std::uint64_t channel_seq = 0;  // from the leaf itself
  PostIdentity identity = 0;      // 0: no entry with a body
};

/// `channel_seq` of a leaf in base64url (protocol/journal/leaf.hpp).
std::uint64_t channel_seq_of_leaf(std::string_view leaf_text);

/// The items of an event frame or of a page, in order.
template <class Take>
void scan_items(std::string_view frame, Take take) {
  constexpr std::string_view leaf_key = "\"leaf\":\"", ciphertext_key = "\"ciphertext\":\"";
  std::size_t at = 0;
  while ((at = frame.find(leaf_key, at)) != std::string_view::npos) {
    const std::size_t begin = frame.rfind('{', at);
    const std::size_t end = frame.find('}', at);
    if (end == std::string_view::npos) throw std::runtime_error("an item without an end");
    const std::string_view item = frame.substr(begin, end - begin);
    SeenItem seen{channel_seq_of_leaf(frame.substr(at + leaf_key.size(), end - at)), 0};
    const std::size_t ciphertext = item.find(ciphertext_key);
    if (ciphertext != std::string_view::npos &&
        item.size() >= ciphertext + ciphertext_key.size() + identity_letters)
      seen.identity = identity_of(item.substr(ciphertext + ciphertext_key.size()));
    take(seen);
    at = end;
  }
}

struct SeenReply {
  std::uint64_t id = 0;
  bool is_refusal = false;
};
/// Nothing for a frame of events.
std::optional<SeenReply> scan_reply(std::string_view frame);

/// The number behind `"key":`. Throws std::runtime_error where there is none.
std::uint64_t number_behind(std::string_view frame, std::string_view key);

}  // namespace oberih::load
