// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/repair_need.hpp"

#include <algorithm>

namespace oberih::client {
namespace {

constexpr std::size_t most_lines_in_a_record = 100;  // design 3.2

/// Nothing where this device is not on the roster, or must go itself.
const sealing::RosterLine* find_own_line(ClientSession& session, const VerifiedChannel& channel,
                                         const std::vector<DeviceId>& due) {
  const DeviceId& own = session.ring().device;
  if (std::ranges::binary_search(due, own)) return nullptr;
  return channel.state().find_member(own);
}

}  // namespace

RepairNeed find_need(ClientSession& session, const VerifiedChannel& channel) {
  const sealing::ChannelState& state = channel.state();
  const Milliseconds now_ms = session.server_time_ms(channel);
  RepairNeed need;
  need.remove = state.lines_to_remove(session.directory(), UINT64_MAX, now_ms);
  const sealing::RosterLine* own = find_own_line(session, channel, need.remove);
  if (own == nullptr || state.is_closed()) return {};
  need.remove.resize(std::min(need.remove.size(), most_lines_in_a_record));
  if (own->role == RosterRole::read_only) return need;
  need.fresh_key = state.is_wrap_unusable();
  need.add = state.further_devices(session.directory(), UINT64_MAX, now_ms);
  const std::size_t free_lines =
      limits::roster_lines - std::min(state.roster().size(), limits::roster_lines);
  need.add.resize(std::min({need.add.size(), most_lines_in_a_record - need.remove.size(),
                            free_lines + need.remove.size()}));
  return need;
}

bool must_tell_unusable(ClientSession& session, VerifiedChannel& channel) {
  const sealing::ChannelState& state = channel.state();
  const sealing::RosterLine* own = state.find_member(session.ring().device);
  const sealing::Device* device = session.directory().find_device(session.ring().device);
  if (own == nullptr || device == nullptr || state.is_closed()) return false;
  if (state.has_left(device->certificate.person)) return false;
  if (channel.keys().key(state.epoch())) return false;
  return state.unusable_epoch() <= channel.keys().newest_epoch();
}

}  // namespace oberih::client
