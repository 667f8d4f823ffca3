// SPDX-License-Identifier: Apache-2.0
#include "protocol/evidence/selection_rules.hpp"

#include <algorithm>

namespace oberih::evidence {
namespace {

bool is_before_end(const ExportQuery& query, const Moment& moment) {
  return query.to_ms == 0 || moment.server_ms < query.to_ms;
}

bool is_of_person(const DeviceId& device, const PersonId& person,
                  const sealing::Directory& directory) {
  const sealing::Device* found = directory.find_device(device);
  return found != nullptr && found->certificate.person == person;
}

}  // namespace

const char* find_misfit(const ExportQuery& query, const ChannelReport& report,
                        const sealing::Directory& directory) {
  if (!query.channel.is_zero() && report.id != query.channel)
    return "it is another one than was asked for";
  if (!is_before_end(query, report.first)) return "it begins behind the period";
  const auto is_of_theirs = [&](const Stay& stay) {
    return is_of_person(stay.device, query.person, directory) && is_before_end(query, stay.from);
  };
  if (!query.person.is_zero() && std::ranges::none_of(report.stays, is_of_theirs))
    return "the person who was asked for never sat in it";
  const bool is_of_case = report.case_named && is_before_end(query, report.case_named->said);
  if (!query.case_number.empty() && !is_of_case)
    return "no mandate in it names the case that was asked for";
  return nullptr;
}

}  // namespace oberih::evidence
