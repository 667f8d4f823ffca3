// SPDX-License-Identifier: Apache-2.0
// A commit batch as a store writes it: leaves, and the rows of all tables that go with them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/base/ids.hpp"
#include "protocol/base/timestamp.hpp"
#include "protocol/base/vocabulary.hpp"
#include "protocol/journal/leaf.hpp"
#include "protocol/sealing/asked_entry.hpp"
#include "protocol/sealing/channel_state.hpp"
#include "protocol/sealing/hearing.hpp"
#include "protocol/sealing/receipt.hpp"
#include "protocol/sealing/task.hpp"

namespace oberih::application {

struct JournalRow {
  std::uint64_t index = 0;
  journal::LeafKind kind{};
  Milliseconds server_ms = 0;
  ChannelId channel;              // zero where the leaf has none
  std::uint64_t channel_seq = 0;  // 0 where the kind takes none
  Digest leaf_hash;
  Bytes leaf;
};

struct EntryRow {  // projection of a kind-5 leaf, with its ciphertext
  std::uint64_t index = 0;
  ChannelId channel;
  std::uint64_t channel_seq = 0;
  EntryType type{};
  DeviceId sender;
  std::uint64_t sender_seq = 0;
  std::uint64_t seen_seq = 0;
  std::uint64_t log_size = 0;
  MessageId message_id;
  Digest message_hash;
  Bytes ciphertext;  // empty for types without a body
};

struct EpochRow {  // what lies beside a kind-4 leaf
  std::uint64_t index = 0;
  ChannelId channel;
  std::uint64_t epoch = 0;
  Bytes wraps;
  Bytes prev_box;
};

struct TaskRow {  // projection of task entries: a task as it is after the batch
  ChannelId channel;
  sealing::TaskPointer task;  // never nullptr
  bool is_new = false;        // proposed in this batch
};

/// When to look at a slot of a task again, for what the server says by itself.
struct TaskWakeRow {
  ChannelId channel;
  TaskId task;
  std::uint16_t slot = 0;
  Milliseconds due_ms = 0;   // that next_ms was computed for
  Milliseconds next_ms = 0;  // 0: not before somebody acts
  Milliseconds said_ms = 0;  // up to this moment all has been said; in a batch 0: as it was before
};

/// An entry that asks people for steps of the evidence ladder, as it is after the batch, and when
/// to look at it again.
struct AskedRow {
  ChannelId channel;
  sealing::AskedEntry asked;
  Milliseconds next_ms = 0;    // 0: nothing is to be said of it any more
  Milliseconds looked_ms = 0;  // up to this moment all has been said
};

/// A hearing as it is after the batch, and when to look at it again.
struct HearingRow {
  ChannelId channel;
  sealing::HearingPointer hearing;  // never nullptr
  Milliseconds next_ms = 0;         // 0: nothing is to be said of it before somebody acts
  Milliseconds looked_ms = 0;       // up to this moment all has been said
};

/// How far a device's receipts reach.
struct ReceiptReach {
  DeviceId device;
  sealing::ReceiptStep step{};
  std::uint64_t channel_seq = 0;
};

struct ReceiptRow {  // projection of a kind-12 leaf
  std::uint64_t index = 0;
  ChannelId channel;
  DeviceId device;
  sealing::ReceiptStep step{};
  std::uint64_t channel_seq = 0;
};

struct AlertRow {  // projection of a kind-11 leaf outside of channels
  std::uint64_t index = 0;
  AgencyId agency;
  UnitId unit;  // zero: a person was asked
};

/// The one row that sequences the journal; locked for the length of a batch.
struct JournalHead {
  std::uint64_t size = 0;
  Bytes frontier;              // MerkleFrontier::encode()
  Milliseconds server_ms = 0;  // of the newest leaf
  std::uint64_t directory_count = 0;
  Digest directory_leaf;  // hash of the newest directory leaf
};

struct Batch {
  std::uint64_t expected_size = 0;  // of the head before this batch
  std::vector<JournalRow> rows;
  std::vector<EntryRow> entries;
  std::vector<EpochRow> epochs;
  std::vector<TaskRow> tasks;        // each once
  std::vector<TaskWakeRow> wakes;    // each once; go with the tasks
  std::vector<AskedRow> asked;       // each once
  std::vector<HearingRow> hearings;  // each once
  std::vector<ReceiptRow> receipts;
  std::vector<AlertRow> alerts;
  std::vector<sealing::NameCard> name_cards;
  JournalHead head;  // after it
};

}  // namespace oberih::application
