// SPDX-License-Identifier: Apache-2.0
// The files of one post: sent before it, with a bar for each; remembered until it stands.
#pragma once

#include "client-cli/commands/command_context.hpp"
#include "client-cli/verification/attachment_upload.hpp"
#include "protocol/sealing/message_text.hpp"

namespace oberih::client {

class AttachmentPosting {
 public:
  AttachmentPosting(CommandContext& context, const ChannelId& channel)
      : context_(context), channel_(channel), upload_(context.session(), channel) {}

  /// Uploads the files and puts them into the message. What cannot be posted anyhow is refused
  /// before the first byte is sent.
  Result<> send(const std::vector<std::string>& files, sealing::MessageText& message);
  /// After the post.
  void settle(bool was_posted, const sealing::MessageText& message);

 private:
  Result<sealing::Attachment> send_one(const std::string& file);

  CommandContext& context_;
  ChannelId channel_;
  AttachmentUpload upload_;
  std::vector<std::string> files_;
};

}  // namespace oberih::client
