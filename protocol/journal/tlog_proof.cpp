// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/tlog_proof.hpp"

#include <charconv>

#include "protocol/base/limits.hpp"
#include "protocol/encoding/base64.hpp"
#include "protocol/journal/leaf.hpp"

namespace oberih::journal {
namespace {

constexpr std::string_view first_line = "c2sp.org/tlog-proof@v1\n";
constexpr std::size_t path_at_most = 64;

Refusal no_tlog_proof(const char* why) { return refuse(RefusalCode::malformed_object, why); }

/// Without its newline; takes it from `rest`. Nothing where none ends.
std::optional<std::string_view> take_proof_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  if (end == rest.npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

/// Behind `word` and a space.
std::optional<std::string_view> value_behind(std::optional<std::string_view> line,
                                             std::string_view word) {
  if (!line || !line->starts_with(word) || line->size() <= word.size() ||
      (*line)[word.size()] != ' ')
    return std::nullopt;
  return line->substr(word.size() + 1);
}

std::optional<std::uint64_t> index_in(std::string_view digits) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return std::to_string(number) == digits ? std::optional(number) : std::nullopt;
}

}  // namespace

std::string format_tlog_proof(const TlogProof& proof) {
  std::string text(first_line);
  text += "extra " + encoding::encode_base64(proof.leaf) + "\n";
  text += "index " + std::to_string(proof.index) + "\n";
  for (const Digest& hash : proof.path) text += encoding::encode_base64(hash.bytes) + "\n";
  return text + "\n" + proof.note;
}

bool begins_as_tlog_proof(std::string_view text) { return text.starts_with(first_line); }

Result<TlogProof> parse_tlog_proof(std::string_view text) {
  if (text.size() > tlog_proof_bytes_at_most) return no_tlog_proof("the file is too long");
  if (!begins_as_tlog_proof(text)) return no_tlog_proof("it does not begin as a tlog-proof does");
  text.remove_prefix(first_line.size());
  TlogProof proof;
  const auto extra = value_behind(take_proof_line(text), "extra");
  if (!extra) return no_tlog_proof("it holds no leaf");
  auto leaf = encoding::decode_base64(*extra);
  if (!leaf || leaf->empty() || leaf->size() > limits::leaf_bytes)
    return no_tlog_proof("its leaf cannot be read");
  proof.leaf = std::move(*leaf);
  const auto digits = value_behind(take_proof_line(text), "index");
  const auto index = digits ? index_in(*digits) : std::nullopt;
  if (!index) return no_tlog_proof("it names no index");
  proof.index = *index;
  for (auto line = take_proof_line(text);; line = take_proof_line(text)) {
    if (!line) return no_tlog_proof("it is cut short");
    if (line->empty()) break;
    const auto bytes = encoding::decode_base64(*line);
    const auto hash = bytes ? Digest::from(*bytes) : std::nullopt;
    if (!hash || proof.path.size() == path_at_most)
      return no_tlog_proof("a line of its path is no hash, or one too many");
    proof.path.push_back(*hash);
  }
  if (const auto note = parse_note(text); !note) return note.error();
  proof.note = std::string(text);
  return proof;
}

Result<Checkpoint> verify_tlog_proof(const TlogProof& proof, const NoteVerifier& journal) {
  const auto invalid = [](const Refusal& why) {
    return refuse(RefusalCode::proof_invalid,
                  why.detail.empty() ? std::string(refusal_row(why.code).name) : why.detail);
  };
  const Result<Leaf> leaf = parse_leaf(proof.leaf);
  if (!leaf) return invalid(leaf.error());
  const Result<Checkpoint> checkpoint = open_checkpoint(proof.note, journal);
  if (!checkpoint) return invalid(checkpoint.error());
  const Result<> stands = verify_inclusion(leaf_hash(proof.leaf), proof.index, checkpoint->size,
                                           checkpoint->root, proof.path);
  if (!stands) return invalid(stands.error());
  return checkpoint;
}

}  // namespace oberih::journal
