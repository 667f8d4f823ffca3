// SPDX-License-Identifier: Apache-2.0
#include "protocol/encoding/strict_object.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "protocol/encoding/strict_json.hpp"

namespace oberih::encoding {
namespace {

nlohmann::json parsed(std::string_view text) { return parse_strict_json(text).value(); }

// What one wrong field is refused with.
template <class Read>
std::string fault_of(std::string_view text, Read read) {
  nlohmann::json value = parsed(text);
  StrictObject object(value, "params");
  read(object);
  Result<> finished = object.finish();
  if (finished) return "";
  EXPECT_EQ(finished.error().code, RefusalCode::invalid_parameters);
  return finished.error().detail;
}

}  // namespace

TEST(StrictObject, reads_every_type_of_field) {
  nlohmann::json value = parsed(R"({"text": "Одеса", "count": 18446744073709551615, "code": -32700,
      "flag": true, "bytes": "Zm9v", "id": "AAAAAAAAAAAAAAAAAAAAAQ", "items": [1, 2],
      "inner": {"a": 1}, "anything": null})");
  StrictObject object(value);
  EXPECT_EQ(object.text("text"), "Одеса");
  EXPECT_EQ(object.u64("count"), UINT64_MAX);
  EXPECT_EQ(object.i64("code"), -32700);
  EXPECT_TRUE(object.boolean("flag"));
  EXPECT_EQ(as_text(object.bytes("bytes", 3)), "foo");
  EXPECT_EQ(object.id<DeviceId>("id").bytes[15], 1);
  EXPECT_EQ(object.array("items", 2).size(), 2u);
  EXPECT_EQ(object.object("inner").size(), 1u);
  ASSERT_NE(object.any("anything"), nullptr);
  EXPECT_TRUE(object.any("anything")->is_null());
  EXPECT_TRUE(object.finish());
}

TEST(StrictObject, an_absent_optional_field_is_nothing) {
  nlohmann::json value = parsed(R"({})");
  StrictObject object(value);
  EXPECT_FALSE(object.optional_text("a"));
  EXPECT_FALSE(object.optional_u64("b"));
  EXPECT_FALSE(object.optional_i64("c"));
  EXPECT_FALSE(object.optional_boolean("d"));
  EXPECT_FALSE(object.optional_bytes("e", 10));
  EXPECT_FALSE(object.optional_id<DeviceId>("f"));
  EXPECT_EQ(object.optional_array("g", 10), nullptr);
  EXPECT_EQ(object.optional_object("h"), nullptr);
  EXPECT_EQ(object.any("i"), nullptr);
  EXPECT_FALSE(object.has("j"));
  EXPECT_TRUE(object.finish());
}

TEST(StrictObject, a_present_optional_field_is_checked_like_a_required_one) {
  EXPECT_EQ(fault_of(R"({"a": "x"})", [](auto& o) { EXPECT_EQ(o.optional_text("a"), "x"); }), "");
  EXPECT_NE(fault_of(R"({"a": null})", [](auto& o) { o.optional_text("a"); }), "");
  EXPECT_NE(fault_of(R"({"a": "1"})", [](auto& o) { o.optional_u64("a"); }), "");
  EXPECT_NE(fault_of(R"({"a": 1})", [](auto& o) { o.optional_boolean("a"); }), "");
  EXPECT_NE(fault_of(R"({"a": "Zg=="})", [](auto& o) { o.optional_bytes("a", 10); }), "");
  EXPECT_NE(fault_of(R"({"a": "Zg"})", [](auto& o) { o.template optional_id<DeviceId>("a"); }), "");
  EXPECT_NE(fault_of(R"({"a": {}})", [](auto& o) { o.optional_array("a", 10); }), "");
  EXPECT_NE(fault_of(R"({"a": []})", [](auto& o) { o.optional_object("a"); }), "");
}

TEST(StrictObject, names_the_field_and_what_it_should_be) {
  EXPECT_EQ(fault_of("{}", [](auto& o) { o.text("channel"); }), "params.channel is missing");
  EXPECT_EQ(fault_of(R"({"n": "1"})", [](auto& o) { o.u64("n", 9); }),
            "params.n must be an integer from 0 to 9");
  EXPECT_EQ(fault_of(R"({"n": 10})", [](auto& o) { o.u64("n", 9); }),
            "params.n must be an integer from 0 to 9");
  EXPECT_NE(fault_of(R"({"n": -1})", [](auto& o) { o.u64("n"); }), "");
  EXPECT_NE(fault_of(R"({"n": 9223372036854775808})", [](auto& o) { o.i64("n"); }), "");
  EXPECT_EQ(fault_of(R"({"d": "AAAA"})", [](auto& o) { o.template id<DeviceId>("d"); }),
            "params.d must be base64url of 16 bytes");
  EXPECT_NE(fault_of(R"({"b": "Zm9vYg"})", [](auto& o) { o.bytes("b", 3); }), "");
  EXPECT_NE(fault_of(R"({"t": "abcd"})", [](auto& o) { o.text("t", 3); }), "");
  EXPECT_NE(fault_of(R"({"l": [1, 2, 3]})", [](auto& o) { o.array("l", 2); }), "");
  EXPECT_EQ(fault_of("{}", [](auto& o) { o.fail("kind", "is no kind of channel"); }),
            "params.kind is no kind of channel");
}

TEST(StrictObject, refuses_a_key_that_nobody_asked_for) {
  EXPECT_EQ(fault_of(R"({"a": 1, "b": 2})", [](auto& o) { o.u64("a"); }),
            "params.b is not known here");
  EXPECT_EQ(fault_of("{\"\\u001b[2J\": 2}", [](auto&) {}), "params.\\x1b[2J is not known here");
  EXPECT_EQ(fault_of(R"({"a": 1})", [](auto& o) { o.has("a"); }), "");
  std::string long_key(1'000, 'k');
  EXPECT_LT(fault_of("{\"" + long_key + "\": 1}", [](auto&) {}).size(), 100u);
}

TEST(StrictObject, keeps_the_first_failure) {
  EXPECT_EQ(fault_of(R"({"b": 1, "c": 2})",
                     [](auto& o) {
                       o.text("a");
                       o.text("b");
                     }),
            "params.a is missing");
}

TEST(StrictObject, gives_empty_values_after_failure) {
  nlohmann::json value = parsed(R"({"a": 1})");
  StrictObject object(value);
  EXPECT_EQ(object.text("a"), "");
  EXPECT_TRUE(object.failed());
  EXPECT_TRUE(object.array("x", 1).empty());
  EXPECT_TRUE(object.object("y").empty());
  EXPECT_TRUE(object.id<DeviceId>("z").is_zero());
  EXPECT_FALSE(object.finish());
}

TEST(StrictObject, refuses_what_is_no_object) {
  for (std::string_view text : {"[]", "1", "null", R"("text")"}) {
    nlohmann::json value = parsed(text);
    StrictObject object(value, "params");
    EXPECT_FALSE(object.has("a"));
    Result<> finished = object.finish();
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().detail, "params must be an object");
  }
}

}  // namespace oberih::encoding
