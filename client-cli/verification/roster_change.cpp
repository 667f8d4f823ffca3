// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/roster_change.hpp"

#include <algorithm>

namespace oberih::client {

sealing::Change change_now(const sealing::ChannelState& state, const sealing::Roster& add,
                           const std::string& mandate, std::set<DeviceId> remove,
                           const std::string& reason, const std::vector<DeviceId>& due) {
  sealing::Change change;
  sealing::LinesItem lines{mandate, {}};
  for (const sealing::RosterLine& line : add)
    if (state.find_member(line.device) == nullptr) lines.lines.push_back(line);
  std::ranges::sort(lines.lines, {}, &sealing::RosterLine::device);
  if (!lines.lines.empty()) change.add = std::move(lines);
  std::erase_if(remove, [&](const DeviceId& device) { return !state.find_member(device); });
  sealing::RemoveItem removal;
  removal.reason = remove.empty() ? std::string(reason_of_due_lines) : reason;
  remove.insert(due.begin(), due.end());
  removal.devices.assign(remove.begin(), remove.end());
  if (!removal.devices.empty()) change.remove = std::move(removal);
  return change;
}

}  // namespace oberih::client
