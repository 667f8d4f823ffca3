// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/witness_quorum.hpp"

#include <algorithm>
#include <set>

#include "protocol/journal/witness_request.hpp"

namespace oberih::sealing {
namespace {

journal::NoteVerifier journal_verifier(const Directory& directory, std::uint64_t size) {
  return {directory.origin(), journal::NoteKeyType::ed25519, directory.journal_key_at(size)};
}

std::vector<journal::NoteVerifier> cosignature_verifiers(const WitnessRules& rules) {
  std::vector<journal::NoteVerifier> verifiers;
  for (const Witness& witness : rules.witnesses)
    verifiers.push_back({witness.name, journal::NoteKeyType::cosignature, witness.key});
  return verifiers;
}

}  // namespace

WitnessRules witness_rules(const Directory& directory) {
  WitnessRules rules;
  rules.quorum = directory.witness_quorum();
  for (const Witness& witness : directory.witnesses()) {
    const Agency* agency = directory.find_agency(witness.agency);
    if (agency == nullptr) continue;  // the directory admits none such
    rules.witnesses.push_back(witness);
    rules.kinds.push_back(agency->kind);
  }
  return rules;
}

Result<WitnessedCheckpoint> open_witnessed(std::string_view note, const Directory& directory,
                                           const WitnessRules& rules) {
  const Result<journal::Checkpoint> unverified = journal::read_unverified_checkpoint(note);
  if (!unverified) return unverified.error();
  auto opened = journal::open_cosigned_checkpoint(
      note, journal_verifier(directory, unverified->size), cosignature_verifiers(rules));
  if (!opened) return opened.error();
  WitnessedCheckpoint witnessed;
  witnessed.checkpoint = std::move(opened->checkpoint);
  for (const journal::VerifiedSignature& each : opened->cosignatures)
    witnessed.cosignatures.push_back({each.verifier, each.cosigned_s});
  std::ranges::sort(witnessed.cosignatures, {}, &Cosignature::witness);
  witnessed.quorum_s = quorum_time(rules, witnessed.cosignatures);
  return witnessed;
}

Result<std::string> keep_known_signatures(std::string_view note, const Directory& directory) {
  const Result<journal::Checkpoint> unverified = journal::read_unverified_checkpoint(note);
  if (!unverified) return unverified.error();
  std::vector<journal::NoteVerifier> known = cosignature_verifiers(witness_rules(directory));
  known.insert(known.begin(), journal_verifier(directory, unverified->size));
  return journal::keep_signatures_of(note, known);
}

Result<WitnessLine> take_witness_line(std::string_view note, std::string_view answer,
                                      const Witness& witness) {
  const journal::NoteVerifier verifier{witness.name, journal::NoteKeyType::cosignature,
                                       witness.key};
  const std::size_t end = note.find("\n\n");
  if (end == note.npos) return refuse(RefusalCode::malformed_object, "the note has no signatures");
  const std::string text(note.substr(0, end + 1));
  const Result<journal::SignedNote> parsed = journal::parse_note(text + "\n" + std::string(answer));
  if (!parsed) return parsed.error();
  const std::vector<std::string> lines =
      journal::signature_lines_of(text + "\n" + std::string(answer));
  for (std::size_t i = 0; i < parsed->signatures.size() && i < lines.size(); ++i) {
    const journal::NoteSignature& each = parsed->signatures[i];
    if (each.name != verifier.name || each.key_id != verifier.key_id()) continue;
    const auto opened = journal::open_note(text + "\n" + lines[i], {&verifier, 1});
    if (!opened) return opened.error();
    return WitnessLine{lines[i], opened->verified.front().cosigned_s};
  }
  return refuse(RefusalCode::verification_failed, "the answer holds no cosignature by its key");
}

std::optional<std::uint64_t> quorum_time(const WitnessRules& rules,
                                         const std::vector<Cosignature>& cosignatures) {
  std::optional<std::uint64_t> quorum;
  for (const WitnessQuorumGroup& group : rules.quorum) {
    std::vector<std::uint64_t> times;
    std::set<SignaturePublicKey> counted;  // INVARIANT: one key is one voice, whatever its names
    for (const Cosignature& each : cosignatures) {
      if (each.witness >= rules.kinds.size() ||
          !counted.insert(rules.witnesses[each.witness].key).second)
        continue;
      if (std::ranges::find(group.kinds, rules.kinds[each.witness]) != group.kinds.end())
        times.push_back(each.cosigned_s);
    }
    if (group.needed == 0 || times.size() < group.needed) return std::nullopt;
    std::ranges::sort(times, std::ranges::greater());
    const std::uint64_t reached = times[group.needed - 1];
    quorum = quorum ? std::min(*quorum, reached) : reached;
  }
  return quorum;
}

}  // namespace oberih::sealing
