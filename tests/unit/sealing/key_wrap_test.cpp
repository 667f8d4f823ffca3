// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/key_wrap.hpp"

#include "malformed_input.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/journal/merkle_tree.hpp"
#include "world.hpp"

namespace oberih::sealing {
namespace {

class KeyWrapTest : public testing::Test {
 protected:
  WrapContext context() const {
    WrapContext context;
    context.channel.bytes.fill(1);
    context.epoch = 2;
    context.kind = WrapKind::epoch_key;
    context.key_commitment.bytes.fill(3);
    context.author.bytes.fill(4);
    context.agency.bytes.fill(5);
    context.device.bytes.fill(6);
    context.hpke_key = recipient_.public_key;
    return context;
  }

  crypto::HpkeKeyPair recipient_ = crypto::generate_hpke_keys();
  EpochKey secret_ = crypto::random_secret<EpochKey>();
};

TEST_F(KeyWrapTest, opens_for_its_recipient) {
  const KeyWrap wrap = wrap_key(context(), secret_.view()).value();
  const auto opened = unwrap_key(context(), wrap, recipient_.secret_key);
  ASSERT_TRUE(opened);
  EXPECT_TRUE(crypto::constant_time_equal(opened->view(), secret_.view()));
  EXPECT_FALSE(unwrap_key(context(), wrap, crypto::generate_hpke_keys().secret_key));
}

TEST_F(KeyWrapTest, is_bound_to_all_of_its_context) {
  const KeyWrap wrap = wrap_key(context(), secret_.view()).value();
  const auto opens = [&](auto change) {
    WrapContext other = context();
    KeyWrap moved = wrap;
    change(other);
    moved.epoch = other.epoch;  // the stored fields can be rewritten, the info cannot
    moved.device = other.device;
    moved.kind = other.kind;
    return unwrap_key(other, moved, recipient_.secret_key).has_value();
  };
  EXPECT_TRUE(opens([](WrapContext&) {}));
  EXPECT_FALSE(opens([](WrapContext& c) { c.channel.bytes[0] ^= 1; }));
  EXPECT_FALSE(opens([](WrapContext& c) { c.epoch += 1; }));
  EXPECT_FALSE(opens([](WrapContext& c) { c.kind = WrapKind::message_key; }));
  EXPECT_FALSE(opens([](WrapContext& c) { c.key_commitment.bytes[0] ^= 1; }));
  EXPECT_FALSE(opens([](WrapContext& c) { c.author.bytes[0] ^= 1; }));
  EXPECT_FALSE(opens([](WrapContext& c) { c.agency.bytes[0] ^= 1; }));
  EXPECT_FALSE(opens([](WrapContext& c) { c.device.bytes[0] ^= 1; }));
  EXPECT_FALSE(opens([](WrapContext& c) { c.hpke_key.bytes[0] ^= 1; }));
}

TEST_F(KeyWrapTest, does_not_open_with_a_bit_flipped_in_any_byte) {
  const KeyWrap good = wrap_key(context(), secret_.view()).value();
  for (std::size_t i = 0; i < 32 + 48; ++i) {
    KeyWrap bad = good;
    (i < 32 ? bad.encapsulated.bytes[i] : bad.ciphertext[i - 32]) ^= 0x10;
    EXPECT_FALSE(unwrap_key(context(), bad, recipient_.secret_key)) << i;
  }
}

TEST_F(KeyWrapTest, is_not_made_for_a_low_order_key) {
  WrapContext low = context();
  low.hpke_key = {};
  const auto refused = wrap_key(low, secret_.view());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, RefusalCode::unacceptable_key);
}

TEST_F(KeyWrapTest, does_not_open_with_an_enc_of_zeros_or_low_order) {
  KeyWrap wrap = wrap_key(context(), secret_.view()).value();
  wrap.encapsulated = {};
  EXPECT_FALSE(unwrap_key(context(), wrap, recipient_.secret_key));
  wrap.encapsulated.bytes[0] = 1;
  EXPECT_FALSE(unwrap_key(context(), wrap, recipient_.secret_key));
}

TEST_F(KeyWrapTest, comes_back_as_it_went) {
  const KeyWrap wrap = wrap_key(context(), secret_.view()).value();
  const Bytes bytes = encode_wraps({wrap, wrap});
  EXPECT_EQ(bytes.size(), 2 * key_wrap_bytes);
  Result<std::vector<KeyWrap>> back = parse_wraps(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(encode_wraps(*back), bytes);
}

TEST_F(KeyWrapTest, parser_refuses_other_lengths_kinds_and_more_than_a_roster) {
  Bytes bytes = encode_wraps({wrap_key(context(), secret_.view()).value()});
  for (std::size_t size = 1; size < bytes.size(); ++size)
    EXPECT_FALSE(parse_wraps(ByteView(bytes).first(size))) << size;
  for (std::uint8_t kind : {0, 3, 255}) {
    bytes[24] = kind;
    EXPECT_FALSE(parse_wraps(bytes)) << int{kind};
  }
  EXPECT_TRUE(parse_wraps({}));
  EXPECT_FALSE(parse_wraps(Bytes(key_wrap_bytes * (limits::roster_lines + 1), 1)));
}

class WrapsOfARecord : public testing::Test {
 protected:
  WrapsOfARecord() {
    record_.op = RecordOp::change;
    record_.epoch = 5;
    for (std::uint32_t i = 1; i <= 3; ++i) {
      crypto::HpkeKeyPair keys = crypto::generate_hpke_keys();
      record_.roster.push_back({made_of<DeviceId>(i), keys.public_key, RosterRole::member, 0});
      wraps_.push_back(
          {5, made_of<DeviceId>(i), WrapKind::epoch_key, keys.public_key, {}});
    }
  }
  std::string judge(const std::vector<KeyWrap>& wraps) {
    const Bytes bytes = encode_wraps(wraps);
    record_.wraps_root = wraps_root(bytes);
    return outcome(check_wraps(record_, bytes));
  }

  ChannelRecord record_;
  std::vector<KeyWrap> wraps_;
};

TEST_F(WrapsOfARecord, are_one_for_each_line_in_its_order) {
  EXPECT_EQ(judge(wraps_), "accepted");
  EXPECT_EQ(judge({wraps_[0], wraps_[1]}), "wraps_invalid");
  EXPECT_EQ(judge({wraps_[0], wraps_[1], wraps_[2], wraps_[2]}), "wraps_invalid");
  EXPECT_EQ(judge({wraps_[1], wraps_[0], wraps_[2]}), "wraps_invalid");
  EXPECT_EQ(judge({wraps_[0], wraps_[1], wraps_[1]}), "wraps_invalid");
  EXPECT_EQ(judge({}), "wraps_invalid");
}

TEST_F(WrapsOfARecord, are_of_its_epoch_and_of_the_whole_key) {
  wraps_[1].epoch = 4;
  EXPECT_EQ(judge(wraps_), "wraps_invalid");
  wraps_[1].epoch = 5;
  wraps_[1].kind = WrapKind::message_key;
  EXPECT_EQ(judge(wraps_), "wraps_invalid");
}

TEST_F(WrapsOfARecord, have_acceptable_keys) {
  wraps_[2].encapsulated = {};
  EXPECT_EQ(judge(wraps_), "wraps_invalid");
}

TEST_F(WrapsOfARecord, are_those_under_the_root) {
  EXPECT_EQ(judge(wraps_), "accepted");
  wraps_[0].ciphertext[7] ^= 1;
  EXPECT_EQ(outcome(check_wraps(record_, encode_wraps(wraps_))), "wraps_invalid");
}

TEST_F(WrapsOfARecord, of_a_grant_are_message_keys_for_its_epochs) {
  record_.op = RecordOp::grant;
  record_.change.grant = GrantItem{{}, made_of<DeviceId>(1), {}, 4, 5, 1, "order"};
  KeyWrap fourth = wraps_[0], fifth = wraps_[0];
  fourth.kind = fifth.kind = WrapKind::message_key;
  fourth.epoch = 4;
  EXPECT_EQ(judge({fourth, fifth}), "accepted");
  EXPECT_EQ(judge({fifth, fourth}), "wraps_invalid");
  EXPECT_EQ(judge({fourth}), "wraps_invalid");
  EXPECT_EQ(judge({fourth, wraps_[0]}), "wraps_invalid");
  record_.change.grant->ends_ms = 0;
  EXPECT_EQ(judge({fourth, fifth}), "wraps_invalid");
  EXPECT_EQ(judge({}), "accepted");
  record_.change.grant->ends_ms = 1;
  record_.change.grant->first_epoch = 1;
  record_.change.grant->last_epoch = UINT64_MAX;
  EXPECT_EQ(judge({fourth, fifth}), "wraps_invalid");
  record_.change.grant->first_epoch = UINT64_MAX;
  EXPECT_EQ(judge({fourth}), "wraps_invalid");
}

TEST_F(WrapsOfARecord, of_a_close_are_none_and_its_root_is_the_empty_one) {
  record_.op = RecordOp::close;
  EXPECT_EQ(judge({}), "accepted");
  EXPECT_EQ(record_.wraps_root, journal::empty_root());
  EXPECT_EQ(judge({wraps_[0]}), "wraps_invalid");
}

TEST_F(WrapsOfARecord, box_matches_its_hash_or_is_not_there) {
  const Bytes box(48, 7);
  EXPECT_EQ(outcome(check_prev_box(record_, {})), "accepted");
  EXPECT_EQ(outcome(check_prev_box(record_, box)), "wraps_invalid");
  record_.prev_box_hash = crypto::sha256(box);
  EXPECT_EQ(outcome(check_prev_box(record_, box)), "accepted");
  EXPECT_EQ(outcome(check_prev_box(record_, {})), "wraps_invalid");
  EXPECT_EQ(outcome(check_prev_box(record_, Bytes(48, 8))), "wraps_invalid");
  record_.prev_box_hash = crypto::sha256(Bytes(47, 7));
  EXPECT_EQ(outcome(check_prev_box(record_, Bytes(47, 7))), "wraps_invalid");
}

}  // namespace
}  // namespace oberih::sealing
