// SPDX-License-Identifier: Apache-2.0
// Who may do what: rules as data, one look-up. Default deny. Which transitions exist is code
// elsewhere; this room knows roles, actions and how the caller stands to the object, and nothing of
// storage.
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "server/domain/caller.hpp"

namespace oberih::domain {

enum class Action {
  session_hello,
  directory_read,
  directory_append,
  directory_names,
  channel_create,
  channel_change,
  channel_rotate,
  channel_close,
  channel_list,
  channel_read,
  channel_follow,
  message_post,
  channel_leave,
  channel_wrap_unusable,
  entry_find,
  checkpoint_read,
  leaves_read,
  audit_find,
  proposal_append,
  approval_append,
  proposal_list,
  task_propose,
  task_accept,
  task_decline,
  task_withdraw,
  task_extend,
  task_reassign,
  task_start,
  task_pause,
  task_resume,
  task_submit,
  task_confirm,
  task_return,
  entry_acknowledge,
  entry_consent,
  unit_append,
  out_of_service_append,
  attachment_put,
  attachment_get,
  receipt_append,
  receipt_read,
  alert_list,
  hearing_schedule,
  hearing_cancel,
  hearing_propose_date,
  hearing_record_service,
  hearing_confirm_told,
  hearing_record_outcome,
  channel_grant,
  grant_request,
  grant_withdraw,
  grant_approve,
  grant_list,
  audit_read,
};

/// How the caller stands to the object. A rule demands some of them, an object carries some of
/// them. The vocabulary is closed: what it cannot say is code, not policy.
enum class Relation {
  own_agency,  // the object is of the caller's agency
  channel_member,
  channel_admin,
  acting_supervisor,  // of an agency on the roster, where no admin of the channel is active
  requester,          // a person of the unit that asks
  // May act for the task's slot, or the hearing's place: of the unit, on duty, deputy, or the
  // person addressed.
  assignee,
  holder,            // accepted the slot
  court_of_hearing,  // a person of the court whose hearing it is
  agency_kind,       // written beside the list `agency_kinds` of a rule; never carried by an object
  handling,          // the entry's handling code lets it go where the caller wants it
};

std::string_view name_of(Action action);      // session.hello, ...
std::string_view name_of(Relation relation);  // own_agency, ...
std::optional<Action> find_action(std::string_view name);
std::optional<Relation> find_relation(std::string_view name);
const std::vector<Action>& all_actions();
const std::vector<Relation>& all_relations();

/// Whether the action is on a channel that may or may not be there. Who does not stand on its
/// roster gets the answer of a channel that does not exist.
bool is_hidden_from_strangers(Action action);
/// Those of them that an acting supervisor may take, who is a stranger to all else.
bool is_open_to_acting_supervisors(Action action);

class Relations {
 public:
  Relations() = default;
  Relations(std::initializer_list<Relation> relations) {
    for (Relation relation : relations) add(relation);
  }
  void add(Relation relation) { bits_ |= bit(relation); }
  bool has(Relation relation) const { return (bits_ & bit(relation)) != 0; }
  bool has_all(const Relations& wanted) const { return (bits_ & wanted.bits_) == wanted.bits_; }
  bool is_empty() const { return bits_ == 0; }
  Relations without(const Relations& others) const {
    Relations rest;
    rest.bits_ = bits_ & ~others.bits_;
    return rest;
  }
  bool operator==(const Relations&) const = default;

 private:
  static unsigned bit(Relation relation) { return 1u << static_cast<unsigned>(relation); }
  unsigned bits_ = 0;
};

/// One permission. Rules only ever add: what no rule permits is denied.
struct PermissionRule {
  Role role{};
  Action action{};
  Relations conditions;                  // all of them must hold
  std::vector<AgencyKind> agency_kinds;  // of the caller; empty: any
  std::size_t number = 0;                // of the rule in its file, from 1
};

enum class Decision { permitted, forbidden, not_found };

/// Why a decision is what it is: for people who read policies.
struct Explanation {
  Decision decision{};
  std::size_t rule = 0;             // that permits; 0: none
  std::string_view barred_by = {};  // the separation of duties that forbids, whatever rules say
  bool is_hidden = false;           // the caller does not stand on the channel's roster
  struct Lacking {
    std::size_t rule = 0;
    Relations conditions;
    bool agency_kind = false;  // the caller's agency is of another kind
  };
  std::vector<Lacking> lacking;  // rules for this role and action that do not apply
};

class PermissionPolicy {
 public:
  PermissionPolicy() = default;  // permits nothing
  explicit PermissionPolicy(std::vector<PermissionRule> rules);

  Decision authorize(const Caller& caller, Action action, const Relations& object) const;
  Explanation explain(const Caller& caller, Action action, const Relations& object) const;

 private:
  using Rules = std::vector<PermissionRule>;
  const Rules& rules_for(Role role, Action action) const;

  std::vector<Rules> rules_;  // by role and action; empty: permits nothing
};

}  // namespace oberih::domain
