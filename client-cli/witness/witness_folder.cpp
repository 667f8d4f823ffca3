// SPDX-License-Identifier: Apache-2.0
#include "client-cli/witness/witness_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "client-cli/keyring/private_file.hpp"
#include "protocol/crypto/certificate.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/wire/exchange_files.hpp"

namespace oberih::client {
namespace {

constexpr const char* key_file = "witness.key";
constexpr const char* tls_key_file = "tls.key";
constexpr const char* tls_certificate_file = "tls.crt";
constexpr const char* journal_file = "journal";
constexpr const char* state_file = "state";
constexpr std::size_t most_key_bytes = 8 * 1024;
constexpr std::string_view journal_word = "journal ";
constexpr std::string_view genesis_word = "genesis ";

Result<std::string> read_text(const std::filesystem::path& file, std::size_t most) {
  Result<Bytes> bytes = read_whole_file(file, most);
  if (!bytes) return bytes.error();
  return std::string(as_text(*bytes));
}

Refusal broken(const std::filesystem::path& file, const std::string& why) {
  return refuse(RefusalCode::local_state_broken, file.string() + ": " + why);
}

}  // namespace

Result<sealing::Witness> WitnessFolder::create(const std::string& name,
                                               const AgencyId& agency) const {
  if (!journal::is_note_key_name(name))
    return refuse(RefusalCode::usage,
                  "--name is a key name: not empty, and without spaces, control characters or +");
  OBERIH_TRY(make_private_folder(path_));
  if (std::filesystem::exists(path_ / key_file))
    return refuse(RefusalCode::usage, "there is a witness in " + path_.string() + " already");
  const crypto::SignatureKeyPair keys = crypto::generate_signature_keys();
  const crypto::TlsKeyAndCertificate tls = crypto::generate_tls_identity();
  const SecretBuffer signer = journal::format_signer_key(name, keys.secret_key);
  OBERIH_TRY(create_file(path_ / tls_key_file, tls.private_key_pem.view(), FileAccess::owner_only));
  OBERIH_TRY(create_file(path_ / tls_certificate_file, as_bytes(tls.certificate_pem),
                         FileAccess::everybody));
  const sealing::Witness witness{name, keys.public_key, tls.spki_sha256, agency};
  OBERIH_TRY(create_file(card_file(), as_bytes(wire::format_witness_card(witness)),
                         FileAccess::everybody));
  // Last: a folder with this file is whole.
  OBERIH_TRY(create_file(path_ / key_file, signer.view(), FileAccess::owner_only));
  return witness;
}

Result<WitnessKeys> WitnessFolder::load_keys() const {
  Result<Bytes> signer_text = read_whole_file(path_ / key_file, most_key_bytes);
  if (!signer_text) return signer_text.error();
  SecretBuffer text{ByteView(*signer_text)};
  explicit_bzero(signer_text->data(), signer_text->size());
  Result<journal::NoteSigner> signer = journal::parse_signer_key(as_text(text.view()));
  if (!signer) return broken(path_ / key_file, signer.error().detail);
  Result<Bytes> tls_key = read_whole_file(path_ / tls_key_file, most_key_bytes);
  if (!tls_key) return tls_key.error();
  SecretBuffer tls_key_pem{ByteView(*tls_key)};
  explicit_bzero(tls_key->data(), tls_key->size());
  Result<std::string> certificate = read_text(path_ / tls_certificate_file, most_key_bytes);
  if (!certificate) return certificate.error();
  try {
    const Digest spki = crypto::spki_sha256_of_certificate(*certificate);
    return WitnessKeys{std::move(*signer), {std::move(tls_key_pem), std::move(*certificate)}, spki};
  } catch (const std::runtime_error& error) {
    return broken(path_ / tls_certificate_file, error.what());
  }
}

Result<std::optional<WatchedJournal>> WitnessFolder::load_journal() const {
  const std::filesystem::path file = path_ / journal_file;
  if (!std::filesystem::exists(file)) return std::optional<WatchedJournal>();
  Result<std::string> text = read_text(file, most_key_bytes);
  if (!text) return text.error();
  const std::size_t middle = text->find('\n');
  if (!text->starts_with(journal_word) || middle == text->npos || !text->ends_with('\n'))
    return broken(file, "it does not say which journal is watched");
  const std::string_view second = std::string_view(*text).substr(middle + 1);
  if (!second.starts_with(genesis_word)) return broken(file, "it names no genesis");
  const std::string_view key =
      std::string_view(*text).substr(journal_word.size(), middle - journal_word.size());
  const std::string_view digits =
      second.substr(genesis_word.size(), second.size() - genesis_word.size() - 1);
  Result<journal::NoteVerifier> verifier = journal::parse_verifier_key(key);
  const auto genesis = encoding::decode_hex_as<Digest>(digits);
  if (!verifier || verifier->type != journal::NoteKeyType::ed25519 || !genesis)
    return broken(file, "it does not say which journal is watched");
  return std::optional(WatchedJournal{std::move(*verifier), *genesis});
}

Result<> WitnessFolder::put_journal(const WatchedJournal& journal) const {
  const std::string text =
      std::string(journal_word) + journal::format_verifier_key(journal.verifier) + "\n" +
      std::string(genesis_word) + encoding::encode_hex(journal.genesis_hash) + "\n";
  return replace_file(path_ / journal_file, as_bytes(text), FileAccess::everybody);
}

Result<std::optional<std::string>> WitnessFolder::load_state(
    const journal::NoteVerifier& own) const {
  const std::filesystem::path file = path_ / state_file;
  if (!std::filesystem::exists(file)) return std::optional<std::string>();
  Result<std::string> note = read_text(file, journal::max_note_bytes);
  if (!note) return note.error();
  const auto opened = journal::open_note(*note, {&own, 1});
  if (!opened || !journal::parse_checkpoint(opened->text))
    return broken(file,
                  "this witness has not signed what stands there; bring the file back from "
                  "where it was changed, or move it away and begin with --accept-first");
  return std::optional(std::move(*note));
}

Result<> WitnessFolder::put_state(const std::string& note) const {
  return replace_file(path_ / state_file, as_bytes(note), FileAccess::everybody);
}

Result<> WitnessFolder::lock() const {
  const std::filesystem::path file = path_ / "lock";
  // Stays open, and thereby locked, until the process ends, however it ends.
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return file_refusal(file, errno);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return {};
  ::close(descriptor);
  return refuse(RefusalCode::usage, "another process serves " + path_.string() + " already");
}

}  // namespace oberih::client
