// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/receipt.hpp"

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/base/limits.hpp"

namespace oberih::sealing {
namespace {
constexpr std::uint8_t receipt_version = 1;
}

std::string_view name_of(ReceiptStep step) {
  switch (step) {
    case ReceiptStep::delivered:
      return "delivered";
    case ReceiptStep::opened:
      return "opened";
  }
  return "delivered";
}

Bytes encode_receipt_content(const Receipt& receipt) {
  ByteWriter writer(1 + 32 + 16 + 1 + 8 + 32 + 8);
  writer.u8(receipt_version).raw(receipt.channel).raw(receipt.device);
  writer.u8(static_cast<std::uint8_t>(receipt.step)).u64(receipt.channel_seq);
  writer.raw(receipt.leaf_hash).u64(receipt.client_ms);
  return writer.take();
}

Result<Receipt> parse_receipt_content(ByteView content) {
  ByteReader reader(content);
  if (reader.u8() != receipt_version)
    return refuse(RefusalCode::malformed_object, "unknown version of a receipt");
  Receipt receipt;
  receipt.channel = reader.id<ChannelId>();
  receipt.device = reader.id<DeviceId>();
  const std::uint8_t step = reader.u8();
  receipt.channel_seq = reader.u64();
  receipt.leaf_hash = reader.id<Digest>();
  receipt.client_ms = reader.u64();
  if (!reader.complete()) return refuse(RefusalCode::malformed_object, "a receipt of wrong length");
  if (step != 1 && step != 2)
    return refuse(RefusalCode::malformed_object, "unknown step of a receipt");
  receipt.step = static_cast<ReceiptStep>(step);
  if (receipt.channel_seq == 0)
    return refuse(RefusalCode::malformed_object, "a receipt for no leaf");
  return receipt;
}

Bytes encode_receipt_body(const SignedReceipt& receipt) {
  ByteWriter writer;
  writer.vec(encode_receipt_content(receipt.receipt)).raw(receipt.signature);
  return writer.take();
}

Result<SignedReceipt> parse_receipt_body(ByteView body) {
  ByteReader reader(body);
  const ByteView content = reader.vec(limits::leaf_bytes);
  SignedReceipt signed_receipt;
  signed_receipt.signature = reader.id<Signature>();
  if (!reader.complete())
    return refuse(RefusalCode::malformed_object, "the body of a receipt of wrong length");
  Result<Receipt> receipt = parse_receipt_content(content);
  if (!receipt) return receipt.error();
  signed_receipt.receipt = *receipt;
  return signed_receipt;
}

SignedReceipt sign_receipt(const Receipt& receipt, const crypto::Signer& device) {
  return {receipt, device.sign("receipt", encode_receipt_content(receipt))};
}

bool verify_receipt_signature(const SignedReceipt& receipt, const SignaturePublicKey& device) {
  return crypto::verify(device, "receipt", encode_receipt_content(receipt.receipt),
                        receipt.signature);
}

}  // namespace oberih::sealing
