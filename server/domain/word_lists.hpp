// SPDX-License-Identifier: Apache-2.0
// The closed word lists as ranges: whole tables are checked against them.
#pragma once

#include <array>

#include "protocol/base/vocabulary.hpp"

namespace oberih::domain {

inline constexpr std::array all_agency_kinds = {
    AgencyKind::police,
    AgencyKind::border_guard,
    AgencyKind::security_service,
    AgencyKind::prosecution,
    AgencyKind::court,
    AgencyKind::legal_aid,
    AgencyKind::detention,
    AgencyKind::social_service,
    AgencyKind::labour_inspectorate,
    AgencyKind::ngo,
    AgencyKind::coordination_centre,
    AgencyKind::working_group,
    AgencyKind::international,
    AgencyKind::oversight,
};
static_assert(all_agency_kinds.size() == static_cast<std::size_t>(AgencyKind::oversight) + 1);

inline constexpr std::array all_roles = {
    Role::investigator, Role::prosecutor,      Role::court_clerk, Role::judge,
    Role::caseworker,   Role::defence_counsel, Role::coordinator, Role::liaison,
    Role::supervisor,   Role::agency_admin,    Role::auditor,
};
static_assert(all_roles.size() == static_cast<std::size_t>(Role::auditor) + 1);

inline constexpr std::array all_channel_kinds = {
    ChannelKind::ordinary, ChannelKind::case_,        ChannelKind::working_group,
    ChannelKind::hearing,  ChannelKind::announcement,
};
static_assert(all_channel_kinds.size() == static_cast<std::size_t>(ChannelKind::announcement));

}  // namespace oberih::domain
