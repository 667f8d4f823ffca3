// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/receipt_sender.hpp"

#include "protocol/sealing/entry_references.hpp"

namespace oberih::client {
namespace {

using sealing::ReceiptStep;

bool is_member(const ClientSession& session, const VerifiedChannel& channel) {
  const sealing::ChannelState& state = channel.state();
  if (!state.exists() || state.find_member(session.ring().device) == nullptr) return false;
  const sealing::Device* own = session.directory().find_device(session.ring().device);
  return own != nullptr && !state.has_left(own->certificate.person);
}

}  // namespace

bool is_shown_whole(const HistoryItem& item, ChannelKeys& keys) {
  if (item.what == HistoryItem::What::withheld) return false;
  const bool is_task_without_words =
      item.what == HistoryItem::What::task && !item.task_event->text.has_value();
  const bool is_hearing_without_words =
      item.what == HistoryItem::What::hearing && !item.hearing_event->text.has_value();
  const bool is_sealed = item.what == HistoryItem::What::unreadable || is_task_without_words ||
                         is_hearing_without_words;
  return !is_sealed || keys.key(item.epoch).has_value();
}

std::uint64_t ReceiptSender::opened_seq(VerifiedChannel& channel) {
  if (const auto mark = session_.store().receipts().find(channel.id(), ReceiptStep::opened))
    return mark->reached_seq;
  // Of what stood there before this device came it says nothing.
  const std::optional<std::uint64_t> seated = channel.state().seated_index(session_.ring().device);
  std::uint64_t begin = 0;
  session_.store().channels().for_each_item(channel.id(), 0, [&](const StoredItem& item) {
    if (seated && item.index <= *seated) begin = item.seq;
    return seated && item.index < *seated;
  });
  return begin;
}

bool ReceiptSender::has_entry_of_others(const VerifiedChannel& channel, std::uint64_t after_seq,
                                        std::uint64_t upto_seq) {
  const sealing::Device* own = session_.directory().find_device(session_.ring().device);
  bool found = false;
  session_.store().channels().for_each_item(channel.id(), after_seq, [&](const StoredItem& item) {
    if (item.seq > upto_seq) return false;
    const std::optional<sealing::PlacedEntry> entry = sealing::placed_entry_of(item.leaf);
    if (!entry || !sealing::has_body(entry->type)) return true;
    const sealing::Device* sender = session_.directory().find_device(entry->sender);
    found = own == nullptr || sender == nullptr ||
            sender->certificate.person != own->certificate.person;
    return !found;
  });
  return found;
}

bool ReceiptSender::note_shown(VerifiedChannel& channel, std::uint64_t after_seq,
                               std::uint64_t upto_seq) {
  if (!channel.state().exists()) return true;
  const std::uint64_t opened = opened_seq(channel);
  if (after_seq > opened && has_entry_of_others(channel, opened, after_seq)) return false;
  session_.store().receipts().reach(channel.id(), ReceiptStep::opened, std::max(opened, upto_seq),
                                    wall_clock_ms());
  return true;
}

std::optional<sealing::Receipt> ReceiptSender::due(VerifiedChannel& channel, ReceiptStep step) {
  ReceiptTable& marks = session_.store().receipts();
  const std::optional<ReceiptMark> mark = marks.find(channel.id(), step);
  if (!mark || mark->reached_seq <= mark->settled_seq) return std::nullopt;
  // Each leaf costs all: what nobody waits for is not told.
  if (!has_entry_of_others(channel, mark->settled_seq, mark->reached_seq)) {
    marks.settle(channel.id(), step, mark->reached_seq);
    return std::nullopt;
  }
  const std::optional<Digest> leaf_hash =
      session_.store().channels().leaf_hash_at(channel.id(), mark->reached_seq);
  if (!leaf_hash) return std::nullopt;
  return sealing::Receipt{channel.id(), session_.ring().device, step, mark->reached_seq,
                          *leaf_hash,   mark->reached_ms};
}

Result<> ReceiptSender::tell(VerifiedChannel& channel) {
  if (!is_member(session_, channel)) return {};
  wire::ReceiptAppend request;
  std::vector<sealing::SignedReceipt> receipts;
  for (ReceiptStep step : {ReceiptStep::delivered, ReceiptStep::opened})
    if (const std::optional<sealing::Receipt> receipt = due(channel, step)) {
      receipts.push_back(sealing::sign_receipt(*receipt, session_.signer()));
      request.bodies.push_back(sealing::encode_receipt_body(receipts.back()));
    }
  if (receipts.empty() || !session_.connection().is_open()) return {};
  Result<wire::ReceiptsAppended> appended = session_.connection().call(request);
  // Another command of this profile was quicker, or an earlier answer was lost.
  const bool is_known = !appended && appended.error().code == RefusalCode::seen_invalid;
  if (!appended && !is_known) return appended.error();
  if (appended) OBERIH_TRY(await_proofs(receipts, *appended));
  for (const sealing::SignedReceipt& each : receipts)
    session_.store().receipts().settle(channel.id(), each.receipt.step, each.receipt.channel_seq);
  return {};
}

/// The server's word for each is held against the bytes that were sent; the next checkpoint must be
/// proven to hold them.
Result<> ReceiptSender::await_proofs(const std::vector<sealing::SignedReceipt>& receipts,
                                     const wire::ReceiptsAppended& appended) {
  if (appended.receipts.size() != receipts.size())
    return refuse(RefusalCode::verification_failed, "a receipt without an answer");
  for (std::size_t i = 0; i < receipts.size(); ++i) {
    const wire::Appended& answer = appended.receipts[i];
    const Digest expected =
        journal::leaf_hash(journal::encode_leaf({journal::LeafKind::access,
                                                 answer.server_ms,
                                                 receipts[i].receipt.channel,
                                                 0,
                                                 {},
                                                 sealing::encode_receipt_body(receipts[i])}));
    if (expected != answer.leaf_hash ||
        !session_.store().proofs().await({answer.index, expected, wall_clock_ms()}))
      return refuse(RefusalCode::verification_failed,
                    "the server has confirmed another receipt than was sent");
  }
  return {};
}

void ReceiptSender::tell_all() {
  for (const ChannelId& id : session_.store().channels().list()) {
    if (session_.is_cancelled() || !session_.connection().is_open()) return;
    VerifiedChannel channel = session_.open_channel(id);
    (void)tell(channel);
  }
}

}  // namespace oberih::client
