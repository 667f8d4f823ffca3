// SPDX-License-Identifier: Apache-2.0
// The hearings of a channel as this device has verified them: their state from the facts, summons
// and words opened when they are asked for. Judges by the same rules as the server.
#pragma once

#include "client-cli/keyring/local_store.hpp"
#include "client-cli/verification/message_keys.hpp"
#include "protocol/sealing/hearing_event.hpp"
#include "protocol/sealing/hearing_rules.hpp"
#include "protocol/sealing/hearing_text.hpp"

namespace oberih::client {

/// One entry about a hearing.
struct HearingEvent {
  std::uint64_t seq = 0;
  std::uint64_t index = 0;
  Milliseconds server_ms = 0;
  DeviceId author;
  sealing::HearingFacts facts;
  std::optional<sealing::HearingText> text;  // nothing: this device cannot open it
};

/// An acknowledgement of a hearing's notice, by an addressee or by a reader.
struct HearingAnswer {
  std::uint64_t seq = 0;
  std::uint64_t index = 0;
  Milliseconds server_ms = 0;
  DeviceId author;
  sealing::AcknowledgementFacts facts;
  std::string remark;  // empty also where it does not open
};

/// What the server said of a hearing by itself.
struct SaidOfHearing {
  std::uint64_t seq = 0;
  std::uint64_t index = 0;
  Milliseconds server_ms = 0;
  sealing::HearingEvent event;
};

class HearingBook {
 public:
  HearingBook(LocalStore& store, MessageKeys& keys, const ChannelId& channel)
      : store_(store), keys_(keys), channel_(channel) {}

  sealing::HearingPointer find(const HearingId& id);
  std::vector<sealing::HearingPointer> list();

  /// The hearing after the entry; nothing is kept. `place` is where the entry stands, or would.
  Result<sealing::Hearing> judge(const sealing::ChannelState& state,
                                 const sealing::Directory& directory, const DeviceId& sender,
                                 const sealing::Place& place, const Digest& message_hash,
                                 const sealing::HearingFacts& facts);
  /// The same of an acknowledgement of a hearing's entry; nothing: it is of none.
  Result<std::optional<sealing::Hearing>> judge_answer(const sealing::ChannelState& state,
                                                       const sealing::Directory& directory,
                                                       const DeviceId& sender,
                                                       const sealing::Place& place,
                                                       const sealing::AcknowledgementFacts& facts);
  /// INVARIANT: judged, of the verified entry or event at `seq`.
  void put(const sealing::Hearing& hearing, std::uint64_t seq);

  /// Of the newest notice; nothing where it does not open, or does not name whom the facts call.
  std::optional<sealing::SummonsText> summons(const sealing::Hearing& hearing);
  std::vector<HearingEvent> events(const HearingId& id);
  std::vector<HearingAnswer> answers(const HearingId& id);
  std::vector<SaidOfHearing> said_by_server(const HearingId& id);
  std::optional<HearingEvent> event_at(std::uint64_t seq);
  std::optional<HearingAnswer> answer_at(std::uint64_t seq);
  /// Nothing: it is no hearing entry.
  std::optional<HearingEvent> decode(const StoredItem& stored);

 private:
  sealing::FindHearing finder() {
    return [this](const HearingId& id) { return find(id); };
  }

  LocalStore& store_;
  MessageKeys& keys_;
  ChannelId channel_;
};

/// Whether a summons fits the facts beside it: one called person for each addressee, a name for who
/// has no account, and none for who is told through the Centre.
bool fits(const sealing::SummonsText& summons, const sealing::HearingNotice& notice);

}  // namespace oberih::client
