// SPDX-License-Identifier: Apache-2.0
#include "server/storage/attachment_checker.hpp"

#include <memory>

#include "server/storage/attachment_catalogue.hpp"
#include "server/storage/chunk_stores.hpp"
#include "server/storage/sql_text.hpp"

namespace oberih::storage {
namespace {

constexpr std::uint32_t attachment_page_rows = 256;

class AttachmentWalk {
 public:
  AttachmentWalk(PostgresAttachmentCatalogue& catalogue, application::ChunkStore& chunks,
                 CheckReport& report)
      : catalogue_(catalogue), chunks_(chunks), report_(report) {}

  void run() {
    sealing::ContentId after;
    while (true) {
      const auto page = catalogue_.list_after(after, attachment_page_rows);
      for (const sealing::ContentId& content : page) check(content);
      if (page.size() < attachment_page_rows) return;
      after = page.back();
    }
  }

 private:
  void check(const sealing::ContentId& content) {
    const auto row = catalogue_.find(content);
    if (!row) return;  // lapsed meanwhile
    ++report_.attachments;
    const sealing::AttachmentManifest manifest{row->padded_bytes, row->commitment,
                                               catalogue_.load_hashes(content)};
    std::string fault;
    if (auto judged = sealing::judge_manifest(content, manifest); !judged)
      fault = judged.error().detail;
    else if (row->is_elsewhere)
      fault = "its chunks do not lie where attachment_store says";
    else if (row->received > row->chunks() || (row->is_complete && row->received != row->chunks()))
      fault = "the number of its chunks is wrong";
    else
      fault = check_chunks(*row, manifest);
    // The server may have removed it while it was looked at.
    if (!fault.empty() && catalogue_.find(content))
      report_.add(std::nullopt, "Attachment " + to_hex(content.view()) + ": " + fault + ".");
  }

  std::string check_chunks(const application::AttachmentRow& row,
                           const sealing::AttachmentManifest& manifest) {
    for (std::uint32_t number = 0; number < row.received; ++number) {
      const std::optional<Bytes> chunk = chunks_.load(row, number);
      if (!chunk) return "chunk " + std::to_string(number) + " is missing";
      if (auto judged = sealing::judge_chunk(row.padded_bytes, number,
                                             sealing::chunk_hash(manifest, number), *chunk);
          !judged)
        return judged.error().detail;
    }
    return {};
  }

  PostgresAttachmentCatalogue& catalogue_;
  application::ChunkStore& chunks_;
  CheckReport& report_;
};

}  // namespace

void check_attachments(const DatabaseSettings& settings, const std::string& directory,
                       CheckReport& report) {
  PostgresAttachmentCatalogue catalogue(
      settings, DatabaseRole::reader,
      directory.empty() ? ChunkPlace::database : ChunkPlace::directory);
  std::unique_ptr<application::ChunkStore> chunks;
  if (directory.empty())
    chunks = std::make_unique<DatabaseChunks>(settings, DatabaseRole::reader);
  else
    chunks = std::make_unique<DirectoryChunks>(directory);
  AttachmentWalk(catalogue, *chunks, report).run();
}

}  // namespace oberih::storage
