// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/attachment_posting.hpp"

#include "client-cli/output/byte_count.hpp"
#include "client-cli/output/progress_bar.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

/// A text that is too long or broken is no reason to send files first.
Result<> check_text(const sealing::MessageText& message) {
  if (message.text.empty()) return {};
  Result<SecretBuffer> encoded = sealing::encode_message_text(message);
  if (!encoded) return encoded.error();
  return {};
}

}  // namespace

Result<sealing::Attachment> AttachmentPosting::send_one(const std::string& file) {
  Console& console = context_.console();
  const std::string name = encoding::printable(std::filesystem::path(file).filename().string());
  ProgressBar bar(console, console.text(Sentence::attachment_upload, {{"name", name}}));
  UploadNotices notices;
  notices.progress = [&](std::uint64_t done, std::uint64_t in_all) { bar.show(done, in_all); };
  notices.resumed = [&](std::uint64_t done, std::uint64_t in_all) {
    bar.clear();
    console.note(Sentence::attachment_resumed,
                 {{"name", name},
                  {"done", format_bytes(done, console.language())},
                  {"size", format_bytes(in_all, console.language())}});
  };
  notices.changed = [&] {
    bar.clear();
    console.note(Sentence::attachment_changed, {{"name", name}});
  };
  return upload_.send(file, notices);
}

Result<> AttachmentPosting::send(const std::vector<std::string>& files,
                                 sealing::MessageText& message) {
  upload_.tell_kept();
  if (files.empty()) return {};
  if (files.size() > sealing::attachments_at_most)
    return refuse(RefusalCode::usage, "at most 16 files can be attached to one message");
  OBERIH_TRY(check_text(message));
  for (const std::string& file : files) {
    Result<sealing::Attachment> attachment = send_one(file);
    if (!attachment) return attachment.error();
    message.attachments.push_back(std::move(*attachment));
    files_.push_back(file);
  }
  upload_.expect_post(message.attachments);
  return {};
}

void AttachmentPosting::settle(bool was_posted, const sealing::MessageText& message) {
  if (message.attachments.empty()) return;
  LocalStore& store = context_.session().store();
  const bool may_be_posted = !store.outbox().list(channel_).empty();
  if (was_posted || may_be_posted)
    for (const std::string& file : files_) store.uploads().remove(channel_, file);
  else
    upload_.forget(message.attachments);  // the uploads stay: posting again sends nothing twice
  if (was_posted) upload_.tell_kept();
}

}  // namespace oberih::client
