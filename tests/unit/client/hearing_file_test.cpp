// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/hearing_file.hpp"

#include <gtest/gtest.h>

#include <random>

#include "client-cli/commands/json_lines.hpp"
#include "protocol/sealing/hearing_facts.hpp"

namespace oberih::client {
namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::string fault_of(const std::string& text) {
  const auto draft = parse_hearing_file(text);
  if (draft) return "accepted";
  EXPECT_EQ(draft.error().code, RefusalCode::usage);
  return draft.error().detail;
}

std::string fault_after(const std::string& from, const std::string& to) {
  return fault_of(replaced(hearing_file_template(), from, to));
}

TEST(HearingFile, the_template_can_be_read_as_it_is) {
  const auto draft = parse_hearing_file(hearing_file_template());
  ASSERT_TRUE(draft) << draft.error().detail;
  EXPECT_EQ(draft->start, "2027-03-04 10:00");
  EXPECT_EQ(draft->minutes, 60u);
  EXPECT_EQ(draft->summons.case_number, "522/417/26");
  ASSERT_EQ(draft->called.size(), 4u);
  EXPECT_EQ(draft->called[0].unit, "Одеська обласна прокуратура");
  EXPECT_EQ(draft->called[1].person, "Адвокат Захисна Ніна");
  EXPECT_EQ(draft->called[2].called.name, "Іваненко Іван Іванович");
  EXPECT_TRUE(draft->called[2].called.has(sealing::ProtectiveMeasure::interpreter));
  EXPECT_TRUE(draft->called[3].is_through_centre);
  EXPECT_EQ(draft->called[3].called.status, sealing::ProceduralStatus::victim);
}

TEST(HearingFile, names_the_field_and_the_line_of_what_is_refused) {
  EXPECT_EQ(fault_after("\"defender\"", "\"defendant\"")
                .find("line 22: called[1].status is one of "
                      "suspect, accused"),
            0u)
      << fault_after("\"defender\"", "\"defendant\"");
  EXPECT_EQ(fault_after("\"room\": \"зал 3", "\"room\": \"зал\\n3"),
            "line 10: room has a line break or another character that is not seen: write one plain "
            "line");
  EXPECT_EQ(fault_after("зал 3", "зал \\u202e 3").substr(0, 13), "line 10: room");
  EXPECT_EQ(fault_after("\"minutes\": 60", "\"minutes\": -1").substr(0, 15), "line 3: minutes");
  EXPECT_EQ(fault_after("\"case_number\"", "\"case_nubmer\"").substr(0, 30),
            "line 1: case_number is missing");
  EXPECT_EQ(fault_after("\"minutes\"", "\"minuets\""), "line 3: minuets is not known here");
  EXPECT_EQ(fault_after("\"measures\": [\n        \"interpreter\"", "\"measures\": [\n \"guard\"")
                .find("line "),
            0u);
  EXPECT_EQ(fault_after("\"minutes\": 60,", "\"minutes\": 60").substr(0, 7), "line 4:");
  EXPECT_NE(fault_after("\"minutes\": 60", "\"start\": \"x\"").find("same key twice"),
            std::string::npos);
  EXPECT_NE(fault_after("\"unit\": \"Одеська", "\"person\": \"x\", \"unit\": \"Одеська")
                .find("called[0].unit or person, not both"),
            std::string::npos);
}

TEST(HearingFile, calls_1_to_500) {
  const auto calling = [](std::size_t count) {
    std::string text = hearing_file_template();
    const std::size_t from = text.find("\"called\": [") + 11, to = text.find("\"not_told\"");
    std::string list;
    for (std::size_t i = 0; i < count; ++i)
      list += std::string(i == 0 ? "" : ",") + "{\"name\": \"X " + std::to_string(i) +
              "\", \"status\": \"witness\"}";
    return text.replace(from, to - from, list + "],\n");
  };
  EXPECT_EQ(fault_of(calling(500)), "accepted");
  EXPECT_EQ(fault_of(calling(501)),
            "line 15: called calls 501: at most 500 are called to one hearing");
  EXPECT_EQ(fault_of(calling(0)), "line 15: called calls nobody");
}

TEST(HearingFile, every_damage_is_refused_or_read_and_never_more) {
  const std::string good = hearing_file_template();
  std::mt19937 random(417);
  for (int round = 0; round < 3'000; ++round) {
    std::string bad = good;
    for (unsigned changes = 1 + random() % 3; changes > 0; --changes) {
      const std::size_t at = random() % bad.size();
      switch (random() % 3) {
        case 0:
          bad[at] = static_cast<char>(random() % 256);
          break;
        case 1:
          bad.erase(at, 1 + random() % 20);
          break;
        default:
          bad.insert(at, bad.substr(random() % bad.size(), random() % 30));
      }
    }
    const auto draft = parse_hearing_file(bad);
    if (draft) {
      EXPECT_FALSE(draft->called.empty());
      EXPECT_LE(draft->called.size(), sealing::hearing_addressees_at_most);
    } else {
      EXPECT_EQ(draft.error().code, RefusalCode::usage);
      EXPECT_FALSE(draft.error().detail.empty());
    }
  }
}

TEST(CallOption, takes_names_with_colons_and_names_what_is_unknown) {
  const auto call = parse_call_option("--call", "Відділ: Одеса:prosecutor");
  ASSERT_TRUE(call) << call.error().detail;
  EXPECT_EQ(call->who, "Відділ: Одеса");
  EXPECT_EQ(call->called.status, sealing::ProceduralStatus::prosecutor);
  const auto measures = parse_call_option("--call-name", "X:witness:video_link,screen");
  ASSERT_TRUE(measures) << measures.error().detail;
  EXPECT_EQ(measures->called.measures, 3);
  for (const char* bad : {"X", "X:", ":witness", "X:bystander", "X:witness:guard", ""})
    EXPECT_FALSE(parse_call_option("--call", bad)) << bad;
}

TEST(JsonLines, find_a_field_or_what_is_around_it) {
  const std::string text = "{\n\"a\": [\n{\"b\": \"}\\\"\"},\n{\"b\":\n7}\n]}";
  const FieldLines lines(text);
  EXPECT_EQ(lines.line_of("a"), 2u);
  EXPECT_EQ(lines.line_of("a[0].b"), 3u);
  EXPECT_EQ(lines.line_of("a[1].b"), 5u);
  EXPECT_EQ(lines.line_of("a[1].c"), 4u);
  EXPECT_EQ(lines.line_of("c"), 1u);
}

}  // namespace
}  // namespace oberih::client
