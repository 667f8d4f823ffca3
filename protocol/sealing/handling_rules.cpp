// SPDX-License-Identifier: Apache-2.0
// What handling codes forbid (design 05): to let in who may not read what stands there, and to
// write for one's own agency where another one reads.
#include <set>

#include "protocol/sealing/grant_order.hpp"
#include "protocol/sealing/record_rules.hpp"

namespace oberih::sealing {
namespace {

/// What the auditor would open is passed on, whatever history the channel gives; what the code
/// keeps from the auditor needs an order that says so.
Result<void> check_handling_of_grant(const RecordCase& c, const GrantItem& grant) {
  const Device* auditor = c.directory.find_device(grant.auditor_device);
  if (auditor == nullptr) return refuse(RefusalCode::unknown_device);
  const Result<GrantOrder> order = parse_grant_order(grant.order);
  if (!order) return order.error();
  if (grant.ends_ms == 0 || order->covers_restricted) return {};
  const auto forbidding =
      c.state.handling().forbidding({auditor->certificate.person, auditor->certificate.agency},
                                    {grant.first_epoch, grant.last_epoch});
  if (forbidding.empty()) return {};
  return refuse(RefusalCode::handling_code_forbids, describe_entries(forbidding));
}

}  // namespace

Result<void> check_handling(const RecordCase& c) {
  if (c.record.change.grant) return check_handling_of_grant(c, *c.record.change.grant);
  const HandlingLedger& handling = c.state.handling();
  // Where the history begins with joining, a newcomer opens nothing that was there before.
  if (!c.record.change.add || c.state.policy().history != History::full ||
      handling.entries().empty())
    return {};
  std::set<std::uint64_t> forbidding;
  for (const RosterLine& line : c.record.change.add->lines) {
    const Device* device = c.directory.find_device(line.device);
    if (device == nullptr) return refuse(RefusalCode::unknown_device);
    const DeviceCertificate& certificate = device->certificate;
    // A new device of the same person is not an add.
    const ChannelState::Person* person = c.state.find_person(certificate.person);
    if (person != nullptr &&
        (person->status == ChannelState::Person::Status::present ||
         person->status == ChannelState::Person::Status::removed_after_revocation))
      continue;
    const auto entries = handling.forbidding({certificate.person, certificate.agency});
    forbidding.insert(entries.begin(), entries.end());
  }
  if (forbidding.empty()) return {};
  return refuse(RefusalCode::handling_code_forbids,
                describe_entries({forbidding.begin(), forbidding.end()}));
}

Result<void> ChannelState::judge_handling(const EntryHeader& header,
                                          const Directory& directory) const {
  if (!has_body(header.type) ||
      common_facts_of(header).handling.traffic_light != TrafficLight::amber_strict)
    return {};
  const AgencyId& own = directory.find_device(header.sender)->certificate.agency;
  for (const RosterLine& line : *roster_) {
    const Device* device = directory.find_device(line.device);
    if (device != nullptr && device->certificate.agency != own)
      return refuse(RefusalCode::handling_code_forbids,
                    "AMBER+STRICT is for one agency, and another one sits in this channel");
  }
  return {};
}

void ChannelState::restore_handling(const EntryHeader& header, const Directory& directory,
                                    std::uint64_t channel_seq) {
  if (header.type == EntryType::consent) {
    if (const Result<ConsentFacts> facts = parse_consent_facts(header.facts))
      handling_.take_consent(facts->entry.channel_seq, facts->admitted, facts->agrees);
    return;
  }
  const HandlingCode code = common_facts_of(header).handling;
  const Device* sender = directory.find_device(header.sender);
  if (has_body(header.type) && is_restricted(code) && sender != nullptr)
    handling_.take_entry({channel_seq, code, sender->certificate.agency, header.epoch});
}

}  // namespace oberih::sealing
