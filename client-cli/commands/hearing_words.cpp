// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/hearing_words.hpp"

namespace oberih::client {

Sentence word_of(sealing::HearingState state) {
  switch (state) {
    case sealing::HearingState::scheduled:
      return Sentence::hearing_state_scheduled;
    case sealing::HearingState::held:
      return Sentence::hearing_state_held;
    case sealing::HearingState::recessed:
      return Sentence::hearing_state_recessed;
    case sealing::HearingState::adjourned:
      return Sentence::hearing_state_adjourned;
    case sealing::HearingState::closed:
      return Sentence::hearing_state_closed;
    case sealing::HearingState::cancelled:
      return Sentence::hearing_state_cancelled;
  }
  return Sentence::hearing_state_scheduled;
}

Sentence word_of(sealing::ProceduralStatus status) {
  switch (status) {
    case sealing::ProceduralStatus::suspect:
      return Sentence::status_suspect;
    case sealing::ProceduralStatus::accused:
      return Sentence::status_accused;
    case sealing::ProceduralStatus::convicted:
      return Sentence::status_convicted;
    case sealing::ProceduralStatus::defender:
      return Sentence::status_defender;
    case sealing::ProceduralStatus::victim:
      return Sentence::status_victim;
    case sealing::ProceduralStatus::representative:
      return Sentence::status_representative;
    case sealing::ProceduralStatus::legal_representative:
      return Sentence::status_legal_representative;
    case sealing::ProceduralStatus::civil_claimant:
      return Sentence::status_civil_claimant;
    case sealing::ProceduralStatus::civil_defendant:
      return Sentence::status_civil_defendant;
    case sealing::ProceduralStatus::witness:
      return Sentence::status_witness;
    case sealing::ProceduralStatus::expert:
      return Sentence::status_expert;
    case sealing::ProceduralStatus::specialist:
      return Sentence::status_specialist;
    case sealing::ProceduralStatus::interpreter:
      return Sentence::status_interpreter;
    case sealing::ProceduralStatus::prosecutor:
      return Sentence::status_prosecutor;
    case sealing::ProceduralStatus::investigator:
      return Sentence::status_investigator;
    case sealing::ProceduralStatus::other:
      return Sentence::status_other;
  }
  return Sentence::status_suspect;
}

Sentence word_of(sealing::ProtectiveMeasure measure) {
  switch (measure) {
    case sealing::ProtectiveMeasure::video_link:
      return Sentence::measure_video_link;
    case sealing::ProtectiveMeasure::screen:
      return Sentence::measure_screen;
    case sealing::ProtectiveMeasure::separate_entrance:
      return Sentence::measure_separate_entrance;
    case sealing::ProtectiveMeasure::interpreter:
      return Sentence::measure_interpreter;
    case sealing::ProtectiveMeasure::accompaniment:
      return Sentence::measure_accompaniment;
  }
  return Sentence::measure_video_link;
}

Sentence word_of(sealing::HearingReason reason) {
  switch (reason) {
    case sealing::HearingReason::no_service:
      return Sentence::hearing_reason_no_service;
    case sealing::HearingReason::party_absent:
      return Sentence::hearing_reason_party_absent;
    case sealing::HearingReason::witness_absent:
      return Sentence::hearing_reason_witness_absent;
    case sealing::HearingReason::interpreter:
      return Sentence::hearing_reason_interpreter;
    case sealing::HearingReason::new_evidence:
      return Sentence::hearing_reason_new_evidence;
    case sealing::HearingReason::court_unavailable:
      return Sentence::hearing_reason_court_unavailable;
    case sealing::HearingReason::danger:
      return Sentence::hearing_reason_danger;
    case sealing::HearingReason::request_of_party:
      return Sentence::hearing_reason_request_of_party;
    case sealing::HearingReason::other:
      return Sentence::hearing_reason_other;
  }
  return Sentence::hearing_reason_no_service;
}

Sentence word_of(sealing::ServiceWay way) {
  switch (way) {
    case sealing::ServiceWay::signature:
      return Sentence::way_signature;
    case sealing::ServiceWay::post:
      return Sentence::way_post;
    case sealing::ServiceWay::family:
      return Sentence::way_family;
    case sealing::ServiceWay::workplace:
      return Sentence::way_workplace;
    case sealing::ServiceWay::detention_administration:
      return Sentence::way_detention_administration;
    case sealing::ServiceWay::guardian:
      return Sentence::way_guardian;
    case sealing::ServiceWay::publication:
      return Sentence::way_publication;
  }
  return Sentence::way_signature;
}

Sentence word_of(sealing::HearingVerb verb) {
  switch (verb) {
    case sealing::HearingVerb::schedule:
      return Sentence::hearing_event_schedule;
    case sealing::HearingVerb::reschedule:
      return Sentence::hearing_event_reschedule;
    case sealing::HearingVerb::cancel:
      return Sentence::hearing_event_cancel;
    case sealing::HearingVerb::propose_date:
      return Sentence::hearing_event_propose_date;
    case sealing::HearingVerb::record_service:
      return Sentence::hearing_event_record_service;
    case sealing::HearingVerb::confirm_told:
      return Sentence::hearing_event_confirm_told;
    case sealing::HearingVerb::record_held:
      return Sentence::hearing_event_record_held;
    case sealing::HearingVerb::record_recess:
      return Sentence::hearing_event_record_recess;
    case sealing::HearingVerb::record_adjournment:
      return Sentence::hearing_event_record_adjournment;
    case sealing::HearingVerb::record_judgment:
      return Sentence::hearing_event_record_judgment;
  }
  return Sentence::hearing_event_schedule;
}

}  // namespace oberih::client
