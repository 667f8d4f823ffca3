// SPDX-License-Identifier: Apache-2.0
// What keeping attachments needs from outside: a catalogue of what was begun, and a place for the
// chunks. Blocking; called by the desk's thread alone. Failures are exceptions.
#pragma once

#include <optional>
#include <stdexcept>
#include <vector>

#include "protocol/base/timestamp.hpp"
#include "protocol/sealing/attachment.hpp"

namespace oberih::application {

struct AttachmentRow {
  sealing::ContentId content;
  ChannelId channel;
  AgencyId agency;  // whose quota it takes
  DeviceId device;  // that alone may put
  std::uint64_t padded_bytes = 0;
  Digest commitment;
  Milliseconds begun_ms = 0;
  std::uint32_t received = 0;  // chunks that are durable, from the first on
  bool is_complete = false;
  bool is_kept = false;       // an entry names it
  bool is_elsewhere = false;  // its chunks lie where this server is not told to look

  std::uint32_t chunks() const { return sealing::attachment_chunks(padded_bytes); }
};

class AttachmentCatalogue {
 public:
  virtual ~AttachmentCatalogue() = default;
  virtual std::optional<AttachmentRow> find(const sealing::ContentId& content) = 0;
  virtual void insert(const AttachmentRow& row, const Bytes& chunk_hashes) = 0;
  virtual Bytes load_hashes(const sealing::ContentId& content) = 0;
  virtual Digest load_hash(const sealing::ContentId& content, std::uint32_t number) = 0;
  /// Chunks received, complete and kept are taken from the row. Durable when it returns.
  virtual void update(const AttachmentRow& row) = 0;
  virtual void remove(const sealing::ContentId& content) = 0;
  /// With tags, of all that the agency has begun and that is not removed.
  virtual std::uint64_t used_bytes(const AgencyId& agency) = 0;
  virtual std::uint32_t count_incomplete(const DeviceId& device) = 0;
  /// Begun before `begun_before_ms` and not kept; at most `limit`.
  virtual std::vector<sealing::ContentId> list_lapsed(Milliseconds begun_before_ms,
                                                      std::uint32_t limit) = 0;
};

/// The disk, or the database's disk, is full. What was stored before is untouched.
class AttachmentStoreFull : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What was durable is not there any more: somebody else removed it.
class ChunksLost : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class ChunkStore {
 public:
  virtual ~ChunkStore() = default;
  /// Durable when it returns; the same place may be written again until finish(). Throws
  /// AttachmentStoreFull, ChunksLost.
  virtual void put(const AttachmentRow& row, std::uint32_t number, ByteView chunk) = 0;
  /// All chunks are put.
  virtual void finish(const AttachmentRow& row) = 0;
  /// Nothing where it is not there.
  virtual std::optional<Bytes> load(const AttachmentRow& row, std::uint32_t number) = 0;
  /// Nothing of it is there afterwards, whatever was before.
  virtual void remove(const sealing::ContentId& content) = 0;
};

}  // namespace oberih::application
