// SPDX-License-Identifier: Apache-2.0
// The rules of keeping attachments: who put a chunk, in which order, what it must hash to, how much
// an agency may have, what lapses. Blocking, for one thread; permissions were asked before.
#pragma once

#include "protocol/wire/attachments.hpp"
#include "server/application/attachment_ports.hpp"
#include "server/domain/caller.hpp"

namespace oberih::application {

struct AttachmentLimits {
  std::uint64_t agency_quota_bytes = 0;
  Milliseconds lapse_ms = 0;
  std::uint64_t bytes_per_second = 0;  // told to clients
};

class AttachmentKeeper {
 public:
  /// Uploads of one device that may be under way: each holds its whole size of the quota.
  static constexpr std::uint32_t uploads_at_once = 8;

  AttachmentKeeper(AttachmentCatalogue& catalogue, ChunkStore& chunks, AttachmentLimits limits)
      : catalogue_(catalogue), chunks_(chunks), limits_(limits) {}

  /// Announced again, it says how far it has come. REQUIRES: the manifest was judged. Refusals:
  /// attachment_quota_exceeded (used and allowed), attachment_invalid (of another upload).
  Result<wire::AttachmentProgress> begin(const domain::Origin& origin,
                                         const wire::AttachmentBegin& request, Milliseconds now_ms);
  /// Refusals: not_found (not begun there by this device), attachment_invalid (not the chunk that
  /// was announced, or not the next one), attachment_store_full.
  Result<wire::AttachmentProgress> put(const domain::Origin& origin,
                                       const wire::AttachmentPut& request);
  /// Refusals: not_found, attachment_incomplete.
  Result<wire::AttachmentProgress> keep(const wire::AttachmentKeep& request);
  /// For readers. Refusal: not_found.
  Result<wire::AttachmentState> load_state(const wire::AttachmentStatus& request);
  /// Refusals: not_found, attachment_incomplete, attachment_invalid (no such chunk). Whoever asks
  /// and did not put it has read of it in an entry: it is kept from then on.
  Result<wire::AttachmentChunk> load_chunk(const domain::Origin& origin,
                                           const wire::AttachmentGet& request);
  /// Removes it, whatever names it: the operator must. Nothing hinders who has the file and its key
  /// from sending it again. Returns what it was. Refusal: not_found.
  Result<AttachmentRow> erase(const sealing::ContentId& content);
  /// Removes some of what has lapsed; how many.
  std::size_t sweep(Milliseconds now_ms);

 private:
  wire::AttachmentProgress progress_of(const AttachmentRow& row) const;
  Result<AttachmentRow> require(const ChannelId& channel, const sealing::ContentId& content);
  Result<AttachmentRow> require_complete(const ChannelId& channel,
                                         const sealing::ContentId& content);
  void mark_kept(AttachmentRow& row);
  void remove(const sealing::ContentId& content);
  Result<void> check_room(const domain::Origin& origin, std::uint64_t wanted);
  Result<void> store(AttachmentRow& row, std::uint32_t number, ByteView chunk);

  AttachmentCatalogue& catalogue_;
  ChunkStore& chunks_;
  AttachmentLimits limits_;
};

}  // namespace oberih::application
