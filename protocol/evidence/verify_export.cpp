// SPDX-License-Identifier: Apache-2.0
#include "protocol/evidence/verify_export.hpp"

#include <algorithm>

#include "protocol/encoding/hex.hpp"
#include "protocol/evidence/anchor_roots.hpp"
#include "protocol/evidence/cosigners.hpp"
#include "protocol/evidence/excerpt_rules.hpp"
#include "protocol/evidence/export_file_names.hpp"
#include "protocol/evidence/export_texts.hpp"
#include "protocol/evidence/failed_leaf.hpp"
#include "protocol/evidence/journal_replay.hpp"
#include "protocol/evidence/selection_rules.hpp"
#include "protocol/journal/batch_proof.hpp"
#include "protocol/journal/tile.hpp"
#include "protocol/sealing/directory_checkpoint.hpp"

namespace oberih::evidence {
namespace {

constexpr std::size_t head_bytes_at_most = 1'024;
constexpr std::size_t bundle_bytes_at_most = journal::tile_width * (2 + limits::leaf_bytes);
constexpr std::size_t names_bytes_at_most = 64 * 1024 * 1024;
constexpr std::size_t proof_bytes_at_most = 64 * 1024 * 1024;
constexpr std::uint64_t leaves_between_reports = 10'000;

Refusal broken(std::string why) { return refuse(RefusalCode::proof_invalid, std::move(why)); }

Refusal in_words(const char* of_what, const Refusal& refusal) {
  if (refusal.code == RefusalCode::proof_invalid) return refusal;
  std::string why = of_what + std::string(": ") + std::string(refusal_row(refusal.code).name);
  if (!refusal.detail.empty()) why += ", " + refusal.detail;
  return broken(std::move(why));
}

class ExportVerifier {
 public:
  ExportVerifier(const ExportFiles& files, const Digest& genesis_hash,
                 const ExportProgress& progress, const std::optional<std::string>& timestamp_ca)
      : files_(files), progress_(progress), replay_(genesis_hash, timestamp_ca) {}

  Result<ExportReport> verify() {
    OBERIH_TRY(read_head());
    OBERIH_TRY(read_note());
    OBERIH_TRY(check_file_names(files_, head_.form, claimed_.size));
    const bool is_whole = head_.form == ExportForm::whole;
    OBERIH_TRY(is_whole ? walk_whole() : walk_selection());
    OBERIH_TRY(check_question());
    OBERIH_TRY(check_checkpoint());
    OBERIH_TRY(check_roots());
    if (is_whole) replay_.report().quotes = replay_.quotes().size();
    replay_.finish();
    ExportReport& report = replay_.report();
    OBERIH_TRY(check_names(report));
    report.head = head_;
    return std::move(report);
  }

 private:
  Result<> read_head();
  Result<> read_note();
  Result<> walk_whole();
  Result<> walk_bundle(std::uint64_t number, ExportStream* hashes);
  Result<> check_hash(std::uint64_t index, ByteView leaf, const Digest& hash, ExportStream& hashes);
  Result<> walk_selection();
  Result<> take(std::uint64_t index, ByteView leaf);
  Result<> check_question();
  Result<> check_checkpoint();
  Result<> check_roots();
  Result<> check_names(ExportReport& report);
  Result<> take_cosignatures();

