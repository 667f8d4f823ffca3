// SPDX-License-Identifier: Apache-2.0
#include "server/domain/duty_separation.hpp"

#include <array>

namespace oberih::domain {
namespace {

enum class Duty {
  access,          // connecting, and what every certified device holds
  administration,  // of one's agency: certificates, units
  audit,           // of metadata, in every channel
  reading,         // of content, and of who shares it with whom
  posting,         // whatever changes a channel
};

constexpr Duty duty_of(Action action) {
  switch (action) {
    case Action::session_hello:
    case Action::directory_read:
    case Action::directory_names:
    case Action::checkpoint_read:
      return Duty::access;
    case Action::directory_append:
    case Action::unit_append:
    case Action::out_of_service_append:
      return Duty::administration;
    case Action::leaves_read:
    case Action::grant_request:
    case Action::grant_list:
    case Action::audit_read:
    case Action::audit_find:
      return Duty::audit;
    case Action::channel_list:
    case Action::channel_read:
    case Action::channel_follow:
    case Action::entry_find:
    case Action::proposal_list:
    case Action::attachment_get:
    case Action::receipt_read:
    case Action::alert_list:
      return Duty::reading;
    case Action::channel_create:
    case Action::channel_change:
    case Action::channel_rotate:
    case Action::channel_close:
    case Action::message_post:
    case Action::channel_leave:
    case Action::channel_wrap_unusable:
    case Action::proposal_append:
    case Action::approval_append:
    case Action::task_propose:
    case Action::task_accept:
    case Action::task_decline:
    case Action::task_withdraw:
    case Action::task_extend:
    case Action::task_reassign:
    case Action::task_start:
    case Action::task_pause:
    case Action::task_resume:
    case Action::task_submit:
    case Action::task_confirm:
    case Action::task_return:
    case Action::entry_acknowledge:
    case Action::entry_consent:
    case Action::attachment_put:
    case Action::receipt_append:
    case Action::hearing_schedule:
    case Action::hearing_cancel:
    case Action::hearing_propose_date:
    case Action::hearing_record_service:
    case Action::hearing_confirm_told:
    case Action::hearing_record_outcome:
    case Action::channel_grant:
    case Action::grant_withdraw:
    case Action::grant_approve:
      return Duty::posting;
  }
  return Duty::posting;
}

struct BarRow {
  Role role;
  Duty duty;
  std::string_view reason;
};
constexpr std::array<BarRow, 5> bars = {{
    {Role::auditor, Duty::posting, "an auditor never posts"},
    {Role::auditor, Duty::reading, "an auditor reads content by a grant alone"},
    {Role::auditor, Duty::administration, "an auditor administers nothing that is audited"},
    {Role::agency_admin, Duty::reading, "an agency administrator never reads content"},
    {Role::agency_admin, Duty::posting, "whoever certifies devices posts nothing with one"},
}};
constexpr std::string_view own_work = "nobody confirms their own work";

constexpr std::string_view bar_of(Role role, Duty duty) {
  for (const BarRow& row : bars)
    if (row.role == role && row.duty == duty) return row.reason;
  return {};
}

constexpr bool no_two_bars_are_alike() {
  for (std::size_t i = 0; i < bars.size(); ++i)
    for (std::size_t j = i + 1; j < bars.size(); ++j)
      if (bars[i].role == bars[j].role && bars[i].duty == bars[j].duty) return false;
  return true;
}
static_assert(no_two_bars_are_alike());
static_assert(!bar_of(Role::auditor, duty_of(Action::message_post)).empty());
static_assert(!bar_of(Role::agency_admin, duty_of(Action::channel_read)).empty());
static_assert(bar_of(Role::auditor, duty_of(Action::leaves_read)).empty());
static_assert(bar_of(Role::auditor, duty_of(Action::audit_find)).empty());
static_assert(bar_of(Role::agency_admin, duty_of(Action::directory_append)).empty());

}  // namespace

std::string_view find_bar(Role role, Action action) { return bar_of(role, duty_of(action)); }

std::string_view find_bar(Role role, Action action, const Relations& object) {
  if (action == Action::task_confirm && object.has(Relation::holder)) return own_work;
  return find_bar(role, action);
}

}  // namespace oberih::domain
