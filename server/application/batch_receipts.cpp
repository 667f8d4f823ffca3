// SPDX-License-Identifier: Apache-2.0
// Of batch_view.hpp: the receipts, leaves that stand in no chain, so that neither a channel's state
// nor its followers see them; and the entries that others name.
#include <stdexcept>

#include "server/application/batch_view.hpp"

namespace oberih::application {

ReceiptHead BatchView::load_receipt(const ChannelId& id, const DeviceId& device,
                                    sealing::ReceiptStep step) {
  WorkingChannel* channel = working_.find_channel(id);
  if (channel == nullptr) return {};
  const ReceiptPlace place(device, step);
  if (auto known = channel->receipts.find(place); known != channel->receipts.end())
    return known->second;
  // A stranger must not fill the memory with places that nothing stands at.
  if (channel->state.find_member(device) == nullptr) return {};
  ReceiptHead head;
  if (const std::optional<JournalRow> row = store_.load_newest_receipt(id, device, step)) {
    Result<journal::Leaf> leaf = journal::parse_leaf(row->leaf);
    Result<sealing::SignedReceipt> body =
        leaf ? sealing::parse_receipt_body(leaf->body) : leaf.error();
    if (!body) throw std::runtime_error("a stored receipt cannot be read");
    head = {body->receipt, {row->index, 0, row->leaf_hash, row->server_ms}};
  }
  return channel->receipts[place] = head;
}

bool BatchView::asks_at_once(const ChannelId& id, std::uint64_t after_seq,
                             std::uint64_t seq) const {
  const WorkingChannel* channel = std::as_const(working_).find_channel(id);
  return channel != nullptr && channel->asks_at_once_seq > after_seq &&
         channel->asks_at_once_seq <= seq;
}

wire::Appended BatchView::stage_receipt(const sealing::SignedReceipt& signed_receipt) {
  const sealing::Receipt& receipt = signed_receipt.receipt;
  const wire::Appended appended = stage_leaf({journal::LeafKind::access,
                                              server_ms_,
                                              receipt.channel,
                                              0,
                                              {},
                                              sealing::encode_receipt_body(signed_receipt)});
  ReceiptHead& head =
      working_.find_channel(receipt.channel)->receipts[{receipt.device, receipt.step}];
  Undo step;
  step.channel = receipt.channel;
  step.what = Undo::What::receipt;
  step.receipt_before = {{receipt.device, receipt.step}, head};
  undo_.push_back(std::move(step));
  head = {receipt, appended};
  batch_.receipts.push_back(
      {appended.index, receipt.channel, receipt.device, receipt.step, receipt.channel_seq});
  return appended;
}

sealing::EntryAt BatchView::entries(const ChannelId& id) const {
  return [this, id](std::uint64_t channel_seq) -> std::optional<sealing::PlacedEntry> {
    const WorkingChannel* channel = std::as_const(working_).find_channel(id);
    if (channel == nullptr || channel_seq == 0 || channel_seq > channel->state.newest_seq())
      return std::nullopt;
    for (const JournalRow& row : batch_.rows)
      if (row.channel == id && row.channel_seq == channel_seq)
        return sealing::placed_entry_of(row.leaf);
    const std::optional<Bytes> leaf = store_.load_channel_leaf(id, channel_seq);
    return leaf ? sealing::placed_entry_of(*leaf) : std::nullopt;
  };
}

}  // namespace oberih::application
