// SPDX-License-Identifier: Apache-2.0
// Of all tasks of a random run: what came due was said, and once. The policies remind of a task
// within eight hours one minute and two minutes after it was asked for.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "client-cli/verification/task_book.hpp"

namespace oberih::test {

inline constexpr std::uint32_t reminders_before[] = {479, 478};  // minutes

inline void write_reminding_policies(const std::filesystem::path& folder) {
  std::filesystem::copy(OBERIH_SOURCE "/policies", folder,
                        std::filesystem::copy_options::recursive);
  std::ifstream file(OBERIH_SOURCE "/policies/deadlines.json");
  nlohmann::json deadlines = nlohmann::json::parse(file);
  for (nlohmann::json& notices : deadlines["due_notices"])
    if (notices["classes"] == nlohmann::json{"8h"})
      notices["remind_minutes_before"] = reminders_before;
  std::ofstream(folder / "deadlines.json") << deadlines.dump(2);
}

class ReminderCount {
 public:
  /// `now_ms`: by the server's clock, or a little before.
  explicit ReminderCount(Milliseconds now_ms) : now_ms_(now_ms) {}

  void take(client::TaskBook& book) {
    for (const sealing::TaskPointer& task : book.list()) {
      std::set<std::tuple<std::size_t, int, Milliseconds, Milliseconds>> said;
      for (const client::TaskNotice& notice : book.notices(task->id)) {
        const sealing::ServerEvent& event = notice.event;
        if (event.what == sealing::ServerEventWhat::due_set) continue;
        EXPECT_TRUE(
            said.emplace(event.slot, static_cast<int>(event.what), event.due_ms, event.said_for_ms)
                .second)
            << "said twice, entry " << notice.seq;
      }
      for (std::size_t slot = 0; slot < task->slots.size(); ++slot)
        if (has_kept_its_first_due_time(*task, task->slots[slot])) expect_said(*task, slot, said);
    }
  }
  /// A run in which nothing came due would show nothing.
  void expect_enough() const { EXPECT_GT(expected_, 0u); }

 private:
  using Said = std::set<std::tuple<std::size_t, int, Milliseconds, Milliseconds>>;

  static bool has_kept_its_first_due_time(const sealing::Task& task,
                                          const sealing::TaskSlot& slot) {
    return task.urgency == sealing::TaskUrgency::hours_8 && sealing::is_awaited(slot.state) &&
           !slot.due_is_date && slot.rests.empty() && slot.submitter.is_zero() &&
           slot.due_ms == task.proposed_ms + 480 * minute_ms;
  }

  void expect_said(const sealing::Task& task, std::size_t slot, const Said& said) {
    const Milliseconds due = task.slots[slot].due_ms;
    for (const std::uint32_t minutes : reminders_before) {
      const Milliseconds moment = due - sealing::ms_of_minutes(minutes);
      if (moment + patience_ms > now_ms_) continue;
      ++expected_;
      EXPECT_TRUE(
          said.contains({slot, static_cast<int>(sealing::ServerEventWhat::reminder), due, moment}))
          << minutes << " minutes before";
    }
  }

  static constexpr Milliseconds patience_ms = 10'000;  // it looks every second
  const Milliseconds now_ms_;
  std::size_t expected_ = 0;
};

}  // namespace oberih::test
