// SPDX-License-Identifier: Apache-2.0
#include "server/application/read_names.hpp"

#include <set>

#include "protocol/base/limits.hpp"

namespace oberih::application {
namespace {

std::set<DeviceId> find_roster_neighbours(const Services& services, const DeviceId& device) {
  std::set<DeviceId> neighbours;
  const Milliseconds now = rule_time_ms(services);
  for (const auto& [id, facts] : services.view.channels_of(device)) {
    if (!services.view.find_member(id, device, now)) continue;
    for (const sealing::RosterLine& line : facts.state->roster()) neighbours.insert(line.device);
  }
  return neighbours;
}

/// Cuts what would not fit in a frame. base64url and field names cost a third and about 90 bytes.
wire::NameCards fit(wire::NameCards reply) {
  std::size_t bytes = 0;
  std::size_t fitting = 0;
  for (const sealing::NameCard& card : reply.cards) {
    bytes += 140 + 2 * (card.name.size() + card.languages.size());
    if (bytes > limits::page_bytes) break;
    ++fitting;
  }
  reply.cards.resize(fitting);
  return reply;
}

}  // namespace

void read_names(const Services& services, const domain::Caller& caller,
                const wire::DirectoryNames& request, Answer<wire::NameCards> done) {
  if (auto may = authorize(services, caller, domain::Action::directory_names); !may)
    return done(may.error());
  const DirectoryPointer directory = services.view.directory();
  const std::set<DeviceId> neighbours = find_roster_neighbours(services, caller.device);
  const PoliciesPointer policies = services.policies.current();
  const auto is_visible = [&](const sealing::Device& device) {
    const sealing::DeviceCertificate& certificate = device.certificate;
    return policies->names.is_visible(caller, certificate.agency,
                                              directory->agency_kind_of(certificate.device),
                                              neighbours.contains(certificate.device));
  };
  std::vector<DeviceId> visible;
  for (const DeviceId& id : request.devices)
    if (const sealing::Device* device = directory->find_device(id); device && is_visible(*device))
      visible.push_back(id);
  if (request.devices.empty())
    for (const auto& [id, device] : directory->devices())
      if (visible.size() < limits::roster_lines && is_visible(device)) visible.push_back(id);
  if (visible.empty()) return done(wire::NameCards{});
  services.reader.read_name_cards(caller.origin(), std::move(visible),
                                  [done](Result<wire::NameCards> cards) {
                                    if (!cards) return done(std::move(cards));
                                    done(fit(std::move(*cards)));
                                  });
}

}  // namespace oberih::application
