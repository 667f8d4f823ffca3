// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/checkpoint.hpp"

#include <charconv>
#include <stdexcept>

#include "protocol/encoding/base64.hpp"
#include "protocol/journal/merkle_tree.hpp"

namespace oberih::journal {
namespace {

constexpr std::string_view directory_word = "directory ";

Refusal bad_checkpoint(std::string why) {
  return refuse(RefusalCode::malformed_object, "the checkpoint " + std::move(why));
}

// The line before the next newline; nothing where there is none.
std::optional<std::string_view> take_line(std::string_view& text) {
  std::size_t end = text.find('\n');
  if (end == text.npos) return std::nullopt;
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

// Decimal digits without sign and leading zero.
std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return value;
}

std::optional<Digest> parse_hash(std::string_view text) {
  std::optional<Bytes> bytes = encoding::decode_base64(text);
  if (!bytes) return std::nullopt;
  return Digest::from(*bytes);
}

// Takes the three lines that every checkpoint has.
Result<Checkpoint> take_head(std::string_view& text) {
  auto origin = take_line(text);
  auto size_line = take_line(text);
  auto root_line = take_line(text);
  if (!root_line) return bad_checkpoint("has fewer than three lines");
  if (!is_note_key_name(*origin)) return bad_checkpoint("has an origin that is no key name");
  auto size = parse_decimal(*size_line);
  if (!size || *size > max_tree_size) return bad_checkpoint("has no valid size");
  auto root = parse_hash(*root_line);
  if (!root) return bad_checkpoint("has no valid root");
  if (*size == 0 && *root != empty_root())
    return bad_checkpoint("of size 0 has not the empty root");
  return Checkpoint{std::string(*origin), *size, *root, 0, {}};
}

Result<> take_directory(std::string_view& text, Checkpoint& checkpoint) {
  auto line = take_line(text);
  if (!line || !line->starts_with(directory_word)) return bad_checkpoint("has no directory line");
  line->remove_prefix(directory_word.size());
  std::size_t space = line->find(' ');
  if (space == line->npos) return bad_checkpoint("has no valid directory line");
  auto count = parse_decimal(line->substr(0, space));
  auto leaf = parse_hash(line->substr(space + 1));
  if (!count || !leaf || *count > checkpoint.size || (*count == 0) != leaf->is_zero())
    return bad_checkpoint("has no valid directory line");
  checkpoint.directory_count = *count;
  checkpoint.directory_leaf = *leaf;
  return {};
}

std::string head_of(const Checkpoint& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
         encoding::encode_base64(checkpoint.root.view()) + "\n";
}

}  // namespace

std::string format_checkpoint(const Checkpoint& checkpoint) {
  std::string text = head_of(checkpoint) + std::string(directory_word) +
                     std::to_string(checkpoint.directory_count) + " " +
                     encoding::encode_base64(checkpoint.directory_leaf.view()) + "\n";
  if (auto parsed = parse_checkpoint(text); !parsed) throw std::logic_error(parsed.error().detail);
  return text;
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  Result<Checkpoint> checkpoint = take_head(text);
  if (!checkpoint) return checkpoint;
  OBERIH_TRY(take_directory(text, *checkpoint));
  if (!text.empty()) return bad_checkpoint("has lines left over");
  return checkpoint;
}

std::string format_checkpoint_without_directory(const Checkpoint& checkpoint) {
  std::string text = head_of(checkpoint);
  if (auto parsed = parse_checkpoint_without_directory(text); !parsed)
    throw std::logic_error(parsed.error().detail);
  return text;
}

Result<Checkpoint> parse_checkpoint_without_directory(std::string_view text) {
  Result<Checkpoint> checkpoint = take_head(text);
  if (checkpoint && !text.empty()) return bad_checkpoint("has lines left over");
  return checkpoint;
}

std::string sign_checkpoint(const Checkpoint& checkpoint, const NoteSigner& signer) {
  if (signer.name != checkpoint.origin)
    throw std::logic_error("a checkpoint is signed under its origin's name");
  std::string text = format_checkpoint(checkpoint);
  std::string line = sign_note_line(text, signer);
  return join_note(text, {&line, 1});
}

Result<Checkpoint> read_unverified_checkpoint(std::string_view note) {
  const std::size_t end = note.find("\n\n");
  if (end == note.npos) return bad_checkpoint("has no signatures");
  return parse_checkpoint(note.substr(0, end + 1));
}

Result<Checkpoint> open_checkpoint(std::string_view note, const NoteVerifier& journal) {
  auto opened = open_cosigned_checkpoint(note, journal, {});
  if (!opened) return opened.error();
  return std::move(opened->checkpoint);
}

Result<CosignedCheckpoint> open_cosigned_checkpoint(std::string_view note,
                                                    const NoteVerifier& journal,
                                                    std::span<const NoteVerifier> witnesses) {
  std::vector<NoteVerifier> verifiers = {journal};
  verifiers.insert(verifiers.end(), witnesses.begin(), witnesses.end());
  Result<OpenedNote> opened = open_note(note, verifiers);
  if (!opened) return opened.error();
  CosignedCheckpoint result;
  bool journal_signed = false;
  for (const VerifiedSignature& signature : opened->verified) {
    if (signature.verifier == 0)
      journal_signed = true;
    else
      result.cosignatures.push_back({signature.verifier - 1, signature.cosigned_s});
  }
  if (!journal_signed)
    return refuse(RefusalCode::verification_failed, "the journal's key has not signed it");
  Result<Checkpoint> checkpoint = parse_checkpoint(opened->text);
  if (!checkpoint) return checkpoint.error();
  if (checkpoint->origin != journal.name)
    return refuse(RefusalCode::verification_failed, "the checkpoint is of another journal");
  result.checkpoint = std::move(*checkpoint);
  return result;
}

}  // namespace oberih::journal
