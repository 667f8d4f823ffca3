// SPDX-License-Identifier: Apache-2.0
// Of batch_view.hpp: what the server says in a channel's own chain, and when it looks again.
#include <stdexcept>

#include "protocol/sealing/task_events.hpp"
#include "server/application/batch_view.hpp"

namespace oberih::application {

void BatchView::stage_server_event(const ChannelId& id, const sealing::ServerEvent& event) {
  const sealing::ChannelState& state = channel(id);
  Result<sealing::Task> task =
      sealing::judge_event(load_task(id, event.task), event, place_in(state));
  // INVARIANT: the server says nothing that its readers refuse.
  if (!task) throw std::logic_error("an event of the server breaks a rule: " + task.error().detail);
  stage_event(id, sealing::encode_server_event(event));
  stage_task(id, std::move(*task));
}

void BatchView::stage_event(const ChannelId& id, Bytes body) {
  WorkingChannel& target = *working_.find_channel(id);
  Undo step;
  step.channel = id;
  step.newest_seq = target.state.newest_seq();
  step.newest_leaf = target.state.newest_leaf();
  step.what = Undo::What::event;
  const sealing::Place place = place_in(target.state);
  const wire::Appended appended =
      stage_channel_leaf(journal::LeafKind::server_event, id, std::move(body));
  undo_.push_back(std::move(step));
  target.state.apply_other(place, appended.leaf_hash);
  target.recent_leaves.put(appended.channel_seq, appended.leaf_hash);
  touched_[id] |= false;
}

void BatchView::stage_alert(const ChannelId& channel, const sealing::Alert& alert) {
  const sealing::TaskPointer task = load_task(channel, alert.task);
  // INVARIANT: the server says nothing that its readers refuse.
  if (!task || !sealing::judge_alert(*task, alert, server_ms_))
    throw std::logic_error("an alert of the server breaks a rule");
  const wire::Appended appended = stage_leaf(
      {journal::LeafKind::server_event, server_ms_, {}, 0, {}, sealing::encode_alert(alert)});
  batch_.alerts.push_back({appended.index, alert.agency, alert.unit});
}

bool BatchView::is_task_staged(const ChannelId& channel, const TaskId& id) const {
  return staged_tasks_.contains({channel, id});
}

std::vector<TaskWakeRow> BatchView::load_due_wakes(std::size_t most) const {
  return store_.load_due_wakes(server_ms_, most);
}

void BatchView::stage_wake(const TaskWakeRow& wake) {
  TaskWakeRow& row = staged_wakes_[{wake.channel, wake.task, wake.slot}];
  const Milliseconds said_ms = wake.said_ms != 0 ? wake.said_ms : row.said_ms;
  row = wake;
  row.said_ms = said_ms;
}

}  // namespace oberih::application
