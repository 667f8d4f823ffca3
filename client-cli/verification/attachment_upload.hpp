// SPDX-License-Identifier: Apache-2.0
// Sends a file beside an entry: sealed twice, once to know what it is called and once to send it,
// so that nothing leaves this device that differs from what was announced. Goes on after a lost
// connection by itself, and after a killed client when it is called again with the same file.
#pragma once

#include <filesystem>
#include <functional>

#include "client-cli/keyring/attached_file.hpp"
#include "client-cli/verification/client_session.hpp"
#include "protocol/sealing/attachment.hpp"

namespace oberih::client {

/// Bytes of the sealed file that are done, and in all.
using AttachmentProgressNotice = std::function<void(std::uint64_t done, std::uint64_t in_all)>;

/// Keeps to the rate that the server names, so that the device's other requests find room.
class AttachmentPace {
 public:
  /// False when the session was cancelled.
  bool wait_for_turn(const ClientSession& session, std::uint64_t bytes,
                     std::uint64_t bytes_per_second);

 private:
  std::chrono::steady_clock::time_point next_{};
};

struct UploadNotices {
  AttachmentProgressNotice progress;
  std::function<void(std::uint64_t done, std::uint64_t in_all)> resumed;
  std::function<void()> changed;  // since it was begun: it is sent anew
};

class AttachmentUpload {
 public:
  AttachmentUpload(ClientSession& session, const ChannelId& channel)
      : session_(session), channel_(channel) {}

  /// What stands in the entry. Refusals: usage (no such file, a name that may not be),
  /// attachment_too_large, local_state_broken (it changes while it is read), the server's.
  Result<sealing::Attachment> send(const std::filesystem::path& file, const UploadNotices& notices);

  // -- around the post ----------------------------------------------------------------------------
  void expect_post(const std::vector<sealing::Attachment>& attachments);
  void forget(const std::vector<sealing::Attachment>& attachments);  // the post was refused
  /// The posts stand: the server is told to keep what they name. What it cannot be told now it is
  /// told by a later command. Does nothing while a post of the channel has no answer.
  void tell_kept();

 private:
  struct Sealed {
    sealing::AttachmentKey key;
    sealing::AttachmentManifest manifest;
  };
  Result<sealing::AttachmentManifest> seal_all(const OutgoingFile& file,
                                               const sealing::AttachmentCipher& cipher) const;
  Result<Sealed> prepare(const std::filesystem::path& path, const OutgoingFile& file,
                         const UploadNotices& notices);
  Result<> put_chunks(const OutgoingFile& file, const sealing::AttachmentCipher& cipher,
                      const sealing::AttachmentManifest& manifest, const UploadNotices& notices);
  Result<wire::AttachmentPut> seal_again(const OutgoingFile& file,
                                         const sealing::AttachmentCipher& cipher,
                                         const sealing::AttachmentManifest& manifest,
                                         std::uint32_t number) const;

  ClientSession& session_;
  ChannelId channel_;
};

}  // namespace oberih::client
