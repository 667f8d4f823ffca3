// SPDX-License-Identifier: Apache-2.0
// Receipts (kind 12): "delivered" and "opened", cumulative, signed, outside the sender chain.
// Whether one may stand is asked in receipt_rules.hpp. Bytes: docs/protocol.md, section 16.
#pragma once

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/timestamp.hpp"
#include "protocol/crypto/signature.hpp"

namespace oberih::sealing {

enum class ReceiptStep : std::uint8_t { delivered = 1, opened = 2 };
std::string_view name_of(ReceiptStep step);  // delivered, opened

struct Receipt {
  ChannelId channel;
  DeviceId device;
  ReceiptStep step{};
  std::uint64_t channel_seq = 0;
  Digest leaf_hash;
  Milliseconds client_ms = 0;
  bool operator==(const Receipt&) const = default;
};

Bytes encode_receipt_content(const Receipt& receipt);  // signed with label `receipt`
Result<Receipt> parse_receipt_content(ByteView content);

/// Leaf body of kind 12: `vec(content) || sig`.
struct SignedReceipt {
  Receipt receipt;
  Signature signature;
};
Bytes encode_receipt_body(const SignedReceipt& receipt);
Result<SignedReceipt> parse_receipt_body(ByteView body);
SignedReceipt sign_receipt(const Receipt& receipt, const crypto::Signer& device);
[[nodiscard]] bool verify_receipt_signature(const SignedReceipt& receipt,
                                            const SignaturePublicKey& device);

}  // namespace oberih::sealing
