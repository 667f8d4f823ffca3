// SPDX-License-Identifier: Apache-2.0
// Of batch_view.hpp: entries that ask for steps of the evidence ladder, and what is said where they
// are missing. What a batch changes lies beside the working state until COMMIT.
#include <stdexcept>

#include "protocol/crypto/random_bytes.hpp"
#include "server/application/batch_view.hpp"

namespace oberih::application {

std::optional<AskedRow> BatchView::load_asked(const ChannelId& channel,
                                              std::uint64_t channel_seq) const {
  const auto staged = staged_asked_.find({channel, channel_seq});
  if (staged != staged_asked_.end()) return staged->second;
  return store_.load_asked(channel, channel_seq);
}

std::vector<AskedRow> BatchView::load_due_asked(std::size_t most) const {
  return store_.load_due_asked(server_ms_, most);
}

std::map<ReceiptPlace, std::uint64_t> BatchView::load_receipt_reach(
    const ChannelId& channel, const std::vector<DeviceId>& devices) const {
  std::map<ReceiptPlace, std::uint64_t> reach;
  const auto take = [&](const DeviceId& device, sealing::ReceiptStep step, std::uint64_t seq) {
    std::uint64_t& known = reach[{device, step}];
    known = std::max(known, seq);
  };
  for (const ReceiptReach& each : store_.load_receipt_reach(channel, devices))
    take(each.device, each.step, each.channel_seq);
  for (const ReceiptRow& row : batch_.receipts)
    if (row.channel == channel) take(row.device, row.step, row.channel_seq);
  return reach;
}

void BatchView::stage_asked(AskedRow row) {
  staged_asked_[{row.channel, row.asked.channel_seq}] = std::move(row);
}

void BatchView::stage_missing_step(AskedRow& row, const sealing::MissingStep& event) {
  const sealing::ChannelState& state = channel(row.channel);
  Result<sealing::AskedEntry> after =
      sealing::judge_missing_step(&row.asked, event, state, directory(), place_in(state));
  // INVARIANT: the server says nothing that its readers refuse.
  if (!after) throw std::logic_error("a missing step breaks a rule: " + after.error().detail);
  stage_event(row.channel, sealing::encode_missing_step(event));
  // Directly behind it, so that the check finds one that is left out.
  for (sealing::SilenceAlert& alert : sealing::silence_alerts_of(row.asked, event, directory())) {
    alert.salt = crypto::random_id<sealing::LeafSalt>();
    const wire::Appended appended = stage_leaf({journal::LeafKind::server_event,
                                                server_ms_,
                                                {},
                                                0,
                                                {},
                                                sealing::encode_silence_alert(alert)});
    batch_.alerts.push_back({appended.index, alert.agency, alert.unit});
    if (row.asked.is_urgent && event.step == EvidenceStep::acknowledged)
      stage_ring({alert.agency, alert.unit});
  }
  row.asked = std::move(*after);
}

}  // namespace oberih::application
