// SPDX-License-Identifier: Apache-2.0
// The verified items of a channel as people read them: who said what, who came and went. Opens each
// entry when it is shown; texts are never stored in the clear.
#pragma once

#include <map>

#include "client-cli/verification/hearing_book.hpp"
#include "client-cli/verification/task_book.hpp"
#include "client-cli/verification/verified_channel.hpp"
#include "protocol/sealing/attachment.hpp"
#include "protocol/sealing/entry_facts.hpp"
#include "protocol/sealing/missing_step.hpp"

namespace oberih::client {

struct HistoryItem {
  enum class What {
    text,
    title,
    record,  // of a roster, policy or grant: `op`, `added`, `removed`, `grant`
    left,
    wrap_unusable,
    task,             // `task_event`; its words may not open all the same
    hearing,          // `hearing_event`; the same
    acknowledgement,  // `acknowledgement`; `text` is the remark
    consent,          // `consent`; `text` is the reason
    other_entry,      // a type that this client does not show yet
    unreadable,       // signed, but this device holds no key, or it does not open
    withheld,         // signed, but the server gave no ciphertext, and no erasure says why
    server_event,     // `server_event`, `missing_step` or `said_of_hearing`
  };
  What what{};
  std::uint64_t seq = 0;
  std::uint64_t index = 0;
  Milliseconds server_ms = 0;
  DeviceId author;   // zero for server events
  std::string text;  // as it was written: not yet safe for a terminal
  std::vector<sealing::Attachment> attachments;
  sealing::RecordOp op{};
  std::vector<DeviceId> added;
  std::vector<DeviceId> removed;
  std::string mandate;                           // or the reason
  sealing::Change altered;                       // of a record: its items 3 and 4 alone
  std::optional<sealing::GrantItem> grant = {};  // of a record: given, or withdrawn
  // Of entries.
  std::uint64_t epoch = 0;
  Digest message_hash;
  sealing::CommonFacts facts;
  std::optional<sealing::RequestFacts> request;  // a message that asks an originator
  std::optional<sealing::AcknowledgementFacts> acknowledgement;
  std::optional<sealing::ConsentFacts> consent;
  std::optional<TaskEvent> task_event = {};
  std::optional<HearingEvent> hearing_event = {};
  std::optional<sealing::ServerEvent> server_event = {};
  std::optional<sealing::MissingStep> missing_step = {};
  std::optional<sealing::HearingEvent> said_of_hearing = {};
};

class ChannelHistory {
 public:
  ChannelHistory(LocalStore& store, MessageKeys& keys, const ChannelId& channel)
      : store_(store), keys_(keys), channel_(channel) {}

  /// In order; `visit` returns false to end, and may move from what it is shown.
  void for_each(std::uint64_t after_seq, const std::function<bool(HistoryItem&)>& visit);
  /// An item that lies in no store: with its leaf, and its ciphertext where there is one.
  HistoryItem decode(const StoredItem& stored);

 private:
  void decode_record(ByteView body, HistoryItem& item) const;
  void decode_entry(const StoredItem& stored, ByteView body, HistoryItem& item);
  void decode_facts(const sealing::EntryHeader& header, HistoryItem& item) const;
  void open_remark(const sealing::EntryHeader& header, const sealing::SealedEntry& entry,
                   const StoredItem& stored, HistoryItem& item);
  void open_message(const sealing::EntryHeader& header, const sealing::SealedEntry& entry,
                    ByteView ciphertext, HistoryItem& item);
  const MessageKey* find_message_key(std::uint64_t epoch);

  LocalStore& store_;
  MessageKeys& keys_;
  ChannelId channel_;
  std::map<std::uint64_t, MessageKey> message_keys_;
};

}  // namespace oberih::client
