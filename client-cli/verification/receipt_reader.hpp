// SPDX-License-Identifier: Apache-2.0
// The receipts of a channel as this device has verified them: each signed by its device, for the
// leaf that stands there, and proven to stand in the journal. What does not verify is kept as
// evidence and never shown. That none was withheld a client cannot verify.
#pragma once

#include "client-cli/verification/client_session.hpp"

namespace oberih::client {

struct VerifiedReceipt {
  sealing::Receipt receipt;
  std::uint64_t index = 0;     // journal
  Milliseconds server_ms = 0;  // what the server asserts
  bool is_proven = false;      // false: newer than the newest checkpoint
};

class ReceiptReader {
 public:
  explicit ReceiptReader(ClientSession& session) : session_(session) {}

  /// Of each device and step the first receipt that reaches `channel_seq`.
  Result<std::vector<VerifiedReceipt>> read(VerifiedChannel& channel, std::uint64_t channel_seq);

 private:
  Result<VerifiedReceipt> verify(VerifiedChannel& channel, const wire::DirectoryLeaf& leaf,
                                 std::uint64_t channel_seq);

  ClientSession& session_;
};

}  // namespace oberih::client
