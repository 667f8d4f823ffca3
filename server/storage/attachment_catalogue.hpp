// SPDX-License-Identifier: Apache-2.0
// The table `attachment`: what was announced, by whom, and how far it has come.
#pragma once

#include "server/application/attachment_ports.hpp"
#include "server/storage/database_session.hpp"

namespace oberih::storage {

enum class ChunkPlace { database, directory };

class PostgresAttachmentCatalogue final : public application::AttachmentCatalogue {
 public:
  /// Connects; checks the schema. `place`: where the chunks of new attachments go. Throws
  /// DatabaseError.
  PostgresAttachmentCatalogue(const DatabaseSettings& settings, DatabaseRole role,
                              ChunkPlace place);

  std::optional<application::AttachmentRow> find(const sealing::ContentId& content) override;
  void insert(const application::AttachmentRow& row, const Bytes& chunk_hashes) override;
  Bytes load_hashes(const sealing::ContentId& content) override;
  Digest load_hash(const sealing::ContentId& content, std::uint32_t number) override;
  void update(const application::AttachmentRow& row) override;
  void remove(const sealing::ContentId& content) override;
  std::uint64_t used_bytes(const AgencyId& agency) override;
  std::uint32_t count_incomplete(const DeviceId& device) override;
  std::vector<sealing::ContentId> list_lapsed(Milliseconds begun_before_ms,
                                              std::uint32_t limit) override;

  /// Ascending, from behind `after`: for the check.
  std::vector<sealing::ContentId> list_after(const sealing::ContentId& after, std::uint32_t limit);
  /// Attachments whose chunks lie in the other place.
  std::uint64_t count_elsewhere();

 private:
  DatabaseSession session_;
  const ChunkPlace place_;
};

}  // namespace oberih::storage
