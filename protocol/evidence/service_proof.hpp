// SPDX-License-Identifier: Apache-2.0
// The proof of service of one hearing: a file that says who was served, when and how proven, to
// somebody who has nothing but the pinned genesis hash. It holds the directory and the hearing's
// channel from their first leaves on, a checkpoint with the proof that all of them stand in that
// tree, and the keys of single entries that open the hearing's own texts and no other.
// Bytes: docs/protocol.md, section 21.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"
#include "protocol/evidence/cosigners.hpp"
#include "protocol/journal/proof.hpp"
#include "protocol/sealing/device_certificate.hpp"
#include "protocol/sealing/hearing.hpp"
#include "protocol/sealing/hearing_text.hpp"

namespace oberih::evidence {

inline constexpr std::size_t service_proof_bytes_at_most = 256 * 1024 * 1024;

struct PlacedLeaf {
  std::uint64_t index = 0;  // in the journal
  Bytes leaf;
};

/// The one-use key of an entry, with what it opens.
struct DisclosedText {
  std::uint64_t channel_seq = 0;
  Bytes ciphertext;
  SymmetricKey prk;
};

/// Whose device signed: the certificate holds the hash of it.
struct DisclosedName {
  DeviceId device;
  NameSalt salt;
  std::string name;
};

struct ServiceProof {
  HearingId hearing;
  std::string note;                   // the checkpoint
  std::vector<PlacedLeaf> directory;  // up to the checkpoint's directory line
  std::vector<PlacedLeaf> channel;
  journal::ProofPath hashes;         // batch proof of both
  std::vector<DisclosedText> texts;  // ascending
  std::vector<DisclosedName> names;  // ascending by device
};

Bytes encode_service_proof(const ServiceProof& proof);
/// Refusal: malformed_object.
Result<ServiceProof> parse_service_proof(ByteView bytes);

// -- what it proves -------------------------------------------------------------------------------

/// An entry that proves something, with who signed it. `server_ms` is asserted by the server; that
/// it stands at `index` before the checkpoint was signed is proven.
struct ProvenEntry {
  std::uint64_t channel_seq = 0;
  std::uint64_t index = 0;
  Milliseconds server_ms = 0;
  DeviceId device;
  PersonId person;
  AgencyId agency;
  std::optional<std::string> name{};          // where it is disclosed
  PersonId acting_for{};                      // whom the signer stood in for; zero: nobody
  std::optional<std::string> stood_in_for{};  // the name of that person, where it is disclosed
  std::optional<std::string> words{};         // the remark or statement, where it is disclosed
};

struct ServiceLine {
  sealing::HearingAddressee addressee;
  std::optional<sealing::CalledPerson> called{};  // where the summons is disclosed
  sealing::HearingService service;
  std::optional<ProvenEntry> answer{};  // the addressee's own acknowledgement
  std::optional<ProvenEntry> served{};  // an officer's statement
  std::optional<ProvenEntry> told{};    // the Coordination Centre's
};

struct ServiceReport {
  std::string origin;
  std::uint64_t size = 0;  // of the checkpoint
  Digest root;
  std::uint64_t directory_count = 0;
  Cosigners cosigners;
  ChannelId channel;
  std::uint64_t channel_leaves = 0;
  std::uint64_t newest_index = 0;  // in the journal, of the last of them
  sealing::HearingPointer hearing;
  ProvenEntry notice;  // the newest version
  std::optional<sealing::SummonsText> summons{};
  std::vector<ServiceLine> lines;            // one for each addressee
  std::map<AgencyId, std::string> agencies;  // of those who signed or are called
};

/// Whom the sender of a hearing's entry, or of an answer to one, stands in for; zero: nobody.
PersonId acting_for_of(const sealing::EntryHeader& header);

/// Everything of the file is verified, and nothing in it may be superfluous. Refusal:
/// proof_invalid, with what failed in words.
Result<ServiceReport> verify_service_proof(const ServiceProof& proof, const Digest& genesis_hash);

}  // namespace oberih::evidence
