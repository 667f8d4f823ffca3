// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/attachment_upload.hpp"

#include <algorithm>

#include "protocol/crypto/digest.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using sealing::attachment_chunk_bytes;

constexpr int most_restarts = 3;  // a server that forgets what it confirmed is not fed for ever

Result<std::string> attached_name(const std::filesystem::path& file) {
  const std::optional<std::string> name = encoding::to_nfc(file.filename().string());
  const char* fault = name ? sealing::find_name_fault(*name) : "the name is not UTF-8";
  if (fault != nullptr) return refuse(RefusalCode::usage, file.string() + ": " + fault);
  return *name;
}

}  // namespace

bool AttachmentPace::wait_for_turn(const ClientSession& session, std::uint64_t bytes,
                                   std::uint64_t bytes_per_second) {
  const auto now = std::chrono::steady_clock::now();
  const auto turn = std::max(now, next_);
  if (bytes_per_second != 0)
    next_ = turn + std::chrono::microseconds(bytes * 1'000'000 / bytes_per_second);
  const auto delay = std::chrono::duration_cast<std::chrono::milliseconds>(turn - now);
  return delay.count() <= 0 || session.wait(delay);
}

Result<sealing::AttachmentManifest> AttachmentUpload::seal_all(
    const OutgoingFile& file, const sealing::AttachmentCipher& cipher) const {
  sealing::AttachmentManifest manifest{cipher.padded_bytes(), cipher.commitment(), {}};
  manifest.chunk_hashes.reserve(std::size_t{cipher.chunks()} * Digest::size);
  for (std::uint32_t number = 0; number < cipher.chunks(); ++number) {
    Result<SecretBuffer> part =
        file.read(std::uint64_t{number} * attachment_chunk_bytes, cipher.file_bytes(number));
    if (!part) return part.error();
    const Digest hash = crypto::sha256(cipher.seal(number, part->view()));
    manifest.chunk_hashes.insert(manifest.chunk_hashes.end(), hash.bytes.begin(), hash.bytes.end());
  }
  return manifest;
}

Result<AttachmentUpload::Sealed> AttachmentUpload::prepare(const std::filesystem::path& path,
                                                           const OutgoingFile& file,
                                                           const UploadNotices& notices) {
  UploadTable& uploads = session_.store().uploads();
  if (std::optional<StoredUpload> begun = uploads.find(channel_, path)) {
    const sealing::AttachmentCipher cipher(begun->key, file.size());
    Result<sealing::AttachmentManifest> manifest = seal_all(file, cipher);
    if (!manifest) return manifest.error();
    if (sealing::content_id(*manifest) == begun->content)
      return Sealed{std::move(begun->key), std::move(*manifest)};
    // INVARIANT: one key seals one file; another content under it would give the old one away.
    if (notices.changed) notices.changed();
  }
  StoredUpload fresh{crypto::random_secret<sealing::AttachmentKey>(), {}};
  Result<sealing::AttachmentManifest> manifest =
      seal_all(file, sealing::AttachmentCipher(fresh.key, file.size()));
  if (!manifest) return manifest.error();
  fresh.content = sealing::content_id(*manifest);
  uploads.put(channel_, path, fresh, wall_clock_ms());
  return Sealed{std::move(fresh.key), std::move(*manifest)};
}

Result<wire::AttachmentPut> AttachmentUpload::seal_again(
    const OutgoingFile& file, const sealing::AttachmentCipher& cipher,
    const sealing::AttachmentManifest& manifest, std::uint32_t number) const {
  Result<SecretBuffer> part =
      file.read(std::uint64_t{number} * attachment_chunk_bytes, cipher.file_bytes(number));
  if (!part) return part.error();
  wire::AttachmentPut put{channel_, sealing::content_id(manifest), number,
                          cipher.seal(number, part->view())};
  // Two contents of one chunk under one key would give both away: what has changed is not sent.
  if (crypto::sha256(put.chunk) != sealing::chunk_hash(manifest, number))
    return refuse(RefusalCode::local_state_broken,
                  "the file has changed while it was read: attach it again");
  return put;
}

Result<> AttachmentUpload::put_chunks(const OutgoingFile& file,
                                      const sealing::AttachmentCipher& cipher,
                                      const sealing::AttachmentManifest& manifest,
                                      const UploadNotices& notices) {
  Result<wire::AttachmentProgress> progress =
      session_.ask(wire::AttachmentBegin{channel_, sealing::content_id(manifest), manifest});
  if (!progress) return progress.error();
  const std::uint64_t in_all = manifest.padded_bytes;
  const auto done = [&] {
    return std::min(in_all, std::uint64_t{progress->received} * attachment_chunk_bytes);
  };
  if (progress->received != 0 && notices.resumed) notices.resumed(done(), in_all);
  AttachmentPace pace;
  for (int restarts = 0; !progress->complete;) {
    if (notices.progress) notices.progress(done(), in_all);
    const std::uint32_t number = progress->received;
    if (number >= cipher.chunks())
      return refuse(RefusalCode::verification_failed, "the server counts more chunks than it got");
    Result<wire::AttachmentPut> put = seal_again(file, cipher, manifest, number);
    if (!put) return put.error();
    if (!pace.wait_for_turn(session_, put->chunk.size(), progress->bytes_per_second))
      return refuse(RefusalCode::not_connected);
    progress = session_.ask(*put);
    if (!progress) return progress.error();
    if (progress->received <= number && ++restarts > most_restarts)
      return refuse(RefusalCode::verification_failed, "the server does not keep what it was sent");
  }
  if (notices.progress) notices.progress(in_all, in_all);
  return {};
}

Result<sealing::Attachment> AttachmentUpload::send(const std::filesystem::path& path,
                                                   const UploadNotices& notices) {
  Result<std::string> name = attached_name(path);
  if (!name) return name.error();
  Result<OutgoingFile> file = OutgoingFile::open(path);
  if (!file) return file.error();
  if (file->size() > sealing::attachment_bytes_at_most)
    return refuse(RefusalCode::attachment_too_large,
                  path.string() + " has " + std::to_string(file->size()) + " bytes");
  Result<Sealed> sealed = prepare(path, *file, notices);
  if (!sealed) return sealed.error();
  const sealing::AttachmentCipher cipher(sealed->key, file->size());
  OBERIH_TRY(put_chunks(*file, cipher, sealed->manifest, notices));
  sealing::Attachment attachment;
  attachment.name = std::move(*name);
  attachment.size = file->size();
  attachment.key = std::move(sealed->key);
  attachment.commitment = cipher.commitment();
  attachment.content = sealing::content_id(sealed->manifest);
  return attachment;
}

void AttachmentUpload::expect_post(const std::vector<sealing::Attachment>& attachments) {
  for (const sealing::Attachment& each : attachments)
    session_.store().uploads().await_keep(channel_, each.content);
}

void AttachmentUpload::forget(const std::vector<sealing::Attachment>& attachments) {
  for (const sealing::Attachment& each : attachments)
    session_.store().uploads().remove_keep(channel_, each.content);
}

void AttachmentUpload::tell_kept() {
  LocalStore& store = session_.store();
  if (!store.outbox().list(channel_).empty()) return;
  for (const sealing::ContentId& content : store.uploads().list_keeps(channel_)) {
    const Result<wire::AttachmentProgress> kept =
        session_.ask(wire::AttachmentKeep{channel_, content});
    // It is gone, or we are: asking again would not help.
    if (kept || !is_passing(kept.error())) store.uploads().remove_keep(channel_, content);
  }
}

}  // namespace oberih::client
