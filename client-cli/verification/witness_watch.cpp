// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/witness_watch.hpp"

namespace oberih::client {

Result<> WitnessWatch::take(const std::string& note) {
  const sealing::Directory& directory = directory_.directory();
  const sealing::WitnessRules rules = sealing::witness_rules(directory);
  if (rules.is_empty()) return {};
  const auto witnessed = sealing::open_witnessed(note, directory, rules);
  if (!witnessed)
    return keep_evidence(
        profile_folder_, "a cosigned checkpoint",
        std::string(refusal_row(witnessed.error().code).name) + " " + witnessed.error().detail,
        {{"note", to_bytes(as_bytes(note))}});
  if (!witnessed->quorum_s) return {};
  OBERIH_TRY(guard_.prove_older(witnessed->checkpoint, note));
  const std::optional<std::string> kept = store_.proofs().witnessed_note();
  if (kept) {
    // Two answers may cross: what was said later stays.
    const auto before = sealing::open_witnessed(*kept, directory, rules);
    if (before && before->quorum_s && before->checkpoint.size >= witnessed->checkpoint.size &&
        *before->quorum_s >= *witnessed->quorum_s)
      return {};
  }
  store_.proofs().put_witnessed_note(note);
  return {};
}

std::optional<WitnessedHead> WitnessWatch::newest() {
  const std::optional<std::string> note = store_.proofs().witnessed_note();
  if (!note || directory_.directory().is_empty()) return std::nullopt;
  const sealing::WitnessRules rules = sealing::witness_rules(directory_.directory());
  const auto witnessed = sealing::open_witnessed(*note, directory_.directory(), rules);
  if (!witnessed || !witnessed->quorum_s) return std::nullopt;
  WitnessedHead head{
      witnessed->checkpoint.size, std::min(*witnessed->quorum_s * 1000, wall_clock_ms()), {}};
  for (const sealing::Cosignature& each : witnessed->cosignatures)
    head.names.push_back(rules.witnesses[each.witness].name);
  return head;
}

}  // namespace oberih::client
