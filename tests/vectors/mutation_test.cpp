// SPDX-License-Identifier: Apache-2.0
// The checker is worth as much as what it catches: every value of the published file is changed,
// one byte or one digit at a time, and each change must be reported as a failure of the value
// itself.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "vector_file.hpp"

namespace oberih::vectors {
namespace {

// Values that may be changed without a failure, each with its reason. There are none: what nothing
// recomputes is held against the digests in published_values.def.
const std::map<std::string, std::string> free_values{};

std::filesystem::path published_file() {
  return std::filesystem::path(OBERIH_VECTORS) / "sealed-channels.json";
}

nlohmann::json& value_at(nlohmann::json& file, const std::string& path) {
  std::string pointer;
  for (char c : path) {
    if (c == '[' || c == '.') pointer += '/';
    else if (c != ']') pointer += c;
  }
  // A place begins with "[0]", so the pointer begins with its slash.
  return file[nlohmann::json::json_pointer(pointer)];
}

/// Texts that are no hexadecimal: names, notes, roles.
bool is_hex(const std::string& text) {
  return text.size() % 2 == 0 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

std::string flip_bit(std::string hex, std::size_t byte, int bit) {
  const std::string digits = "0123456789abcdef";
  char& digit = hex[byte * 2 + (bit >= 4 ? 0 : 1)];
  digit = digits[digits.find(digit) ^ (std::size_t{1} << (bit % 4))];
  return hex;
}

/// Bits at random places, a byte too few, a byte too many.
std::vector<nlohmann::json> mutations_of(const nlohmann::json& value, std::mt19937& random) {
  std::vector<nlohmann::json> mutations;
  if (value.is_number()) {
    const auto number = value.get<std::uint64_t>();
    mutations = {number + 1, number + 10};
    if (number > 0) mutations.push_back(number - 1);
    return mutations;
  }
  const std::string text = value.get<std::string>();
  if (text.empty()) return {"00"};
  if (!is_hex(text)) {
    std::string changed = text;
    changed.back() ^= 1;
    return {changed, text + "x", ""};
  }
  const std::size_t bytes = text.size() / 2;
  for (int i = 0; i < 2; ++i)
    mutations.push_back(flip_bit(text, random() % bytes, static_cast<int>(random() % 8)));
  mutations.push_back(text.substr(2));
  mutations.push_back(text + "00");
  return mutations;
}

class PublishedHistories : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(published_file()))
      GTEST_SKIP() << "the shared vectors are not beside this checkout: " << published_file();
    std::ifstream(published_file()) >> file_;
  }
  nlohmann::json file_;
};

TEST_F(PublishedHistories, pass_as_they_are) {
  const VectorReport report = check_vector_file(file_);
  for (const auto& [path, verdict] : report.verdicts())
    EXPECT_TRUE(verdict.passed) << path << ": " << verdict.why;
  for (const std::string& path : value_paths(file_))
    EXPECT_TRUE(report.verdicts().contains(path)) << path;
}

TEST_F(PublishedHistories, fail_in_the_very_value_that_was_changed) {
  std::mt19937 random(417);  // the same changes in every run
  for (const nlohmann::json& history : file_) {
    nlohmann::json file = nlohmann::json::array({history});  // one at a time: half the work
    for (const std::string& path : value_paths(file)) {
      nlohmann::json& value = value_at(file, path);
      const nlohmann::json original = value;
      for (const nlohmann::json& mutation : mutations_of(original, random)) {
        value = mutation;
        const VectorReport report = check_vector_file(file);
        const auto verdict = report.verdicts().find(path);
        const bool found = verdict != report.verdicts().end() && !verdict->second.passed;
        EXPECT_NE(found, free_values.contains(path)) << path << " changed to " << mutation;
      }
      value = original;
    }
  }
}

TEST_F(PublishedHistories, fail_for_each_bit_that_x25519_ignores) {
  for (const std::string& path : value_paths(file_)) {
    if (path.find("_secret") == path.npos) continue;
    nlohmann::json& value = value_at(file_, path);
    const std::string original = value.get<std::string>();
    for (const auto& [byte, bit] : {std::pair{0, 0}, {0, 1}, {0, 2}, {31, 6}, {31, 7}}) {
      value = flip_bit(original, static_cast<std::size_t>(byte), bit);
      EXPECT_FALSE(check_vector_file(file_).passed()) << path;
    }
    value = original;
  }
}

TEST_F(PublishedHistories, fail_when_a_key_is_missing_or_unknown) {
  nlohmann::json file = nlohmann::json::array({file_[0]});
  for (const std::string& path : value_paths(file)) {
    const std::size_t dot = path.rfind('.');
    if (path.back() == ']' || dot == path.npos) continue;
    nlohmann::json& object = value_at(file, path.substr(0, dot));
    const nlohmann::json original = object;
    object.erase(path.substr(dot + 1));
    EXPECT_FALSE(check_vector_file(file).passed()) << "without " << path;
    object = original;
  }
  file_[0]["entries"][0]["comment"] = "00";
  EXPECT_FALSE(check_vector_file(file_).passed());
}

TEST_F(PublishedHistories, fail_when_an_item_of_a_list_is_missing_or_double) {
  for (const char* list : {"certificates", "directory_leaves", "epochs", "record_leaves", "entries",
                           "entry_leaves"}) {
    nlohmann::json& items = file_[0][list];
    const nlohmann::json original = items;
    items.erase(items.size() - 1);
    EXPECT_FALSE(check_vector_file(file_).passed()) << list;
    items = original;
    items.push_back(items.back());
    EXPECT_FALSE(check_vector_file(file_).passed()) << list;
    items = original;
  }
  for (const char* list : {"wraps", "infos", "ephemeral_secrets"}) {
    nlohmann::json& items = file_[1]["records"]["add"][list];
    const nlohmann::json original = items;
    items.erase(items.size() - 1);
    EXPECT_FALSE(check_vector_file(file_).passed()) << list;
    items = original;
  }
}

TEST_F(PublishedHistories, fail_when_a_value_has_another_type) {
  for (const nlohmann::json& wrong : {nlohmann::json(nullptr), nlohmann::json(true),
                                      nlohmann::json::array(), nlohmann::json(7)}) {
    nlohmann::json changed = file_;
    changed[0]["channel_id"] = wrong;
    EXPECT_FALSE(check_vector_file(changed).passed());
    changed = file_;
    changed[0]["records"] = wrong;
    EXPECT_FALSE(check_vector_file(changed).passed());
  }
  file_[0]["epochs"][0]["epoch"] = "1";
  EXPECT_FALSE(check_vector_file(file_).passed());
}

TEST(VectorFile, that_is_no_strict_json_fails) {
  EXPECT_FALSE(check_vector_text("").passed());
  EXPECT_FALSE(check_vector_text("[]").passed());
  EXPECT_FALSE(check_vector_text("[{}]").passed());
  EXPECT_FALSE(check_vector_text(R"([{"seed":0,"seed":0}])").passed());
}

}  // namespace
}  // namespace oberih::vectors
