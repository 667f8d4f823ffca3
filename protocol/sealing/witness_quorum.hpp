// SPDX-License-Identifier: Apache-2.0
// Which cosignatures of a checkpoint count, and whether they are as many as the agencies have
// agreed upon. One judge for server, client and `oberihd check`; no clock: it says when, not
// whether that is too long ago.
#pragma once

#include "protocol/journal/checkpoint.hpp"
#include "protocol/sealing/directory.hpp"

namespace oberih::sealing {

struct Cosignature {
  std::size_t witness = 0;       // place in `witnesses`
  std::uint64_t cosigned_s = 0;  // since 1970, by the witness's own clock
};

/// Each witness's newest word for one checkpoint.
struct WitnessedCheckpoint {
  journal::Checkpoint checkpoint;
  std::vector<Cosignature> cosignatures;  // ascending by witness, each once
  /// Since when the whole quorum stands behind it: of each group the time of the last one needed,
  /// and of all groups the earliest. Nothing: the quorum is not reached, or none is agreed upon.
  std::optional<std::uint64_t> quorum_s;
};

/// Who may cosign, and how many of whom must.
struct WitnessRules {
  std::vector<Witness> witnesses;
  std::vector<AgencyKind> kinds;  // of each witness's agency
  std::vector<WitnessQuorumGroup> quorum;

  bool is_empty() const { return quorum.empty(); }
};
/// As they are in force at the end of this directory.
WitnessRules witness_rules(const Directory& directory);

/// Unknown keys are ignored, also one that bears a witness's name; a known key that fails refuses
/// the note. A key id that somebody else copied is a known key that fails. Refusals: those of
/// open_checkpoint. INVARIANT: the directory is not empty.
Result<WitnessedCheckpoint> open_witnessed(std::string_view note, const Directory& directory,
                                           const WitnessRules& rules);
/// The note with the signatures alone that this directory knows: the journal's and its witnesses',
/// each once. Refusals: those of open_checkpoint.
Result<std::string> keep_known_signatures(std::string_view note, const Directory& directory);
/// The line by which this witness cosigns the note, out of its answer; whatever else stands there
/// is left out, so that nobody speaks for somebody else. Refusals: malformed_object, bad_signature,
/// verification_failed (no line of its key).
struct WitnessLine {
  std::string line;
  std::uint64_t cosigned_s = 0;
};
Result<WitnessLine> take_witness_line(std::string_view note, std::string_view answer,
                                      const Witness& witness);
/// The pure count. Each witness counts once in each group that its agency's kind fits.
std::optional<std::uint64_t> quorum_time(const WitnessRules& rules,
                                         const std::vector<Cosignature>& cosignatures);

}  // namespace oberih::sealing
