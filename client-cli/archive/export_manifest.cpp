// SPDX-License-Identifier: Apache-2.0
#include "client-cli/archive/export_manifest.hpp"

#include <nlohmann/json.hpp>

#include "protocol/crypto/running_digest.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using nlohmann::ordered_json;

constexpr std::size_t piece_bytes = 256 * 1024;

Result<Digest> hash_of(const evidence::ExportFiles& files, const evidence::ExportFile& file) {
  crypto::RunningDigest digest;
  Bytes piece;
  for (std::uint64_t at = 0; at < file.size; at += piece.size()) {
    piece.resize(std::min<std::uint64_t>(piece_bytes, file.size - at));
    OBERIH_TRY(files.read(file, at, piece));
    digest.update(piece);
  }
  return digest.finish();
}

ordered_json asked_json(const evidence::ExportQuery& query) {
  ordered_json asked{{"whole_journal", query.is_whole()}};
  if (!query.channel.is_zero()) asked["channel"] = encode_hex(query.channel);
  if (!query.person.is_zero()) asked["person"] = encode_hex(query.person);
  if (query.from_ms != 0) asked["from_ms"] = query.from_ms;
  if (query.to_ms != 0) asked["to_ms"] = query.to_ms;
  if (!query.case_number.empty()) asked["case"] = query.case_number;
  return asked;
}

}  // namespace

// ON DISK: the text is compared byte for byte; another one is another format.
Result<std::string> make_export_manifest(const evidence::ExportFiles& files,
                                         const evidence::ExportReport& report) {
  const evidence::DeviceFact& by = report.devices.at(report.question.auditor);
  ordered_json manifest{
      {"format", "oberih export 1"},
      {"about",
       "For people. Nothing that is verified depends on this file. README.txt says how to check "
       "the export."},
      {"journal", report.origin},
      {"genesis", encode_hex(report.genesis)},
      {"checkpoint_size", report.size},
      {"checkpoint_root", encode_hex(report.root)},
      {"asked", asked_json(report.head.query)},
      {"asked_by",
       {{"device", encode_hex(report.question.auditor)},
        {"person", encode_hex(by.person)},
        {"agency", encode_hex(by.agency)}}},
      {"question_leaf", report.head.question_index},
      {"asked_of_size", report.question.size},
      {"files", ordered_json::array()}};
  for (const evidence::ExportFile& file : files.files()) {
    if (file.name == evidence::export_name::manifest) continue;
    const Result<Digest> hash = hash_of(files, file);
    if (!hash) return hash.error();
    manifest["files"].push_back(
        {{"name", file.name}, {"bytes", file.size}, {"sha256", encode_hex(*hash)}});
  }
  return manifest.dump(1) + "\n";
}

}  // namespace oberih::client
