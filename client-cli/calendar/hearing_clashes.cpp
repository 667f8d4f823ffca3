// SPDX-License-Identifier: Apache-2.0
#include "client-cli/calendar/hearing_clashes.hpp"

#include <algorithm>

namespace oberih::client {
namespace {

struct Span {
  Milliseconds begin = 0;
  Milliseconds end = 0;
};

std::optional<Span> span_of(const PlannedHearing& hearing) {
  if (find_fault(hearing.start)) return std::nullopt;
  const Milliseconds begin = moment_of(hearing.start);
  return Span{begin, begin + hearing.minutes * static_cast<Milliseconds>(minute_ms)};
}

}  // namespace

std::vector<HearingClash> find_clashes(const PlannedHearing& planned,
                                       const std::vector<PlannedHearing>& others) {
  std::vector<HearingClash> clashes;
  const std::optional<Span> wanted = span_of(planned);
  if (!wanted) return clashes;
  for (const PlannedHearing& other : others) {
    if (other.id == planned.id || other.court != planned.court) continue;
    const std::optional<Span> taken = span_of(other);
    if (!taken || taken->end <= wanted->begin || wanted->end <= taken->begin) continue;
    HearingClash clash{other.id, !planned.room.is_zero() && planned.room == other.room, {}};
    for (const sealing::HearingAddressee& addressee : planned.addressees)
      if (addressee.kind != sealing::AddresseeKind::unit &&
          std::find(other.addressees.begin(), other.addressees.end(), addressee) !=
              other.addressees.end())
        clash.people.push_back(addressee);
    if (clash.is_same_room || !clash.people.empty()) clashes.push_back(std::move(clash));
  }
  return clashes;
}

}  // namespace oberih::client
