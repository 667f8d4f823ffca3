// SPDX-License-Identifier: Apache-2.0
// Device certificates (kind 2), revocations (kind 3) and name cards: bytes and signatures. What
// they add up to is the directory's business.
#pragma once

#include <string>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/timestamp.hpp"
#include "protocol/base/vocabulary.hpp"
#include "protocol/crypto/signature.hpp"

namespace oberih::sealing {

struct DeviceCertificate {
  AgencyId agency;
  PersonId person;
  DeviceId device;
  DeviceId certifier_device;  // zero: the agency's root
  Role role{};
  Digest name_hash;
  SignaturePublicKey signature_key;
  HpkePublicKey hpke_key;
  Digest tls_spki;
  Milliseconds not_before_ms = 0;
  Milliseconds not_after_ms = 0;
};

/// Leaf body of kind 2: `vec(content) || certifier signature || possession signature`.
struct SignedCertificate {
  Bytes content;
  Signature certifier_signature;   // label device-cert
  Signature possession_signature;  // label device-pop
};

Bytes encode_certificate_content(const DeviceCertificate& certificate);
Result<DeviceCertificate> parse_certificate_content(ByteView content);
Bytes encode_certificate_body(const SignedCertificate& certificate);
Result<SignedCertificate> parse_certificate_body(ByteView body);

struct DeviceRevocation {
  AgencyId agency;
  DeviceId device;
  std::uint8_t reason = 0;  // 1 retired, 2 replaced, 3 lost or stolen, 4 left the agency, 5 misuse
  DeviceId signer_device;   // zero: the agency's root
};

/// Leaf body of kind 3: `vec(content) || signature` (label device-revoke).
struct SignedRevocation {
  Bytes content;
  Signature signature;
};

Bytes encode_revocation_content(const DeviceRevocation& revocation);
Result<DeviceRevocation> parse_revocation_content(ByteView content);
Bytes encode_revocation_body(const SignedRevocation& revocation);
Result<SignedRevocation> parse_revocation_body(ByteView body);

/// Lies beside the journal, so that it can be erased.
struct NameCard {
  DeviceId device;
  NameSalt salt;
  std::string name;       // UTF-8 NFC
  std::string languages;  // BCP 47 tags, comma-separated; may be empty
};

/// `H(vec(P||"name") || salt || vec(name))`.
Digest name_hash(const NameSalt& salt, std::string_view name);

}  // namespace oberih::sealing
