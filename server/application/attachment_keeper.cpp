// SPDX-License-Identifier: Apache-2.0
#include "server/application/attachment_keeper.hpp"

namespace oberih::application {
namespace {

constexpr std::uint32_t removed_at_once = 16;

Refusal invalid(std::string detail) {
  return refuse(RefusalCode::attachment_invalid, std::move(detail));
}

}  // namespace

wire::AttachmentProgress AttachmentKeeper::progress_of(const AttachmentRow& row) const {
  return {row.received, row.is_complete, limits_.bytes_per_second};
}

Result<AttachmentRow> AttachmentKeeper::require(const ChannelId& channel,
                                                const sealing::ContentId& content) {
  std::optional<AttachmentRow> row = catalogue_.find(content);
  if (!row || row->channel != channel) return refuse(RefusalCode::not_found);
  return std::move(*row);
}

Result<AttachmentRow> AttachmentKeeper::require_complete(const ChannelId& channel,
                                                         const sealing::ContentId& content) {
  Result<AttachmentRow> row = require(channel, content);
  if (row && row->is_elsewhere)
    return refuse(RefusalCode::attachment_incomplete,
                  "it lies where this server is not told to look");
  if (row && !row->is_complete)
    return refuse(RefusalCode::attachment_incomplete, std::to_string(row->received) + " of " +
                                                          std::to_string(row->chunks()) +
                                                          " chunks have come");
  return row;
}

Result<void> AttachmentKeeper::check_room(const domain::Origin& origin, std::uint64_t wanted) {
  if (catalogue_.count_incomplete(origin.device) >= uploads_at_once)
    return refuse(
        RefusalCode::attachment_quota_exceeded,
        "this device has begun " + std::to_string(uploads_at_once) +
            " uploads that are not complete; finish one of them, or wait until they lapse");
  const std::uint64_t used = catalogue_.used_bytes(origin.agency);
  if (used + wanted > limits_.agency_quota_bytes)
    return refuse(RefusalCode::attachment_quota_exceeded,
                  "used " + std::to_string(used) + " of " +
                      std::to_string(limits_.agency_quota_bytes) + " bytes; this one takes " +
                      std::to_string(wanted));
  return {};
}

Result<wire::AttachmentProgress> AttachmentKeeper::begin(const domain::Origin& origin,
                                                         const wire::AttachmentBegin& request,
                                                         Milliseconds now_ms) {
  if (std::optional<AttachmentRow> known = catalogue_.find(request.content)) {
    if (known->channel != request.channel || known->device != origin.device)
      return invalid("this content id is that of another upload");
    return progress_of(*known);
  }
  sweep(now_ms);  // what has lapsed takes no room
  OBERIH_TRY(check_room(origin, sealing::sealed_attachment_bytes(request.manifest.padded_bytes)));
  AttachmentRow row;
  row.content = request.content;
  row.channel = request.channel;
  row.agency = origin.agency;
  row.device = origin.device;
  row.padded_bytes = request.manifest.padded_bytes;
  row.commitment = request.manifest.commitment;
  row.begun_ms = now_ms;
  catalogue_.insert(row, request.manifest.chunk_hashes);
  return progress_of(row);
}

Result<void> AttachmentKeeper::store(AttachmentRow& row, std::uint32_t number, ByteView chunk) {
  try {
    chunks_.put(row, number, chunk);
    row.received = number + 1;
    if (row.received == row.chunks()) {
      chunks_.finish(row);
      row.is_complete = true;
    }
    catalogue_.update(row);
    return {};
  } catch (const AttachmentStoreFull&) {
    return refuse(RefusalCode::attachment_store_full);
  } catch (const ChunksLost&) {
    row.received = 0;  // the client begins anew
    catalogue_.update(row);
    return {};
  }
}

Result<wire::AttachmentProgress> AttachmentKeeper::put(const domain::Origin& origin,
                                                       const wire::AttachmentPut& request) {
  Result<AttachmentRow> row = require(request.channel, request.content);
  if (row && row->device != origin.device) return refuse(RefusalCode::not_found);
  if (!row) return row.error();
  if (request.number >= row->chunks())
    return invalid("there is no chunk " + std::to_string(request.number));
  OBERIH_TRY(sealing::judge_chunk(row->padded_bytes, request.number,
                                  catalogue_.load_hash(request.content, request.number),
                                  request.chunk));
  // It came before, and the answer was lost.
  if (row->is_complete || request.number < row->received) return progress_of(*row);
  if (request.number > row->received)
    return invalid("chunk " + std::to_string(request.number) + " comes before chunk " +
                   std::to_string(row->received));
  OBERIH_TRY(store(*row, request.number, request.chunk));
  return progress_of(*row);
}

void AttachmentKeeper::mark_kept(AttachmentRow& row) {
  if (row.is_kept) return;
  row.is_kept = true;
  catalogue_.update(row);
}

Result<wire::AttachmentProgress> AttachmentKeeper::keep(const wire::AttachmentKeep& request) {
  Result<AttachmentRow> row = require_complete(request.channel, request.content);
  if (!row) return row.error();
  mark_kept(*row);
  return progress_of(*row);
}

Result<wire::AttachmentState> AttachmentKeeper::load_state(const wire::AttachmentStatus& request) {
  Result<AttachmentRow> row = require(request.channel, request.content);
  if (!row) return row.error();
  wire::AttachmentState state;
  state.manifest = {row->padded_bytes, row->commitment, catalogue_.load_hashes(request.content)};
  state.progress = progress_of(*row);
  return state;
}

Result<wire::AttachmentChunk> AttachmentKeeper::load_chunk(const domain::Origin& origin,
                                                           const wire::AttachmentGet& request) {
  Result<AttachmentRow> row = require_complete(request.channel, request.content);
  if (!row) return row.error();
  if (request.number >= row->chunks())
    return invalid("there is no chunk " + std::to_string(request.number));
  std::optional<Bytes> chunk = chunks_.load(*row, request.number);
  if (!chunk)
    return refuse(RefusalCode::attachment_incomplete,
                  "chunk " + std::to_string(request.number) + " is not in the store");
  if (origin.device != row->device) mark_kept(*row);
  return wire::AttachmentChunk{std::move(*chunk)};
}

std::size_t AttachmentKeeper::sweep(Milliseconds now_ms) {
  if (now_ms < limits_.lapse_ms) return 0;
  const auto lapsed = catalogue_.list_lapsed(now_ms - limits_.lapse_ms, removed_at_once);
  for (const sealing::ContentId& content : lapsed) remove(content);
  return lapsed.size();
}

void AttachmentKeeper::remove(const sealing::ContentId& content) {
  // In this order: a crash between leaves a row, which is found again, never bytes of nobody.
  chunks_.remove(content);
  catalogue_.remove(content);
}

Result<AttachmentRow> AttachmentKeeper::erase(const sealing::ContentId& content) {
  std::optional<AttachmentRow> row = catalogue_.find(content);
  if (!row) return refuse(RefusalCode::not_found, "No attachment has this content id.");
  if (row->is_elsewhere)
    return refuse(RefusalCode::unavailable,
                  "Its chunks do not lie where attachment_store says: set it back.");
  remove(content);
  return *row;
}

}  // namespace oberih::application
