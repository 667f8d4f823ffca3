// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/hearing_words.hpp"

#include "protocol/sealing/hearing_transitions.hpp"
#include "protocol/sealing/word_table.hpp"

namespace oberih::sealing {
namespace {

struct HearingStateName {
  HearingState state;
  std::string_view name;
};
constexpr std::array<HearingStateName, 6> hearing_state_names = {{
    {HearingState::scheduled, "scheduled"},
    {HearingState::held, "held"},
    {HearingState::recessed, "recessed"},
    {HearingState::adjourned, "adjourned"},
    {HearingState::closed, "closed"},
    {HearingState::cancelled, "cancelled"},
}};

struct HearingVerbName {
  HearingVerb verb;
  std::string_view name;
};
constexpr std::array<HearingVerbName, 10> hearing_verb_names = {{
    {HearingVerb::schedule, "schedule"},
    {HearingVerb::reschedule, "reschedule"},
    {HearingVerb::cancel, "cancel"},
    {HearingVerb::propose_date, "propose_date"},
    {HearingVerb::record_service, "record_service"},
    {HearingVerb::confirm_told, "confirm_told"},
    {HearingVerb::record_held, "record_held"},
    {HearingVerb::record_recess, "record_recess"},
    {HearingVerb::record_adjournment, "record_adjournment"},
    {HearingVerb::record_judgment, "record_judgment"},
}};

static_assert(rows_stand_in_order(hearing_state_names, &HearingStateName::state));
static_assert(rows_stand_in_order(hearing_verb_names, &HearingVerbName::verb));
static_assert(rows_stand_in_order(service_ways, &ServiceWayRow::way));
static_assert(rows_stand_in_order(hearing_reasons, &HearingReasonRow::reason));

}  // namespace

std::string_view name_of(HearingState state) { return row_of(hearing_state_names, state).name; }
std::string_view name_of(HearingVerb verb) { return row_of(hearing_verb_names, verb).name; }
std::string_view name_of(ServiceWay way) { return row_of(service_ways, way).name; }
std::string_view name_of(HearingReason reason) { return row_of(hearing_reasons, reason).name; }

std::optional<HearingState> find_hearing_state(std::string_view name) {
  return find_named<HearingState>(hearing_state_names, name);
}
std::optional<HearingState> hearing_state_of(std::uint8_t number) {
  return value_of<HearingState>(hearing_state_names, number);
}
std::optional<HearingVerb> find_hearing_verb(std::string_view name) {
  return find_named<HearingVerb>(hearing_verb_names, name);
}
std::optional<HearingVerb> hearing_verb_of(std::uint8_t number) {
  return value_of<HearingVerb>(hearing_verb_names, number);
}
std::optional<ServiceWay> find_service_way(std::string_view name) {
  return find_named<ServiceWay>(service_ways, name);
}
std::optional<ServiceWay> service_way_of(std::uint8_t number) {
  return value_of<ServiceWay>(service_ways, number);
}
std::optional<HearingReason> find_hearing_reason(std::string_view name) {
  return find_named<HearingReason>(hearing_reasons, name);
}
std::optional<HearingReason> hearing_reason_of(std::uint8_t number) {
  return value_of<HearingReason>(hearing_reasons, number);
}

}  // namespace oberih::sealing
