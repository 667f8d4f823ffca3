// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/exclusion_ledger.hpp"

#include <algorithm>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/sealing/record_rules.hpp"

namespace oberih::sealing {

void ExclusionLedger::take_entry(const EntryHeader& header) {
  Result<HearingFacts> facts = parse_hearing_facts(header.facts);
  if (!facts) return;
  switch (facts->verb) {
    case HearingVerb::schedule:
    case HearingVerb::reschedule:
      return put(facts->hearing, std::move(facts->notice.may_not_be_told));
    case HearingVerb::cancel:
    case HearingVerb::record_judgment:
      return put(facts->hearing, {});
    case HearingVerb::propose_date:
    case HearingVerb::record_service:
    case HearingVerb::confirm_told:
    case HearingVerb::record_held:
    case HearingVerb::record_recess:
    case HearingVerb::record_adjournment:
      return;
  }
}

void ExclusionLedger::put(const HearingId& hearing, std::vector<HearingExclusion> exclusions) {
  if (exclusions.empty())
    excluded_.erase(hearing);
  else
    excluded_[hearing] = std::move(exclusions);
}

bool ExclusionLedger::names(const PersonId& person, const AgencyId& agency,
                            const Directory& directory, std::uint64_t index,
                            Milliseconds server_ms) const {
  const auto is_named = [&](const HearingExclusion& each) {
    if (each.unit.is_zero()) return each.agency == agency;
    const UnitInForce* unit = directory.find_unit_at(each.unit, index);
    return unit != nullptr &&
           std::any_of(unit->unit.lines.begin(), unit->unit.lines.end(), [&](const UnitLine& line) {
             return line.person == person && line.is_in_force(server_ms);
           });
  };
  return std::any_of(excluded_.begin(), excluded_.end(), [&](const auto& of_hearing) {
    return std::any_of(of_hearing.second.begin(), of_hearing.second.end(), is_named);
  });
}

void ExclusionLedger::write(ByteWriter& writer) const {
  writer.u32(static_cast<std::uint32_t>(excluded_.size()));
  for (const auto& [hearing, exclusions] : excluded_) {
    writer.raw(hearing).u16(static_cast<std::uint16_t>(exclusions.size()));
    for (const HearingExclusion& each : exclusions) writer.raw(each.agency).raw(each.unit);
  }
}

ExclusionLedger ExclusionLedger::read(ByteReader& reader) {
  ExclusionLedger ledger;
  for (std::uint32_t n = reader.u32(); n > 0 && !reader.failed(); --n) {
    auto& exclusions = ledger.excluded_[reader.id<HearingId>()];
    const std::uint16_t count = reader.u16();
    if (count == 0 || count > hearing_exclusions_at_most || !exclusions.empty()) reader.fail();
    for (std::uint16_t i = 0; i < count && !reader.failed(); ++i) {
      HearingExclusion each;
      each.agency = reader.id<AgencyId>();
      each.unit = reader.id<UnitId>();
      exclusions.push_back(each);
    }
  }
  return ledger;
}

Result<void> check_may_be_told(const RecordCase& c) {
  const ExclusionLedger& exclusions = c.state.exclusions();
  if (!c.record.change.add || exclusions.is_empty()) return {};
  for (const RosterLine& line : c.record.change.add->lines) {
    const Device* device = c.directory.find_device(line.device);
    if (device == nullptr) return refuse(RefusalCode::unknown_device);
    const DeviceCertificate& certificate = device->certificate;
    // A further device of somebody who is there tells nobody anything.
    const ChannelState::Person* person = c.state.find_person(certificate.person);
    if (person != nullptr && person->status == ChannelState::Person::Status::present) continue;
    if (exclusions.names(certificate.person, certificate.agency, c.directory, c.place.index,
                         c.place.server_ms))
      return refuse(RefusalCode::may_not_be_told);
  }
  return {};
}

}  // namespace oberih::sealing
