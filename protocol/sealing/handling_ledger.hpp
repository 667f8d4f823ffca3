// SPDX-License-Identifier: Apache-2.0
// What handling codes bind in one channel: which entries are restricted, who was there when, and
// to whom their originators let them be passed on. Part of channel_state, and no larger than that:
// it never looks at an entry again.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "protocol/sealing/entry_facts.hpp"

namespace oberih {
class ByteReader;
class ByteWriter;
}  // namespace oberih

namespace oberih::sealing {

/// Whether the code binds who may be let in later: H2, TLP RED and AMBER+STRICT.
bool is_restricted(const HandlingCode& code);

struct RestrictedEntry {
  std::uint64_t channel_seq = 0;
  HandlingCode handling;
  AgencyId agency;  // its author's
  std::uint64_t epoch = 0;
};

/// Both ends belong to it.
struct EpochRange {
  std::uint64_t first = 0;
  std::uint64_t last = UINT64_MAX;
  bool contains(std::uint64_t epoch) const { return first <= epoch && epoch <= last; }
};

/// Who would get to read.
struct Recipient {
  PersonId person;
  AgencyId agency;
};

class HandlingLedger {
 public:
  /// Who is on the roster from this sequence on.
  void take_roster(const std::map<PersonId, AgencyId>& people, std::uint64_t channel_seq);
  void take_entry(const RestrictedEntry& entry);
  /// The newest answer counts.
  void take_consent(std::uint64_t entry_seq, const Admitted& admitted, bool agrees);
  /// Takes back the entries from this sequence on (a commit that did not happen).
  void forget_entries_from(std::uint64_t channel_seq);

  const RestrictedEntry* find(std::uint64_t channel_seq) const;
  const std::vector<RestrictedEntry>& entries() const { return entries_; }
  bool permits(const RestrictedEntry& entry, const Recipient& recipient) const;
  /// The entries of these epochs that the recipient may not be let read, ascending.
  std::vector<std::uint64_t> forbidding(const Recipient& recipient,
                                        const EpochRange& epochs = {}) const;

  void write(ByteWriter& writer) const;
  static HandlingLedger read(ByteReader& reader);

 private:
  struct Stay {  // on the roster from the one sequence to before the other; 0: still
    std::uint64_t from = 0;
    std::uint64_t to = 0;
  };
  struct Presence {
    AgencyId agency;
    std::vector<Stay> stays;
  };
  bool was_there(const PersonId& person, std::uint64_t channel_seq) const;
  bool was_there(const AgencyId& agency, std::uint64_t channel_seq) const;

  std::vector<RestrictedEntry> entries_;  // ascending
  std::map<PersonId, Presence> people_;   // everybody who was ever there
  std::set<std::pair<std::uint64_t, Admitted>> released_;
};

/// "entries 12, 15 and 40 more": for the detail of a refusal.
std::string describe_entries(const std::vector<std::uint64_t>& sequences);

}  // namespace oberih::sealing
