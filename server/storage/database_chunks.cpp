// SPDX-License-Identifier: Apache-2.0
#include <soci/soci.h>

#include "server/storage/chunk_stores.hpp"
#include "server/storage/full_disk.hpp"
#include "server/storage/sql_text.hpp"

namespace oberih::storage {

using application::AttachmentRow;

void DatabaseChunks::put(const AttachmentRow& row, std::uint32_t number, ByteView chunk) {
  std::string content = to_hex(row.content.view()), bytes = to_hex(chunk);
  int place = static_cast<int>(number);
  run_or_say_full(session_, [&] {
    session_.sql() << "INSERT INTO attachment_chunk (content, number, chunk) VALUES "
                      "(decode(:content, 'hex'), :number, decode(:chunk, 'hex')) "
                      "ON CONFLICT (content, number) DO UPDATE SET chunk = excluded.chunk",
        soci::use(content), soci::use(place), soci::use(bytes);
  });
}

void DatabaseChunks::finish(const AttachmentRow&) {}  // each chunk was committed

std::optional<Bytes> DatabaseChunks::load(const AttachmentRow& row, std::uint32_t number) {
  return session_.read([&]() -> std::optional<Bytes> {
    std::string content = to_hex(row.content.view()), bytes;
    int place = static_cast<int>(number);
    session_.sql() << "SELECT encode(chunk, 'hex') FROM attachment_chunk "
                      "WHERE content = decode(:content, 'hex') AND number = :number",
        soci::use(content), soci::use(place), soci::into(bytes);
    if (!session_.sql().got_data()) return std::nullopt;
    return bytes_from_hex(bytes);
  });
}

void DatabaseChunks::remove(const sealing::ContentId& content) {
  std::string id = to_hex(content.view());
  session_.read([&] {
    session_.sql() << "DELETE FROM attachment_chunk WHERE content = decode(:content, 'hex')",
        soci::use(id);
  });
}

}  // namespace oberih::storage
