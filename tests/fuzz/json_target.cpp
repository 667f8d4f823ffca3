// SPDX-License-Identifier: Apache-2.0
// Strict JSON, held against the plain parser of the library; and the small codecs under it: both
// base64, hex, UTF-8.
#include <algorithm>

#include "protocol/encoding/base64.hpp"
#include "protocol/encoding/base64url.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"
#include "tests/fuzz/json_value.hpp"

namespace oberih::fuzz {
namespace {

using nlohmann::json;

struct Census {
  std::size_t keys = 0;
  std::size_t depth = 0;
};

// Fractions are found here, and keys that stand twice by their number.
Census count(const json& value) {
  require(!value.is_number_float() && !value.is_binary() && !value.is_discarded(),
          "a number is an integer of 64 bits");
  if (value.is_string())
    require(encoding::is_valid_utf8(value.get_ref<const std::string&>()), "a string is UTF-8");
  Census census;
  if (!value.is_structured()) return census;
  for (const json& child : value) {
    const Census inner = count(child);
    census.keys += inner.keys;
    census.depth = std::max(census.depth, inner.depth);
  }
  census.depth += 1;
  census.keys += value.is_object() ? value.size() : 0;
  return census;
}

bool judge_json(std::string_view text) {
  const auto strict = encoding::parse_strict_json(text);
  if (!strict) {
    require(!encoding::has_control_characters(strict.error().detail),
            "a refusal cannot drive a terminal");
    return false;
  }
  std::size_t keys_read = 0;
  const auto count_keys = [&](int, json::parse_event_t event, json&) {
    keys_read += event == json::parse_event_t::key ? 1 : 0;
    return true;
  };
  const json plain = json::parse(text, count_keys, false);
  require(plain == *strict, "the plain parser reads the same value");
  const Census census = count(*strict);
  require(census.keys == keys_read, "no key stands twice");
  require(census.depth <= limits::json_depth, "the depth is bounded");
  const std::string written = strict->dump();
  require(value_of(written) == *strict, "a value survives being written");
  require(value_of(written).dump() == written, "writing is stable");
  return true;
}

bool judge_codecs(std::string_view text) {
  bool accepted = false;
  if (const auto bytes = encoding::decode_base64(text)) {
    accepted = !text.empty();
    require(encoding::encode_base64(*bytes) == text, "base64 has one form");
  }
  if (const auto bytes = encoding::decode_base64url(text)) {
    accepted |= !text.empty();
    require(encoding::encode_base64url(*bytes) == text, "base64url has one form");
  }
  if (const auto bytes = encoding::decode_hex(text)) {
    accepted |= !text.empty();
    require(encoding::encode_hex(*bytes) == text, "hex has one form");
  }
  return accepted;
}

void judge_text(std::string_view text) {
  const auto composed = encoding::to_nfc(text);
  require(composed.has_value() == encoding::is_valid_utf8(text), "UTF-8 is what can be composed");
  if (composed) require(encoding::is_nfc(*composed), "a composed text is composed");
  require(!encoding::has_control_characters(encoding::printable(text)),
          "a printable text cannot drive a terminal");
}

}  // namespace

bool judge(ByteView input) {
  const std::string_view text = as_text(input);
  bool accepted = judge_json(text);
  accepted |= judge_codecs(text);
  judge_text(text);
  const auto there_and_back = encoding::decode_base64url(encoding::encode_base64url(input));
  require(there_and_back && equal(*there_and_back, input), "base64url keeps what it encodes");
  return accepted;
}

}  // namespace oberih::fuzz
