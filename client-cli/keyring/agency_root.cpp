// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/agency_root.hpp"

#include "client-cli/keyring/private_file.hpp"
#include "client-cli/keyring/sealed_file.hpp"
#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/crypto/signature.hpp"

namespace oberih::client {
namespace {

constexpr std::uint8_t agency_root_version = 1;
constexpr std::size_t agency_root_file_bytes = 16 * 1024;

/// `u8 1 || seed[32] || agency[16] || vec(kind) || vec(name)`: the seed first, so that it is
/// written once into memory that is wiped.
SecretBuffer encode_root(const AgencyRoot& root) {
  Bytes described =
      ByteWriter().raw(root.agency.id).vec(name_of(root.agency.kind)).vec(root.agency.name).take();
  SecretBuffer buffer(1 + 32 + described.size());
  auto out = buffer.writable().begin();
  *out++ = agency_root_version;
  out = std::copy(root.seed.view().begin(), root.seed.view().end(), out);
  std::copy(described.begin(), described.end(), out);
  return buffer;
}

Result<AgencyRoot> parse_root(ByteView content) {
  ByteReader reader(content);
  if (reader.u8() != agency_root_version) reader.fail();
  AgencyRoot root;
  ByteView seed = reader.take(32);
  std::copy(seed.begin(), seed.end(), root.seed.writable().begin());
  root.agency.id = reader.id<AgencyId>();
  std::optional<AgencyKind> kind = find_agency_kind(as_text(reader.vec(limits::name_bytes)));
  root.agency.name = as_text(reader.vec(limits::name_bytes));
  if (!reader.complete() || !kind)
    return refuse(RefusalCode::local_state_broken, "the root file is of an unknown version");
  root.agency.kind = *kind;
  root.agency.root_key = crypto::signature_keys_from_seed(root.seed).public_key;
  return root;
}

}  // namespace

AgencyRoot generate_agency_root(AgencyKind kind, std::string name) {
  AgencyRoot root;
  crypto::SignatureKeyPair keys = crypto::generate_signature_keys();
  root.seed = std::move(keys.secret_key);
  root.agency = {crypto::random_id<AgencyId>(), kind, std::move(name), keys.public_key};
  return root;
}

Result<> create_agency_root(const std::filesystem::path& file, const AgencyRoot& root,
                            ByteView passphrase, const crypto::PassphraseCost& cost) {
  SecretBuffer content = encode_root(root);
  Bytes sealed =
      seal_under_passphrase(SealedPurpose::agency_root, passphrase, cost, content.view());
  return create_file(file, sealed, FileAccess::owner_only);
}

Result<AgencyRoot> open_agency_root(const std::filesystem::path& file, ByteView passphrase) {
  Result<Bytes> sealed = read_whole_file(file, agency_root_file_bytes);
  if (!sealed) return sealed.error();
  Result<SymmetricKey> key = derive_unlocking_key(*sealed, SealedPurpose::agency_root, passphrase);
  if (!key) return key.error();
  Result<SecretBuffer> content = open_sealed_file(*sealed, SealedPurpose::agency_root, *key);
  if (!content) return content.error();
  return parse_root(content->view());
}

}  // namespace oberih::client
