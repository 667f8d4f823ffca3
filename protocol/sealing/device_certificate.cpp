// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/device_certificate.hpp"

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/sealing/label.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t certificate_version = 1;
constexpr std::uint8_t revocation_version = 1;
constexpr std::uint8_t reason_at_most = 5;
constexpr std::size_t content_bytes_at_most = 1'024;

}  // namespace

Bytes encode_certificate_content(const DeviceCertificate& certificate) {
  ByteWriter writer(320);
  writer.u8(certificate_version).raw(certificate.agency).raw(certificate.person);
  writer.raw(certificate.device).raw(certificate.certifier_device).vec(name_of(certificate.role));
  writer.raw(certificate.name_hash).raw(certificate.signature_key).raw(certificate.hpke_key);
  writer.raw(certificate.tls_spki);
  writer.u64(certificate.not_before_ms).u64(certificate.not_after_ms);
  return writer.take();
}

Result<DeviceCertificate> parse_certificate_content(ByteView content) {
  ByteReader reader(content);
  if (reader.u8() != certificate_version) return malformed("unknown version of a certificate");
  DeviceCertificate certificate;
  certificate.agency = reader.id<AgencyId>();
  certificate.person = reader.id<PersonId>();
  certificate.device = reader.id<DeviceId>();
  certificate.certifier_device = reader.id<DeviceId>();
  const std::optional<Role> role = find_role(as_text(reader.vec(limits::role_bytes)));
  certificate.name_hash = reader.id<Digest>();
  certificate.signature_key = reader.id<SignaturePublicKey>();
  certificate.hpke_key = reader.id<HpkePublicKey>();
  certificate.tls_spki = reader.id<Digest>();
  certificate.not_before_ms = reader.u64();
  certificate.not_after_ms = reader.u64();
  if (!reader.complete()) return malformed("a certificate of wrong length");
  if (!role) return malformed("an unknown role");
  certificate.role = *role;
  if (certificate.not_after_ms <= certificate.not_before_ms)
    return malformed("a validity that ends before it begins");
  // 0^16 stands for "the root" and "nobody": no device and no person may bear it.
  if (certificate.device.is_zero() || certificate.person.is_zero())
    return malformed("an id of zeros");
  return certificate;
}

Bytes encode_certificate_body(const SignedCertificate& certificate) {
  ByteWriter writer(4 + certificate.content.size() + 2 * Signature::size);
  writer.vec(certificate.content).raw(certificate.certifier_signature);
  writer.raw(certificate.possession_signature);
  return writer.take();
}

Result<SignedCertificate> parse_certificate_body(ByteView body) {
  ByteReader reader(body);
  SignedCertificate certificate;
  certificate.content = to_bytes(reader.vec(content_bytes_at_most));
  certificate.certifier_signature = reader.id<Signature>();
  certificate.possession_signature = reader.id<Signature>();
  if (!reader.complete()) return malformed("a signed certificate of wrong length");
  return certificate;
}

Bytes encode_revocation_content(const DeviceRevocation& revocation) {
  ByteWriter writer(1 + 16 + 16 + 1 + 16);
  writer.u8(revocation_version).raw(revocation.agency).raw(revocation.device);
  writer.u8(revocation.reason).raw(revocation.signer_device);
  return writer.take();
}

Result<DeviceRevocation> parse_revocation_content(ByteView content) {
  ByteReader reader(content);
  if (reader.u8() != revocation_version) return malformed("unknown version of a revocation");
  DeviceRevocation revocation;
  revocation.agency = reader.id<AgencyId>();
  revocation.device = reader.id<DeviceId>();
  revocation.reason = reader.u8();
  revocation.signer_device = reader.id<DeviceId>();
  if (!reader.complete()) return malformed("a revocation of wrong length");
  if (revocation.reason == 0 || revocation.reason > reason_at_most)
    return malformed("an unknown reason of a revocation");
  return revocation;
}

Bytes encode_revocation_body(const SignedRevocation& revocation) {
  ByteWriter writer(4 + revocation.content.size() + Signature::size);
  writer.vec(revocation.content).raw(revocation.signature);
  return writer.take();
}

Result<SignedRevocation> parse_revocation_body(ByteView body) {
  ByteReader reader(body);
  SignedRevocation revocation;
  revocation.content = to_bytes(reader.vec(content_bytes_at_most));
  revocation.signature = reader.id<Signature>();
  if (!reader.complete()) return malformed("a signed revocation of wrong length");
  return revocation;
}

Digest name_hash(const NameSalt& salt, std::string_view name) {
  ByteWriter writer = begin_label("name");
  writer.raw(salt).vec(name);
  return crypto::sha256(writer.bytes());
}

}  // namespace oberih::sealing
