// SPDX-License-Identifier: Apache-2.0
#include "protocol/encoding/strict_object.hpp"

#include <nlohmann/json.hpp>

#include "protocol/encoding/utf8.hpp"

namespace oberih::encoding {
namespace {

using nlohmann::json;

const json empty_array = json::array();
const json empty_object = json::object();

// A stranger's key goes into a log and to a terminal.
std::string shown_key(std::string_view key) {
  constexpr std::size_t longest = 64;
  std::string shown = printable(key.substr(0, longest));
  return key.size() > longest ? shown + "..." : shown;
}

}  // namespace

StrictObject::StrictObject(const json& value, std::string path)
    : value_(&value), path_(std::move(path)) {
  if (value.is_object()) return;
  value_ = &empty_object;
  fail("", "must be an object");
}

std::string StrictObject::name_of(std::string_view key) const {
  if (key.empty()) return path_.empty() ? "the value" : path_;
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

void StrictObject::fail(std::string_view key, std::string_view why) {
  if (refusal_) return;
  refusal_ = refuse(RefusalCode::invalid_parameters, name_of(key) + " " + std::string(why));
}

const json* StrictObject::find(std::string_view key) {
  known_.emplace(key);
  auto found = value_->find(key);
  return found == value_->end() ? nullptr : &*found;
}

const json* StrictObject::require(std::string_view key) {
  const json* value = find(key);
  if (!value) fail(key, "is missing");
  return value;
}

bool StrictObject::has(std::string_view key) { return find(key) != nullptr; }
const json* StrictObject::any(std::string_view key) { return find(key); }

std::string StrictObject::text(std::string_view key, std::size_t max_bytes) {
  const json* value = require(key);
  if (!value) return {};
  const auto* string = value->get_ptr<const json::string_t*>();
  if (string && string->size() <= max_bytes) return *string;
  fail(key, "must be a text of at most " + std::to_string(max_bytes) + " bytes");
  return {};
}

std::uint64_t StrictObject::u64(std::string_view key, std::uint64_t maximum) {
  const json* value = require(key);
  if (!value) return 0;
  // Values that a program built, and not the parser, may hold a signed number.
  bool in_range = value->is_number_unsigned() ||
                  (value->is_number_integer() && value->get<std::int64_t>() >= 0);
  if (in_range && value->get<std::uint64_t>() <= maximum) return value->get<std::uint64_t>();
  fail(key, "must be an integer from 0 to " + std::to_string(maximum));
  return 0;
}

std::int64_t StrictObject::i64(std::string_view key) {
  const json* value = require(key);
  if (!value) return 0;
  bool in_range = value->is_number_integer() &&
                  (!value->is_number_unsigned() || value->get<std::uint64_t>() <= INT64_MAX);
  if (in_range) return value->get<std::int64_t>();
  fail(key, "must be an integer of 64 bits with sign");
  return 0;
}

bool StrictObject::boolean(std::string_view key) {
  const json* value = require(key);
  if (!value) return false;
  if (value->is_boolean()) return value->get<bool>();
  fail(key, "must be true or false");
  return false;
}

Bytes StrictObject::bytes(std::string_view key, std::size_t max_bytes) {
  const json* value = require(key);
  if (!value) return {};
  const auto* string = value->get_ptr<const json::string_t*>();
  std::optional<Bytes> decoded;
  if (string && string->size() <= (max_bytes * 4 + 2) / 3) decoded = decode_base64url(*string);
  if (decoded && decoded->size() <= max_bytes) return std::move(*decoded);
  fail(key, "must be base64url of at most " + std::to_string(max_bytes) + " bytes");
  return {};
}

const json& StrictObject::array(std::string_view key, std::size_t max_items) {
  const json* value = require(key);
  if (!value) return empty_array;
  if (value->is_array() && value->size() <= max_items) return *value;
  fail(key, "must be an array of at most " + std::to_string(max_items) + " items");
  return empty_array;
}

const json& StrictObject::object(std::string_view key) {
  const json* value = require(key);
  if (!value) return empty_object;
  if (value->is_object()) return *value;
  fail(key, "must be an object");
  return empty_object;
}

std::optional<std::string> StrictObject::optional_text(std::string_view key,
                                                       std::size_t max_bytes) {
  if (!has(key)) return std::nullopt;
  return text(key, max_bytes);
}

std::optional<std::uint64_t> StrictObject::optional_u64(std::string_view key,
                                                        std::uint64_t maximum) {
  if (!has(key)) return std::nullopt;
  return u64(key, maximum);
}

std::optional<std::int64_t> StrictObject::optional_i64(std::string_view key) {
  if (!has(key)) return std::nullopt;
  return i64(key);
}

std::optional<bool> StrictObject::optional_boolean(std::string_view key) {
  if (!has(key)) return std::nullopt;
  return boolean(key);
}

std::optional<Bytes> StrictObject::optional_bytes(std::string_view key, std::size_t max_bytes) {
  if (!has(key)) return std::nullopt;
  return bytes(key, max_bytes);
}

const json* StrictObject::optional_array(std::string_view key, std::size_t max_items) {
  return has(key) ? &array(key, max_items) : nullptr;
}

const json* StrictObject::optional_object(std::string_view key) {
  return has(key) ? &object(key) : nullptr;
}

Result<> StrictObject::finish() {
  for (auto item = value_->begin(); item != value_->end() && !refusal_; ++item)
    if (!known_.contains(item.key())) fail(shown_key(item.key()), "is not known here");
  if (refusal_) return *refusal_;
  return {};
}

}  // namespace oberih::encoding
