// SPDX-License-Identifier: Apache-2.0
#include "vector_report.hpp"

#include <algorithm>

#include "protocol/encoding/hex.hpp"

namespace oberih::vectors {
namespace {
const nlohmann::json nothing;
}

void VectorReport::record(const std::string& path, bool passed, const std::string& why) {
  Verdict& verdict = verdicts_[path];
  if (passed || !verdict.passed) return;
  verdict = {false, why};
}

bool VectorReport::passed() const { return failures() == 0; }

std::size_t VectorReport::failures() const {
  return static_cast<std::size_t>(std::count_if(verdicts_.begin(), verdicts_.end(),
                                                [](const auto& v) { return !v.second.passed; }));
}

Value Value::operator[](const std::string& key) const {
  const std::string path = path_.empty() ? key : path_ + "." + key;
  if (json_->is_object())
    if (auto found = json_->find(key); found != json_->end()) return {*found, path, *report_};
  report_->record(path, false, "is missing");
  return {nothing, path, *report_};
}

Value Value::operator[](std::size_t index) const {
  const std::string path = path_ + "[" + std::to_string(index) + "]";
  if (json_->is_array() && index < json_->size()) return {(*json_)[index], path, *report_};
  report_->record(path, false, "is missing");
  return {nothing, path, *report_};
}

bool Value::has(const std::string& key) const { return json_->is_object() && json_->contains(key); }

std::vector<Value> Value::items() const {
  std::vector<Value> values;
  if (!json_->is_array()) {
    expect(false, "must be an array");
    return values;
  }
  for (std::size_t i = 0; i < json_->size(); ++i) values.push_back((*this)[i]);
  return values;
}

std::vector<std::string> Value::keys() const {
  std::vector<std::string> keys;
  if (!json_->is_object()) {
    expect(false, "must be an object");
    return keys;
  }
  for (const auto& [key, value] : json_->items()) keys.push_back(key);
  return keys;
}

Bytes Value::bytes() const {
  std::optional<Bytes> decoded;
  if (json_->is_string()) decoded = encoding::decode_hex(json_->get_ref<const std::string&>());
  if (!decoded) expect(false, "must be lower-case hexadecimal");
  return decoded.value_or(Bytes{});
}

std::uint64_t Value::number() const {
  if (json_->is_number_unsigned()) return json_->get<std::uint64_t>();
  expect(false, "must be a number");
  return 0;
}

std::string Value::text() const {
  if (json_->is_string()) return json_->get<std::string>();
  expect(false, "must be a text");
  return {};
}

void Value::expect_bytes(ByteView expected, const std::string& why) const {
  const Bytes actual = bytes();
  expect(std::equal(actual.begin(), actual.end(), expected.begin(), expected.end()), why);
}

void Value::expect_number(std::uint64_t expected, const std::string& why) const {
  expect(number() == expected, why);
}

}  // namespace oberih::vectors
