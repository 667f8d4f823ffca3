// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/signed_note.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/encoding/base64.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::journal {
namespace {

constexpr std::string_view line_prefix = "\xe2\x80\x94 ";  // an em dash and a space
constexpr std::size_t key_id_bytes = 4;

Refusal bad_note(std::string why) {
  return refuse(RefusalCode::malformed_object, "the note " + std::move(why));
}

bool has_foreign_character(std::string_view note) {
  return std::any_of(note.begin(), note.end(),
                     [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7f; });
}

// What a note may say: lines, none of them empty.
bool is_note_text(std::string_view text) {
  return text.ends_with('\n') && !text.starts_with('\n') && text.find("\n\n") == text.npos &&
         !has_foreign_character(text) && encoding::is_valid_utf8(text);
}

std::optional<NoteSignature> parse_signature_line(std::string_view line) {
  if (!line.starts_with(line_prefix)) return std::nullopt;
  line.remove_prefix(line_prefix.size());
  std::size_t space = line.find(' ');
  if (space == line.npos) return std::nullopt;
  std::string_view name = line.substr(0, space);
  std::optional<Bytes> bytes = encoding::decode_base64(line.substr(space + 1));
  if (!is_note_key_name(name) || !bytes || bytes->size() <= key_id_bytes) return std::nullopt;
  ByteReader reader(*bytes);
  std::uint32_t key_id = reader.u32();
  return NoteSignature{std::string(name), key_id, to_bytes(reader.remaining())};
}

// C2SP tlog-cosignature, v1.
std::string cosigned_message(std::uint64_t seconds, std::string_view text) {
  return "cosignature/v1\ntime " + std::to_string(seconds) + "\n" + std::string(text);
}

struct Verdict {
  bool verified = false;
  std::uint64_t cosigned_s = 0;
};

Verdict judge(const NoteSignature& signature, const NoteVerifier& verifier, std::string_view text) {
  ByteReader reader(signature.bytes);
  Verdict verdict;
  std::string message(text);
  switch (verifier.type) {
    case NoteKeyType::ed25519:
      break;
    case NoteKeyType::cosignature:
      verdict.cosigned_s = reader.u64();
      message = cosigned_message(verdict.cosigned_s, text);
      break;
  }
  auto bytes = reader.id<Signature>();
  verdict.verified =
      reader.complete() && crypto::verify_plain(verifier.public_key, as_bytes(message), bytes);
  return verdict;
}

std::string signature_line(const NoteVerifier& verifier, ByteView signature) {
  ByteWriter bytes;
  bytes.u32(verifier.key_id()).raw(signature);
  return std::string(line_prefix) + verifier.name + " " + encoding::encode_base64(bytes.bytes()) +
         "\n";
}

void require_signable(std::string_view text, const NoteSigner& signer) {
  if (!is_note_text(text) || !is_note_key_name(signer.name))
    throw std::logic_error("this text or name cannot stand in a signed note");
}

}  // namespace

Result<SignedNote> parse_note(std::string_view note) {
  if (note.size() > max_note_bytes) return bad_note("is too long");
  if (has_foreign_character(note) || !encoding::is_valid_utf8(note))
    return bad_note("has a control character or is not UTF-8");
  std::size_t blank_line = note.find("\n\n");
  if (blank_line == note.npos) return bad_note("has no blank line before its signatures");
  SignedNote parsed;
  parsed.text = std::string(note.substr(0, blank_line + 1));
  if (!is_note_text(parsed.text)) return bad_note("has no text");
  std::string_view rest = note.substr(blank_line + 2);
  while (!rest.empty()) {
    std::size_t end = rest.find('\n');
    if (end == rest.npos) return bad_note("does not end in a newline");
    if (parsed.signatures.size() == max_note_signatures) return bad_note("has too many signatures");
    std::optional<NoteSignature> signature = parse_signature_line(rest.substr(0, end));
    if (!signature) return bad_note("has a malformed signature line");
    parsed.signatures.push_back(std::move(*signature));
    rest.remove_prefix(end + 1);
  }
  if (parsed.signatures.empty()) return bad_note("has no signature");
  return parsed;
}

Result<OpenedNote> open_note(std::string_view note, std::span<const NoteVerifier> verifiers) {
  Result<SignedNote> parsed = parse_note(note);
  if (!parsed) return parsed.error();
  std::vector<std::uint32_t> key_ids;
  for (const NoteVerifier& verifier : verifiers) key_ids.push_back(verifier.key_id());
  OpenedNote opened;
  std::set<std::size_t> counted;
  for (const NoteSignature& signature : parsed->signatures) {
    std::size_t known = 0;
    while (known < verifiers.size() &&
           (key_ids[known] != signature.key_id || verifiers[known].name != signature.name))
      ++known;
    if (known == verifiers.size()) continue;
    Verdict verdict = judge(signature, verifiers[known], parsed->text);
    if (!verdict.verified)
      return refuse(RefusalCode::bad_signature, "a signature by " + signature.name + " is false");
    if (counted.insert(known).second) opened.verified.push_back({known, verdict.cosigned_s});
  }
  if (opened.verified.empty())
    return refuse(RefusalCode::verification_failed, "no known key has signed the note");
  opened.text = std::move(parsed->text);
  return opened;
}

Result<std::string> keep_signatures_of(std::string_view note,
                                       std::span<const NoteVerifier> verifiers) {
  OBERIH_TRY(open_note(note, verifiers));
  const Result<SignedNote> parsed = parse_note(note);
  if (!parsed) return parsed.error();
  std::vector<std::string> lines;
  for (const NoteVerifier& verifier : verifiers) {
    const auto is_its_own = [&](const NoteSignature& signature) {
      return signature.name == verifier.name && signature.key_id == verifier.key_id();
    };
    const auto first =
        std::find_if(parsed->signatures.begin(), parsed->signatures.end(), is_its_own);
    if (first != parsed->signatures.end()) lines.push_back(signature_line(verifier, first->bytes));
  }
  return join_note(parsed->text, lines);
}

std::string sign_note_line(std::string_view text, const NoteSigner& signer) {
  require_signable(text, signer);
  Signature signature = signer.signer.sign_plain(as_bytes(text));
  return signature_line(signer.verifier(), signature.view());
}

std::string cosign_note_line(std::string_view text, const NoteSigner& witness,
                             std::uint64_t seconds) {
  require_signable(text, witness);
  std::string message = cosigned_message(seconds, text);
  Signature signature = witness.signer.sign_plain(as_bytes(message));
  ByteWriter bytes;
  bytes.u64(seconds).raw(signature);
  return signature_line(witness.verifier(NoteKeyType::cosignature), bytes.bytes());
}

std::string join_note(std::string_view text, std::span<const std::string> signature_lines) {
  std::string note(text);
  note += '\n';
  for (const std::string& line : signature_lines) note += line;
  return note;
}

}  // namespace oberih::journal
