// SPDX-License-Identifier: Apache-2.0
// THE table of a hearing's life: in which state which verb is taken, whose part it is, and where it
// leads. Server, client and check look here alone (ADR 9). Verbs after iTIP (RFC 5546): schedule
// and reschedule are REQUEST, acknowledge (an entry of type 4) REPLY, propose_date COUNTER, cancel
// CANCEL.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "protocol/base/vocabulary.hpp"

namespace oberih::sealing {

// ON DISK: the numbers of this file are signed and stored.

enum class HearingState : std::uint8_t {
  scheduled = 1,
  held = 2,      // a session took place; the matter goes on, or a judgment is to come
  recessed = 3,  // interrupted, to go on
  adjourned = 4,
  closed = 5,  // judgment
  cancelled = 6,
};

enum class HearingVerb : std::uint8_t {
  schedule = 1,
  reschedule = 2,
  cancel = 3,
  propose_date = 4,
  record_service = 5,
  confirm_told = 6,
  record_held = 7,
  record_recess = 8,
  record_adjournment = 9,
  record_judgment = 10,
};

/// In which part somebody acts.
enum class HearingPart : std::uint8_t {
  court,      // a person of the court whose hearing it is
  addressee,  // the addressed person, or a person of the addressed unit
  centre,     // the same, of an addressee that stands between the court and a protected person
  officer,    // whoever states a service, but the addressee
};

struct HearingTransition {
  HearingState from;
  HearingVerb verb;
  HearingPart part;
  HearingState to;
};

// Schedule has no state before it: it is not in the table, and begins in this one.
inline constexpr HearingState first_hearing_state = HearingState::scheduled;

inline constexpr std::array<HearingTransition, 30> hearing_transitions = {{
    {HearingState::scheduled, HearingVerb::reschedule, HearingPart::court, HearingState::scheduled},
    {HearingState::held, HearingVerb::reschedule, HearingPart::court, HearingState::scheduled},
    {HearingState::recessed, HearingVerb::reschedule, HearingPart::court, HearingState::scheduled},
    {HearingState::adjourned, HearingVerb::reschedule, HearingPart::court, HearingState::scheduled},
    {HearingState::scheduled, HearingVerb::cancel, HearingPart::court, HearingState::cancelled},
    {HearingState::recessed, HearingVerb::cancel, HearingPart::court, HearingState::cancelled},
    {HearingState::adjourned, HearingVerb::cancel, HearingPart::court, HearingState::cancelled},
    {HearingState::scheduled, HearingVerb::propose_date, HearingPart::addressee,
     HearingState::scheduled},
    {HearingState::recessed, HearingVerb::propose_date, HearingPart::addressee,
     HearingState::recessed},
    {HearingState::adjourned, HearingVerb::propose_date, HearingPart::addressee,
     HearingState::adjourned},
    // A proof of service may reach the court behind the session that it is about.
    {HearingState::scheduled, HearingVerb::record_service, HearingPart::officer,
     HearingState::scheduled},
    {HearingState::held, HearingVerb::record_service, HearingPart::officer, HearingState::held},
    {HearingState::recessed, HearingVerb::record_service, HearingPart::officer,
     HearingState::recessed},
    {HearingState::adjourned, HearingVerb::record_service, HearingPart::officer,
     HearingState::adjourned},
    {HearingState::closed, HearingVerb::record_service, HearingPart::officer, HearingState::closed},
    {HearingState::scheduled, HearingVerb::confirm_told, HearingPart::centre,
     HearingState::scheduled},
    {HearingState::held, HearingVerb::confirm_told, HearingPart::centre, HearingState::held},
    {HearingState::recessed, HearingVerb::confirm_told, HearingPart::centre,
     HearingState::recessed},
    {HearingState::adjourned, HearingVerb::confirm_told, HearingPart::centre,
     HearingState::adjourned},
    {HearingState::closed, HearingVerb::confirm_told, HearingPart::centre, HearingState::closed},
    {HearingState::cancelled, HearingVerb::confirm_told, HearingPart::centre,
     HearingState::cancelled},  // that it does not take place
    {HearingState::scheduled, HearingVerb::record_held, HearingPart::court, HearingState::held},
    {HearingState::scheduled, HearingVerb::record_recess, HearingPart::court,
     HearingState::recessed},
    {HearingState::scheduled, HearingVerb::record_adjournment, HearingPart::court,
     HearingState::adjourned},
    {HearingState::scheduled, HearingVerb::record_judgment, HearingPart::court,
     HearingState::closed},
    {HearingState::recessed, HearingVerb::record_held, HearingPart::court, HearingState::held},
    {HearingState::recessed, HearingVerb::record_recess, HearingPart::court,
     HearingState::recessed},
    {HearingState::recessed, HearingVerb::record_adjournment, HearingPart::court,
     HearingState::adjourned},
    {HearingState::recessed, HearingVerb::record_judgment, HearingPart::court,
     HearingState::closed},
    {HearingState::held, HearingVerb::record_judgment, HearingPart::court, HearingState::closed},
}};

/// nullptr: the state has no such verb.
constexpr const HearingTransition* find_transition(HearingState from, HearingVerb verb) {
  for (const HearingTransition& row : hearing_transitions)
    if (row.from == from && row.verb == verb) return &row;
  return nullptr;
}

/// Whether the verb makes a new version: whoever has answered the one before has to answer again.
constexpr bool makes_a_version(HearingVerb verb) {
  return verb == HearingVerb::schedule || verb == HearingVerb::reschedule ||
         verb == HearingVerb::cancel;
}
/// What was found when the time had come: held, recess, adjournment, judgment.
constexpr bool is_outcome(HearingVerb verb) { return verb >= HearingVerb::record_held; }

inline constexpr std::array<HearingState, 6> all_hearing_states = {
    HearingState::scheduled, HearingState::held,   HearingState::recessed,
    HearingState::adjourned, HearingState::closed, HearingState::cancelled};
inline constexpr std::array<HearingVerb, 10> all_hearing_verbs = {
    HearingVerb::schedule,       HearingVerb::reschedule,     HearingVerb::cancel,
    HearingVerb::propose_date,   HearingVerb::record_service, HearingVerb::confirm_told,
    HearingVerb::record_held,    HearingVerb::record_recess,  HearingVerb::record_adjournment,
    HearingVerb::record_judgment};

namespace detail {

constexpr bool no_two_hearing_rows_are_alike() {
  for (std::size_t i = 0; i < hearing_transitions.size(); ++i)
    for (std::size_t j = i + 1; j < hearing_transitions.size(); ++j)
      if (hearing_transitions[i].from == hearing_transitions[j].from &&
          hearing_transitions[i].verb == hearing_transitions[j].verb)
        return false;
  return true;
}

constexpr bool nothing_follows_a_judgment_or_a_cancellation() {
  for (const HearingTransition& row : hearing_transitions)
    if ((row.from == HearingState::closed || row.from == HearingState::cancelled) &&
        row.to != row.from)
      return false;
  return true;
}

constexpr bool only_the_court_moves_it() {
  for (const HearingTransition& row : hearing_transitions)
    if (row.to != row.from && row.part != HearingPart::court) return false;
  for (const HearingTransition& row : hearing_transitions)
    if ((makes_a_version(row.verb) || is_outcome(row.verb)) && row.part != HearingPart::court)
      return false;
  return true;
}

}  // namespace detail

static_assert(detail::no_two_hearing_rows_are_alike(), "one state and verb, one outcome");
static_assert(detail::nothing_follows_a_judgment_or_a_cancellation());
static_assert(detail::only_the_court_moves_it(),
              "only a court schedules, moves, cancels and closes");

std::string_view name_of(HearingState state);
std::string_view name_of(HearingVerb verb);
std::optional<HearingState> find_hearing_state(std::string_view name);
std::optional<HearingVerb> find_hearing_verb(std::string_view name);
std::optional<HearingState> hearing_state_of(std::uint8_t number);
std::optional<HearingVerb> hearing_verb_of(std::uint8_t number);

}  // namespace oberih::sealing
