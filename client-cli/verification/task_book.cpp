// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/task_book.hpp"

#include "protocol/journal/leaf.hpp"
#include "protocol/sealing/roster_actors.hpp"

namespace oberih::client {
namespace {

sealing::TaskPointer parse_stored(ByteView bytes) {
  Result<sealing::Task> task = sealing::parse_task(bytes);
  if (!task) throw LocalStoreFailure("the local store: a task is damaged");
  return std::make_shared<const sealing::Task>(std::move(*task));
}

}  // namespace

sealing::TaskPointer TaskBook::find(const TaskId& id) {
  const std::optional<Bytes> stored = store_.tasks().find(channel_, id);
  return stored ? parse_stored(*stored) : nullptr;
}

std::vector<sealing::TaskPointer> TaskBook::list() {
  std::vector<sealing::TaskPointer> tasks;
  for (const StoredTask& stored : store_.tasks().list(channel_))
    tasks.push_back(parse_stored(stored.state));
  return tasks;
}

Result<sealing::Task> TaskBook::judge(const sealing::ChannelState& state,
                                      const sealing::Directory& directory, const DeviceId& sender,
                                      const sealing::Place& place,
                                      const sealing::TaskFacts& facts) {
  const sealing::RosterActors actors(state, directory, place);
  return sealing::judge_task(sealing::task_case_of(state, directory, sender, place, actors,
                                                   [this](const TaskId& id) { return find(id); }),
                             facts);
}

void TaskBook::put(const sealing::Task& task, std::uint64_t seq) {
  store_.tasks().put(channel_, {task.id, sealing::encode_task(task)}, seq);
}

std::string TaskBook::title(const sealing::Task& task) {
  const std::optional<TaskEvent> proposed = event_at(task.proposed_seq);
  return proposed && proposed->text ? proposed->text->title : std::string();
}

std::vector<TaskEvent> TaskBook::events(const TaskId& id) {
  std::vector<TaskEvent> events;
  for (const std::uint64_t seq : store_.tasks().entries_of(channel_, id))
    if (std::optional<TaskEvent> event = event_at(seq)) events.push_back(std::move(*event));
  return events;
}

std::vector<TaskNotice> TaskBook::notices(const TaskId& id) {
  std::vector<TaskNotice> notices;
  for (const std::uint64_t seq : store_.tasks().entries_of(channel_, id)) {
    const std::optional<StoredItem> stored = store_.channels().find_item(channel_, seq);
    if (!stored) continue;
    const Result<journal::Leaf> leaf = journal::parse_leaf(stored->leaf);
    if (!leaf || leaf->kind != journal::LeafKind::server_event) continue;
    if (const auto event = sealing::parse_server_event(leaf->body))
      notices.push_back({stored->seq, stored->index, leaf->server_ms, *event});
  }
  return notices;
}

std::optional<TaskEvent> TaskBook::event_at(std::uint64_t seq) {
  const std::optional<StoredItem> stored = store_.channels().find_item(channel_, seq);
  return stored ? decode(*stored) : std::nullopt;
}

std::optional<TaskEvent> TaskBook::decode(const StoredItem& stored) {
  const Result<journal::Leaf> leaf = journal::parse_leaf(stored.leaf);
  if (!leaf || leaf->kind != journal::LeafKind::entry) return std::nullopt;
  const Result<sealing::SealedEntry> entry = sealing::parse_entry_body(leaf->body);
  if (!entry) return std::nullopt;
  const Result<sealing::EntryHeader> header = sealing::parse_header(entry->header);
  if (!header || header->type != EntryType::task) return std::nullopt;
  Result<sealing::TaskFacts> facts = sealing::parse_task_facts(header->facts);
  if (!facts) return std::nullopt;
  TaskEvent event{stored.seq,     stored.index,      leaf->server_ms,
                  header->sender, std::move(*facts), std::nullopt};
  const Result<MessageKey> key = keys_.message_key(header->epoch);
  if (!key || !stored.ciphertext) return event;
  const Result<SecretBuffer> opened = sealing::open_entry(*entry, *stored.ciphertext, *key);
  if (!opened) return event;
  Result<sealing::TaskText> text = sealing::parse_task_text(opened->view());
  // A text under another action would say what its author did not sign in the open.
  if (text && text->action == event.facts.action) event.text = std::move(*text);
  return event;
}

}  // namespace oberih::client
