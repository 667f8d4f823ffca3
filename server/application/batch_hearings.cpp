// SPDX-License-Identifier: Apache-2.0
// The part of batch_view.hpp that holds hearings. What a batch changes lies beside the working
// state until COMMIT: there is nothing to undo but who may not be told, which is the channel's.
#include <stdexcept>

#include "protocol/crypto/random_bytes.hpp"
#include "server/application/batch_view.hpp"

namespace oberih::application {
namespace {

constexpr std::size_t kept_hearings = 100;  // of a channel; each may take 70 KiB

}  // namespace

std::optional<HearingRow> BatchView::load_hearing(const ChannelId& channel, const HearingId& id) {
  if (const auto staged = staged_hearings_.find({channel, id}); staged != staged_hearings_.end())
    return staged->second;
  WorkingChannel* known = working_.find_channel(channel);
  if (known == nullptr) return std::nullopt;
  if (const auto found = known->hearings.find(id); found != known->hearings.end())
    return found->second;
  std::optional<HearingRow> stored = store_.load_hearing(channel, id);
  if (stored) known->hearings.emplace(id, *stored);
  return stored;
}

sealing::HearingPointer BatchView::find_hearing(const ChannelId& channel, const HearingId& id) {
  const std::optional<HearingRow> row = load_hearing(channel, id);
  return row ? row->hearing : nullptr;
}

std::vector<HearingRow> BatchView::load_due_hearings(std::size_t most) const {
  return store_.load_due_hearings(server_ms_, most);
}

void BatchView::stage_hearing(HearingRow row) {
  const std::pair place(row.channel, row.hearing->id);
  staged_hearings_[place] = std::move(row);
}

void BatchView::stage_hearing_event(HearingRow& row, const sealing::HearingEvent& event) {
  const sealing::ChannelState& state = channel(row.channel);
  Result<sealing::Hearing> after =
      sealing::judge_hearing_event(row.hearing, event, state, place_in(state));
  // INVARIANT: the server says nothing that its readers refuse.
  if (!after)
    throw std::logic_error("an event of a hearing breaks a rule: " + after.error().detail);
  stage_event(row.channel, sealing::encode_hearing_event(event));
  // Directly behind it, so that the check finds one that is left out.
  for (sealing::HearingAlert& alert : sealing::hearing_alerts_of(*row.hearing, event)) {
    alert.salt = crypto::random_id<sealing::LeafSalt>();
    const wire::Appended appended = stage_leaf({journal::LeafKind::server_event,
                                                server_ms_,
                                                {},
                                                0,
                                                {},
                                                sealing::encode_hearing_alert(alert)});
    batch_.alerts.push_back({appended.index, alert.agency, alert.unit});
  }
  row.hearing = std::make_shared<const sealing::Hearing>(std::move(*after));
}

void BatchView::merge_hearings() {
  for (const auto& [place, row] : staged_hearings_) {
    auto& hearings = working_.find_channel(place.first)->hearings;
    if (hearings.size() >= kept_hearings) hearings.clear();
    hearings[place.second] = row;
  }
}

}  // namespace oberih::application
