// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/named_people.hpp"

#include <algorithm>

#include "client-cli/commands/device_search.hpp"
#include "client-cli/output/kyiv_date.hpp"

namespace oberih::client {

void add_named_options(CommandTree& tree, CLI::App* command, NamedPeople& named) {
  command->add_option("--device", named.devices, tree.text(Sentence::help_option_device))
      ->allow_extra_args(false);
  command->add_option("--person", named.people, tree.text(Sentence::help_option_person))
      ->allow_extra_args(false);
}

Result<std::vector<DeviceId>> find_named(ClientSession& session, const NamedPeople& named) {
  std::vector<DeviceId> found;
  for (const std::string& text : named.devices) {
    Result<DeviceId> device = find_device(session.directory(), text);
    if (!device) return device.error();
    found.push_back(*device);
  }
  for (const std::string& text : named.people) {
    Result<std::vector<DeviceId>> devices = find_devices_of_person(session, text);
    if (!devices) return devices.error();
    found.insert(found.end(), devices->begin(), devices->end());
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  if (found.empty()) return refuse(RefusalCode::usage, "name somebody with --device or --person");
  return found;
}

Result<Milliseconds> read_end(const std::string& until) {
  if (until.empty()) return Milliseconds{0};
  const std::optional<Milliseconds> end = parse_last_day(until);
  if (!end) return refuse(RefusalCode::usage, "--until is a day, as 2027-03-04 or 04.03.2027");
  if (*end <= wall_clock_ms()) return refuse(RefusalCode::usage, "--until is a day that is over");
  return *end;
}

}  // namespace oberih::client
