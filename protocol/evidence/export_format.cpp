// SPDX-License-Identifier: Apache-2.0
#include "protocol/evidence/export_format.hpp"

#include <algorithm>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/journal/tile.hpp"
#include "protocol/sealing/audit_leaf.hpp"
#include "protocol/sealing/grant_order.hpp"

namespace oberih::evidence {
namespace {

constexpr std::string_view head_line = "oberih export 1\n";  // ON DISK
// ON DISK: of a query; with a case number it has the second, and ends with it.
constexpr std::uint8_t query_version = 1, case_query_version = 2;
constexpr std::size_t query_bytes = 1 + 32 + 16 + 8 + 8;
constexpr std::size_t query_bytes_at_most = query_bytes + 4 + sealing::export_case_bytes;
constexpr std::size_t stream_bytes = 256 * 1024;

Refusal no_export(std::string detail) {
  return refuse(RefusalCode::malformed_object, std::move(detail));
}
Result<> check_case_number(std::string_view number) {
  const char* fault = sealing::find_fault_of_words(number, sealing::export_case_bytes);
  if (fault != nullptr) return no_export(std::string("the case number: ") + fault);
  return {};
}
Refusal cut_short(const ExportFile& file) {
  return refuse(RefusalCode::proof_invalid, file.name + " is cut short");
}

}  // namespace

Bytes encode_export_query(const ExportQuery& query) {
  const bool has_case = !query.case_number.empty();
  ByteWriter writer(query_bytes_at_most);
  writer.u8(has_case ? case_query_version : query_version).raw(query.channel).raw(query.person);
  writer.u64(query.from_ms).u64(query.to_ms);
  if (has_case) writer.vec(query.case_number);
  return writer.take();
}

Result<ExportQuery> parse_export_query(ByteView bytes) {
  ByteReader reader(bytes);
  const std::uint8_t version = reader.u8();
  if (version != query_version && version != case_query_version)
    return no_export("an unknown version of what is exported");
  ExportQuery query;
  query.channel = reader.id<ChannelId>();
  query.person = reader.id<PersonId>();
  query.from_ms = reader.u64();
  query.to_ms = reader.u64();
  if (version == case_query_version)
    query.case_number = as_text(reader.vec(sealing::export_case_bytes));
  if (!reader.complete()) return no_export("what is exported is of wrong length");
  if (version == case_query_version) OBERIH_TRY(check_case_number(query.case_number));
  if (query.to_ms != 0 && query.to_ms <= query.from_ms)
    return no_export("a period that ends before it begins");
  return query;
}

Bytes encode_export_head(const ExportHead& head) {
  ByteWriter writer;
  writer.raw(head_line).u8(static_cast<std::uint8_t>(head.form));
  writer.vec(encode_export_query(head.query)).u64(head.question_index);
  return writer.take();
}

Result<ExportHead> parse_export_head(ByteView bytes) {
  ByteReader reader(bytes);
  if (as_text(reader.take(head_line.size())) != head_line)
    return no_export("it does not begin as an export does");
  ExportHead head;
  const std::uint8_t form = reader.u8();
  const Result<ExportQuery> query = parse_export_query(reader.vec(query_bytes_at_most));
  head.question_index = reader.u64();
  if (!reader.complete()) return no_export("the head is of wrong length");
  if (!query) return query.error();
  if (form < 1 || form > 3) return no_export("an unknown form of export");
  head.form = static_cast<ExportForm>(form);
  head.query = *query;
  if (head.query.is_whole() != (head.form == ExportForm::whole))
    return no_export("its form is not that of what was asked for");
  if (head.form == ExportForm::excerpt && !head.query.is_of_one_channel())
    return no_export("a member's excerpt is of one channel");
  return head;
}

std::string export_bundle_name(std::uint64_t number, unsigned width) {
  constexpr std::string_view prefix = "tile/entries/";
  const std::string path =
      journal::format_tile_path({journal::TileKind::entries, 0, number, width});
  return "leaves/" + path.substr(prefix.size());
}

Bytes encode_exported_names(const std::vector<ExportedName>& names) {
  ByteWriter writer;
  for (const ExportedName& each : names) writer.raw(each.device).raw(each.salt).vec(each.name);
  return writer.take();
}

Result<std::vector<ExportedName>> parse_exported_names(ByteView bytes) {
  std::vector<ExportedName> names;
  ByteReader reader(bytes);
  while (!reader.failed() && !reader.at_end()) {
    ExportedName each;
    each.device = reader.id<DeviceId>();
    each.salt = reader.id<NameSalt>();
    each.name = std::string(as_text(reader.vec(limits::name_bytes)));
    if (!names.empty() && names.back().device >= each.device)
      return no_export("the names are not in order");
    names.push_back(std::move(each));
  }
  if (!reader.complete()) return no_export("the names are cut short");
  return names;
}

Bytes encode_exported_text(const ExportedText& text) {
  ByteWriter writer(8 + 4 + text.ciphertext.size() + 32);
  writer.u64(text.index).vec(text.ciphertext).raw(text.prk.view());
  return writer.take();
}

Bytes encode_selected_leaf(std::uint64_t index, ByteView leaf) {
  ByteWriter writer(12 + leaf.size());
  writer.u64(index).vec(leaf);
  return writer.take();
}

const ExportFile* ExportFiles::find(std::string_view name) const {
  const auto& all = files();
  const auto found =
      std::lower_bound(all.begin(), all.end(), name,
                       [](const ExportFile& file, std::string_view n) { return file.name < n; });
  return found == all.end() || found->name != name ? nullptr : &*found;
}

Result<Bytes> ExportFiles::read_whole(std::string_view name, std::size_t max_bytes) const {
  const ExportFile* file = find(name);
  if (file == nullptr)
    return refuse(RefusalCode::proof_invalid,
                  std::string(name) + " is missing: this is no export, or not a whole one");
  if (file->size > max_bytes)
    return refuse(RefusalCode::proof_invalid, std::string(name) + " is too large");
  Bytes bytes(file->size);
  OBERIH_TRY(read(*file, 0, bytes));
  return bytes;
}

Result<ByteView> ExportStream::take(std::size_t size) {
  if (size > file_.size - place_) return cut_short(file_);
  if (place_ + size > loaded_ + buffer_.size()) {
    loaded_ = place_;
    buffer_.resize(std::min<std::uint64_t>(std::max(size, stream_bytes), file_.size - place_));
    OBERIH_TRY(files_.read(file_, loaded_, buffer_));
  }
  const ByteView taken = ByteView(buffer_).subspan(place_ - loaded_, size);
  place_ += size;
  return taken;
}

Result<std::uint64_t> ExportStream::u64() {
  const Result<ByteView> bytes = take(8);
  if (!bytes) return bytes.error();
  return ByteReader(*bytes).u64();
}

Result<ByteView> ExportStream::vec(std::size_t max_bytes) {
  const Result<ByteView> length = take(4);
  if (!length) return length.error();
  const std::uint32_t size = ByteReader(*length).u32();
  if (size > max_bytes)
    return refuse(RefusalCode::proof_invalid, file_.name + " holds something too large");
  return take(size);
}

Result<std::optional<ExportedText>> read_exported_text(ExportStream& stream) {
  if (stream.at_end()) return std::optional<ExportedText>();
  ExportedText text;
  const Result<std::uint64_t> index = stream.u64();
  if (!index) return index.error();
  text.index = *index;
  const Result<ByteView> ciphertext = stream.vec(limits::ciphertext_bytes);
  if (!ciphertext) return ciphertext.error();
  text.ciphertext = to_bytes(*ciphertext);
  const Result<ByteView> prk = stream.take(text.prk.view().size());
  if (!prk) return prk.error();
  std::copy(prk->begin(), prk->end(), text.prk.writable().begin());
  return std::optional(std::move(text));
}

}  // namespace oberih::evidence
