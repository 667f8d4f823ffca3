// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/server_keys.hpp"

#include "protocol/crypto/certificate.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "server/runtime/private_file.hpp"

namespace oberih::runtime {
namespace {

constexpr const char* journal_key_file = "/journal.key";
constexpr const char* tls_key_file = "/server_tls.key";
constexpr const char* tls_certificate_file = "/server_tls.crt";

Result<void> make_journal_key(const std::string& path, const std::string& origin) {
  auto seed = crypto::random_secret<SignatureSecretKey>();
  SecretBuffer line = journal::format_signer_key(origin, seed);
  return write_file(path, line.view(), Overwrite::no, Audience::owner);
}

Result<void> make_tls_key(const std::string& state_directory) {
  crypto::TlsKeyAndCertificate identity = crypto::generate_tls_identity();
  // The certificate first: a key without one could not be told from a lost one.
  OBERIH_TRY(write_file(state_directory + tls_certificate_file, as_bytes(identity.certificate_pem),
                        Overwrite::yes, Audience::owner));
  return write_file(state_directory + tls_key_file, identity.private_key_pem.view(), Overwrite::no,
                    Audience::owner);
}

}  // namespace

Result<journal::NoteSigner> load_journal_key(const std::string& path) {
  auto text = read_secret_file(path);
  if (!text) return text.error();
  std::string_view line = as_text(text->view());
  while (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  auto signer = journal::parse_signer_key(line);
  if (!signer)
    return refuse(RefusalCode::local_state_broken, path + ": is not a signed-note private key");
  return signer;
}

Result<ServerKeys> load_server_keys(const std::string& state_directory) {
  OBERIH_TRY(require_private_directory(state_directory));
  auto journal_key = load_journal_key(state_directory + journal_key_file);
  if (!journal_key) return journal_key.error();
  auto tls_key = read_secret_file(state_directory + tls_key_file);
  if (!tls_key) return tls_key.error();
  auto certificate = read_public_file(state_directory + tls_certificate_file);
  if (!certificate) return certificate.error();
  ServerKeys keys{std::move(*journal_key), {std::move(*tls_key), std::move(*certificate)}, {}};
  try {
    keys.tls_spki = crypto::spki_sha256_of_certificate(keys.tls.certificate_pem);
  } catch (const std::exception& error) {
    return refuse(RefusalCode::local_state_broken,
                  state_directory + tls_certificate_file + ": " + error.what());
  }
  return keys;
}

Result<ServerKeys> make_server_keys(const std::string& state_directory, const std::string& origin) {
  OBERIH_TRY(make_private_directory(state_directory));
  if (!file_exists(state_directory + journal_key_file))
    OBERIH_TRY(make_journal_key(state_directory + journal_key_file, origin));
  if (!file_exists(state_directory + tls_key_file)) OBERIH_TRY(make_tls_key(state_directory));
  auto keys = load_server_keys(state_directory);
  if (keys && keys->journal.name != origin)
    return refuse(RefusalCode::usage, state_directory + " holds the keys of the journal '" +
                                          keys->journal.name + "'. Give --origin " +
                                          keys->journal.name +
                                          ", or another state directory for another journal.");
  return keys;
}

}  // namespace oberih::runtime
