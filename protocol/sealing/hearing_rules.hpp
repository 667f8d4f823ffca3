// SPDX-License-Identifier: Apache-2.0
// Whether a hearing entry may stand, and what the hearing is then; the same of an acknowledgement
// of one. Shared by server, client and check (ADR 9). That its sender may post in the channel at
// all is channel_state's business, and is asked first.
#pragma once

#include <functional>

#include "protocol/sealing/channel_state.hpp"
#include "protocol/sealing/entry_references.hpp"
#include "protocol/sealing/hearing.hpp"
#include "protocol/sealing/task_actors.hpp"

namespace oberih::sealing {

/// A hearing of this channel as it stood before the place; nullptr where there is none.
using FindHearing = std::function<HearingPointer(const HearingId&)>;

/// What a hearing entry is judged against.
struct HearingCase {
  ChannelKind channel_kind{};
  AgencyKind agency_kind{};  // of the author
  AgencyId agency;           // of the author
  PersonId author;
  Place place;
  EntryReference entry;  // the one that is judged
  const TaskActors& actors;
  FindHearing find;
  /// Nothing: there is no such agency.
  std::function<std::optional<AgencyKind>(const AgencyId&)> kind_of;
  /// Whether a device of the agency is on the roster.
  std::function<bool(const AgencyId&)> sits_on_roster;
};

/// For an entry of `sender`, a device of the directory. `actors` is of the same place; both outlive
/// the case. Whose line stands on the roster reads there, whether the device is active or not.
HearingCase hearing_case_of(const ChannelState& state, const Directory& directory,
                            const DeviceId& sender, const Place& place, const EntryReference& entry,
                            const TaskActors& actors, FindHearing find);

/// How the author stands to the hearing: what policy asks.
struct HearingRelations {
  bool is_of_the_court = false;
  bool is_addressee = false;  // of the place that the verb names
};
HearingRelations relations_of(const HearingCase& c, const HearingFacts& facts);

/// The hearing after the entry. In this order: the channel's kind (entry_type_forbidden), the
/// hearing (not_found, id_taken), its version (stale_version), the table (transition_unknown), the
/// author's part (not_your_part), then what the verb brings: due_in_past, hearing_time_invalid,
/// addressee_not_on_roster, may_not_be_told, hearing_not_begun.
Result<Hearing> judge_hearing(const HearingCase& c, const HearingFacts& facts);

/// The hearing after an addressee's answer to the entry of its newest version. An answer to an
/// older one is stale_version; nothing changes where the author is none of the addressees. In
/// another's name answers an addressee's deputy alone (not_your_part), and for that one alone.
Result<Hearing> judge_answer(const HearingCase& c, const Hearing& before,
                             const AcknowledgementFacts& facts);

/// The hearing after an acknowledgement (type 4) that judge_references has let stand. Nothing where
/// it is of an entry that made no version of a hearing: then it is like any other.
Result<std::optional<Hearing>> judge_hearing_answer(const HearingCase& c,
                                                    const AcknowledgementFacts& facts,
                                                    const EntryAt& entry_at);

}  // namespace oberih::sealing