  const ExportFiles& files_;
  const ExportProgress& progress_;
  JournalReplay replay_;
  ExportHead head_;
  std::string note_;
  journal::Checkpoint claimed_;              // what the note says; verified by check_checkpoint
  journal::MerkleFrontier tree_;             // whole
  std::vector<journal::IndexedHash> shown_;  // selection
  std::optional<ExportTexts> texts_;
  Bytes question_leaf_;
};

Result<> ExportVerifier::read_head() {
  const Result<Bytes> bytes = files_.read_whole(export_name::head, head_bytes_at_most);
  if (!bytes) return bytes.error();
  const Result<ExportHead> head = parse_export_head(*bytes);
  if (!head) return in_words("export", head.error());
  head_ = *head;
  replay_.look_for_case(head_.query.case_number);
  return {};
}

Result<> ExportVerifier::read_note() {
  const Result<Bytes> bytes = files_.read_whole(export_name::checkpoint, limits::note_bytes);
  if (!bytes) return bytes.error();
  note_ = std::string(as_text(*bytes));
  const Result<journal::Checkpoint> claimed = journal::read_unverified_checkpoint(note_);
  if (!claimed) return in_words("checkpoint", claimed.error());
  if (claimed->size == 0) return broken("checkpoint: it is of an empty journal");
  claimed_ = *claimed;
  return {};
}

Result<> ExportVerifier::take(std::uint64_t index, ByteView leaf) {
  if (head_.form == ExportForm::excerpt) {
    const Result<journal::Leaf> parsed = journal::parse_leaf(leaf);
    if (!parsed) return failed_leaf(index, nullptr, parsed.error());
    OBERIH_TRY(check_excerpt_leaf(head_, index, *parsed));
  }
  OBERIH_TRY(replay_.take(index, leaf));
  if (index == head_.question_index) question_leaf_ = to_bytes(leaf);
  if (const auto taken = texts_->take(index, replay_.taken_entry(), replay_.report()); !taken)
    return taken.error();
  const std::uint64_t done = replay_.report().leaves;
  if (progress_ && done % leaves_between_reports == 0)
    progress_(done, head_.form == ExportForm::whole ? claimed_.size : 0);
  return {};
}

// -- a whole journal ------------------------------------------------------------------------------

Result<> ExportVerifier::walk_whole() {
  const ExportFile* hashes = files_.find(export_name::leaf_hashes);
  if (hashes->size / sizeof(Digest::bytes) != claimed_.size ||
      hashes->size % sizeof(Digest::bytes) != 0)
    return broken("leaf_hashes does not hold as many hashes as the checkpoint has leaves");
  texts_.emplace(files_);
  ExportStream stream(files_, *hashes);
  const std::uint64_t bundles = (claimed_.size - 1) / journal::tile_width + 1;
  for (std::uint64_t number = 0; number < bundles; ++number)
    OBERIH_TRY(walk_bundle(number, &stream));
  return texts_->finish();
}

Result<> ExportVerifier::walk_bundle(std::uint64_t number, ExportStream* hashes) {
  const unsigned width = journal::tile_width_at(0, number, claimed_.size);
  const std::string name = export_bundle_name(number, width);
  const Result<Bytes> bytes = files_.read_whole(name, bundle_bytes_at_most);
  if (!bytes) return bytes.error();
  const Result<std::vector<Bytes>> leaves = journal::parse_entry_bundle(*bytes, width);
  if (!leaves) return in_words(name.c_str(), leaves.error());
  for (const Bytes& leaf : *leaves) {
    const std::uint64_t index = tree_.size();
    const Digest hash = journal::leaf_hash(leaf);
    OBERIH_TRY(check_hash(index, leaf, hash, *hashes));
    tree_.append(hash);
    OBERIH_TRY(take(index, leaf));
  }
  return {};
}

/// The hashes lie beside the leaves so that a changed leaf can be named: the root alone says only
/// that something was changed.
Result<> ExportVerifier::check_hash(std::uint64_t index, ByteView leaf, const Digest& hash,
                                    ExportStream& hashes) {
  const Result<ByteView> expected = hashes.take(hash.bytes.size());
  if (!expected) return expected.error();
  if (std::equal(expected->begin(), expected->end(), hash.bytes.begin())) return {};
  const Result<journal::Leaf> parsed = journal::parse_leaf(leaf);
  return broken(leaf_in_words(index, parsed ? &*parsed : nullptr) +
                ": it is not the leaf whose hash stands in leaf_hashes: it was changed, exchanged, "
                "put in, or one before it was left out");
}

// -- a selection ----------------------------------------------------------------------------------

Result<> ExportVerifier::walk_selection() {
  texts_.emplace(files_);
  ExportStream stream(files_, *files_.find(export_name::selection));
  while (!stream.at_end()) {
    const Result<std::uint64_t> index = stream.u64();
    if (!index) return index.error();
    const Result<ByteView> leaf = stream.vec(limits::leaf_bytes);
    if (!leaf) return leaf.error();
    shown_.push_back({*index, journal::leaf_hash(*leaf)});
    OBERIH_TRY(take(*index, *leaf));
  }
  for (const auto& [id, channel] : replay_.report().channels)
    if (const char* misfit = find_misfit(head_.query, channel, replay_.directory()))
      return broken("channel " + encoding::encode_hex(id).substr(0, 8) + ": " + misfit);
  return texts_->finish();
}

// -- what all end with ----------------------------------------------------------------------------

Result<> ExportVerifier::check_question() {
  if (question_leaf_.empty())
    return broken("the leaf that recorded the question, " + std::to_string(head_.question_index) +
                  ", is not in it");
  const Result<journal::Leaf> leaf = journal::parse_leaf(question_leaf_);
  if (!leaf) return leaf.error();
  const Result<sealing::SignedAuditQuestion> body = sealing::parse_audit_body(leaf->body);
  if (leaf->kind != journal::LeafKind::audit_query || !body ||
      body->question.what != sealing::AuditWhat::export_)
    return broken(leaf_in_words(head_.question_index, &*leaf) + ": it records no export");
  if (body->question.query != encode_export_query(head_.query))
    return broken(leaf_in_words(head_.question_index, &*leaf) +
                  ": something else was asked for than the export says");
  OBERIH_TRY(check_asker(head_, body->question.auditor, replay_.directory(), replay_.report()));
  replay_.report().question = body->question;
  replay_.report().asked = {head_.question_index, leaf->server_ms};
  return {};
}

Result<> ExportVerifier::check_checkpoint() {
  const sealing::Directory& directory = replay_.directory();
  if (directory.is_empty()) return broken("it holds no directory");
  const Result<journal::Checkpoint> checkpoint = sealing::open_checkpoint(note_, directory);
  if (!checkpoint) return in_words("checkpoint", checkpoint.error());
  if (checkpoint->directory_count != directory.count() ||
      checkpoint->directory_leaf != directory.newest_leaf())
    return broken("checkpoint: it names a directory of " +
                  std::to_string(checkpoint->directory_count) + " leaves, the export holds " +
                  std::to_string(directory.count()) +
                  ": a certificate, a revocation or the like was left out, put in or changed");
  if (head_.form == ExportForm::whole) {
    if (tree_.size() != checkpoint->size || tree_.root() != checkpoint->root)
      return broken("checkpoint: the leaves have another root than the one that was signed");
  } else {
    const Result<Bytes> bytes = files_.read_whole(export_name::proof, proof_bytes_at_most);
    if (!bytes) return bytes.error();
    if (bytes->size() % Digest::size != 0) return broken("proof: it is cut short");
    journal::ProofPath hashes;
    for (ByteView rest = *bytes; !rest.empty(); rest = rest.subspan(Digest::size))
      hashes.push_back(*Digest::from(rest.first(Digest::size)));
    if (auto in = journal::verify_batch(shown_, checkpoint->size, checkpoint->root, hashes); !in)
      return in_words("proof", in.error());
  }
  ExportReport& report = replay_.report();
  report.genesis = directory.genesis_hash();
  report.origin = checkpoint->origin;
  report.size = checkpoint->size;
  report.root = checkpoint->root;
  report.journal_key = directory.journal_key_at(checkpoint->size);
  return take_cosignatures();
}

/// An excerpt holds nothing that quotes an older tree and is compared with it.
Result<> ExportVerifier::check_roots() {
  switch (head_.form) {
    case ExportForm::whole:
      return check_old_roots(files_, replay_);
    case ExportForm::selection:
      return check_proven_roots(files_, replay_, claimed_);
    case ExportForm::excerpt:
      break;
  }
  return {};
}

Result<> ExportVerifier::take_cosignatures() {
  Result<Cosigners> cosigners = find_cosigners(note_, replay_.directory());
  if (!cosigners) return in_words("checkpoint, a cosignature", cosigners.error());
  replay_.report().cosigners = std::move(*cosigners);
  return {};
}

Result<> ExportVerifier::check_names(ExportReport& report) {
  const Result<Bytes> bytes = files_.read_whole(export_name::names, names_bytes_at_most);
  if (!bytes) return bytes.error();
  const Result<std::vector<ExportedName>> names = parse_exported_names(*bytes);
  if (!names) return in_words("names", names.error());
  for (const ExportedName& each : *names) {
    const sealing::Device* device = replay_.directory().find_device(each.device);
    if (device == nullptr ||
        sealing::name_hash(each.salt, each.name) != device->certificate.name_hash)
      return broken("names: one is not the name in the certificate of its device");
    if (auto found = report.devices.find(each.device); found != report.devices.end())
      found->second.name = each.name;
  }
  return {};
}

}  // namespace

Result<ExportReport> verify_export(const ExportFiles& files, const Digest& genesis_hash,
                                   const ExportProgress& progress,
                                   const std::optional<std::string>& timestamp_ca) {
  Result<ExportReport> report =
      ExportVerifier(files, genesis_hash, progress, timestamp_ca).verify();
  if (report) return report;
  return in_words("the export", report.error());
}

}  // namespace oberih::evidence
