// SPDX-License-Identifier: Apache-2.0
// The directory: which agencies, people, devices and units exist, which keys are in force and who
// is out of service, as the journal's leaves of kinds 0 to 3, 14 and 15 add up. Server and clients
// run this same code; a client holds the directory whole. A leaf that does not verify changes
// nothing.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "protocol/journal/leaf.hpp"
#include "protocol/sealing/device_certificate.hpp"
#include "protocol/sealing/governance.hpp"
#include "protocol/sealing/out_of_service.hpp"
#include "protocol/sealing/unit.hpp"

namespace oberih::sealing {

/// What one certificate of a device says about time. A renewal adds one and takes none back, so
/// that an old leaf is judged by what stood in the journal before it.
struct Validity {
  std::uint64_t index = 0;  // journal index of the certificate
  Milliseconds not_before_ms = 0;
  Milliseconds not_after_ms = 0;  // the last millisecond
};

struct Device {
  DeviceCertificate certificate;               // the newest (a renewal repeats the keys)
  std::uint64_t certified_index = 0;           // journal index of the first certificate
  std::vector<Validity> validities;            // ascending by index, one for each certificate
  std::optional<std::uint64_t> revoked_index;  // never comes back
};

/// A governance leaf that stands in the journal.
struct GovernanceStep {
  std::uint64_t index = 0;
  Milliseconds server_ms = 0;
  Governance governance;
  std::vector<AgencyId> signers;  // the agencies whose roots signed
};

enum class Standing { active, unknown, not_yet_valid, expired, revoked };

class Directory {
 public:
  /// Whether a leaf of this kind and body could stand at journal index `index` now.
  /// Refusals: malformed_object, bad_signature, unacceptable_key, id_taken, not_certifier,
  /// role_not_allowed, unknown_device, device_revoked, certificate_expired; of governance also
  /// approval_required (too few roots) and verification_failed (not the next of its chain); of
  /// units and intervals out of service also not_in_charge, stale_version and unknown_person.
  Result<void> judge(journal::LeafKind kind, ByteView body, std::uint64_t index,
                     Milliseconds server_ms) const;
  /// judge(), then changes the directory; on a refusal nothing changes. Agencies and devices only:
  /// the chain (count, newest leaf) moves with apply_leaf alone.
  Result<void> apply(journal::LeafKind kind, ByteView body, std::uint64_t index,
                     Milliseconds server_ms);
  /// The same for a whole leaf, after checking that it continues the directory's own chain
  /// (channel_seq = count + 1, prev_leaf = newest leaf).
  Result<void> apply_leaf(ByteView leaf_data, std::uint64_t index);

  bool is_empty() const { return agencies_.empty(); }
  const Genesis& genesis() const { return genesis_; }
  const Digest& genesis_hash() const { return genesis_hash_; }
  const std::string& origin() const { return genesis_.origin; }

  // What is in force: the genesis as governance leaves have changed it since.
  const SignaturePublicKey& journal_key() const { return journal_keys_.rbegin()->second; }
  /// That must have signed a checkpoint over `size` leaves. INVARIANT: not empty.
  const SignaturePublicKey& journal_key_at(std::uint64_t size) const;
  const Digest& server_spki() const { return server_spki_; }
  std::uint8_t governance_quorum() const { return governance_quorum_; }
  const std::vector<Witness>& witnesses() const { return witnesses_; }
  const std::vector<WitnessQuorumGroup>& witness_quorum() const { return witness_quorum_; }
  /// What the next governance leaf names as the one before it.
  const Digest& governance_head() const { return governance_head_; }
  const std::vector<GovernanceStep>& governance_history() const { return governance_history_; }

  std::uint64_t count() const { return count_; }              // directory leaves so far
  const Digest& newest_leaf() const { return newest_leaf_; }  // its hash; zero at first
  std::uint64_t newest_index() const { return newest_index_; }
  /// Grows by one with every revocation: lets others cache what they derived.
  std::uint64_t revocations() const { return revoked_.size(); }

  const Agency* find_agency(const AgencyId& id) const;
  const Device* find_device(const DeviceId& id) const;
  const Device* find_device_by_spki(const Digest& tls_spki) const;
  const std::map<AgencyId, Agency>& agencies() const { return agencies_; }
  const std::map<DeviceId, Device>& devices() const { return devices_; }
  AgencyKind agency_kind_of(const DeviceId& id) const;  // of a device that exists
  /// Journal index of each revocation, by device.
  const std::map<DeviceId, std::uint64_t>& revoked_devices() const { return revoked_; }

