// SPDX-License-Identifier: Apache-2.0
// Uploads that were begun: the one-use key of each, sealed, until an entry names it, so that a
// client that was killed goes on where it stopped; and what the server must still be told to keep.
#pragma once

#include <filesystem>
#include <vector>

#include "client-cli/keyring/row_seal.hpp"
#include "client-cli/keyring/sqlite_database.hpp"
#include "protocol/base/timestamp.hpp"
#include "protocol/sealing/attachment.hpp"

namespace oberih::client {

struct StoredUpload {
  sealing::AttachmentKey key;
  sealing::ContentId content;  // what the file was when it was sealed first
};

class UploadTable {
 public:
  UploadTable(SqliteDatabase& database, RowSeal& seal) : database_(database), seal_(seal) {}

  /// By the file's path; the path itself is not stored.
  std::optional<StoredUpload> find(const ChannelId& channel, const std::filesystem::path& file);
  void put(const ChannelId& channel, const std::filesystem::path& file, const StoredUpload& upload,
           Milliseconds now_ms);
  void remove(const ChannelId& channel, const std::filesystem::path& file);

  /// Before the entry is posted, so that a crash after it does not let the attachment lapse.
  void await_keep(const ChannelId& channel, const sealing::ContentId& content);
  void remove_keep(const ChannelId& channel, const sealing::ContentId& content);
  std::vector<sealing::ContentId> list_keeps(const ChannelId& channel);

 private:
  SqliteDatabase& database_;
  RowSeal& seal_;
};

}  // namespace oberih::client
