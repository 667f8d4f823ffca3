// SPDX-License-Identifier: Apache-2.0
// Of batch_view.hpp: the working state as it was before what was staged, last step first.
#include "server/application/batch_view.hpp"

namespace oberih::application {

void BatchView::drop() {
  settled_ = true;
  for (auto step = undo_.rbegin(); step != undo_.rend(); ++step) undo(*step);
  undo_.clear();
}

void BatchView::undo(const Undo& step) {
  if (step.what == Undo::What::creation) return working_.forget_channel(step.channel);
  WorkingChannel& target = *working_.find_channel(step.channel);
  if (step.what == Undo::What::receipt) {
    target.receipts[step.receipt_before->first] = step.receipt_before->second;
    return;
  }
  if (step.what == Undo::What::event)
    return target.state.restore_newest(step.newest_seq, step.newest_leaf);
  target.newest_record = step.newest_record;
  if (step.what == Undo::What::structure) {
    target.state = *step.whole;
    // Chains that were read from the store after the copy was made are not in it.
    target.complete_senders.clear();
    return;
  }
  target.asks_at_once_seq = step.asks_at_once_seq;
  if (step.exclusions) target.state.restore_exclusions(*step.exclusions);
  target.state.forget_handling_from(step.newest_seq + 1);
  target.state.restore_newest(step.newest_seq, step.newest_leaf);
  target.state.restore_sender(step.sender, step.sender_head);
}

}  // namespace oberih::application
