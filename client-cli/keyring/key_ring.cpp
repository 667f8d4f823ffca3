// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/key_ring.hpp"

#include "client-cli/keyring/private_file.hpp"
#include "client-cli/keyring/sealed_file.hpp"
#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/crypto/certificate.hpp"
#include "protocol/crypto/random_bytes.hpp"

namespace oberih::client {
namespace {

constexpr std::uint8_t key_ring_version = 1;
constexpr std::size_t pem_bytes = 16 * 1024;
constexpr std::size_t key_ring_file_bytes = 64 * 1024;

/// `u8 1 || device || seed || hpke secret || storage key || vec(TLS key) || vec(TLS certificate)`,
/// written in place: a growing vector would leave unwiped copies of the keys behind.
SecretBuffer encode_key_ring(const KeyRing& ring) {
  ByteView parts[] = {ring.device.view(), ring.signature_seed.view(), ring.hpke_secret.view(),
                      ring.storage_key.view()};
  std::size_t size = 1 + 4 + ring.tls_private_key_pem.size() + 4 + ring.tls_certificate_pem.size();
  for (ByteView part : parts) size += part.size();
  SecretBuffer buffer(size);
  auto out = buffer.writable().begin();
  auto put = [&out](ByteView part) { out = std::copy(part.begin(), part.end(), out); };
  auto put_vec = [&put](ByteView part) {
    put(ByteWriter().u32(static_cast<std::uint32_t>(part.size())).bytes());
    put(part);
  };
  put(ByteView(&key_ring_version, 1));
  for (ByteView part : parts) put(part);
  put_vec(ring.tls_private_key_pem.view());
  put_vec(as_bytes(ring.tls_certificate_pem));
  return buffer;
}

template <class SecretType>
SecretType read_secret(ByteReader& reader) {
  SecretType secret;
  ByteView bytes = reader.take(secret.view().size());
  std::copy(bytes.begin(), bytes.end(), secret.writable().begin());
  return secret;
}

Result<KeyRing> parse_key_ring(ByteView content) {
  ByteReader reader(content);
  if (reader.u8() != key_ring_version) reader.fail();
  KeyRing ring;
  ring.device = reader.id<DeviceId>();
  ring.signature_seed = read_secret<SignatureSecretKey>(reader);
  ring.hpke_secret = read_secret<HpkeSecretKey>(reader);
  ring.storage_key = read_secret<SymmetricKey>(reader);
  ring.tls_private_key_pem = SecretBuffer(reader.vec(pem_bytes));
  ring.tls_certificate_pem = as_text(reader.vec(pem_bytes));
  if (!reader.complete())
    return refuse(RefusalCode::local_state_broken, "the key ring is of an unknown version");
  return ring;
}

}  // namespace

KeyRing generate_key_ring() {
  KeyRing ring;
  ring.device = crypto::random_id<DeviceId>();
  ring.signature_seed = crypto::random_secret<SignatureSecretKey>();
  ring.hpke_secret = crypto::random_secret<HpkeSecretKey>();
  ring.storage_key = crypto::random_secret<SymmetricKey>();
  crypto::TlsKeyAndCertificate tls = crypto::generate_tls_identity();
  ring.tls_private_key_pem = std::move(tls.private_key_pem);
  ring.tls_certificate_pem = std::move(tls.certificate_pem);
  return ring;
}

std::filesystem::path key_ring_file(const std::filesystem::path& profile_folder) {
  return profile_folder / "key_ring";
}

Result<> create_key_ring(const std::filesystem::path& profile_folder, const KeyRing& ring,
                         ByteView passphrase, const crypto::PassphraseCost& cost) {
  SecretBuffer content = encode_key_ring(ring);
  Bytes file = seal_under_passphrase(SealedPurpose::key_ring, passphrase, cost, content.view());
  return create_file(key_ring_file(profile_folder), file, FileAccess::owner_only);
}

Result<SymmetricKey> unlock_key_ring(const std::filesystem::path& profile_folder,
                                     ByteView passphrase) {
  Result<Bytes> file = read_whole_file(key_ring_file(profile_folder), key_ring_file_bytes);
  if (!file) return file.error();
  Result<SymmetricKey> key = derive_unlocking_key(*file, SealedPurpose::key_ring, passphrase);
  if (!key) return key.error();
  OBERIH_TRY(open_sealed_file(*file, SealedPurpose::key_ring, *key));
  return key;
}

Result<KeyRing> open_key_ring(const std::filesystem::path& profile_folder,
                              const SymmetricKey& unlocking_key) {
  Result<Bytes> file = read_whole_file(key_ring_file(profile_folder), key_ring_file_bytes);
  if (!file) return file.error();
  Result<SecretBuffer> content = open_sealed_file(*file, SealedPurpose::key_ring, unlocking_key);
  if (!content) return content.error();
  return parse_key_ring(content->view());
}

}  // namespace oberih::client
