// SPDX-License-Identifier: Apache-2.0
// Devices, certificates, the revocation and their leaves.
#include "history_check.hpp"
#include "protocol/crypto/hpke.hpp"
#include "protocol/crypto/signature.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/journal/leaf.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/sealing/device_certificate.hpp"

namespace oberih::vectors {
namespace {

using sealing::DeviceCertificate;

/// Each value is compared with what the content says; the content with what the values encode to.
void check_certificate_fields(const Value& fields, const DeviceCertificate& certificate) {
  const std::string why = "differs from content";
  fields["agency"].expect_id(certificate.agency, why);
  fields["person"].expect_id(certificate.person, why);
  fields["device"].expect_id(certificate.device, why);
  fields["certifier_device"].expect_id(certificate.certifier_device, why);
  fields["role"].expect(fields["role"].text() == name_of(certificate.role), why);
  fields["name_hash"].expect_id(certificate.name_hash, why);
  fields["sig_public"].expect_id(certificate.signature_key, why);
  fields["hpke_public"].expect_id(certificate.hpke_key, why);
  fields["tls_spki_sha256"].expect_id(certificate.tls_spki, why);
  fields["not_before_ms"].expect_number(certificate.not_before_ms, why);
  fields["not_after_ms"].expect_number(certificate.not_after_ms, why);
}

void check_name(const Value& fields) {
  const std::string name = fields["name"].text();
  const Digest hash = sealing::name_hash(fields["name_salt"].as<NameSalt>(), name);
  fields["name_hash"].expect_id(hash, "is not the hash of the name");
  const bool same = fields["name_hash"].as<Digest>() == hash;
  fields["name"].expect(same && encoding::is_nfc(name), "does not hash to name_hash");
  fields["name_salt"].expect(same, "does not hash the name to name_hash");
}

void check_certificate(const Value& certificate, const History& known) {
  const Value fields = certificate["fields"];
  const Bytes content = certificate["content"].bytes();
  Result<DeviceCertificate> parsed = sealing::parse_certificate_content(content);
  certificate["content"].expect(parsed.has_value(), "is no certificate");
  const DeviceCertificate stored = parsed ? *parsed : DeviceCertificate{};
  check_certificate_fields(fields, stored);
  check_name(fields);
  certificate["content"].expect_bytes(sealing::encode_certificate_content(stored),
                                      "does not encode again");
  const KnownDevice& device = known.device(stored.device);
  const bool is_known = device.agency == stored.agency && device.hpke_key == stored.hpke_key &&
                        device.signature_key == stored.signature_key;
  certificate["content"].expect(is_known, "differs from the list of devices");
  // The root's key stands nowhere else: its signature alone confirms it.
  const SignaturePublicKey given = certificate["certifier_public"].as<SignaturePublicKey>();
  const SignaturePublicKey certifier = stored.certifier_device.is_zero()
                                           ? given
                                           : known.device(stored.certifier_device).signature_key;
  check_signature(certificate["certifier_signature"], certificate["certifier_public"],
                  certificate["content"], certifier, "device-cert");
  check_signature(certificate["possession_signature"], fields["sig_public"],
                  certificate["content"], stored.signature_key, "device-pop");
}

/// Whether the history confirms that the device is this agency's and has this key: by a certificate
/// or by the info of a wrap, `... agency[16] || device[16] || hpke_pk[32]`.
bool is_confirmed(const Value& history, const DeviceId& id, const KnownDevice& device) {
  for (const Value& certificate : history["certificates"].items()) {
    Result<DeviceCertificate> parsed =
        sealing::parse_certificate_content(certificate["content"].bytes());
    if (parsed && parsed->device == id && parsed->agency == device.agency) return true;
  }
  const Bytes tail = ByteWriter().raw(device.agency).raw(id).raw(device.hpke_key).take();
  for (const std::string& name : history["records"].keys())
    for (const Value& info : history["records"][name]["infos"].items()) {
      const Bytes bytes = info.bytes();
      if (bytes.size() >= tail.size() && std::equal(tail.rbegin(), tail.rend(), bytes.rbegin()))
        return true;
    }
  return false;
}

void check_device(const Value& history, const Value& device, History& known) {
  KnownDevice entry;
  entry.agency = device["agency"].as<AgencyId>();
  entry.signature_key = device["sig_public"].as<SignaturePublicKey>();
  entry.hpke_key = device["hpke_public"].as<HpkePublicKey>();
  const HpkePublicKey secret = device["hpke_secret"].as<HpkePublicKey>();
  entry.hpke_secret = HpkeSecretKey(secret.bytes);
  const bool matches =
      crypto::hpke_keys_from_secret(entry.hpke_secret).public_key == entry.hpke_key;
  device["hpke_public"].expect(matches, "is not the secret's public key");
  device["hpke_secret"].expect(matches, "is not the public key's secret");
  device["sig_public"].expect(crypto::is_acceptable(entry.signature_key), "is no acceptable key");
  const DeviceId id = device["device"].as<DeviceId>();
  const bool confirmed = is_confirmed(history, id, entry);
  device["device"].expect(confirmed, "stands in no certificate and no wrap");
  device["agency"].expect(confirmed, "stands in no certificate and no wrap of the device");
  const bool is_new = known.devices.emplace(id, std::move(entry)).second;
  device["device"].expect(is_new, "stands twice");
}

/// Signatures by the device itself: the only proof of the keys of devices without a certificate.
void check_signature_key(const Value& history, const Value& device) {
  const Bytes id = device["device"].bytes();
  const auto confirm = [&](const Value& signer, const Value& key) {
    if (signer.bytes() == id)
      device["sig_public"].expect(key.bytes() == device["sig_public"].bytes(),
                                  "is not the key that signs for this device");
  };
  for (const Value& certificate : history["certificates"].items())
    confirm(certificate["fields"]["device"], certificate["fields"]["sig_public"]);
  for (const Value& entry : history["entries"].items())
    confirm(entry["fields"]["sender_device"], entry["author_public"]);
  confirm(history["receipt"]["fields"]["device"], history["receipt"]["signer_public"]);
  confirm(history["approval"]["fields"]["approver_device"],
          history["approval"]["approver_public"]);
  confirm(history["revocation"]["fields"]["signer_device"],
          history["revocation"]["signer_public"]);
}

}  // namespace

void check_devices(const Value& history, History& known) {
  const Value devices = history["devices"];
  for (const std::string& name : devices.keys()) {
    check_device(history, devices[name], known);
    check_signature_key(history, devices[name]);
  }
}

void check_certificates(const Value& history, const History& known) {
  for (const Value& certificate : history["certificates"].items())
    check_certificate(certificate, known);
}

void check_revocation(const Value& history, const History& known) {
  const Value revocation = history["revocation"];
  const Value fields = revocation["fields"];
  const Bytes content = revocation["content"].bytes();
  Result<sealing::DeviceRevocation> parsed = sealing::parse_revocation_content(content);
  revocation["content"].expect(parsed.has_value(), "is no revocation");
  const sealing::DeviceRevocation stored = parsed ? *parsed : sealing::DeviceRevocation{};
  const std::string why = "differs from content";
  fields["agency"].expect_id(stored.agency, why);
  fields["device"].expect_id(stored.device, why);
  fields["reason"].expect_number(stored.reason, why);
  fields["signer_device"].expect_id(stored.signer_device, why);
  revocation["content"].expect_bytes(sealing::encode_revocation_content(stored),
                                     "does not encode again");
  revocation["content"].expect(known.device(stored.device).agency == stored.agency &&
                                   known.device(stored.signer_device).agency == stored.agency,
                               "is about or by another agency's device");
  check_signature(revocation["signature"], revocation["signer_public"],
                  revocation["content"], known.device(stored.signer_device).signature_key,
                  "device-revoke");
}

void check_directory_leaves(const Value& history) {
  std::vector<Bytes> bodies;
  for (const Value& certificate : history["certificates"].items())
    bodies.push_back(sealing::encode_certificate_body(
        {certificate["content"].bytes(), certificate["certifier_signature"].as<Signature>(),
         certificate["possession_signature"].as<Signature>()}));
  const std::size_t certificates = bodies.size();
  bodies.push_back(sealing::encode_revocation_body(
      {history["revocation"]["content"].bytes(),
       history["revocation"]["signature"].as<Signature>()}));
  const Value leaves = history["directory_leaves"];
  leaves.expect(leaves.items().size() == bodies.size(),
                "has not one leaf for each certificate and the revocation");
  for (std::size_t i = 0; i < bodies.size(); ++i)
    check_leaf(leaves[i], static_cast<std::uint8_t>(i < certificates ? 2 : 3), bodies[i]);
}

}  // namespace oberih::vectors
