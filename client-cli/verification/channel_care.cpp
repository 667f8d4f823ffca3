// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/channel_care.hpp"

namespace oberih::client {

bool ChannelCare::is_needed(VerifiedChannel& channel) {
  return must_tell_unusable(session_, channel) || !find_need(session_, channel).is_nothing();
}

Result<> ChannelCare::tend(VerifiedChannel& channel) {
  Result<ProfileLock> lock = ProfileLock::take(session_.profile().folder);
  if (!lock) return lock.error();
  OBERIH_TRY(session_.pull(channel));
  // The first turn is of those whose wrap opens: they lose no epoch of the history.
  if (must_tell_unusable(session_, channel)) return EntrySender(session_).tell_unusable(channel);
  return RecordSender(session_).repair(channel);
}

void ChannelCare::tend_all() {
  for (const ChannelId& id : session_.store().channels().list()) {
    if (session_.is_cancelled() || !session_.connection().is_open()) return;
    VerifiedChannel channel = session_.open_channel(id);
    if (is_needed(channel)) (void)tend(channel);
  }
}

}  // namespace oberih::client
