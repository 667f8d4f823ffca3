// SPDX-License-Identifier: Apache-2.0
#include "protocol/evidence/cosigners.hpp"

#include "protocol/sealing/witness_quorum.hpp"

namespace oberih::evidence {

Result<Cosigners> find_cosigners(std::string_view note, const sealing::Directory& directory) {
  const sealing::WitnessRules rules = sealing::witness_rules(directory);
  const auto opened = sealing::open_witnessed(note, directory, rules);
  if (!opened) return opened.error();
  Cosigners found{{}, rules.witnesses.size(), opened->quorum_s};
  for (const sealing::Cosignature& each : opened->cosignatures)
    found.names.push_back(rules.witnesses[each.witness].name);
  return found;
}

}  // namespace oberih::evidence
