// SPDX-License-Identifier: Apache-2.0
// A client that is online takes care of its channels by itself (design 3.2, 3.3, C4): nobody has to
// ask for a rotation, for a new laptop's keys, or for another key where one does not open.
#pragma once

#include "client-cli/verification/entry_sender.hpp"

namespace oberih::client {

class ChannelCare {
 public:
  explicit ChannelCare(ClientSession& session) : session_(session) {}

  /// By what this device has verified so far; asks nobody.
  bool is_needed(VerifiedChannel& channel);
  /// Reads what is new and does what is needed. Takes the profile's lock. What others have done
  /// meanwhile is not done again.
  Result<> tend(VerifiedChannel& channel);
  /// All channels of the store. Where one cannot be helped now, the others are all the same.
  void tend_all();

 private:
  ClientSession& session_;
};

}  // namespace oberih::client
