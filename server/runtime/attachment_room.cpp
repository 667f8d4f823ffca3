// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/attachment_room.hpp"

#include <iostream>

#include "protocol/encoding/hex.hpp"
#include "server/runtime/private_file.hpp"
#include "server/runtime/settings_arguments.hpp"
#include "server/storage/chunk_stores.hpp"

namespace oberih::runtime {
namespace {

using storage::DatabaseRole;

constexpr Milliseconds hour_ms = 3'600'000;

storage::ChunkPlace place_of(const Settings& settings) {
  return attachment_directory(settings).empty() ? storage::ChunkPlace::database
                                                : storage::ChunkPlace::directory;
}

std::unique_ptr<application::ChunkStore> open_chunks(const Settings& settings) {
  const std::string directory = attachment_directory(settings);
  if (directory.empty())
    return std::make_unique<storage::DatabaseChunks>(database_settings(settings),
                                                     DatabaseRole::writer);
  if (auto made = make_private_directory(directory); !made)
    throw std::runtime_error("attachment_store: " + made.error().detail);
  return std::make_unique<storage::DirectoryChunks>(directory);
}

}  // namespace

AttachmentRoom::AttachmentRoom(const Settings& settings, const application::Clock& clock,
                               application::AttachmentDesk::Report report)
    : catalogue_(database_settings(settings), DatabaseRole::writer, place_of(settings)),
      chunks_(open_chunks(settings)),
      keeper_(catalogue_, *chunks_,
              {settings.attachment_quota_bytes, settings.attachment_lapse_hours * hour_ms,
               settings.attachment_bytes_per_second}),
      desk_(
          keeper_, settings.attachment_queue, [&clock] { return clock.now_ms(); },
          std::move(report)) {
  if (const std::uint64_t count = catalogue_.count_elsewhere(); count != 0)
    throw std::runtime_error(
        "attachment_store: " + std::to_string(count) + " attachments lie elsewhere (" +
        (place_of(settings) == storage::ChunkPlace::database ? "in a directory"
                                                             : "in the database") +
        "). Set it back: they would not be found.");
}

Result<int> erase_attachment(const Settings& settings, const std::string& digits) {
  const auto content = encoding::decode_hex_as<sealing::ContentId>(digits);
  if (!content)
    return refuse(RefusalCode::usage, "An attachment is named by the 64 digits of its content id.");
  storage::PostgresAttachmentCatalogue catalogue(database_settings(settings), DatabaseRole::writer,
                                                 place_of(settings));
  const std::unique_ptr<application::ChunkStore> chunks = open_chunks(settings);
  application::AttachmentKeeper keeper(catalogue, *chunks, {});
  const Result<application::AttachmentRow> erased = keeper.erase(*content);
  if (!erased) return erased.error();
  std::cout
      << digits << " is erased: " << sealing::sealed_attachment_bytes(erased->padded_bytes)
      << " bytes that agency " << encoding::encode_hex(erased->agency) << " had sent into channel "
      << encoding::encode_hex(erased->channel)
      << ". The entry that names it stays; who fetches the file is told that there is none.\n";
  return 0;
}

}  // namespace oberih::runtime
