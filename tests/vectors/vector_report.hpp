// SPDX-License-Identifier: Apache-2.0
// What a check of a vector file says about every value in it. A value that nobody has looked at is
// a failure too, so that none can be forgotten.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "protocol/base/bytes.hpp"
#include "protocol/base/ids.hpp"

namespace oberih::vectors {

struct Verdict {
  bool passed = true;
  std::string why;  // the first reason for a failure
};

class VectorReport {
 public:
  /// A check of the value at `path`; a value passes when all of its checks do.
  void record(const std::string& path, bool passed, const std::string& why);
  const std::map<std::string, Verdict>& verdicts() const { return verdicts_; }
  bool passed() const;
  std::size_t failures() const;

 private:
  std::map<std::string, Verdict> verdicts_;
};

/// One value of the file with its place. Reading what is missing or of another type is a failure of
/// that place and gives an empty value, so that checks go on.
class Value {
 public:
  Value(const nlohmann::json& root, VectorReport& report)
      : json_(&root), path_(), report_(&report) {}

  Value operator[](const std::string& key) const;
  Value operator[](std::size_t index) const;
  bool has(const std::string& key) const;
  /// The items of an array; their number is a check of its own.
  std::vector<Value> items() const;
  std::vector<std::string> keys() const;

  Bytes bytes() const;  // lower-case hex
  template <class Fixed>
  Fixed as() const {
    const std::optional<Fixed> value = Fixed::from(bytes());
    if (!value) expect(false, "must have " + std::to_string(Fixed::size) + " bytes");
    return value.value_or(Fixed{});
  }
  std::uint64_t number() const;
  std::string text() const;

  void expect(bool passed, const std::string& why) const { report_->record(path_, passed, why); }
  void expect_bytes(ByteView expected, const std::string& why) const;
  void expect_number(std::uint64_t expected, const std::string& why) const;
  template <class Tag, std::size_t N>
  void expect_id(const FixedBytes<Tag, N>& expected, const std::string& why) const {
    expect_bytes(expected.view(), why);
  }

  const std::string& path() const { return path_; }
  const nlohmann::json& json() const { return *json_; }

 private:
  Value(const nlohmann::json& json, std::string path, VectorReport& report)
      : json_(&json), path_(std::move(path)), report_(&report) {}

  const nlohmann::json* json_;
  std::string path_;
  VectorReport* report_;
};

}  // namespace oberih::vectors
