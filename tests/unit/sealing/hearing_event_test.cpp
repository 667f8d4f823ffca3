// SPDX-License-Identifier: Apache-2.0
// What a server may say of a hearing: whoever reads the channel finds out one that says it twice,
// too early, of another version, or leaves out somebody who is not served.
#include "protocol/sealing/hearing_event.hpp"

#include <gtest/gtest.h>

#include "hearing_stage.hpp"
#include "malformed_input.hpp"
#include "protocol/sealing/alert.hpp"
#include "protocol/sealing/missing_step.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint32_t a_day = 24 * 60, a_week = 7 * a_day;

HearingEvent event_bytes(HearingEventWhat what) {
  HearingEvent event;
  event.what = what;
  event.hearing = made_of<HearingId>(7);
  event.version = 3;
  event.start_ms = 1'795'507'200'000;
  event.minutes = a_day;
  event.said_for_ms = event.start_ms - ms_of_minutes(a_day);
  if (what == HearingEventWhat::alarm) event.unserved = {0, 2, 499};
  event.salt = made_of<LeafSalt>(9);
  return event;
}

HearingAlert alert_bytes() {
  const HearingEvent event = event_bytes(HearingEventWhat::alarm);
  return {the_court,         centre_desk, event.hearing,       3, event.start_ms,
          event.said_for_ms, 2,           made_of<LeafSalt>(9)};
}

bool is_refused(const HearingEvent& event) {
  return !parse_hearing_event(encode_hearing_event(event));
}
bool is_refused(const HearingAlert& alert) {
  return !parse_hearing_alert(encode_hearing_alert(alert));
}

TEST(HearingEvent, comes_back_as_it_was_written) {
  for (const HearingEventWhat what : {HearingEventWhat::reminder, HearingEventWhat::alarm}) {
    const Bytes bytes = encode_hearing_event(event_bytes(what));
    EXPECT_EQ(bytes[0], 1);
    EXPECT_EQ(bytes[1], static_cast<std::uint8_t>(what));
    const auto parsed = parse_hearing_event(bytes);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(*parsed, event_bytes(what));
    expect_strict(bytes, parse_hearing_event);
    EXPECT_TRUE(is_hearing_event(bytes));
    EXPECT_FALSE(is_hearing_alert(bytes));
    EXPECT_FALSE(parse_server_event(bytes));
    EXPECT_FALSE(parse_missing_step(bytes));
    EXPECT_FALSE(parse_hearing_alert(bytes));
  }
  EXPECT_FALSE(is_hearing_event({}));
}

TEST(HearingEvent, of_another_moment_or_of_nobody_is_malformed) {
  HearingEvent event = event_bytes(HearingEventWhat::reminder);
  event.minutes = 0;
  EXPECT_TRUE(is_refused(event));
  event = event_bytes(HearingEventWhat::reminder);
  event.said_for_ms += 1;
  EXPECT_TRUE(is_refused(event));
  event = event_bytes(HearingEventWhat::reminder);
  event.version = 0;
  EXPECT_TRUE(is_refused(event));
  for (const std::vector<std::uint16_t>& unserved :
       {std::vector<std::uint16_t>{}, {2, 0}, {1, 1}, {500}}) {
    event = event_bytes(HearingEventWhat::alarm);
    event.unserved = unserved;
    EXPECT_TRUE(is_refused(event));
  }
}

TEST(HearingAlert, comes_back_as_it_was_written_and_is_of_somebody) {
  const Bytes bytes = encode_hearing_alert(alert_bytes());
  EXPECT_EQ(parse_hearing_alert(bytes).value(), alert_bytes());
  expect_strict(bytes, parse_hearing_alert);
  EXPECT_TRUE(is_hearing_alert(bytes));
  EXPECT_FALSE(is_hearing_event(bytes));
  EXPECT_FALSE(parse_alert(bytes));
  EXPECT_FALSE(parse_silence_alert(bytes));
  HearingAlert alert = alert_bytes();
  alert.agency = {};
  EXPECT_TRUE(is_refused(alert));
  alert = alert_bytes();
  alert.count = 0;
  EXPECT_TRUE(is_refused(alert));
  alert.count = 501;
  EXPECT_TRUE(is_refused(alert));
  alert = alert_bytes();
  alert.said_for_ms = alert.start_ms;
  EXPECT_TRUE(is_refused(alert));
}

