// SPDX-License-Identifier: Apache-2.0
// Some values nothing recomputes: a seed and a note say nothing about bytes, a key that never signs
// fits any other, and X25519 ignores five bits of each secret. In the published histories these are
// held against digests; in other histories they are free within the limits of the other checks.
#include "history_check.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::vectors {
namespace {

struct PublishedValue {
  std::string_view channel;  // the first eight digits of the history's channel id
  std::string_view place;    // within the history
  std::string_view digest;   // the first sixteen digits of SHA-256 of the value's JSON
};

constexpr PublishedValue published_values[] = {
#include "published_values.def"
};

Value find(const Value& history, std::string_view place) {
  Value value = history;
  std::string word;
  const auto step = [&] {
    if (!word.empty()) value = value[word];
    word.clear();
  };
  for (std::size_t i = 0; i < place.size(); ++i) {
    if (place[i] == '.' || place[i] == '[') step();
    if (place[i] == '[') {
      value = value[static_cast<std::size_t>(place[++i] - '0')];  // at most ten in a list
      ++i;
    } else if (place[i] != '.') {
      word += place[i];
    }
  }
  step();
  return value;
}

}  // namespace

void check_published_values(const Value& history) {
  const std::string channel = encoding::encode_hex(history["channel_id"].bytes());
  for (const PublishedValue& row : published_values) {
    if (!channel.starts_with(row.channel)) continue;
    const Value value = find(history, row.place);
    const Digest digest = crypto::sha256(as_bytes(value.json().dump()));
    value.expect(encoding::encode_hex(digest).starts_with(row.digest),
                 "is not the published value");
  }
}

}  // namespace oberih::vectors
