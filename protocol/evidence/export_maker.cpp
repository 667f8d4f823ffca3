// SPDX-License-Identifier: Apache-2.0
#include "protocol/evidence/export_maker.hpp"

#include <functional>
#include <set>

#include "protocol/base/byte_writer.hpp"
#include "protocol/evidence/anchor_roots.hpp"
#include "protocol/evidence/journal_replay.hpp"
#include "protocol/evidence/selection_rules.hpp"
#include "protocol/journal/batch_walk.hpp"
#include "protocol/journal/tile.hpp"
#include "protocol/sealing/refusal_leaf.hpp"

namespace oberih::evidence {
namespace {

constexpr std::size_t most_bundle_bytes = journal::tile_width * (2 + limits::leaf_bytes);

using TakeLeaf = std::function<Result<>(std::uint64_t index, const Bytes& leaf)>;

Result<> for_each_leaf(const ExportFiles& whole, std::uint64_t size, const TakeLeaf& take) {
  for (std::uint64_t first = 0; first < size; first += journal::tile_width) {
    const std::uint64_t number = first / journal::tile_width;
    const unsigned width = journal::tile_width_at(0, number, size);
    const Result<Bytes> bytes =
        whole.read_whole(export_bundle_name(number, width), most_bundle_bytes);
    if (!bytes) return bytes.error();
    const Result<std::vector<Bytes>> leaves = journal::parse_entry_bundle(*bytes, width);
    if (!leaves) return leaves.error();
    for (std::size_t i = 0; i < leaves->size(); ++i) OBERIH_TRY(take(first + i, (*leaves)[i]));
  }
  return {};
}

/// Of leaves outside of channels that name a device of whom they speak.
std::optional<DeviceId> device_of(const journal::Leaf& leaf) {
  if (leaf.kind == journal::LeafKind::access && sealing::is_access_leaf(leaf.body)) {
    if (const auto access = sealing::parse_access_leaf(leaf.body)) return access->device;
  } else if (leaf.kind == journal::LeafKind::audit_query) {
    if (const auto audit = sealing::parse_audit_body(leaf.body)) return audit->question.auditor;
  } else if (leaf.kind == journal::LeafKind::refusal) {
    if (const auto refusal = sealing::parse_refusal_leaf(leaf.body)) return refusal->device;
  }
  return std::nullopt;
}

class Selection {
 public:
  Selection(const ExportHead& head, const JournalReplay& replay, const ExportReport& report)
      : head_(head), query_(head.query), directory_(replay.directory()) {
    for (const auto& [id, channel] : report.channels)
      if (fits(channel)) channels_.insert(id);
  }

  bool is_empty() const { return channels_.empty(); }
  bool shows(std::uint64_t index, const journal::Leaf& leaf) const {
    if (index == head_.question_index || journal::is_directory_kind(leaf.kind)) return true;
    if (!leaf.channel_id.is_zero())
      return channels_.contains(leaf.channel_id) && is_before_end(leaf.server_ms);
    if (leaf.kind == journal::LeafKind::administration) return true;    // policies in force
    if (leaf.kind == journal::LeafKind::timestamp_token) return false;  // AnchorChoice
    if (!query_.channel.is_zero() || !query_.case_number.empty()) return false;
    if (leaf.server_ms < query_.from_ms || !is_before_end(leaf.server_ms)) return false;
    const std::optional<DeviceId> device = device_of(leaf);
    return query_.person.is_zero() || (device && is_of_person(*device));
  }

 private:
  bool is_before_end(Milliseconds server_ms) const {
    return query_.to_ms == 0 || server_ms < query_.to_ms;
  }
  bool is_of_person(const DeviceId& device) const {
    const sealing::Device* found = directory_.find_device(device);
    return found != nullptr && found->certificate.person == query_.person;
  }
  bool fits(const ChannelReport& channel) const {
    return channel.newest.server_ms >= query_.from_ms &&
           find_misfit(query_, channel, directory_) == nullptr;
  }

