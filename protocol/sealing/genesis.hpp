// SPDX-License-Identifier: Apache-2.0
// The genesis: journal entry 0, signed by every founding root. Clients pin its hash at
// installation.
#pragma once

#include <string>
#include <vector>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/timestamp.hpp"
#include "protocol/base/vocabulary.hpp"

namespace oberih::sealing {

struct Agency {
  AgencyId id;
  AgencyKind kind{};
  std::string name;
  SignaturePublicKey root_key;  // kept offline
};

struct Witness {
  std::string name;  // key name of its cosignatures
  SignaturePublicKey key;
  Digest tls_spki;
  AgencyId agency;
};

/// `needed` cosignatures by witnesses of agencies of one of these kinds.
struct WitnessQuorumGroup {
  std::uint8_t needed = 0;
  std::vector<AgencyKind> kinds;
};

struct Genesis {
  std::string origin;  // of the checkpoints, and the journal's key name
  SignaturePublicKey journal_key;
  Digest server_spki;
  Milliseconds created_ms = 0;
  std::uint8_t governance_quorum = 0;  // roots that must sign a governance leaf; 1..agencies
  std::vector<Agency> agencies;        // ascending by id, 1..256
  std::vector<Witness> witnesses;      // ascending by name, 0..64
  std::vector<WitnessQuorumGroup> witness_quorum;
};

struct RootSignature {
  AgencyId agency;
  Signature signature;
};

/// Leaf body of kind 0: `vec(content) || u32 n || n * (agency[16] || sig[64])`, ascending by
/// agency.
struct SignedGenesis {
  Bytes content;
  std::vector<RootSignature> signatures;
};

Bytes encode_genesis_content(const Genesis& genesis);
Result<Genesis> parse_genesis_content(ByteView content);
Bytes encode_genesis_body(const SignedGenesis& genesis);
Result<SignedGenesis> parse_genesis_body(ByteView body);
/// Every founding root signed (label `genesis`), nobody else. Refuses with bad_signature.
Result<Genesis> verify_genesis(const SignedGenesis& genesis);
/// `H(vec(P||"genesis-hash") || content)`: what clients pin.
Digest genesis_hash(ByteView content);

}  // namespace oberih::sealing
