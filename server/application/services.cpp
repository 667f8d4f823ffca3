// SPDX-License-Identifier: Apache-2.0
#include "server/application/services.hpp"

#include <algorithm>

namespace oberih::application {
namespace {

/// What a use case may say of the caller; everything else is derived here.
constexpr domain::Relation standing_relations[] = {
    domain::Relation::requester, domain::Relation::assignee, domain::Relation::holder,
    domain::Relation::court_of_hearing, domain::Relation::handling};

/// Asked only for who may gain by it: it walks the roster.
bool is_acting_supervisor(const Services& services, const domain::Caller& caller,
                          domain::Action action, const ChannelId& channel) {
  if (caller.role != Role::supervisor || !domain::is_open_to_acting_supervisors(action))
    return false;
  const std::optional<ChannelFacts> facts = services.view.find_channel(channel);
  if (!facts) return false;
  const DirectoryPointer directory = services.view.directory();
  return sealing::is_acting_supervisor(
      {*facts->state,
       *directory,
       {services.view.size(), facts->newest_seq + 1, rule_time_ms(services)}},
      caller.device);
}

}  // namespace

Milliseconds rule_time_ms(const Services& services) {
  return std::max(services.clock.now_ms(), services.view.server_ms());
}

Result<void> authorize(const Services& services, const domain::Caller& caller,
                       domain::Action action, const Object& object) {
  domain::Relations relations;
  for (domain::Relation relation : standing_relations)
    if (object.standing.has(relation)) relations.add(relation);
  if (object.agency == caller.agency) relations.add(domain::Relation::own_agency);
  if (object.channel) {
    auto line = services.view.find_member(*object.channel, caller.device, rule_time_ms(services));
    if (line) relations.add(domain::Relation::channel_member);
    if (line && line->role == RosterRole::admin) relations.add(domain::Relation::channel_admin);
    if (is_acting_supervisor(services, caller, action, *object.channel))
      relations.add(domain::Relation::acting_supervisor);
  }
  switch (services.policies.current()->permissions.authorize(caller, action, relations)) {
    case domain::Decision::permitted:
      return {};
    case domain::Decision::forbidden:
      return refuse(RefusalCode::forbidden);
    case domain::Decision::not_found:
      return refuse(RefusalCode::not_found);
  }
  return refuse(RefusalCode::forbidden);
}

Result<domain::Caller> identify_caller(const Services& services, const Digest& tls_spki) {
  const DirectoryPointer directory = services.view.directory();
  const sealing::Device* device = directory->find_device_by_spki(tls_spki);
  if (device == nullptr) return refuse(RefusalCode::unknown_device);
  const sealing::DeviceCertificate& certificate = device->certificate;
  const sealing::Standing standing =
      directory->standing(certificate.device, services.view.size(), rule_time_ms(services));
  if (standing != sealing::Standing::active) return sealing::refusal_of(standing);
  return domain::Caller{certificate.device, certificate.person, certificate.agency,
                        directory->agency_kind_of(certificate.device), certificate.role};
}

}  // namespace oberih::application