class HearingEventRules : public testing::Test {
 protected:
  HearingEventRules() {
    auto hearing = judge_hearing(stage_.case_of(court_clerk), stage_.facts(HearingVerb::schedule));
    EXPECT_TRUE(hearing);
    hearing_ = std::make_shared<const Hearing>(std::move(*hearing));
    stage_.now_ms = start() - ms_of_minutes(a_day);
  }
  static Milliseconds start() { return moment_of(HearingStage::start); }
  std::string say(const HearingEvent& event) {
    const auto after =
        judge_hearing_event(hearing_, event, state_, {1, stage_.channel_seq, stage_.now_ms});
    if (!after) return std::string(refusal_row(after.error().code).name);
    hearing_ = std::make_shared<const Hearing>(*after);
    return "accepted";
  }
  HearingEvent near(HearingEventWhat what, std::uint32_t minutes = a_day) const {
    return make_hearing_event(*hearing_, what, minutes);
  }
  void change(const std::function<void(Hearing&)>& change) {
    Hearing changed = *hearing_;
    change(changed);
    hearing_ = std::make_shared<const Hearing>(std::move(changed));
  }

  HearingStage stage_;
  HearingPointer hearing_;
  const ChannelState state_;
};

TEST_F(HearingEventRules, each_is_said_once_at_its_moment_and_before_the_start) {
  const HearingEvent reminder = near(HearingEventWhat::reminder);
  stage_.now_ms -= 1;
  EXPECT_EQ(say(reminder), "due_in_past");
  stage_.now_ms += 1;
  EXPECT_EQ(say(reminder), "accepted");
  EXPECT_EQ(say(reminder), "due_in_past");
  EXPECT_EQ(say(near(HearingEventWhat::reminder, a_week)), "due_in_past");  // lies before
  EXPECT_EQ(say(near(HearingEventWhat::alarm)), "accepted");                // for itself
  EXPECT_EQ(say(near(HearingEventWhat::alarm)), "due_in_past");
  stage_.now_ms = start();
  EXPECT_EQ(say(near(HearingEventWhat::reminder, 60)), "due_in_past");
}

TEST_F(HearingEventRules, are_of_the_version_that_is_awaited) {
  HearingEvent event = near(HearingEventWhat::reminder);
  event.version += 1;
  EXPECT_EQ(say(event), "stale_version");
  event = near(HearingEventWhat::reminder);
  event.start_ms += 60'000;
  EXPECT_EQ(say(event), "due_in_past");
  for (const HearingState state : all_hearing_states) {
    if (state == HearingState::scheduled) continue;
    change([&](Hearing& hearing) { hearing.state = state; });
    EXPECT_EQ(say(near(HearingEventWhat::reminder)), "transition_unknown") << name_of(state);
  }
  hearing_ = nullptr;
  EXPECT_EQ(say(event_bytes(HearingEventWhat::reminder)), "not_found");
}

TEST_F(HearingEventRules, an_alarm_names_exactly_who_is_not_served) {
  change([](Hearing& hearing) {
    hearing.services[HearingStage::counsel].answer = AcknowledgementKind::cannot_attend;
    hearing.services[HearingStage::victim].way = ServiceWay::post;
  });
  const HearingEvent whole = near(HearingEventWhat::alarm);
  EXPECT_EQ(whole.unserved,
            (std::vector<std::uint16_t>{HearingStage::desk, HearingStage::through_centre}));
  HearingEvent event = whole;
  event.unserved = {HearingStage::desk};
  EXPECT_EQ(say(event), "transition_unknown");
  event.unserved = {HearingStage::desk, HearingStage::through_centre, HearingStage::counsel};
  EXPECT_EQ(say(event), "transition_unknown");
  EXPECT_EQ(say(whole), "accepted");
}

TEST_F(HearingEventRules, tell_the_court_of_all_and_each_agency_of_its_own) {
  const HearingEvent event = near(HearingEventWhat::alarm);
  std::map<std::pair<AgencyId, UnitId>, unsigned> told;
  for (const HearingAlert& alert : hearing_alerts_of(*hearing_, event)) {
    told[{alert.agency, alert.unit}] = alert.count;
    EXPECT_EQ(alert.hearing, hearing_->id);
    EXPECT_EQ(alert.start_ms, start());
    EXPECT_EQ(alert.said_for_ms, event.said_for_ms);
  }
  const std::map<std::pair<AgencyId, UnitId>, unsigned> expected{
      {{the_court, {}}, 4},
      {{the_prosecution, prosecution_desk}, 1},
      {{the_centre, centre_desk}, 1},
      {{the_defence, {}}, 1}};
  EXPECT_EQ(told, expected);
  EXPECT_TRUE(hearing_alerts_of(*hearing_, near(HearingEventWhat::reminder)).empty());
}

TEST_F(HearingEventRules, tell_no_agency_of_which_somebody_may_not_be_told) {
  change([](Hearing& hearing) {
    hearing.notice.may_not_be_told = {{the_defence, made_of<UnitId>(99)}};
  });
  for (const HearingAlert& alert : hearing_alerts_of(*hearing_, near(HearingEventWhat::alarm)))
    EXPECT_NE(alert.agency, the_defence);
}

}  // namespace
}  // namespace oberih::sealing
