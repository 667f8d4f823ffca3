// SPDX-License-Identifier: Apache-2.0
#include "server/domain/permission_policy.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "server/domain/duty_separation.hpp"
#include "server/domain/word_lists.hpp"

namespace oberih::domain {
namespace {

enum class Visibility { open, hidden, hidden_but_for_supervisors };

struct ActionRow {
  Action action;
  std::string_view name;
  Visibility visibility;
};

// entry.find is open: it finds the caller's own entries alone, and finds none in a channel that
// does not exist just as in one where the caller never wrote. Those of grants are open to who may
// stand outside of the roster; the rules of the grant say of which channels they are told.
constexpr std::array<ActionRow, 54> actions = {{
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
    {Action::audit_find, "audit.find", Visibility::open},
    {Action::proposal_append, "proposal.append", Visibility::hidden_but_for_supervisors},
    {Action::approval_append, "approval.append", Visibility::hidden_but_for_supervisors},
    {Action::proposal_list, "proposal.list", Visibility::hidden_but_for_supervisors},
    {Action::task_propose, "task.propose", Visibility::hidden},
    {Action::task_accept, "task.accept", Visibility::hidden},
    {Action::task_decline, "task.decline", Visibility::hidden},
    {Action::task_withdraw, "task.withdraw", Visibility::hidden},
    {Action::task_extend, "task.extend", Visibility::hidden},
    {Action::task_reassign, "task.reassign", Visibility::hidden},
    {Action::task_start, "task.start", Visibility::hidden},
    {Action::task_pause, "task.pause", Visibility::hidden},
    {Action::task_resume, "task.resume", Visibility::hidden},
    {Action::task_submit, "task.submit", Visibility::hidden},
    {Action::task_confirm, "task.confirm", Visibility::hidden},
    {Action::task_return, "task.return", Visibility::hidden},
    {Action::entry_acknowledge, "entry.acknowledge", Visibility::hidden},
    {Action::entry_consent, "entry.consent", Visibility::hidden},
    {Action::unit_append, "unit.append", Visibility::open},
    {Action::out_of_service_append, "out_of_service.append", Visibility::open},
    {Action::attachment_put, "attachment.put", Visibility::hidden},
    {Action::attachment_get, "attachment.get", Visibility::hidden},
    {Action::receipt_append, "receipt.append", Visibility::hidden},
    {Action::receipt_read, "receipt.read", Visibility::hidden},
    {Action::alert_list, "alert.list", Visibility::open},
    {Action::hearing_schedule, "hearing.schedule", Visibility::hidden},
    {Action::hearing_cancel, "hearing.cancel", Visibility::hidden},
    {Action::hearing_propose_date, "hearing.propose_date", Visibility::hidden},
    {Action::hearing_record_service, "hearing.record_service", Visibility::hidden},
    {Action::hearing_confirm_told, "hearing.confirm_told", Visibility::hidden},
    {Action::hearing_record_outcome, "hearing.record_outcome", Visibility::hidden},
    {Action::channel_grant, "channel.grant", Visibility::hidden},
    {Action::grant_request, "grant.request", Visibility::open},
    {Action::grant_withdraw, "grant.withdraw", Visibility::open},
    {Action::grant_approve, "grant.approve", Visibility::open},
    {Action::grant_list, "grant.list", Visibility::open},
    {Action::audit_read, "audit.read", Visibility::open},
}};

struct RelationRow {
  Relation relation;
  std::string_view name;
};
constexpr std::array<RelationRow, 10> relations = {{
    {Relation::own_agency, "own_agency"},
    {Relation::channel_member, "channel_member"},
    {Relation::channel_admin, "channel_admin"},
    {Relation::acting_supervisor, "acting_supervisor"},
    {Relation::requester, "requester"},
    {Relation::assignee, "assignee"},
    {Relation::holder, "holder"},
    {Relation::court_of_hearing, "court_of_hearing"},
    {Relation::agency_kind, "agency_kind"},
    {Relation::handling, "handling"},
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

namespace {

bool is_hidden_from(Action action, const Relations& object) {
  const bool is_known =
      object.has(Relation::channel_member) ||
      (is_open_to_acting_supervisors(action) && object.has(Relation::acting_supervisor));
  return is_hidden_from_strangers(action) && !is_known;
}

bool fits_kind(const PermissionRule& rule, AgencyKind kind) {
  const auto& kinds = rule.agency_kinds;
  return kinds.empty() || std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

std::size_t place_of(Role role, Action action) {
  return static_cast<std::size_t>(role) * actions.size() + static_cast<std::size_t>(action);
}

}  // namespace

PermissionPolicy::PermissionPolicy(std::vector<PermissionRule> rules)
    : rules_(all_roles.size() * actions.size()) {
  for (PermissionRule& rule : rules)
    rules_[place_of(rule.role, rule.action)].push_back(std::move(rule));
}

const PermissionPolicy::Rules& PermissionPolicy::rules_for(Role role, Action action) const {
  static const Rules none;
  return rules_.empty() ? none : rules_[place_of(role, action)];
}

Decision PermissionPolicy::authorize(const Caller& caller, Action action,
                                     const Relations& object) const {
  // Before the rules: no policy file can show a channel to a device that is not on its roster, nor
  // join duties that must be apart.
  if (is_hidden_from(action, object)) return Decision::not_found;
  if (!find_bar(caller.role, action, object).empty()) return Decision::forbidden;
  const Rules& rules = rules_for(caller.role, action);
  const bool permitted = std::any_of(rules.begin(), rules.end(), [&](const PermissionRule& rule) {
    return object.has_all(rule.conditions) && fits_kind(rule, caller.agency_kind);
  });
  return permitted ? Decision::permitted : Decision::forbidden;
}

Explanation PermissionPolicy::explain(const Caller& caller, Action action,
                                      const Relations& object) const {
  Explanation explanation;
  explanation.decision = authorize(caller, action, object);
  explanation.is_hidden = is_hidden_from(action, object);
  explanation.barred_by = find_bar(caller.role, action, object);
  for (const PermissionRule& rule : rules_for(caller.role, action)) {
    const Explanation::Lacking lacking{rule.number, rule.conditions.without(object),
                                       !fits_kind(rule, caller.agency_kind)};
    if (!lacking.conditions.is_empty() || lacking.agency_kind)
      explanation.lacking.push_back(lacking);
    else if (explanation.rule == 0 && explanation.decision == Decision::permitted)
      explanation.rule = rule.number;
  }
  return explanation;
}

}  // namespace oberih::domain
