// SPDX-License-Identifier: Apache-2.0
// Receipts (kind 12): "delivered" and "opened", cumulative, signed, outside the sender chain.
#pragma once

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/timestamp.hpp"

namespace oberih::sealing {

enum class ReceiptStep : std::uint8_t { delivered = 1, opened = 2 };

struct Receipt {
  ChannelId channel;
  DeviceId device;
  ReceiptStep step{};
  std::uint64_t channel_seq = 0;
  Digest leaf_hash;
  Milliseconds client_ms = 0;
};

Bytes encode_receipt_content(const Receipt& receipt);  // signed with label `receipt`
Result<Receipt> parse_receipt_content(ByteView content);

}  // namespace oberih::sealing
