// SPDX-License-Identifier: Apache-2.0
// The directory's part that judges and takes governance leaves.
#include <algorithm>

#include "protocol/crypto/signature.hpp"
#include "protocol/sealing/directory.hpp"
#include "protocol/sealing/genesis_fields.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
// -- judging --------------------------------------------------------------------------------------

Result<void> Directory::judge_governance(ByteView body, std::uint64_t index) const {
  Result<SignedGovernance> signed_governance = parse_governance_body(body);
  if (!signed_governance) return signed_governance.error();
  Result<Governance> governance = parse_governance_content(signed_governance->content);
  if (!governance) return governance.error();
  if (governance->previous != governance_head_)
    return refuse(RefusalCode::verification_failed,
                  "it does not follow the newest governance leaf: propose it anew");
  OBERIH_TRY(judge_change(*governance, index));
  return judge_governance_signatures(*governance, *signed_governance);
}

Result<void> Directory::judge_change(const Governance& governance, std::uint64_t index) const {
  if (const SignaturePublicKey* key = new_key_of(governance);
      key != nullptr && signature_keys_.contains(*key))
    return refuse(RefusalCode::id_taken, "the new key");
  switch (governance.change) {
    case GovernanceChange::admit_agency:
      return judge_new_agency(governance.agency);
    case GovernanceChange::replace_root:
      return judge_replacement(governance.replacement);
    case GovernanceChange::server_key:
      if (device_by_spki_.contains(governance.server_spki) ||
          infrastructure_spkis_.contains(governance.server_spki))
        return refuse(RefusalCode::id_taken, "the server's key");
      return {};
    case GovernanceChange::witnesses:
      return judge_witnesses(governance);
    case GovernanceChange::quorum:
      if (governance.quorum > agencies_.size())
        return malformed("a governance quorum that not everybody together can reach");
      return {};
    case GovernanceChange::continuation:
      // Nothing may come between the loss and its declaration.
      if (governance.continuation.new_size != index)
        return malformed("a continuation that does not begin where the journal ends");
      return {};
    case GovernanceChange::journal_key:
      return {};
  }
  return malformed("an unknown change");
}

Result<void> Directory::judge_new_agency(const Agency& agency) const {
  if (agencies_.contains(agency.id)) return refuse(RefusalCode::id_taken, "the agency's id");
  if (agencies_.size() >= agencies_at_most) return malformed("more agencies than a journal has");
  return {};
}

Result<void> Directory::judge_replacement(const RootReplacement& replacement) const {
  if (find_agency(replacement.agency) == nullptr)
    return refuse(RefusalCode::not_certifier, "there is no such agency");
  for (const DeviceId& id : replacement.disowned) {
    const Device* device = find_device(id);
    // One that was revoked meanwhile may stand in the list: nobody should have to sign again.
    if (device == nullptr) return refuse(RefusalCode::unknown_device);
    if (device->certificate.agency != replacement.agency)
      return refuse(RefusalCode::not_certifier, "the device is another agency's");
  }
  return {};
}

Result<void> Directory::judge_witnesses(const Governance& governance) const {
  for (const Witness& witness : governance.witnesses) {
    if (find_agency(witness.agency) == nullptr) return malformed("a witness of no agency");
    auto same_name = std::ranges::find(witnesses_, witness.name, &Witness::name);
    const bool stays = same_name != witnesses_.end() && same_name->key == witness.key;
    if (!stays && signature_keys_.contains(witness.key))
      return refuse(RefusalCode::id_taken, "the key of " + witness.name);
    if (device_by_spki_.contains(witness.tls_spki))
      return refuse(RefusalCode::id_taken, "the TLS key of " + witness.name);
  }
  return {};
}

