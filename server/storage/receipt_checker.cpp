// SPDX-License-Identifier: Apache-2.0
// The receipts of channel_checker.hpp. How often one came is not looked at: that is the server's
// own protection and no rule of the journal.
#include "server/storage/channel_checker.hpp"

namespace oberih::storage {

void ChannelChecker::check_receipt(const StoredLeaf& row, const journal::Leaf& leaf) {
  const Result<sealing::SignedReceipt> body = sealing::parse_receipt_body(leaf.body);
  if (!body) return report_.add(row.index, "The receipt cannot be read: " + words_of(body.error()));
  const sealing::Receipt& receipt = body->receipt;
  if (receipt.channel != leaf.channel_id)
    report_.add(row.index, "The receipt is of another channel than its leaf.");
  const SignaturePublicKey* device = find_key(receipt.device);
  if (device == nullptr)
    report_.add(row.index, "The receipt's device is none of the directory.");
  else if (!sealing::verify_receipt_signature(*body, *device))
    report_.add(row.index, "The signature of the receipt's device does not verify.");
  if (!row.receipt) {
    report_.add(row.index, "The receipt's row in the table receipt is missing.");
  } else {
    const std::string differing =
        differing_columns({{"channel_id", row.receipt->channel == leaf.channel_id},
                           {"device", row.receipt->device == receipt.device},
                           {"step", row.receipt->step == static_cast<int>(receipt.step)},
                           {"channel_seq", row.receipt->channel_seq == receipt.channel_seq}});
    if (!differing.empty())
      report_.add(row.index,
                  "The row in the table receipt differs from the signed leaf: " + differing + ".");
  }
  auto found = channels_.find(leaf.channel_id);
  if (found == channels_.end())
    return report_.add(row.index, "The receipt is of a channel that does not exist.");
  Channel& channel = found->second;
  if (!channel.is_judged) return;
  std::uint64_t& told = channel.told[{receipt.device, receipt.step}];
  const sealing::Place place{row.index, channel.state.newest_seq() + 1, leaf.server_ms};
  const auto judged = sealing::judge_receipt(
      channel.state, directory_, place, receipt, told,
      [&](std::uint64_t sequence) { return leaf_hash_at(channel, leaf.channel_id, sequence); });
  if (!judged)
    return report_.add(row.index, "The receipt breaks a rule: " + words_of(judged.error()));
  told = receipt.channel_seq;
}

}  // namespace oberih::storage
