// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/witness_request.hpp"

#include <charconv>
#include <stdexcept>

#include "protocol/encoding/base64.hpp"
#include "protocol/journal/merkle_tree.hpp"

namespace oberih::journal {
namespace {

constexpr std::string_view old_word = "old ";

Refusal bad_request(std::string why) {
  return refuse(RefusalCode::malformed_object, "the request " + std::move(why));
}

/// Decimal digits without sign and leading zero, of a tree that can be.
std::optional<std::uint64_t> parse_tree_size(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if ((text.size() > 1 && text.front() == '0') || value > max_tree_size) return std::nullopt;
  return value;
}

std::optional<std::string_view> take_body_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == text.npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace

std::string format_add_checkpoint(const AddCheckpoint& request) {
  std::string body = std::string(old_word) + std::to_string(request.old_size) + "\n";
  for (const Digest& hash : request.proof) body += encoding::encode_base64(hash.view()) + "\n";
  body += "\n" + request.note;
  if (auto parsed = parse_add_checkpoint(body); !parsed)
    throw std::logic_error(parsed.error().detail);
  return body;
}

Result<AddCheckpoint> parse_add_checkpoint(std::string_view body) {
  if (body.size() > add_checkpoint_bytes) return bad_request("is too long");
  AddCheckpoint request;
  const auto old_line = take_body_line(body);
  if (!old_line || !old_line->starts_with(old_word))
    return bad_request("has no line of the old size");
  const auto size = parse_tree_size(old_line->substr(old_word.size()));
  if (!size) return bad_request("has no valid old size");
  request.old_size = *size;
  for (;;) {
    const auto line = take_body_line(body);
    if (!line) return bad_request("has no empty line before the checkpoint");
    if (line->empty()) break;
    if (request.proof.size() == most_proof_lines) return bad_request("has more than 63 hashes");
    const std::optional<Bytes> bytes = encoding::decode_base64(*line);
    const auto hash = bytes ? Digest::from(*bytes) : std::nullopt;
    if (!hash) return bad_request("has a line that is no hash");
    request.proof.push_back(*hash);
  }
  if (body.empty()) return bad_request("has no checkpoint");
  request.note = std::string(body);
  return request;
}

std::string format_tlog_size(std::uint64_t size) { return std::to_string(size) + "\n"; }

std::optional<std::uint64_t> parse_tlog_size(std::string_view body) {
  if (!body.ends_with('\n')) return std::nullopt;
  body.remove_suffix(1);
  return parse_tree_size(body);
}

Result<std::string> add_signature_lines(std::string_view note, std::string_view lines) {
  if (note.size() + lines.size() > max_note_bytes) return bad_request("grows too long");
  std::string joined = std::string(note) + std::string(lines);
  // Lines alone must not smuggle in another text: what follows the first blank line is signatures.
  const Result<SignedNote> parsed = parse_note(joined);
  if (!parsed) return parsed.error();
  return joined;
}

std::vector<std::string> signature_lines_of(std::string_view note) {
  std::vector<std::string> lines;
  const std::size_t blank_line = note.find("\n\n");
  if (blank_line == note.npos) return lines;
  std::string_view rest = note.substr(blank_line + 2);
  while (const auto line = take_body_line(rest)) lines.push_back(std::string(*line) + "\n");
  return lines;
}

}  // namespace oberih::journal
