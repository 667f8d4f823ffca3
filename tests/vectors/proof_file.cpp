// SPDX-License-Identifier: Apache-2.0
#include "proof_file.hpp"

#include "protocol/crypto/digest.hpp"
#include "protocol/encoding/base64.hpp"
#include "protocol/encoding/strict_json.hpp"
#include "protocol/journal/proof.hpp"

namespace oberih::vectors {
namespace {

/// Nothing where it is no base64 or no hash: such a value can be in no proof of ours.
std::optional<Digest> digest_of(const Value& value) {
  const auto bytes = encoding::decode_base64(value.text());
  return bytes ? Digest::from(*bytes) : std::nullopt;
}

/// The published files have null where a path is empty.
std::optional<journal::ProofPath> path_of(const Value& value) {
  journal::ProofPath path;
  if (value.json().is_null()) return path;
  for (const Value& item : value.items()) {
    const auto digest = digest_of(item);
    if (!digest) return std::nullopt;
    path.push_back(*digest);
  }
  return path;
}

bool accepts_inclusion(const Value& file) {
  const Value size = file[file.has("end") ? "end" : "treeSize"];
  const auto leaf_hash = digest_of(file["leafHash"]), root = digest_of(file["root"]);
  const auto path = path_of(file["proof"]);
  return leaf_hash && root && path &&
         journal::verify_inclusion(*leaf_hash, file["leafIdx"].number(), size.number(), *root,
                                   *path)
             .has_value();
}

/// Cases of equal trees give words for roots: they stand for themselves.
std::optional<Digest> root_of(const Value& value, bool may_be_a_word) {
  const auto digest = digest_of(value);
  return !digest && may_be_a_word ? crypto::sha256(as_bytes(value.text())) : digest;
}

bool accepts_consistency(const Value& file) {
  const std::uint64_t old_size = file["size1"].number(), new_size = file["size2"].number();
  const auto old_root = root_of(file["root1"], old_size == new_size);
  const auto new_root = root_of(file["root2"], old_size == new_size);
  const auto path = path_of(file["proof"]);
  return old_root && new_root && path &&
         journal::verify_consistency(old_size, *old_root, new_size, *new_root, *path).has_value();
}

}  // namespace

VectorReport check_proof_text(std::string_view text) {
  VectorReport report;
  Result<nlohmann::json> json = encoding::parse_strict_json(text);
  if (!json || !json->is_object()) {
    report.record("", false, json ? "is no case of a proof" : json.error().detail);
    return report;
  }
  const Value file(*json, report);
  const nlohmann::json wanted = json->value("wantErr", nlohmann::json());
  if (!wanted.is_boolean()) {
    report.record("wantErr", false, "must say true or false");
    return report;
  }
  if (file.has("start") && file["start"].number() != 0) {
    report.record("start", false, "is a subtree's: the journal's proofs begin at leaf 0");
    return report;
  }
  const bool accepted = file.has("size1") ? accepts_consistency(file) : accepts_inclusion(file);
  report.record("wantErr", accepted != wanted.get<bool>(),
                accepted ? "accepted, but it is to be refused" : "refused, but it is right");
  return report;
}

}  // namespace oberih::vectors
