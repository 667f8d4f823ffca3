// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/attachment_download.hpp"

namespace oberih::client {

Result<> fetch_attachment(ClientSession& session, const ChannelId& channel,
                          const sealing::Attachment& attachment,
                          const std::function<Result<>(ByteView)>& take,
                          const AttachmentProgressNotice& notice) {
  OBERIH_TRY(sealing::judge_reference(attachment));
  Result<wire::AttachmentState> state =
      session.ask(wire::AttachmentStatus{channel, attachment.content});
  if (!state) return state.error();
  const sealing::AttachmentManifest& manifest = state->manifest;
  OBERIH_TRY(sealing::judge_manifest_for(attachment, manifest));
  if (!state->progress.complete) return refuse(RefusalCode::attachment_incomplete);
  const sealing::AttachmentCipher cipher(attachment.key, attachment.size);
  AttachmentPace pace;
  std::uint64_t done = 0;
  for (std::uint32_t number = 0; number < cipher.chunks(); ++number) {
    if (notice) notice(done, attachment.size);
    if (!pace.wait_for_turn(session, sealing::attachment_chunk_bytes,
                            state->progress.bytes_per_second))
      return refuse(RefusalCode::not_connected);
    Result<wire::AttachmentChunk> chunk =
        session.ask(wire::AttachmentGet{channel, attachment.content, number});
    if (!chunk) return chunk.error();
    OBERIH_TRY(sealing::judge_chunk(manifest.padded_bytes, number,
                                    sealing::chunk_hash(manifest, number), chunk->chunk));
    Result<SecretBuffer> part = cipher.open(number, chunk->chunk);
    if (!part) return part.error();
    OBERIH_TRY(take(part->view()));
    done += part->size();
  }
  if (notice) notice(done, attachment.size);
  return {};
}

}  // namespace oberih::client
