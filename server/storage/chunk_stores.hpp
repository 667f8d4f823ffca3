// SPDX-License-Identifier: Apache-2.0
// The two places where chunks may lie: a table of the database, or a directory in which a file is
// named by its content id alone. Both hold ciphertext only.
#pragma once

#include <string>

#include "server/application/attachment_ports.hpp"
#include "server/storage/database_session.hpp"

namespace oberih::storage {

class DatabaseChunks final : public application::ChunkStore {
 public:
  /// Throws DatabaseError.
  DatabaseChunks(const DatabaseSettings& settings, DatabaseRole role) : session_(settings, role) {}

  void put(const application::AttachmentRow& row, std::uint32_t number, ByteView chunk) override;
  void finish(const application::AttachmentRow& row) override;
  std::optional<Bytes> load(const application::AttachmentRow& row, std::uint32_t number) override;
  void remove(const sealing::ContentId& content) override;

 private:
  DatabaseSession session_;
};

/// `<content id in hex>.part` until it is whole, then `<content id in hex>`. Every write is synced
/// before it is answered; symbolic links are never followed.
class DirectoryChunks final : public application::ChunkStore {
 public:
  /// REQUIRES: the directory is the server's own and private. Throws std::runtime_error.
  explicit DirectoryChunks(const std::string& path);
  ~DirectoryChunks() override;
  DirectoryChunks(const DirectoryChunks&) = delete;
  DirectoryChunks& operator=(const DirectoryChunks&) = delete;

  void put(const application::AttachmentRow& row, std::uint32_t number, ByteView chunk) override;
  void finish(const application::AttachmentRow& row) override;
  std::optional<Bytes> load(const application::AttachmentRow& row, std::uint32_t number) override;
  void remove(const sealing::ContentId& content) override;

 private:
  class File;
  void sync_directory() const;

  int directory_;
};

}  // namespace oberih::storage
