// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/receipt.hpp"

#include "malformed_input.hpp"

namespace oberih::sealing {
namespace {

Receipt some_receipt() {
  Receipt receipt;
  receipt.channel.bytes.fill(1);
  receipt.device.bytes.fill(2);
  receipt.step = ReceiptStep::opened;
  receipt.channel_seq = 7;
  receipt.leaf_hash.bytes.fill(3);
  receipt.client_ms = 1'700'000'000'000;
  return receipt;
}

TEST(Receipt, comes_back_as_it_went) {
  const Receipt receipt = some_receipt();
  const Result<Receipt> back = parse_receipt_content(encode_receipt_content(receipt));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->channel, receipt.channel);
  EXPECT_EQ(back->device, receipt.device);
  EXPECT_EQ(back->step, receipt.step);
  EXPECT_EQ(back->channel_seq, receipt.channel_seq);
  EXPECT_EQ(back->leaf_hash, receipt.leaf_hash);
  EXPECT_EQ(back->client_ms, receipt.client_ms);
}

TEST(Receipt, refuses_what_is_cut_short_longer_or_of_another_version) {
  expect_strict(encode_receipt_content(some_receipt()), parse_receipt_content);
}

TEST(Receipt, refuses_unknown_steps_and_the_leaf_zero) {
  Bytes bytes = encode_receipt_content(some_receipt());
  for (std::uint8_t step : {0, 3, 255}) {
    bytes[1 + 32 + 16] = step;
    EXPECT_FALSE(parse_receipt_content(bytes)) << int{step};
  }
  Receipt receipt = some_receipt();
  receipt.channel_seq = 0;
  EXPECT_FALSE(parse_receipt_content(encode_receipt_content(receipt)));
}

}  // namespace
}  // namespace oberih::sealing