Result<void> Directory::judge_governance_signatures(
    const Governance& governance, const SignedGovernance& signed_governance) const {
  const bool replaces = governance.change == GovernanceChange::replace_root;
  const AgencyId& replaced = governance.replacement.agency;
  bool has_old_root = false;
  for (const RootSignature& signature : signed_governance.signatures) {
    const Agency* agency = find_agency(signature.agency);
    if (agency == nullptr) return refuse(RefusalCode::not_certifier, "there is no such agency");
    has_old_root |= replaces && signature.agency == replaced;
    if (!crypto::verify(agency->root_key, "governance", signed_governance.content,
                        signature.signature))
      return refuse(RefusalCode::bad_signature, "the root of " + agency->name);
  }
  if (replaces && governance.replacement.is_compromised && has_old_root)
    return refuse(RefusalCode::not_certifier, "a root declared compromised does not sign");
  if (signed_governance.signatures.size() < governance_quorum_)
    return refuse(RefusalCode::approval_required,
                  "signed by " + std::to_string(signed_governance.signatures.size()) + " roots, " +
                      std::to_string(governance_quorum_) + " must sign");
  if (replaces && !governance.replacement.is_compromised && !has_old_root)
    return refuse(RefusalCode::approval_required,
                  "the old root signs its replacement, unless it is declared compromised");
  const SignaturePublicKey* key = new_key_of(governance);
  if ((key != nullptr) != signed_governance.new_key_signature.has_value())
    return refuse(RefusalCode::bad_signature,
                  key != nullptr ? "the new key has not signed" : "nobody needs a new key here");
  if (key != nullptr && !crypto::verify(*key, "governance", signed_governance.content,
                                        *signed_governance.new_key_signature))
    return refuse(RefusalCode::bad_signature, "the new key");
  return {};
}

// -- changing -------------------------------------------------------------------------------------

void Directory::take_governance(ByteView body, std::uint64_t index, Milliseconds server_ms) {
  const SignedGovernance signed_governance = std::move(parse_governance_body(body).value());
  GovernanceStep step{
      index, server_ms, std::move(parse_governance_content(signed_governance.content).value()), {}};
  for (const RootSignature& signature : signed_governance.signatures)
    step.signers.push_back(signature.agency);
  const Governance& governance = step.governance;
  if (const SignaturePublicKey* key = new_key_of(governance)) signature_keys_.insert(*key);
  switch (governance.change) {
    case GovernanceChange::admit_agency:
      agencies_.emplace(governance.agency.id, governance.agency);
      break;
    case GovernanceChange::replace_root:
      agencies_.at(governance.replacement.agency).root_key = governance.replacement.new_root_key;
      for (const DeviceId& device : governance.replacement.disowned) {
        if (!revoked_.emplace(device, index).second) continue;
        devices_.at(device).revoked_index = index;
      }
      break;
    case GovernanceChange::journal_key:
      journal_keys_.emplace(index, governance.journal_key);
      break;
    case GovernanceChange::server_key:
      server_spki_ = governance.server_spki;
      infrastructure_spkis_.insert(server_spki_);
      break;
    case GovernanceChange::witnesses:
      witnesses_ = governance.witnesses;
      witness_quorum_ = governance.witness_quorum;
      for (const Witness& witness : witnesses_) {
        signature_keys_.insert(witness.key);
        infrastructure_spkis_.insert(witness.tls_spki);
      }
      break;
    case GovernanceChange::quorum:
      governance_quorum_ = governance.quorum;
      break;
    case GovernanceChange::continuation:
      break;
  }
  governance_head_ = governance_hash(signed_governance.content);
  governance_history_.push_back(std::move(step));
}

// -- asking ---------------------------------------------------------------------------------------

const SignaturePublicKey& Directory::journal_key_at(std::uint64_t size) const {
  // Whoever brings a key at index i is the first that it signs for: size i + 1.
  auto next = journal_keys_.lower_bound(size);
  return next == journal_keys_.begin() ? next->second : std::prev(next)->second;
}

}  // namespace oberih::sealing