  // Units and intervals out of service: the newest versions, or what an old leaf is judged by.
  const UnitInForce* find_unit(const UnitId& id) const;
  /// The version that a leaf at `index` is judged by: a unit counts from its own index on.
  const UnitInForce* find_unit_at(const UnitId& id, std::uint64_t index) const;
  /// Newest versions, ascending by id.
  std::vector<const UnitInForce*> units() const;
  std::vector<const UnitInForce*> units_of(const AgencyId& agency) const;
  const OutOfServiceInForce* find_out_of_service(const IntervalId& id) const;
  /// Newest versions of the agency's intervals in the order of their first, also of withdrawn ones.
  std::vector<const OutOfServiceInForce*> out_of_service_of(const AgencyId& agency) const;
  /// Those that say, as of the journal's index `index`, that the agency was out of service at `ms`.
  std::vector<const OutOfServiceInForce*> out_of_service_at(const AgencyId& agency, Milliseconds ms,
                                                            std::uint64_t index) const;
  /// Zero: no such person.
  AgencyId agency_of_person(const PersonId& person) const;

  /// Standing of a device for a leaf at `index` with the time `server_ms`. Leaves count from
  /// their own index on, so that an old leaf is judged as it was.
  Standing standing(const DeviceId& id, std::uint64_t index, Milliseconds server_ms) const;
  bool is_active(const DeviceId& id, std::uint64_t index, Milliseconds server_ms) const {
    return standing(id, index, server_ms) == Standing::active;
  }

 private:
  Result<void> judge_genesis(ByteView body, std::uint64_t index) const;
  Result<void> judge_certificate(ByteView body, std::uint64_t index, Milliseconds server_ms) const;
  Result<void> judge_certifier(const DeviceCertificate& certificate,
                               const SignedCertificate& signed_certificate, std::uint64_t index,
                               Milliseconds server_ms) const;
  Result<void> judge_ids_and_keys(const DeviceCertificate& certificate) const;
  Result<void> judge_revocation(ByteView body, std::uint64_t index, Milliseconds server_ms) const;
  Result<void> judge_governance(ByteView body, std::uint64_t index) const;
  Result<void> judge_change(const Governance& governance, std::uint64_t index) const;
  Result<void> judge_new_agency(const Agency& agency) const;
  Result<void> judge_replacement(const RootReplacement& replacement) const;
  Result<void> judge_witnesses(const Governance& governance) const;
  Result<void> judge_governance_signatures(const Governance& governance,
                                           const SignedGovernance& signed_governance) const;
  Result<SignaturePublicKey> find_key_in_charge(const AgencyId& agency, const DeviceId& signer,
                                                std::uint64_t index, Milliseconds server_ms) const;
  Result<void> judge_unit(ByteView body, std::uint64_t index, Milliseconds server_ms) const;
  Result<void> judge_unit_place(const Unit& unit) const;
  Result<void> judge_out_of_service(ByteView body, std::uint64_t index,
                                    Milliseconds server_ms) const;
  void take_genesis(ByteView body);
  void take_governance(ByteView body, std::uint64_t index, Milliseconds server_ms);
  void take_certificate(ByteView body, std::uint64_t index);
  void take_revocation(ByteView body, std::uint64_t index);
  void take_unit(ByteView body, std::uint64_t index, Milliseconds server_ms);
  void take_out_of_service(ByteView body, std::uint64_t index, Milliseconds server_ms);

  Genesis genesis_;
  Digest genesis_hash_;
  std::map<std::uint64_t, SignaturePublicKey> journal_keys_;  // by the index that brought each
  Digest server_spki_;
  std::uint8_t governance_quorum_ = 0;
  std::vector<Witness> witnesses_;
  std::vector<WitnessQuorumGroup> witness_quorum_;
  Digest governance_head_;
  std::vector<GovernanceStep> governance_history_;
  std::uint64_t count_ = 0;
  Digest newest_leaf_;
  std::uint64_t newest_index_ = 0;
  Milliseconds newest_ms_ = 0;
  std::map<AgencyId, Agency> agencies_;
  std::map<DeviceId, Device> devices_;
  std::map<DeviceId, std::uint64_t> revoked_;
  std::map<PersonId, AgencyId> agency_of_person_;
  std::map<UnitId, UnitHistory> units_;
  std::map<IntervalId, OutOfServiceHistory> intervals_;
  std::map<AgencyId, std::vector<IntervalId>> intervals_of_agency_;
  // INVARIANT: nothing ever leaves these: ids and keys belong to their first bearer for ever.
  std::set<SignaturePublicKey> signature_keys_;
  std::set<HpkePublicKey> hpke_keys_;
  std::set<Digest> infrastructure_spkis_;  // of the server and the witnesses
  std::unordered_map<Digest, DeviceId, FixedBytesHash> device_by_spki_;
};

/// The refusal that fits a standing other than active.
Refusal refusal_of(Standing standing);

}  // namespace oberih::sealing
