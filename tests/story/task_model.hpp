// SPDX-License-Identifier: Apache-2.0
// What tasks must add up to, computed a second time from the actions that were accepted: by a table
// of words written down here, and by nothing of the product's rules.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace oberih::test {

struct AcceptedAction {
  std::string author;  // person
  std::string task;
  std::string action;
  std::size_t slot = 0;
  std::uint64_t expected_version = 0;
  // Of propose.
  std::size_t slots = 0;
  bool one_finishes_for_all = false;
  std::vector<std::string> depends_on;
  std::set<std::string> requesters;  // the persons of the unit that asks
  // Whom each slot addresses, or the new addressee of reassign; the new holder of reassign.
  std::vector<std::set<std::string>> addressees;
  std::string holder;
};

class TaskModel {
 public:
  struct Slot {
    std::string state = "proposed";
    std::uint64_t version = 1;
    std::string holder, submitter;
    std::set<std::string> addressees;
  };

  /// In the journal's order. Nothing: as it must be; else what could not have been accepted.
  std::optional<std::string> take(const AcceptedAction& action) {
    if (action.action == "propose") return propose(action);
    const auto found = tasks_.find(action.task);
    if (found == tasks_.end()) return "a task that nobody has asked for";
    Task& task = found->second;
    if (action.slot >= task.slots.size()) return "no such slot";
    Slot& slot = task.slots[action.slot];
    if (slot.version != action.expected_version)
      return "version " + std::to_string(action.expected_version) + " of " +
             std::to_string(slot.version);
    const auto row = rows().find({slot.state, action.action});
    if (row == rows().end()) return action.action + " of what is " + slot.state;
    if (auto wrong = judge_part(action, task, slot)) return wrong;
    if (action.action == "submit")
      for (const std::string& other : task.depends_on)
        if (is_open(tasks_.at(other))) return "handed in before what it depends on";
    apply(action, task, slot, row->second);
    return std::nullopt;
  }

  /// task and slot -> what it is now
  std::map<std::pair<std::string, std::size_t>, Slot> slots() const {
    std::map<std::pair<std::string, std::size_t>, Slot> all;
    for (const auto& [id, task] : tasks_)
      for (std::size_t i = 0; i < task.slots.size(); ++i) all[{id, i}] = task.slots[i];
    return all;
  }
  std::size_t count() const { return tasks_.size(); }

 private:
  struct Task {
    std::set<std::string> requesters;
    bool one_finishes_for_all = false;
    std::vector<std::string> depends_on;
    std::vector<Slot> slots;
  };
  using Rows = std::map<std::pair<std::string, std::string>, std::string>;

  static const Rows& rows() {
    static const Rows rows = {
        {{"proposed", "accept"}, "accepted"},         {{"proposed", "decline"}, "declined"},
        {{"proposed", "withdraw"}, "withdrawn"},      {{"accepted", "withdraw"}, "withdrawn"},
        {{"in_progress", "withdraw"}, "withdrawn"},   {{"paused", "withdraw"}, "withdrawn"},
        {{"submitted", "withdraw"}, "withdrawn"},     {{"accepted", "extend"}, "accepted"},
        {{"in_progress", "extend"}, "in_progress"},   {{"paused", "extend"}, "paused"},
        {{"proposed", "reassign"}, "proposed"},       {{"accepted", "reassign"}, "accepted"},
        {{"in_progress", "reassign"}, "in_progress"}, {{"paused", "reassign"}, "paused"},
        {{"accepted", "start"}, "in_progress"},       {{"in_progress", "pause"}, "paused"},
        {{"paused", "resume"}, "in_progress"},        {{"in_progress", "submit"}, "submitted"},
        {{"submitted", "confirm"}, "completed"},      {{"submitted", "return"}, "in_progress"}};
    return rows;
  }

  static bool has_ended(const Slot& slot) {
    return slot.state == "completed" || slot.state == "declined" || slot.state == "withdrawn";
  }
  static bool is_open(const Task& task) {
    for (const Slot& slot : task.slots)
      if (!has_ended(slot)) return true;
    return false;
  }

  std::optional<std::string> propose(const AcceptedAction& action) {
    if (tasks_.contains(action.task)) return "a task that was asked for twice";
    Task task{action.requesters, action.one_finishes_for_all, action.depends_on, {}};
    for (const std::string& other : action.depends_on)
      if (!tasks_.contains(other)) return "it depends on what was not asked for";
    task.slots.resize(action.slots);
    for (std::size_t i = 0; i < action.slots; ++i) task.slots[i].addressees = action.addressees[i];
    tasks_.emplace(action.task, std::move(task));
    return std::nullopt;
  }

  static std::optional<std::string> judge_part(const AcceptedAction& action, const Task& task,
                                               const Slot& slot) {
    static const std::set<std::string> of_requester = {"withdraw", "extend", "return", "confirm"};
    static const std::set<std::string> of_addressee = {"accept", "decline"};
    const std::string& who = action.author;
    if (of_addressee.contains(action.action))
      return slot.addressees.contains(who) ? std::nullopt
                                           : std::optional<std::string>("nobody asked them");
    if (of_requester.contains(action.action)) {
      if (!task.requesters.contains(who)) return "they did not ask for it";
      if (action.action == "confirm" && (who == slot.holder || who == slot.submitter))
        return "they confirmed their own work";
      return std::nullopt;
    }
    return who == slot.holder ? std::nullopt : std::optional<std::string>("they do not hold it");
  }

  static void apply(const AcceptedAction& action, Task& task, Slot& slot, const std::string& to) {
    slot.state = to;
    ++slot.version;
    if (action.action == "accept") slot.holder = action.author;
    if (action.action == "submit") slot.submitter = action.author;
    if (action.action == "reassign") {
      slot.addressees = action.addressees.front();
      slot.holder = action.holder;
    }
    if (to != "completed" || !task.one_finishes_for_all) return;
    for (Slot& other : task.slots)
      if (!has_ended(other)) {
        other.state = "withdrawn";
        ++other.version;
      }
  }

  std::map<std::string, Task> tasks_;
};

}  // namespace oberih::test
