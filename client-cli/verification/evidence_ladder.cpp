// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/evidence_ladder.hpp"

#include <algorithm>

namespace oberih::client {
namespace {

/// The roster in force when the entry was posted.
sealing::Roster roster_at(ClientSession& session, const ChannelId& channel, std::uint64_t seq) {
  sealing::Roster roster;
  session.store().channels().for_each_item(channel, 0, [&](const StoredItem& item) {
    if (item.seq >= seq) return false;
    const Result<journal::Leaf> leaf = journal::parse_leaf(item.leaf);
    if (!leaf || leaf->kind != journal::LeafKind::channel_record) return true;
    const Result<sealing::SignedRecord> body = sealing::parse_record_body(leaf->body);
    if (!body) return true;
    if (Result<sealing::ChannelRecord> record = sealing::parse_record_content(body->content))
      roster = std::move(record->roster);
    return true;
  });
  return roster;
}

class Ladder {
 public:
  Ladder(ClientSession& session, VerifiedChannel& channel, const HistoryItem& entry)
      : session_(session), channel_(channel), entry_(entry) {
    roster_ = roster_at(session, channel.id(), entry.seq);
    const sealing::Device* author = find(entry.author);
    for (const sealing::RosterLine& line : roster_) {
      const sealing::Device* device = find(line.device);
      if (device == nullptr || author == nullptr) continue;
      const PersonId& person = device->certificate.person;
      if (person == author->certificate.person || find_person(person) != nullptr) continue;
      people_.push_back({person, line.device, {}, {}, {}, {}, false});
    }
  }

  void take(const VerifiedReceipt& receipt) {
    if (sealing::find_line(roster_, receipt.receipt.device) == nullptr) return;
    const sealing::Device* device = find(receipt.receipt.device);
    LadderPerson* person = device == nullptr ? nullptr : find_person(device->certificate.person);
    if (person == nullptr) return;
    const LadderStep step{receipt.server_ms, receipt.receipt.client_ms, receipt.index,
                          receipt.receipt.device, receipt.is_proven};
    // What was opened was delivered, whether its device found the time to say so or not.
    keep_earlier(person->delivered, step);
    if (receipt.receipt.step == sealing::ReceiptStep::opened) keep_earlier(person->opened, step);
  }

  void take_acknowledgements() {
    ChannelHistory history(session_.store(), channel_.keys(), channel_.id());
    const sealing::EntryReference wanted{entry_.seq, entry_.message_hash};
    history.for_each(entry_.seq, [&](HistoryItem& item) {
      if (!item.acknowledgement || item.acknowledgement->entry != wanted) return true;
      const sealing::Device* device = find(item.author);
      if (device == nullptr) return true;
      LadderPerson* person = find_person(device->certificate.person);
      if (person == nullptr) {
        people_.push_back({device->certificate.person, item.author, {}, {}, {}, {}, true});
        person = &people_.back();
      }
      // An entry of the channel: its place was verified with the channel's chain.
      keep_earlier(person->acknowledged, {item.server_ms, 0, item.index, item.author, true});
      person->acknowledgements.push_back(std::move(item));
      return true;
    });
  }

  std::vector<LadderPerson> people() && { return std::move(people_); }

 private:
  const sealing::Device* find(const DeviceId& device) const {
    return session_.directory().find_device(device);
  }
  LadderPerson* find_person(const PersonId& person) {
    auto found = std::find_if(people_.begin(), people_.end(),
                              [&](const LadderPerson& each) { return each.person == person; });
    return found == people_.end() ? nullptr : &*found;
  }
  static void keep_earlier(std::optional<LadderStep>& kept, const LadderStep& step) {
    if (!kept || step.index < kept->index) kept = step;
  }

  ClientSession& session_;
  VerifiedChannel& channel_;
  const HistoryItem& entry_;
  sealing::Roster roster_;
  std::vector<LadderPerson> people_;
};

}  // namespace

Result<std::vector<LadderPerson>> read_ladder(ClientSession& session, VerifiedChannel& channel,
                                              const HistoryItem& entry) {
  Result<std::vector<VerifiedReceipt>> receipts = ReceiptReader(session).read(channel, entry.seq);
  if (!receipts) return receipts.error();
  Ladder ladder(session, channel, entry);
  for (const VerifiedReceipt& receipt : *receipts) ladder.take(receipt);
  ladder.take_acknowledgements();
  return std::move(ladder).people();
}

}  // namespace oberih::client
