// SPDX-License-Identifier: Apache-2.0
// Of hearing_rules.hpp: what an entry is judged against, as directory and channel say; and which
// hearing an acknowledgement answers.
#include <algorithm>

#include "protocol/sealing/hearing_rules.hpp"

namespace oberih::sealing {

HearingCase hearing_case_of(const ChannelState& state, const Directory& directory,
                            const DeviceId& sender, const Place& place, const EntryReference& entry,
                            const TaskActors& actors, FindHearing find) {
  const DeviceCertificate& author = directory.find_device(sender)->certificate;
  return {state.policy().kind,
          directory.agency_kind_of(sender),
          author.agency,
          author.person,
          place,
          entry,
          actors,
          std::move(find),
          [&directory](const AgencyId& id) -> std::optional<AgencyKind> {
            const Agency* agency = directory.find_agency(id);
            if (agency == nullptr) return std::nullopt;
            return agency->kind;
          },
          [&state, &directory](const AgencyId& id) {
            return std::ranges::any_of(state.roster(), [&](const RosterLine& line) {
              const Device* device = directory.find_device(line.device);
              return device != nullptr && device->certificate.agency == id;
            });
          }};
}

Result<std::optional<Hearing>> judge_hearing_answer(const HearingCase& c,
                                                    const AcknowledgementFacts& facts,
                                                    const EntryAt& entry_at) {
  if (c.channel_kind != ChannelKind::hearing) return std::optional<Hearing>();
  const std::optional<PlacedEntry> answered = entry_at(facts.entry.channel_seq);
  if (!answered || answered->type != EntryType::hearing) return std::optional<Hearing>();
  const Result<HearingFacts> of = parse_hearing_facts(answered->facts);
  if (!of) return of.error();
  if (!makes_a_version(of->verb)) {
    if (!facts.acting_for.is_zero())
      return refuse(RefusalCode::not_your_part, "a deputy answers a hearing's notice alone");
    return std::optional<Hearing>();
  }
  const HearingPointer before = c.find(of->hearing);
  if (!before) return refuse(RefusalCode::not_found, "there is no such hearing in this channel");
  Result<Hearing> after = judge_answer(c, *before, facts);
  if (!after) return after.error();
  return std::optional<Hearing>(std::move(*after));
}

}  // namespace oberih::sealing
