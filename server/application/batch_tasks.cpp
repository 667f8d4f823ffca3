// SPDX-License-Identifier: Apache-2.0
// The part of batch_view.hpp that holds tasks. What a batch changes lies beside the working state
// until COMMIT: there is nothing to undo.
#include "server/application/batch_view.hpp"

namespace oberih::application {
namespace {

constexpr std::size_t kept_tasks = 10'000;  // of a channel; who needs another one reads it again

}  // namespace

sealing::TaskPointer BatchView::load_task(const ChannelId& channel, const TaskId& id) {
  if (const auto staged = staged_tasks_.find({channel, id}); staged != staged_tasks_.end())
    return staged->second.task;
  WorkingChannel* known = working_.find_channel(channel);
  if (known == nullptr) return nullptr;
  if (const auto found = known->tasks.find(id); found != known->tasks.end()) return found->second;
  std::optional<sealing::Task> stored = store_.load_task(channel, id);
  if (!stored) return nullptr;
  auto task = std::make_shared<const sealing::Task>(std::move(*stored));
  known->tasks.emplace(id, task);
  return task;
}

void BatchView::stage_task(const ChannelId& channel, sealing::Task task) {
  const TaskId id = task.id;
  TaskRow& row = staged_tasks_[{channel, id}];
  row.is_new |= task.proposed_seq == this->channel(channel).newest_seq() + 1;
  row.channel = channel;
  row.task = std::make_shared<const sealing::Task>(std::move(task));
}

void BatchView::merge_tasks() {
  for (const auto& [place, row] : staged_tasks_) {
    auto& tasks = working_.find_channel(place.first)->tasks;
    if (tasks.size() >= kept_tasks) tasks.clear();
    tasks[place.second] = row.task;
  }
}

}  // namespace oberih::application
