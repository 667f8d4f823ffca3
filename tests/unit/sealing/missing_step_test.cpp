// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/missing_step.hpp"

#include <gtest/gtest.h>

#include "malformed_input.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/sealing/alert.hpp"

namespace oberih::sealing {
namespace {

constexpr Milliseconds limit_ms = 1'795'507'200'000;

MissingStep silence(EvidenceStep step = EvidenceStep::acknowledged) {
  return {7, Digest{{1}}, step, limit_ms, limit_ms, {PersonId{{2}}, PersonId{{3}}}, LeafSalt{{9}}};
}

SilenceAlert silence_alert() {
  return {AgencyId{{1}}, UnitId{{2}}, Digest{{3}}, EvidenceStep::opened,
          limit_ms,      limit_ms,    2,           LeafSalt{{9}}};
}

bool is_refused(const MissingStep& event) {
  return !parse_missing_step(encode_missing_step(event));
}
bool is_refused(const SilenceAlert& alert) {
  return !parse_silence_alert(encode_silence_alert(alert));
}

TEST(MissingStep, comes_back_as_it_was_written) {
  for (const EvidenceStep step : all_evidence_steps) {
    const auto parsed = parse_missing_step(encode_missing_step(silence(step)));
    ASSERT_TRUE(parsed) << name_of(step);
    EXPECT_EQ(*parsed, silence(step));
  }
}

TEST(MissingStep, is_written_as_the_protocol_says) {
  const Bytes bytes = encode_missing_step(silence());
  EXPECT_EQ(bytes.size(), 2u + 8 + 32 + 1 + 8 + 8 + 2 + 2 * 16 + 16);
  EXPECT_EQ(bytes[0], 1);
  EXPECT_EQ(bytes[1], 4);
  EXPECT_EQ(bytes[9], 7);   // channel_seq
  EXPECT_EQ(bytes[42], 3);  // step
  EXPECT_EQ(bytes[60], 2);  // people
  expect_strict(bytes, parse_missing_step);
}

TEST(MissingStep, is_told_apart_from_what_the_server_says_else) {
  const Bytes bytes = encode_missing_step(silence());
  EXPECT_TRUE(is_missing_step(bytes));
  EXPECT_FALSE(is_silence_alert(bytes));
  EXPECT_FALSE(is_missing_step({}));
  EXPECT_FALSE(parse_server_event(bytes));
  EXPECT_FALSE(parse_alert(bytes));
  EXPECT_FALSE(parse_silence_alert(bytes));
  Bytes other = bytes;
  for (const std::uint8_t what : {0, 1, 2, 3, 5, 6, 255}) {
    other[1] = what;
    EXPECT_FALSE(is_missing_step(other)) << int{what};
    EXPECT_FALSE(parse_missing_step(other)) << int{what};
  }
}

TEST(MissingStep, is_of_an_entry_a_step_and_somebody) {
  MissingStep event = silence();
  event.channel_seq = 0;
  EXPECT_TRUE(is_refused(event));
  event = silence();
  event.message_hash = {};
  EXPECT_TRUE(is_refused(event));
  for (const int step : {0, 4, 255}) {
    event = silence(static_cast<EvidenceStep>(step));
    EXPECT_TRUE(is_refused(event)) << step;
  }
  event = silence();
  event.people.clear();
  EXPECT_TRUE(is_refused(event));
}

TEST(MissingStep, names_people_once_and_in_order) {
  MissingStep event = silence();
  std::swap(event.people[0], event.people[1]);
  EXPECT_TRUE(is_refused(event));
  event.people = {PersonId{{2}}, PersonId{{2}}};
  EXPECT_TRUE(is_refused(event));
  event.people = {PersonId{}, PersonId{{2}}};
  EXPECT_TRUE(is_refused(event));
  event.people.clear();
  for (std::size_t i = 1; i <= limits::roster_lines + 1; ++i)
    event.people.push_back(
        PersonId{{static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)}});
  EXPECT_TRUE(is_refused(event));
  event.people.pop_back();
  EXPECT_FALSE(is_refused(event));
}

TEST(MissingStep, is_said_for_its_limit_and_again_of_an_acknowledgement_alone) {
  for (const EvidenceStep step : all_evidence_steps) {
    MissingStep event = silence(step);
    event.said_for_ms += 1;
    EXPECT_EQ(is_refused(event), step != EvidenceStep::acknowledged) << name_of(step);
    EXPECT_TRUE(event.is_repeat());
    event.said_for_ms -= 2;
    EXPECT_TRUE(is_refused(event)) << name_of(step);
    event.due_ms = event.said_for_ms = 0;
    EXPECT_TRUE(is_refused(event)) << name_of(step);
  }
}

TEST(SilenceAlert, comes_back_as_it_was_written) {
  const Bytes bytes = encode_silence_alert(silence_alert());
  EXPECT_EQ(bytes.size(), 2u + 16 + 16 + 32 + 1 + 8 + 8 + 4 + 16);
  EXPECT_EQ(bytes[1], 6);
  const auto parsed = parse_silence_alert(bytes);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, silence_alert());
  expect_strict(bytes, parse_silence_alert);
  EXPECT_TRUE(is_silence_alert(bytes));
  EXPECT_FALSE(parse_alert(bytes));
  EXPECT_FALSE(parse_missing_step(bytes));
}

TEST(SilenceAlert, is_for_an_agency_about_an_entry_and_somebody) {
  SilenceAlert alert = silence_alert();
  alert.agency = {};
  EXPECT_TRUE(is_refused(alert));
  alert = silence_alert();
  alert.message_hash = {};
  EXPECT_TRUE(is_refused(alert));
  for (const std::uint32_t count : {std::uint32_t{0}, std::uint32_t{limits::roster_lines + 1}}) {
    alert = silence_alert();
    alert.count = count;
    EXPECT_TRUE(is_refused(alert)) << count;
  }
  alert = silence_alert();
  alert.step = static_cast<EvidenceStep>(4);
  EXPECT_TRUE(is_refused(alert));
  alert = silence_alert();
  alert.said_for_ms += 1;
  EXPECT_TRUE(is_refused(alert));
  alert.step = EvidenceStep::acknowledged;
  EXPECT_FALSE(is_refused(alert));
  EXPECT_TRUE(alert.is_repeat());
  alert = silence_alert();
  alert.unit = {};
  EXPECT_FALSE(is_refused(alert));
}

}  // namespace
}  // namespace oberih::sealing
