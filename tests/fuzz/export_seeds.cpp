// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/export_seeds.hpp"

#include "protocol/base/byte_writer.hpp"
#include "protocol/evidence/anchor_roots.hpp"
#include "protocol/evidence/export_format.hpp"
#include "protocol/journal/leaf.hpp"
#include "protocol/journal/tile.hpp"
#include "tests/fuzz/known_objects.hpp"

namespace oberih::fuzz {
namespace {

namespace files_named = evidence::export_name;

Bytes directory_leaf(journal::LeafKind kind, std::uint64_t seq, const Digest& previous,
                     Bytes body) {
  journal::Leaf leaf;
  leaf.kind = kind;
  leaf.server_ms = 1'804'000'000'000;
  leaf.channel_seq = seq;
  leaf.prev_leaf = previous;
  leaf.body = std::move(body);
  return journal::encode_leaf(leaf);
}

Bytes files_of(const std::vector<std::pair<std::string, Bytes>>& files) {
  ByteWriter writer;
  for (const auto& [name, bytes] : files) writer.vec(name).vec(bytes);
  return writer.take();
}

/// Whose directory is true up to its last leaf; the rest is well formed alone.
std::vector<Bytes> known_leaves() {
  const Bytes first = directory_leaf(journal::LeafKind::genesis, 1, {},
                                     sealing::encode_genesis_body(known_signed_genesis()));
  return {first,
          directory_leaf(journal::LeafKind::device_certificate, 2, journal::leaf_hash(first),
                         sealing::encode_certificate_body(known_signed_certificate(admin_number)))};
}

Bytes whole_journal() {
  const std::vector<Bytes> leaves = known_leaves();
  ByteWriter hashes;
  for (const Bytes& leaf : leaves) hashes.raw(journal::leaf_hash(leaf));
  return files_of(
      {{std::string(files_named::head),
        evidence::encode_export_head({evidence::ExportForm::whole, {}, 1})},
       {std::string(files_named::checkpoint), to_bytes(as_bytes(known_checkpoint_texts().front()))},
       {std::string(files_named::names), {}},
       {std::string(files_named::texts), {}},
       {std::string(files_named::manifest), {}},
       {std::string(files_named::readme), {}},
       {std::string(files_named::leaf_hashes), hashes.take()},
       {evidence::export_bundle_name(0, 2), journal::encode_entry_bundle(leaves)}});
}

Bytes selected_leaves(evidence::ExportForm form) {
  evidence::ExportQuery query;
  query.channel = made_of<ChannelId>(66);
  ByteWriter shown;
  std::uint64_t index = 0;
  for (const Bytes& leaf : known_leaves()) shown.u64(index++).vec(leaf);
  return files_of(
      {{std::string(files_named::head), evidence::encode_export_head({form, query, 1})},
       {std::string(files_named::checkpoint), to_bytes(as_bytes(known_checkpoint_texts().front()))},
       {std::string(files_named::names), {}},
       {std::string(files_named::texts),
        evidence::encode_exported_text({1, Bytes(272, 9), secret_of<SymmetricKey>(63)})},
       {std::string(files_named::manifest), {}},
       {std::string(files_named::readme), {}},
       {std::string(files_named::selection), shown.take()},
       {std::string(files_named::proof), Bytes(64, 7)},
       {std::string(files_named::anchors),
        evidence::encode_proven_root({1, made_of<Digest>(68), {made_of<Digest>(69)}})}});
}

}  // namespace

std::vector<std::pair<std::string, Bytes>> export_seeds() {
  evidence::ExportQuery period;
  period.person = made_of<PersonId>(67);
  period.from_ms = 1'804'000'000'000;
  period.to_ms = 1'804'000'000'001;
  evidence::ExportQuery of_case = period;
  of_case.case_number = "ухвала № 417/2027-к";
  return {
      {"whole", whole_journal()},
      {"selection", selected_leaves(evidence::ExportForm::selection)},
      {"excerpt", selected_leaves(evidence::ExportForm::excerpt)},
      {"head", evidence::encode_export_head({evidence::ExportForm::selection, period, 9})},
      {"case_head", evidence::encode_export_head({evidence::ExportForm::selection, of_case, 9})},
      {"query", evidence::encode_export_query(period)},
      {"case_query", evidence::encode_export_query(of_case)},
      {"names", evidence::encode_exported_names(
                    {{made_of<DeviceId>(64), made_of<NameSalt>(65), "Олена Коваль"}})}};
}

}  // namespace oberih::fuzz
