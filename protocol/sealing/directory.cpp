// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/directory.hpp"

#include "protocol/crypto/hpke.hpp"
#include "protocol/crypto/signature.hpp"

namespace oberih::sealing {
namespace {

/// What judge has parsed before: a refusal here is a broken invariant and throws.
template <class T>
T require_parsed(Result<T> result) {
  return std::move(result.value());
}

bool repeats(const DeviceCertificate& renewal, const DeviceCertificate& first) {
  return renewal.agency == first.agency && renewal.person == first.person &&
         renewal.role == first.role && renewal.signature_key == first.signature_key &&
         renewal.hpke_key == first.hpke_key && renewal.tls_spki == first.tls_spki;
}

Refusal not_certifier(const char* detail) { return refuse(RefusalCode::not_certifier, detail); }

}  // namespace

// -- judging --------------------------------------------------------------------------------------

Result<void> Directory::judge(journal::LeafKind kind, ByteView body, std::uint64_t index,
                              Milliseconds server_ms) const {
  if (kind == journal::LeafKind::genesis) return judge_genesis(body, index);
  if (is_empty()) return refuse(RefusalCode::malformed_object, "the directory has no genesis yet");
  if (kind == journal::LeafKind::device_certificate)
    return judge_certificate(body, index, server_ms);
  if (kind == journal::LeafKind::device_revocation) return judge_revocation(body, index, server_ms);
  if (kind == journal::LeafKind::governance) return judge_governance(body, index);
  if (kind == journal::LeafKind::unit) return judge_unit(body, index, server_ms);
  if (kind == journal::LeafKind::out_of_service)
    return judge_out_of_service(body, index, server_ms);
  return refuse(RefusalCode::malformed_object, "no kind of leaf that the directory is made of");
}

Result<void> Directory::judge_genesis(ByteView body, std::uint64_t index) const {
  if (!is_empty() || index != 0)
    return refuse(RefusalCode::id_taken, "a genesis stands at index 0 alone");
  Result<SignedGenesis> signed_genesis = parse_genesis_body(body);
  if (!signed_genesis) return signed_genesis.error();
  OBERIH_TRY(verify_genesis(*signed_genesis));
  return {};
}

Result<void> Directory::judge_certificate(ByteView body, std::uint64_t index,
                                          Milliseconds server_ms) const {
  Result<SignedCertificate> signed_certificate = parse_certificate_body(body);
  if (!signed_certificate) return signed_certificate.error();
  Result<DeviceCertificate> certificate = parse_certificate_content(signed_certificate->content);
  if (!certificate) return certificate.error();
  if (!crypto::is_acceptable(certificate->signature_key))
    return refuse(RefusalCode::unacceptable_key, "the signature key");
  if (!crypto::is_acceptable(certificate->hpke_key))
    return refuse(RefusalCode::unacceptable_key, "the HPKE key");
  OBERIH_TRY(judge_certifier(*certificate, *signed_certificate, index, server_ms));
  if (!crypto::verify(certificate->signature_key, "device-pop", signed_certificate->content,
                      signed_certificate->possession_signature))
    return refuse(RefusalCode::bad_signature, "the proof of possession");
  return judge_ids_and_keys(*certificate);
}

Result<void> Directory::judge_certifier(const DeviceCertificate& certificate,
                                        const SignedCertificate& signed_certificate,
                                        std::uint64_t index, Milliseconds server_ms) const {
  const Agency* agency = find_agency(certificate.agency);
  if (agency == nullptr) return not_certifier("there is no such agency");
  SignaturePublicKey certifier_key = agency->root_key;
  // The root lies in a safe and certifies administrators only; they certify everybody else.
  const bool by_root = certificate.certifier_device.is_zero();
  if (by_root != (certificate.role == Role::agency_admin))
    return not_certifier(by_root ? "a root certifies administrators only"
                                 : "administrators are certified by the root");
  if (!by_root) {
    const Device* certifier = find_device(certificate.certifier_device);
    if (certifier == nullptr || certifier->certificate.agency != certificate.agency ||
        certifier->certificate.role != Role::agency_admin)
      return not_certifier("not an administrator of that agency");
    const Standing standing_now = standing(certificate.certifier_device, index, server_ms);
    if (standing_now != Standing::active) return refusal_of(standing_now);
    certifier_key = certifier->certificate.signature_key;
  }
  if (!crypto::verify(certifier_key, "device-cert", signed_certificate.content,
                      signed_certificate.certifier_signature))
    return refuse(RefusalCode::bad_signature, "the certifier's signature");
  if (!may_certify(agency->kind, certificate.role)) return refuse(RefusalCode::role_not_allowed);
  return {};
}

Result<void> Directory::judge_ids_and_keys(const DeviceCertificate& certificate) const {
  if (const Device* known = find_device(certificate.device)) {
    if (known->revoked_index) return refuse(RefusalCode::device_revoked);
    if (!repeats(certificate, known->certificate))
      return refuse(RefusalCode::id_taken, "a renewal repeats person, role and keys");
    if (certificate.not_after_ms <= known->certificate.not_after_ms)
      return refuse(RefusalCode::id_taken, "a renewal ends later than what it renews");
    return {};
  }
  auto person = agency_of_person_.find(certificate.person);
  if (person != agency_of_person_.end() && person->second != certificate.agency)
    return refuse(RefusalCode::id_taken, "the person belongs to another agency");
  if (signature_keys_.contains(certificate.signature_key))
    return refuse(RefusalCode::id_taken, "the signature key");
  if (hpke_keys_.contains(certificate.hpke_key))
    return refuse(RefusalCode::id_taken, "the HPKE key");
  if (device_by_spki_.contains(certificate.tls_spki) ||
      infrastructure_spkis_.contains(certificate.tls_spki))
    return refuse(RefusalCode::id_taken, "the TLS key");
  return {};
}

Result<void> Directory::judge_revocation(ByteView body, std::uint64_t index,
                                         Milliseconds server_ms) const {
  Result<SignedRevocation> signed_revocation = parse_revocation_body(body);
  if (!signed_revocation) return signed_revocation.error();
  Result<DeviceRevocation> revocation = parse_revocation_content(signed_revocation->content);
  if (!revocation) return revocation.error();
  const Agency* agency = find_agency(revocation->agency);
  if (agency == nullptr) return not_certifier("there is no such agency");
  const Device* device = find_device(revocation->device);
  if (device == nullptr) return refuse(RefusalCode::unknown_device);
  if (device->certificate.agency != revocation->agency)
    return not_certifier("the device is another agency's");
  SignaturePublicKey signer_key = agency->root_key;
  if (!revocation->signer_device.is_zero()) {
    const Device* signer = find_device(revocation->signer_device);
    if (signer == nullptr || signer->certificate.agency != revocation->agency ||
        (signer->certificate.role != Role::agency_admin &&
         signer->certificate.role != Role::supervisor))
      return not_certifier("not an administrator or supervisor of that agency");
    const Standing standing_now = standing(revocation->signer_device, index, server_ms);
    if (standing_now != Standing::active) return refusal_of(standing_now);
    signer_key = signer->certificate.signature_key;
  }
  if (!crypto::verify(signer_key, "device-revoke", signed_revocation->content,
                      signed_revocation->signature))
    return refuse(RefusalCode::bad_signature, "the revocation");
  if (device->revoked_index) return refuse(RefusalCode::device_revoked);
  return {};
}

// -- changing -------------------------------------------------------------------------------------

Result<void> Directory::apply(journal::LeafKind kind, ByteView body, std::uint64_t index,
                              Milliseconds server_ms) {
  OBERIH_TRY(judge(kind, body, index, server_ms));
  if (kind == journal::LeafKind::genesis) take_genesis(body);
  if (kind == journal::LeafKind::governance) take_governance(body, index, server_ms);
  if (kind == journal::LeafKind::device_certificate) take_certificate(body, index);
  if (kind == journal::LeafKind::device_revocation) take_revocation(body, index);
  if (kind == journal::LeafKind::unit) take_unit(body, index, server_ms);
  if (kind == journal::LeafKind::out_of_service) take_out_of_service(body, index, server_ms);
  return {};
}

Result<void> Directory::apply_leaf(ByteView leaf_data, std::uint64_t index) {
  Result<journal::Leaf> leaf = journal::parse_leaf(leaf_data);
  if (!leaf) return leaf.error();
  if (!journal::is_directory_kind(leaf->kind))
    return refuse(RefusalCode::malformed_object, "not a leaf of the directory");
  if (leaf->channel_seq != count_ + 1 || leaf->prev_leaf != newest_leaf_)
    return refuse(RefusalCode::verification_failed, "the directory's chain is broken");
  if (count_ > 0 && (index <= newest_index_ || leaf->server_ms < newest_ms_))
    return refuse(RefusalCode::verification_failed, "the directory goes back in the journal");
  OBERIH_TRY(apply(leaf->kind, leaf->body, index, leaf->server_ms));
  count_ += 1;
  newest_leaf_ = journal::leaf_hash(leaf_data);
  newest_index_ = index;
  newest_ms_ = leaf->server_ms;
  return {};
}

void Directory::take_genesis(ByteView body) {
  const SignedGenesis signed_genesis = require_parsed(parse_genesis_body(body));
  genesis_ = require_parsed(parse_genesis_content(signed_genesis.content));
  genesis_hash_ = sealing::genesis_hash(signed_genesis.content);
  governance_head_ = genesis_hash_;
  journal_keys_.emplace(0, genesis_.journal_key);
  server_spki_ = genesis_.server_spki;
  governance_quorum_ = genesis_.governance_quorum;
  witnesses_ = genesis_.witnesses;
  witness_quorum_ = genesis_.witness_quorum;
  signature_keys_.insert(genesis_.journal_key);
  infrastructure_spkis_.insert(genesis_.server_spki);
  for (const Agency& agency : genesis_.agencies) {
    agencies_.emplace(agency.id, agency);
    signature_keys_.insert(agency.root_key);
  }
  for (const Witness& witness : genesis_.witnesses) {
    signature_keys_.insert(witness.key);
    infrastructure_spkis_.insert(witness.tls_spki);
  }
}

void Directory::take_certificate(ByteView body, std::uint64_t index) {
  const SignedCertificate signed_certificate = require_parsed(parse_certificate_body(body));
  const DeviceCertificate certificate =
      require_parsed(parse_certificate_content(signed_certificate.content));
  auto [place, is_new] = devices_.try_emplace(certificate.device);
  Device& device = place->second;
  if (is_new) device.certified_index = index;
  device.certificate = certificate;
  device.validities.push_back({index, certificate.not_before_ms, certificate.not_after_ms});
  agency_of_person_.emplace(certificate.person, certificate.agency);
  signature_keys_.insert(certificate.signature_key);
  hpke_keys_.insert(certificate.hpke_key);
  device_by_spki_.emplace(certificate.tls_spki, certificate.device);
}

void Directory::take_revocation(ByteView body, std::uint64_t index) {
  const SignedRevocation signed_revocation = require_parsed(parse_revocation_body(body));
  const DeviceRevocation revocation =
      require_parsed(parse_revocation_content(signed_revocation.content));
  devices_.at(revocation.device).revoked_index = index;
  revoked_.emplace(revocation.device, index);
}

// -- asking ---------------------------------------------------------------------------------------

const Agency* Directory::find_agency(const AgencyId& id) const {
  auto found = agencies_.find(id);
  return found == agencies_.end() ? nullptr : &found->second;
}

const Device* Directory::find_device(const DeviceId& id) const {
  auto found = devices_.find(id);
  return found == devices_.end() ? nullptr : &found->second;
}

const Device* Directory::find_device_by_spki(const Digest& tls_spki) const {
  auto found = device_by_spki_.find(tls_spki);
  return found == device_by_spki_.end() ? nullptr : find_device(found->second);
}

AgencyKind Directory::agency_kind_of(const DeviceId& id) const {
  return agencies_.at(devices_.at(id).certificate.agency).kind;
}

Standing Directory::standing(const DeviceId& id, std::uint64_t index,
                             Milliseconds server_ms) const {
  const Device* device = find_device(id);
  if (device == nullptr || device->certified_index > index) return Standing::unknown;
  if (device->revoked_index && *device->revoked_index <= index) return Standing::revoked;
  Standing best = Standing::not_yet_valid;
  for (const Validity& validity : device->validities) {
    if (validity.index > index) break;
    if (server_ms < validity.not_before_ms) continue;
    if (server_ms <= validity.not_after_ms) return Standing::active;
    best = Standing::expired;
  }
  return best;
}

Refusal refusal_of(Standing standing) {
  switch (standing) {
    case Standing::unknown:
    case Standing::active:  // nobody asks
      return refuse(RefusalCode::unknown_device);
    case Standing::not_yet_valid:
      return refuse(RefusalCode::certificate_expired, "the validity has not begun");
    case Standing::expired:
      return refuse(RefusalCode::certificate_expired);
    case Standing::revoked:
      return refuse(RefusalCode::device_revoked);
  }
  return refuse(RefusalCode::unknown_device);
}

}  // namespace oberih::sealing
