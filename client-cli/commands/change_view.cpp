// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/change_view.hpp"

#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/grant_view.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/sealing/unit_mark.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using encoding::printable;

/// A unit that the directory does not know is none.
std::string name_of_unit(const sealing::Directory& directory, const UnitId& id) {
  const sealing::UnitInForce* unit = directory.find_unit(id);
  return unit == nullptr ? encode_hex(id).substr(0, 8) : printable(unit->unit.name);
}

std::string describe_who(CommandContext& context, const DeviceId& device) {
  const VerifiedDirectory& directory = context.session().verified_directory();
  if (!directory.find_name(device))
    return encode_hex(device).substr(0, 8) + ", " + agency_name_of(directory.directory(), device);
  return name_or_digits(directory, device) + ", " + agency_name_of(directory.directory(), device) +
         " (" + encode_hex(device).substr(0, 8) + ")";
}

void describe_lines(CommandContext& context, const sealing::LinesItem& item, Sentence sentence,
                    std::vector<std::string>& lines) {
  for (const sealing::RosterLine& line : item.lines)
    lines.push_back(
        context.console().text(sentence, {{"who", describe_who(context, line.device)},
                                          {"role", std::string(name_of(line.role))},
                                          {"until", describe_end(line.ends_ms)},
                                          {"mandate", describe_mandate(context, item.mandate)}}));
}

nlohmann::ordered_json lines_json(const sealing::LinesItem& item) {
  nlohmann::ordered_json lines = nlohmann::ordered_json::array();
  for (const sealing::RosterLine& line : item.lines)
    lines.push_back({{"device", encode_hex(line.device)},
                     {"role", name_of(line.role)},
                     {"ends_ms", line.ends_ms}});
  return {{"mandate", item.mandate}, {"lines", lines}};
}

}  // namespace

std::string describe_mandate(CommandContext& context, const std::string& mandate) {
  const sealing::MarkedMandate marked = sealing::read_unit_marks(mandate);
  std::string text = printable(marked.text);
  for (const UnitId& unit : marked.units)
    text += (text.empty() ? "" : ", ") +
            context.console().text(Sentence::mandate_of_unit,
                                   {{"name", name_of_unit(context.session().directory(), unit)}});
  return text.empty() ? "-" : text;
}

std::vector<std::string> describe_change(CommandContext& context, const sealing::Change& change) {
  const Console& console = context.console();
  std::vector<std::string> lines;
  if (change.add) describe_lines(context, *change.add, Sentence::change_adds, lines);
  if (change.remove)
    for (const DeviceId& device : change.remove->devices)
      lines.push_back(console.text(
          Sentence::change_removes,
          {{"who", describe_who(context, device)},
           {"reason", change.remove->reason.empty() ? "-" : printable(change.remove->reason)}}));
  if (change.alter) describe_lines(context, *change.alter, Sentence::change_alters, lines);
  if (change.policy)
    lines.push_back(console.text(Sentence::change_sets_policy,
                                 {{"kind", std::string(name_of(change.policy->kind))},
                                  {"approvals", std::to_string(change.policy->approvals_k)}}));
  if (change.grant) lines.push_back("  " + describe_grant(context, *change.grant));
  if (change.close_reason)
    lines.push_back(console.text(
        Sentence::change_closes,
        {{"reason", change.close_reason->empty() ? "-" : printable(*change.close_reason)}}));
  return lines;
}

nlohmann::ordered_json change_json(const sealing::Change& change) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  if (change.add) json["add"] = lines_json(*change.add);
  if (change.remove) {
    nlohmann::ordered_json devices = nlohmann::ordered_json::array();
    for (const DeviceId& device : change.remove->devices) devices.push_back(encode_hex(device));
    json["remove"] = {{"reason", change.remove->reason}, {"devices", devices}};
  }
  if (change.alter) json["alter"] = lines_json(*change.alter);
  if (change.policy)
    json["policy"] = {{"kind", name_of(change.policy->kind)},
                      {"approvals", change.policy->approvals_k}};
  if (change.grant) json["grant"] = encode_hex(change.grant->grant);
  if (change.close_reason) json["close"] = {{"reason", *change.close_reason}};
  return json;
}

std::string describe_end(Milliseconds ends_ms) {
  return ends_ms == 0 ? "-" : format_date(ends_ms - 1);
}

std::string agency_name(const sealing::Directory& directory, const AgencyId& agency) {
  auto found = directory.agencies().find(agency);
  return found == directory.agencies().end() ? encode_hex(agency).substr(0, 8)
                                             : printable(found->second.name);
}

std::string agency_name_of(const sealing::Directory& directory, const DeviceId& device) {
  const sealing::Device* found = directory.find_device(device);
  return found == nullptr ? "-" : agency_name(directory, found->certificate.agency);
}

}  // namespace oberih::client
