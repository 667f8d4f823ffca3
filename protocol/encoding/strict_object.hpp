// SPDX-License-Identifier: Apache-2.0
// Typed, checked access to the fields of one JSON object. Callers include <nlohmann/json.hpp>
// themselves where they look into arrays and objects.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/encoding/base64url.hpp"

namespace oberih::encoding {

/// Typed access to the fields of one object. Failure is sticky: read all fields, then ask
/// `finish()`, which also refuses every key that was never asked for. The value must outlive it. A
/// field that is null is of the wrong type, never absent.
class StrictObject {
 public:
  static constexpr std::size_t default_text_bytes = 4'096;

  /// `path` stands before the field's name in refusals: "params" gives "params.channel_id".
  explicit StrictObject(const nlohmann::json& value, std::string path = {});

  std::string text(std::string_view key, std::size_t max_bytes = default_text_bytes);
  std::uint64_t u64(std::string_view key, std::uint64_t maximum = UINT64_MAX);
  std::int64_t i64(std::string_view key);
  bool boolean(std::string_view key);
  /// base64url of at most `max_bytes` bytes.
  Bytes bytes(std::string_view key, std::size_t max_bytes);
  /// base64url of exactly the bytes of an id, key, hash or signature.
  template <class Id>
  Id id(std::string_view key) {
    return id_from<Id>(key, text(key, (Id::size * 4 + 2) / 3));
  }
  /// An empty array or object after failure.
  const nlohmann::json& array(std::string_view key, std::size_t max_items);
  const nlohmann::json& object(std::string_view key);

  std::optional<std::string> optional_text(std::string_view key,
                                           std::size_t max_bytes = default_text_bytes);
  std::optional<std::uint64_t> optional_u64(std::string_view key,
                                            std::uint64_t maximum = UINT64_MAX);
  std::optional<std::int64_t> optional_i64(std::string_view key);
  std::optional<bool> optional_boolean(std::string_view key);
  std::optional<Bytes> optional_bytes(std::string_view key, std::size_t max_bytes);
  template <class Id>
  std::optional<Id> optional_id(std::string_view key) {
    if (!has(key)) return std::nullopt;
    return id<Id>(key);
  }
  /// Null when the field is absent.
  const nlohmann::json* optional_array(std::string_view key, std::size_t max_items);
  const nlohmann::json* optional_object(std::string_view key);

  /// Whether the field is there; asking makes it a known key.
  bool has(std::string_view key);
  /// Any value whatsoever, null when absent: JSON-RPC's `id`, `params` and `result`.
  const nlohmann::json* any(std::string_view key);

  /// For rules that this class does not know ("is no kind of channel"). The first failure is kept.
  void fail(std::string_view key, std::string_view why);
  bool failed() const { return refusal_.has_value(); }
  /// INVARIANT: a refusal names a field and what it should be, never what it held.
  [[nodiscard]] Result<> finish();

 private:
  const nlohmann::json* find(std::string_view key);
  const nlohmann::json* require(std::string_view key);
  std::string name_of(std::string_view key) const;
  template <class Id>
  Id id_from(std::string_view key, const std::string& encoded) {
    if (failed()) return {};
    std::optional<Id> value = decode_base64url_as<Id>(encoded);
    if (!value) fail(key, "must be base64url of " + std::to_string(Id::size) + " bytes");
    return value.value_or(Id{});
  }

  const nlohmann::json* value_;
  std::string path_;
  std::set<std::string, std::less<>> known_;
  std::optional<Refusal> refusal_;
};

}  // namespace oberih::encoding
