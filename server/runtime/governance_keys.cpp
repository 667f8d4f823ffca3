// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/governance_keys.hpp"

#include <filesystem>

#include "protocol/crypto/certificate.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/wire/exchange_files.hpp"
#include "server/runtime/private_file.hpp"

namespace oberih::runtime {
namespace {

constexpr std::size_t name_digits = 16;

/// The files of the state directory that begin and end so.
std::vector<std::string> files_like(const std::string& state_directory, std::string_view begin,
                                    std::string_view end) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(state_directory, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(begin) && name.ends_with(end)) files.push_back(entry.path().string());
  }
  return files;
}

std::string short_name(const std::string& key) { return key.substr(0, name_digits); }

}  // namespace

Result<NewKey> make_new_journal_key(const std::string& state_directory) {
  auto keys = load_server_keys(state_directory);
  if (!keys) return keys.error();
  const crypto::SignatureKeyPair pair = crypto::generate_signature_keys();
  const std::string key = encoding::encode_hex(pair.public_key);
  const std::string file = state_directory + "/journal-" + short_name(key) + ".key";
  const SecretBuffer line = journal::format_signer_key(keys->journal.name, pair.secret_key);
  OBERIH_TRY(write_file(file, line.view(), Overwrite::no, Audience::owner));
  return NewKey{file, key};
}

Result<NewKey> make_new_server_key(const std::string& state_directory) {
  OBERIH_TRY(require_private_directory(state_directory));
  const crypto::TlsKeyAndCertificate identity = crypto::generate_tls_identity();
  const std::string key =
      encoding::encode_hex(crypto::spki_sha256_of_certificate(identity.certificate_pem));
  const std::string stem = state_directory + "/server_tls-" + short_name(key);
  OBERIH_TRY(write_file(stem + ".crt", as_bytes(identity.certificate_pem), Overwrite::no,
                        Audience::owner));
  OBERIH_TRY(
      write_file(stem + ".key", identity.private_key_pem.view(), Overwrite::no, Audience::owner));
  return NewKey{stem + ".key", key};
}

std::optional<journal::NoteSigner> find_journal_key(const std::string& state_directory,
                                                    const SignaturePublicKey& key) {
  for (const std::string& file : files_like(state_directory, "journal", ".key")) {
    auto signer = load_journal_key(file);
    if (signer && signer->signer.public_key() == key) return std::move(*signer);
  }
  return std::nullopt;
}

std::optional<socket::TlsIdentity> find_server_key(const std::string& state_directory,
                                                   const Digest& tls_spki) {
  for (const std::string& file : files_like(state_directory, "server_tls", ".crt")) {
    auto certificate = read_public_file(file);
    if (!certificate) continue;
    try {
      if (crypto::spki_sha256_of_certificate(*certificate) != tls_spki) continue;
    } catch (const std::exception&) {
      continue;  // not a certificate: not the one that is looked for
    }
    auto key = read_secret_file(file.substr(0, file.size() - 4) + ".key");
    if (key) return socket::TlsIdentity{std::move(*key), std::move(*certificate)};
  }
  return std::nullopt;
}

Result<void> sign_governance_file(const std::string& state_directory, const std::string& file) {
  auto text = read_public_file(file);
  if (!text) return text.error();
  auto signed_governance = wire::parse_governance_file(*text);
  if (!signed_governance)
    return refuse(signed_governance.error().code, file + ": " + signed_governance.error().detail);
  auto governance = sealing::parse_governance_content(signed_governance->content);
  if (!governance) return refuse(governance.error().code, file + ": " + governance.error().detail);
  if (governance->change != sealing::GovernanceChange::journal_key)
    return refuse(RefusalCode::usage, "Only a change of the journal key is signed by the server: " +
                                          file + " is another one.");
  auto signer = find_journal_key(state_directory, governance->journal_key);
  if (!signer)
    return refuse(RefusalCode::local_state_broken,
                  "The state directory does not hold the journal key that " + file + " names.");
  signed_governance->new_key_signature =
      signer->signer.sign("governance", signed_governance->content);
  const std::string done = wire::format_governance_file(*signed_governance);
  return write_file(file, as_bytes(done), Overwrite::yes, Audience::everybody);
}

}  // namespace oberih::runtime
