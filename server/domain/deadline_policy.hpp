// SPDX-License-Identifier: Apache-2.0
// How long whom may keep waiting: urgency classes, how each kind of task counts, when a step of the
// evidence ladder is missing, when to remind and when to escalate. Kinds of tasks are words here:
// which there are is the protocol's business.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/base/vocabulary.hpp"
#include "server/domain/deadline_calendar.hpp"

namespace oberih::domain {

struct UrgencyClass {
  std::string name;  // "8h", "3d", "7d"
  unsigned hours = 0;
  unsigned days = 0;  // one of the two
};

/// How a kind of task counts the days of its class. Classes in hours always count hours.
struct TaskClock {
  std::vector<std::string> kinds;
  DeadlineRule rule;  // without an amount
  std::string law;
  std::string reason;
};

enum class Priority { normal, urgent };
std::string_view name_of(Priority priority);
std::optional<Priority> find_priority(std::string_view name);

/// Minutes after the entry until a step that is missing is said to be; 0: it is not said.
struct EvidenceLimit {
  std::vector<EntryType> entry_types;
  std::vector<Priority> priorities;
  unsigned delivered_minutes = 0;
  unsigned opened_minutes = 0;
  unsigned acknowledged_minutes = 0;  // of entries that ask for it
  std::string reason;
  unsigned repeat_minutes = 0;  // between one acknowledgement that is missing and the next; 0: once
};

/// Minutes before the due time at which to remind, and after it at which to escalate, of a class.
struct DueNotices {
  std::vector<std::string> classes;              // "date" too
  std::vector<unsigned> remind_minutes_before;   // descending
  std::vector<unsigned> escalate_minutes_after;  // ascending
  std::string reason;
};

/// Minutes before the start of a hearing at which to remind of it, and at which to raise the alarm
/// where service is not proven of everybody who is called.
struct HearingNotices {
  std::vector<unsigned> remind_minutes_before;  // descending, none of them 0
  std::vector<unsigned> alarm_minutes_before;   // the same
  std::string reason;
  std::string law;
};

struct DeadlineRows {
  std::vector<UrgencyClass> classes;
  std::vector<TaskClock> clocks;
  std::vector<EvidenceLimit> evidence;
  std::vector<DueNotices> notices;
  HearingNotices hearings = {};
};

/// The class of tasks that name their date themselves.
inline constexpr std::string_view date_class = "date";

class DeadlinePolicy {
 public:
  DeadlinePolicy() = default;  // knows no class and no kind
  /// The policy, or a sentence that says what is missing, doubled or out of order.
  static std::variant<DeadlinePolicy, std::string> make(DeadlineRows rows);

  const UrgencyClass* find_class(std::string_view name) const;
  const TaskClock* find_clock(std::string_view task_kind) const;
  const EvidenceLimit* find_evidence_limit(EntryType type, Priority priority) const;
  const DueNotices* find_notices(std::string_view urgency_class) const;
  /// The rule of a task: nothing where the class or the kind is unknown, or the class is a date.
  std::optional<DeadlineRule> find_rule(std::string_view task_kind,
                                        std::string_view urgency_class) const;
  const DeadlineRows& rows() const { return rows_; }

 private:
  DeadlineRows rows_;
};

}  // namespace oberih::domain
