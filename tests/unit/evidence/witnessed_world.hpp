// SPDX-License-Identifier: Apache-2.0
// A journal whose agencies have agreed upon two witnesses, both of whom must have cosigned.
#pragma once

#include <array>

#include "protocol/sealing/governance.hpp"
#include "tests/unit/evidence/journal_world.hpp"

namespace oberih::evidence {

/// `World`: JournalWorld, or what is built upon it.
template <class World>
class Witnessed : public World {
 public:
  Witnessed() {
    sealing::Governance change;
    change.change = sealing::GovernanceChange::witnesses;
    change.previous = this->directory.governance_head();
    for (const sealing::TestAgency* agency : {&this->world.police(), &this->world.court()}) {
      const auto place = static_cast<std::uint32_t>(change.witnesses.size());
      change.witnesses.push_back({"witness." + std::to_string(place), keys[place].public_key,
                                  sealing::made_of<Digest>(90 + place), agency->agency.id});
    }
    change.witness_quorum = {{2, {AgencyKind::police, AgencyKind::court}}};
    sealing::SignedGovernance body{sealing::encode_governance_content(change), {}, {}};
    for (const sealing::TestAgency* agency : {&this->world.police(), &this->world.prosecution()})
      body.signatures.push_back({agency->agency.id, agency->root.sign("governance", body.content)});
    this->append_directory(journal::LeafKind::governance, sealing::encode_governance_body(body));
  }

  /// The cosignature of a note's text.
  std::string line(std::size_t witness, const std::string& note, std::uint64_t at_s) const {
    return journal::cosign_note_line(
        note.substr(0, note.find("\n\n") + 1),
        {"witness." + std::to_string(witness), crypto::Signer(keys[witness].secret_key)}, at_s);
  }

  const std::array<crypto::SignatureKeyPair, 2> keys{crypto::generate_signature_keys(),
                                                     crypto::generate_signature_keys()};
};

}  // namespace oberih::evidence
