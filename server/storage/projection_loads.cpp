// SPDX-License-Identifier: Apache-2.0
// Of journal_store.hpp: what stands in the tables of projections, as the recorder asks for it.
#include "server/storage/asked_rows.hpp"
#include "server/storage/hearing_rows.hpp"
#include "server/storage/journal_store.hpp"
#include "server/storage/task_projection.hpp"
#include "server/storage/task_wakes.hpp"

namespace oberih::storage {

std::optional<sealing::Task> PostgresJournalStore::load_task(const ChannelId& channel,
                                                             const TaskId& task) {
  return session_.read([&] { return storage::load_task(session_.sql(), channel, task); });
}

std::vector<application::TaskWakeRow> PostgresJournalStore::load_due_wakes(Milliseconds now_ms,
                                                                           std::size_t most) {
  return session_.read([&] { return storage::load_due_wakes(session_.sql(), now_ms, most); });
}

std::optional<application::AskedRow> PostgresJournalStore::load_asked(const ChannelId& channel,
                                                                      std::uint64_t channel_seq) {
  return session_.read([&] { return storage::load_asked(session_.sql(), channel, channel_seq); });
}

std::vector<application::AskedRow> PostgresJournalStore::load_due_asked(Milliseconds now_ms,
                                                                        std::size_t most) {
  return session_.read([&] { return storage::load_due_asked(session_.sql(), now_ms, most); });
}

std::optional<application::HearingRow> PostgresJournalStore::load_hearing(
    const ChannelId& channel, const HearingId& hearing) {
  return session_.read([&] { return storage::load_hearing(session_.sql(), channel, hearing); });
}

std::vector<application::HearingRow> PostgresJournalStore::load_due_hearings(Milliseconds now_ms,
                                                                             std::size_t most) {
  return session_.read([&] { return storage::load_due_hearings(session_.sql(), now_ms, most); });
}

void PostgresJournalStore::load_excluding_hearings(
    const std::function<void(const ChannelId&, const sealing::Hearing&)>& take) {
  // Read whole before any is taken: a lost connection repeats the reading and nothing else.
  const auto rows = session_.read([&] { return storage::load_excluding_hearings(session_.sql()); });
  for (const application::HearingRow& row : rows) take(row.channel, *row.hearing);
}

std::vector<application::ReceiptReach> PostgresJournalStore::load_receipt_reach(
    const ChannelId& channel, const std::vector<DeviceId>& devices) {
  return session_.read(
      [&] { return storage::load_receipt_reach(session_.sql(), channel, devices); });
}

}  // namespace oberih::storage
