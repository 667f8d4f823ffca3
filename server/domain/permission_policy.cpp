// SPDX-License-Identifier: Apache-2.0
#include "server/domain/permission_policy.hpp"

#include <algorithm>
#include <array>

namespace oberih::domain {
namespace {

enum class Visibility { open, hidden, hidden_but_for_supervisors };

struct ActionRow {
  Action action;
  std::string_view name;
  Visibility visibility;
};

// entry.find is open: it finds the caller's own entries alone, and finds none in a channel that
// does not exist just as in one where the caller never wrote.
constexpr std::array<ActionRow, 22> actions = {{
    {Action::session_hello, "session.hello", Visibility::open},
    {Action::directory_read, "directory.read", Visibility::open},
    {Action::directory_append, "directory.append", Visibility::open},
    {Action::directory_names, "directory.names", Visibility::open},
    {Action::channel_create, "channel.create", Visibility::open},
    {Action::channel_change, "channel.change", Visibility::hidden},
    {Action::channel_rotate, "channel.rotate", Visibility::hidden},
    {Action::channel_close, "channel.close", Visibility::hidden},
    {Action::channel_list, "channel.list", Visibility::open},
    {Action::channel_read, "channel.read", Visibility::hidden},
    {Action::channel_follow, "channel.follow", Visibility::hidden},
    {Action::message_post, "message.post", Visibility::hidden},
    {Action::channel_leave, "channel.leave", Visibility::hidden},
    {Action::channel_wrap_unusable, "channel.wrap_unusable", Visibility::hidden},
    {Action::entry_find, "entry.find", Visibility::open},
    {Action::checkpoint_read, "checkpoint.read", Visibility::open},
    {Action::leaves_read, "leaves.read", Visibility::open},
    {Action::proposal_append, "proposal.append", Visibility::hidden_but_for_supervisors},
    {Action::approval_append, "approval.append", Visibility::hidden_but_for_supervisors},
    {Action::proposal_list, "proposal.list", Visibility::hidden_but_for_supervisors},
    {Action::unit_append, "unit.append", Visibility::open},
    {Action::out_of_service_append, "out_of_service.append", Visibility::open},
}};

struct RelationRow {
  Relation relation;
  std::string_view name;
};
constexpr std::array<RelationRow, 4> relations = {{
    {Relation::own_agency, "own_agency"},
    {Relation::channel_member, "channel_member"},
    {Relation::channel_admin, "channel_admin"},
    {Relation::acting_supervisor, "acting_supervisor"},
}};

constexpr bool rows_stand_in_order() {
  for (std::size_t i = 0; i < actions.size(); ++i)
    if (static_cast<std::size_t>(actions[i].action) != i) return false;
  for (std::size_t i = 0; i < relations.size(); ++i)
    if (static_cast<std::size_t>(relations[i].relation) != i) return false;
  return true;
}
static_assert(rows_stand_in_order(), "a row is found by its enumerator's number");

const ActionRow& row_of(Action action) { return actions[static_cast<std::size_t>(action)]; }

}  // namespace

std::string_view name_of(Action action) { return row_of(action).name; }
std::string_view name_of(Relation relation) {
  return relations[static_cast<std::size_t>(relation)].name;
}

std::optional<Action> find_action(std::string_view name) {
  for (const ActionRow& row : actions)
    if (row.name == name) return row.action;
  return std::nullopt;
}

std::optional<Relation> find_relation(std::string_view name) {
  for (const RelationRow& row : relations)
    if (row.name == name) return row.relation;
  return std::nullopt;
}

const std::vector<Action>& all_actions() {
  static const std::vector<Action> all = [] {
    std::vector<Action> list;
    for (const ActionRow& row : actions) list.push_back(row.action);
    return list;
  }();
  return all;
}

const std::vector<Relation>& all_relations() {
  static const std::vector<Relation> all = [] {
    std::vector<Relation> list;
    for (const RelationRow& row : relations) list.push_back(row.relation);
    return list;
  }();
  return all;
}

bool is_hidden_from_strangers(Action action) {
  return row_of(action).visibility != Visibility::open;
}

bool is_open_to_acting_supervisors(Action action) {
  return row_of(action).visibility == Visibility::hidden_but_for_supervisors;
}

Decision PermissionPolicy::authorize(const Caller& caller, Action action,
                                     const Relations& object) const {
  // Before the rules: no policy file can show a channel to a device that is not on its roster.
  const bool is_known =
      object.has(Relation::channel_member) ||
      (is_open_to_acting_supervisors(action) && object.has(Relation::acting_supervisor));
  if (is_hidden_from_strangers(action) && !is_known) return Decision::not_found;
  const bool permitted = std::any_of(rules_.begin(), rules_.end(), [&](const PermissionRule& rule) {
    const auto& kinds = rule.agency_kinds;
    return rule.role == caller.role && rule.action == action && object.has_all(rule.conditions) &&
           (kinds.empty() ||
            std::find(kinds.begin(), kinds.end(), caller.agency_kind) != kinds.end());
  });
  return permitted ? Decision::permitted : Decision::forbidden;
}

}  // namespace oberih::domain
