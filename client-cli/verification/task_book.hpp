// SPDX-License-Identifier: Apache-2.0
// The tasks of a channel as this device has verified them: their state from the facts, their words
// opened when they are asked for. Judges by the same rules as the server.
#pragma once

#include "client-cli/keyring/local_store.hpp"
#include "client-cli/verification/message_keys.hpp"
#include "protocol/sealing/server_event.hpp"
#include "protocol/sealing/task_rules.hpp"
#include "protocol/sealing/task_text.hpp"

namespace oberih::client {

/// One entry about a task.
struct TaskEvent {
  std::uint64_t seq = 0;
  std::uint64_t index = 0;
  Milliseconds server_ms = 0;
  DeviceId author;
  sealing::TaskFacts facts;
  std::optional<sealing::TaskText> text;  // nothing: this device cannot open it
};

/// What the server said of a task by itself.
struct TaskNotice {
  std::uint64_t seq = 0;
  std::uint64_t index = 0;
  Milliseconds server_ms = 0;
  sealing::ServerEvent event;
};

class TaskBook {
 public:
  TaskBook(LocalStore& store, MessageKeys& keys, const ChannelId& channel)
      : store_(store), keys_(keys), channel_(channel) {}

  sealing::TaskPointer find(const TaskId& id);
  std::vector<sealing::TaskPointer> list();

  /// The task after the entry; nothing is kept. `place` is where the entry stands, or would.
  Result<sealing::Task> judge(const sealing::ChannelState& state,
                              const sealing::Directory& directory, const DeviceId& sender,
                              const sealing::Place& place, const sealing::TaskFacts& facts);
  /// INVARIANT: judged, of the verified entry or event at `seq`.
  void put(const sealing::Task& task, std::uint64_t seq);

  /// Empty where it does not open.
  std::string title(const sealing::Task& task);
  std::vector<TaskEvent> events(const TaskId& id);
  std::vector<TaskNotice> notices(const TaskId& id);
  std::optional<TaskEvent> event_at(std::uint64_t seq);
  /// Nothing: it is no task entry.
  std::optional<TaskEvent> decode(const StoredItem& stored);

 private:
  LocalStore& store_;
  MessageKeys& keys_;
  ChannelId channel_;
};

}  // namespace oberih::client