  const ExportHead& head_;
  const ExportQuery& query_;
  const sealing::Directory& directory_;
  std::set<ChannelId> channels_;
};

}  // namespace

Result<> BundleWriter::hash(ByteView bundle, unsigned width) {
  const Result<std::vector<Bytes>> leaves = journal::parse_entry_bundle(bundle, width);
  if (!leaves) return leaves.error();
  hashes_.clear();
  for (const Bytes& leaf : *leaves) hashes_.push_back(journal::leaf_hash(leaf));
  return {};
}

Result<> BundleWriter::write_hashes() {
  Bytes hashes;
  for (const Digest& hash : hashes_)
    hashes.insert(hashes.end(), hash.bytes.begin(), hash.bytes.end());
  return sink_.append(export_name::leaf_hashes, hashes);
}

Result<> BundleWriter::take(ByteView bundle, unsigned width) {
  OBERIH_TRY(hash(bundle, width));
  OBERIH_TRY(sink_.append(export_bundle_name(number_++, width), bundle));
  return write_hashes();
}

Result<> BundleWriter::recall(ByteView bundle) {
  OBERIH_TRY(hash(bundle, journal::tile_width));
  ++number_;
  return write_hashes();
}

Result<> write_export_frame(ExportSink& sink, const ExportHead& head, std::string_view note,
                            const std::vector<ExportedName>& names) {
  OBERIH_TRY(sink.append(export_name::head, encode_export_head(head)));
  OBERIH_TRY(sink.append(export_name::checkpoint, as_bytes(note)));
  OBERIH_TRY(sink.append(export_name::names, encode_exported_names(names)));
  return sink.append(export_name::texts, {});
}

Result<> write_selection(const ExportFiles& whole, std::uint64_t size, const Digest& genesis_hash,
                         const ExportHead& head, ExportSink& sink) {
  JournalReplay replay(genesis_hash);
  replay.look_for_case(head.query.case_number);
  OBERIH_TRY(for_each_leaf(whole, size, [&](std::uint64_t index, const Bytes& leaf) {
    return replay.take(index, leaf);
  }));
  const Selection selection(head, replay, replay.report());
  if (selection.is_empty()) return refuse(RefusalCode::not_found, "no channel of the journal fits");
  journal::BatchProofWalk walk;
  RootProver roots(whole);
  AnchorChoice choice;
  OBERIH_TRY(for_each_leaf(whole, size, [&](std::uint64_t index, const Bytes& bytes) -> Result<> {
    const Result<journal::Leaf> leaf = journal::parse_leaf(bytes);
    if (!leaf) return leaf.error();
    bool is_shown = selection.shows(index, *leaf);
    if (is_shown && !leaf->channel_id.is_zero()) choice.note_shown(index);
    if (leaf->kind == journal::LeafKind::timestamp_token)
      if (const auto anchor = sealing::parse_anchor_leaf(leaf->body))
        is_shown = choice.takes(*anchor);
    const Digest hash = journal::leaf_hash(bytes);
    roots.add(hash);
    walk.add(hash, is_shown ? journal::BatchProofWalk::Leaf::shown
                            : journal::BatchProofWalk::Leaf::beside);
    if (!is_shown) return {};
    return sink.append(export_name::selection, encode_selected_leaf(index, bytes));
  }));
  ByteWriter proof;
  for (const Digest& hash : walk.make()) proof.raw(hash);
  OBERIH_TRY(sink.append(export_name::proof, proof.bytes()));
  OBERIH_TRY(sink.append(export_name::anchors, {}));
  for (const std::uint64_t anchored : choice.sizes()) {
    const Result<ProvenRoot> proven = roots.prove(anchored);
    if (!proven) return proven.error();
    OBERIH_TRY(sink.append(export_name::anchors, encode_proven_root(*proven)));
  }
  return {};
}

}  // namespace oberih::evidence
