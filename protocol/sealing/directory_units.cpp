// SPDX-License-Identifier: Apache-2.0
// The directory's part that judges and takes units and intervals out of service.
#include <algorithm>

#include "protocol/sealing/directory.hpp"

namespace oberih::sealing {
namespace {

// Ids are for ever: an agency that changes its units keeps them, and dissolves one by an empty
// list.
constexpr std::size_t units_of_an_agency_at_most = 1'024;

/// Of a history that exists: the newest version at or before the index.
template <class History>
auto find_version(const History& history, std::uint64_t index) {
  auto behind =
      std::ranges::upper_bound(history, index, {}, [](const auto& each) { return each->index; });
  return behind == history.begin() ? nullptr : std::prev(behind)->get();
}

template <class History, class Id>
auto find_newest(const std::map<Id, History>& all, const Id& id) {
  auto found = all.find(id);
  return found == all.end() ? nullptr : found->second.back().get();
}

/// The version in force of a unit or an interval; of what does not exist yet, 0 and zeros.
struct Newest {
  std::uint64_t version = 0;
  Digest hash;
};

Result<void> check_follows(const Newest& newest, std::uint64_t version, const Digest& previous) {
  if (version != newest.version + 1)
    return refuse(RefusalCode::stale_version,
                  "the next version is " + std::to_string(newest.version + 1));
  if (previous != newest.hash)
    return refuse(RefusalCode::stale_version, "it does not follow the version in force");
  return {};
}

}  // namespace

// -- judging --------------------------------------------------------------------------------------

Result<SignaturePublicKey> Directory::find_key_in_charge(const AgencyId& agency,
                                                         const DeviceId& signer,
                                                         std::uint64_t index,
                                                         Milliseconds server_ms) const {
  const Device* device = find_device(signer);
  if (device == nullptr) return refuse(RefusalCode::unknown_device);
  const DeviceCertificate& certificate = device->certificate;
  if (certificate.agency != agency ||
      (certificate.role != Role::agency_admin && certificate.role != Role::supervisor))
    return refuse(RefusalCode::not_in_charge);
  const Standing standing_now = standing(signer, index, server_ms);
  if (standing_now != Standing::active) return refusal_of(standing_now);
  return certificate.signature_key;
}

Result<void> Directory::judge_unit(ByteView body, std::uint64_t index,
                                   Milliseconds server_ms) const {
  Result<SignedUnit> signed_unit = parse_unit_body(body);
  if (!signed_unit) return signed_unit.error();
  Result<Unit> unit = parse_unit_content(signed_unit->content);
  if (!unit) return unit.error();
  Result<SignaturePublicKey> key = find_key_in_charge(unit->agency, unit->signer, index, server_ms);
  if (!key) return key.error();
  if (!crypto::verify(*key, "unit", signed_unit->content, signed_unit->signature))
    return refuse(RefusalCode::bad_signature, "the unit");
  OBERIH_TRY(judge_unit_place(*unit));
  for (const UnitLine& line : unit->lines)
    if (agency_of_person(line.person) != unit->agency) return refuse(RefusalCode::unknown_person);
  return {};
}

Result<void> Directory::judge_unit_place(const Unit& unit) const {
  const UnitInForce* newest = find_unit(unit.unit);
  if (newest != nullptr && newest->unit.agency != unit.agency)
    return refuse(RefusalCode::id_taken, "the unit is another agency's");
  OBERIH_TRY(
      check_follows(newest == nullptr ? Newest{} : Newest{newest->unit.version, newest->hash},
                    unit.version, unit.previous));
  // Who is addressed by name must be one.
  std::size_t others = 0;
  for (const auto& [id, history] : units_) {
    const Unit& other = history.back()->unit;
    if (other.agency != unit.agency || id == unit.unit) continue;
    if (other.name == unit.name)
      return refuse(RefusalCode::id_taken, "the agency has another unit of that name");
    others += 1;
  }
  if (newest == nullptr && others >= units_of_an_agency_at_most)
    return refuse(RefusalCode::id_taken, "an agency has at most 1,024 units");
  return {};
}

Result<void> Directory::judge_out_of_service(ByteView body, std::uint64_t index,
                                             Milliseconds server_ms) const {
  Result<SignedOutOfService> signed_interval = parse_out_of_service_body(body);
  if (!signed_interval) return signed_interval.error();
  Result<OutOfService> interval = parse_out_of_service_content(signed_interval->content);
  if (!interval) return interval.error();
  Result<SignaturePublicKey> key =
      find_key_in_charge(interval->agency, interval->signer, index, server_ms);
  if (!key) return key.error();
  if (!crypto::verify(*key, "out-of-service", signed_interval->content, signed_interval->signature))
    return refuse(RefusalCode::bad_signature, "the interval");
  const OutOfServiceInForce* newest = find_out_of_service(interval->id);
  if (newest != nullptr && newest->interval.agency != interval->agency)
    return refuse(RefusalCode::id_taken, "the interval is another agency's");
  return check_follows(
      newest == nullptr ? Newest{} : Newest{newest->interval.version, newest->hash},
      interval->version, interval->previous);
}

// -- changing -------------------------------------------------------------------------------------

void Directory::take_unit(ByteView body, std::uint64_t index, Milliseconds server_ms) {
  const SignedUnit signed_unit = std::move(parse_unit_body(body).value());
  Unit unit = std::move(parse_unit_content(signed_unit.content).value());
  UnitHistory& history = units_[unit.unit];
  history.push_back(std::make_shared<const UnitInForce>(
      UnitInForce{std::move(unit), unit_hash(signed_unit.content), index, server_ms}));
}

void Directory::take_out_of_service(ByteView body, std::uint64_t index, Milliseconds server_ms) {
  const SignedOutOfService signed_interval = std::move(parse_out_of_service_body(body).value());
  const OutOfService interval =
      std::move(parse_out_of_service_content(signed_interval.content).value());
  OutOfServiceHistory& history = intervals_[interval.id];
  if (history.empty()) intervals_of_agency_[interval.agency].push_back(interval.id);
  history.push_back(std::make_shared<const OutOfServiceInForce>(OutOfServiceInForce{
      interval, out_of_service_hash(signed_interval.content), index, server_ms}));
}

// -- asking ---------------------------------------------------------------------------------------

const UnitInForce* Directory::find_unit(const UnitId& id) const { return find_newest(units_, id); }

const UnitInForce* Directory::find_unit_at(const UnitId& id, std::uint64_t index) const {
  auto found = units_.find(id);
  return found == units_.end() ? nullptr : find_version(found->second, index);
}

std::vector<const UnitInForce*> Directory::units() const {
  std::vector<const UnitInForce*> units;
  units.reserve(units_.size());
  for (const auto& [id, history] : units_) units.push_back(history.back().get());
  return units;
}

std::vector<const UnitInForce*> Directory::units_of(const AgencyId& agency) const {
  std::vector<const UnitInForce*> all = units();
  std::erase_if(all, [&](const UnitInForce* each) { return each->unit.agency != agency; });
  return all;
}

const OutOfServiceInForce* Directory::find_out_of_service(const IntervalId& id) const {
  return find_newest(intervals_, id);
}

std::vector<const OutOfServiceInForce*> Directory::out_of_service_of(const AgencyId& agency) const {
  std::vector<const OutOfServiceInForce*> intervals;
  auto found = intervals_of_agency_.find(agency);
  if (found == intervals_of_agency_.end()) return intervals;
  for (const IntervalId& id : found->second) intervals.push_back(find_out_of_service(id));
  return intervals;
}

std::vector<const OutOfServiceInForce*> Directory::out_of_service_at(const AgencyId& agency,
                                                                     Milliseconds ms,
                                                                     std::uint64_t index) const {
  std::vector<const OutOfServiceInForce*> intervals;
  auto found = intervals_of_agency_.find(agency);
  if (found == intervals_of_agency_.end()) return intervals;
  for (const IntervalId& id : found->second) {
    const OutOfServiceInForce* version = find_version(intervals_.at(id), index);
    if (version != nullptr && version->interval.covers(ms)) intervals.push_back(version);
  }
  return intervals;
}

AgencyId Directory::agency_of_person(const PersonId& person) const {
  auto found = agency_of_person_.find(person);
  return found == agency_of_person_.end() ? AgencyId{} : found->second;
}

}  // namespace oberih::sealing
