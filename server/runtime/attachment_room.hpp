// SPDX-License-Identifier: Apache-2.0
// Everything that keeps attachments, put together as the settings say.
#pragma once

#include <memory>

#include "server/application/attachment_desk.hpp"
#include "server/application/ports.hpp"
#include "server/runtime/settings.hpp"
#include "server/storage/attachment_catalogue.hpp"

namespace oberih::runtime {

class AttachmentRoom {
 public:
  /// Throws std::runtime_error with a sentence: the directory is not the server's own, or
  /// attachments lie in the other place.
  AttachmentRoom(const Settings& settings, const application::Clock& clock,
                 application::AttachmentDesk::Report report);

  application::AttachmentDesk& desk() { return desk_; }

 private:
  storage::PostgresAttachmentCatalogue catalogue_;
  std::unique_ptr<application::ChunkStore> chunks_;
  application::AttachmentKeeper keeper_;
  application::AttachmentDesk desk_;  // last: its thread uses all of the above
};

/// `oberihd attachment erase`: works while the server runs, too. Refusals: those of erase(), and
/// usage. Throws as the room does.
Result<int> erase_attachment(const Settings& settings, const std::string& content);

}  // namespace oberih::runtime
