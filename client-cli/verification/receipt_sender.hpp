// SPDX-License-Identifier: Apache-2.0
// Tells the others how far this device has come: "delivered" when a leaf was verified and kept,
// "opened" when it was shown to a person. Only where somebody else's entry lies in between; batched
// by the server's pause, at once where an entry asks. No read ever fails or waits because of it.
#pragma once

#include "client-cli/verification/channel_history.hpp"
#include "client-cli/verification/client_session.hpp"

namespace oberih::client {

class ReceiptSender {
 public:
  explicit ReceiptSender(ClientSession& session) : session_(session) {}

  /// A person was shown what stands behind `after_seq` up to `upto_seq`. Receipts are cumulative:
  /// where an entry of somebody else before it was not shown, this counts for nothing yet. False
  /// then.
  bool note_shown(VerifiedChannel& channel, std::uint64_t after_seq, std::uint64_t upto_seq);
  /// The place from which on "opened" still has to be reached.
  std::uint64_t opened_seq(VerifiedChannel& channel);

  /// Sends what is due. A refusal is for the log alone: what was not told is told later.
  Result<> tell(VerifiedChannel& channel);
  /// The same in all channels of the profile, while the connection holds.
  void tell_all();

 private:
  std::optional<sealing::Receipt> due(VerifiedChannel& channel, sealing::ReceiptStep step);
  bool has_entry_of_others(const VerifiedChannel& channel, std::uint64_t after_seq,
                           std::uint64_t upto_seq);
  Result<> await_proofs(const std::vector<sealing::SignedReceipt>& receipts,
                        const wire::ReceiptsAppended& appended);

  ClientSession& session_;
};

/// Whether what a person was shown of the item is all that there is to show: neither withheld nor
/// waiting for a key that this device may still get.
bool is_shown_whole(const HistoryItem& item, ChannelKeys& keys);

}  // namespace oberih::client
