// SPDX-License-Identifier: Apache-2.0
// The alerts for this device's person, asked of the server and verified: each can be read, is for
// the own agency and a unit of it, and is proven to stand in the journal. What does not verify is
// kept as evidence and never shown. That none was withheld a client cannot verify, nor, from
// outside of the roster, how the task stands.
#pragma once

#include "client-cli/verification/client_session.hpp"
#include "protocol/sealing/alert.hpp"
#include "protocol/sealing/hearing_event.hpp"
#include "protocol/sealing/missing_step.hpp"

namespace oberih::client {

struct VerifiedAlert {
  sealing::Alert alert;                          // where the two below are none
  std::optional<sealing::SilenceAlert> silence;  // of people who have not done a step in time
  std::optional<sealing::HearingAlert> hearing;  // of those who are not served of a hearing in time
  std::uint64_t index = 0;                       // journal
  Milliseconds server_ms = 0;                    // what the server asserts
  bool is_proven = false;                        // false: newer than the newest checkpoint
};

/// What one leaf says, and whether it may be for somebody of the agency. verification_failed,
/// malformed_object.
Result<VerifiedAlert> open_alert(const wire::DirectoryLeaf& stored,
                                 const sealing::Directory& directory, const AgencyId& agency);

class AlertReader {
 public:
  explicit AlertReader(ClientSession& session) : session_(session) {}

  /// Behind `after_index`, ascending. Whom the policy shows none has none.
  Result<std::vector<VerifiedAlert>> read(std::uint64_t after_index);

 private:
  Result<> take_page(const std::vector<wire::DirectoryLeaf>& leaves, std::uint64_t after_index);

  ClientSession& session_;
  std::vector<VerifiedAlert> alerts_;
  std::vector<PlacedLeaf> leaves_;
};

}  // namespace oberih::client
