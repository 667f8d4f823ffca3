// SPDX-License-Identifier: Apache-2.0
// Governance leaves (kind 1): what changes the genesis after the fact. Each names the one before
// it, back to the genesis, so that "pinned" means: reached by this walk.
#pragma once

#include "protocol/sealing/genesis.hpp"

namespace oberih::sealing {

// ON DISK: the numbers are signed.
enum class GovernanceChange : std::uint8_t {
  admit_agency = 1,
  replace_root = 2,
  journal_key = 3,
  server_key = 4,
  witnesses = 5,
  quorum = 6,
  continuation = 7,
};
std::string_view name_of(GovernanceChange change);

/// Of an agency's root. Where the old key is declared compromised it does not sign, and the
/// certificates it must never have made are disowned: they count as revoked from this leaf on.
struct RootReplacement {
  AgencyId agency;
  SignaturePublicKey new_root_key;
  bool is_compromised = false;
  std::vector<DeviceId> disowned;  // ascending; none unless compromised
};

/// After a lost tail: the journal had signed `old_root` over `old_size` leaves and goes on from
/// `new_size`, which is smaller.
struct Continuation {
  std::uint64_t old_size = 0;
  Digest old_root;
  std::uint64_t new_size = 0;
  Digest new_root;
};

/// One change at a time; only the fields of `change` count.
struct Governance {
  Digest previous;  // the governance hash before; of the first one, the genesis hash
  GovernanceChange change{};
  Agency agency;                                   // 1
  RootReplacement replacement;                     // 2
  SignaturePublicKey journal_key;                  // 3
  Digest server_spki;                              // 4
  std::vector<Witness> witnesses;                  // 5
  std::vector<WitnessQuorumGroup> witness_quorum;  // 5
  std::uint8_t quorum = 0;                         // 6
  Continuation continuation;                       // 7
};

/// Leaf body: `vec(content) || u32 n || n * (agency[16] || sig[64]) || u8 m || m * sig[64]`, roots
/// ascending by agency; m = 1 exactly where a new Ed25519 key signs (1, 2, 3).
struct SignedGovernance {
  Bytes content;
  std::vector<RootSignature> signatures;
  std::optional<Signature> new_key_signature;
};

Bytes encode_governance_content(const Governance& governance);
Result<Governance> parse_governance_content(ByteView content);
Bytes encode_governance_body(const SignedGovernance& governance);
Result<SignedGovernance> parse_governance_body(ByteView body);
/// `H(vec(P||"governance-hash") || content)`: what the next one names.
Digest governance_hash(ByteView content);

/// The new key that must sign, of the changes that bring one.
const SignaturePublicKey* new_key_of(const Governance& governance);

}  // namespace oberih::sealing
