// SPDX-License-Identifier: Apache-2.0
// Who may not be told of the hearings of one channel, while they are not over: what a later add to
// its roster is held against. Part of channel_state, and made of its entries alone.
#pragma once

#include <map>
#include <vector>

#include "protocol/sealing/hearing_facts.hpp"

namespace oberih {
class ByteReader;
class ByteWriter;
}  // namespace oberih

namespace oberih::sealing {

class Directory;
struct EntryHeader;

class ExclusionLedger {
 public:
  /// REQUIRES: a hearing's entry that the rules of hearings let stand.
  void take_entry(const EntryHeader& header);
  /// Of a hearing that is not over; for a server that keeps hearings in its database.
  void put(const HearingId& hearing, std::vector<HearingExclusion> exclusions);

  bool is_empty() const { return excluded_.empty(); }
  /// Whether the person, or one of the units in which they are at that place, is named. Units as of
  /// the journal's index `index`, duties as of `server_ms`.
  bool names(const PersonId& person, const AgencyId& agency, const Directory& directory,
             std::uint64_t index, Milliseconds server_ms) const;

  void write(ByteWriter& writer) const;
  static ExclusionLedger read(ByteReader& reader);
  bool operator==(const ExclusionLedger&) const = default;

 private:
  std::map<HearingId, std::vector<HearingExclusion>> excluded_;  // none of them empty
};

}  // namespace oberih::sealing
