// SPDX-License-Identifier: Apache-2.0
// Every bit of what is signed or sealed, flipped, and every length but the right one, in front of a
// real client; a sample of it over the wire.
#include "protocol/sealing/key_wrap.hpp"
#include "tests/attacks/server_attack.hpp"

namespace oberih::attacks {
namespace {

constexpr std::size_t entry_place = 5, record_place = 4;  // of the scene's conversation
constexpr std::size_t salt_bytes = 32, digest_bytes = 32, signature_bytes = 64;

/// A client that has read up to `place`, and is then shown one false item after the other. The true
/// one at the end is the control: nothing that came before has harmed it.
class FlippedBits : public ServerAttack {
 protected:
  void begin(std::size_t place) {
    items_ = items_of(scene().conversation(), scene().taras());
    ASSERT_EQ(items_.size(), 6u);
    victim_ = scene().honest_member(scene().taras());
    ASSERT_EQ(outcome(victim_->connect()), "accepted");
    place_ = place;
    ASSERT_EQ(outcome(channel().apply(std::span(items_).first(place))), "accepted");
  }
  VerifiedChannel& channel() { return victim_->channel(scene().conversation()); }

  void expect_refused(const wire::ChannelItem& item) {
    const Result<> applied = channel().apply({&item, 1});
    ASSERT_FALSE(applied);
    EXPECT_EQ(applied.error().code, RefusalCode::verification_failed);
    EXPECT_EQ(channel().state().newest_seq(), place_);
  }
  void expect_the_true_one_is_taken() {
    EXPECT_EQ(outcome(channel().apply({&items_[place_], 1})), "accepted");
    EXPECT_EQ(channel().state().newest_seq(), place_ + 1);
    EXPECT_GE(victim_->evidence(), 1u);
  }
  /// Each byte of [first, last) of the leaf, one bit of it.
  void flip_in_leaf(std::size_t first, std::size_t last) {
    for (std::size_t at = first; at < last; ++at) {
      SCOPED_TRACE(at);
      wire::ChannelItem item = items_[place_];
      item.leaf[at] ^= static_cast<std::uint8_t>(1u << (at % 8));
      expect_refused(item);
      if (HasFatalFailure()) return;
    }
    expect_the_true_one_is_taken();
  }
  /// Where the parts of an entry's leaf begin, counted from the end.
  std::size_t from_end(std::size_t bytes) const { return items_[place_].leaf.size() - bytes; }

  Items items_;
  std::unique_ptr<Member> victim_;
  std::size_t place_ = 0;
};

TEST_F(FlippedBits, in_any_byte_of_the_signature_are_refused) {
  begin(entry_place);
  flip_in_leaf(from_end(signature_bytes), from_end(0));
}

TEST_F(FlippedBits, in_any_byte_of_salt_commitment_and_hash_are_refused) {
  begin(entry_place);
  flip_in_leaf(from_end(signature_bytes + 2 * digest_bytes + salt_bytes),
               from_end(signature_bytes));
}

TEST_F(FlippedBits, in_any_byte_of_the_header_are_refused) {
  begin(entry_place);
  flip_in_leaf(journal::leaf_header_bytes,
               from_end(signature_bytes + 2 * digest_bytes + salt_bytes));
}

TEST_F(FlippedBits, in_any_byte_of_the_ciphertext_are_refused) {
  begin(entry_place);
  for (std::size_t at = 0; at < items_[place_].ciphertext->size(); ++at) {
    SCOPED_TRACE(at);
    wire::ChannelItem item = items_[place_];
    (*item.ciphertext)[at] ^= static_cast<std::uint8_t>(1u << (at % 8));
    expect_refused(item);
  }
  expect_the_true_one_is_taken();
}

TEST_F(FlippedBits, in_any_byte_of_a_record_are_refused) {
  begin(record_place);
  flip_in_leaf(journal::leaf_header_bytes, from_end(0));
}

TEST_F(FlippedBits, in_any_byte_of_enc_and_ct_of_any_wrap_are_refused) {
  begin(record_place);
  for (std::size_t at = 0; at < items_[place_].wraps.size(); ++at) {
    SCOPED_TRACE(at);
    wire::ChannelItem item = items_[place_];
    item.wraps[at] ^= static_cast<std::uint8_t>(1u << (at % 8));
    expect_refused(item);
  }
  expect_the_true_one_is_taken();
}

TEST_F(FlippedBits, in_any_byte_of_the_box_are_refused) {
  begin(record_place);
  for (std::size_t at = 0; at < items_[place_].prev_box.size(); ++at) {
    SCOPED_TRACE(at);
    wire::ChannelItem item = items_[place_];
    item.prev_box[at] ^= static_cast<std::uint8_t>(1u << (at % 8));
    expect_refused(item);
  }
  expect_the_true_one_is_taken();
}

TEST_F(FlippedBits, and_wrong_lengths_trailing_bytes_and_unknown_versions_are_refused) {
  begin(entry_place);
  const Bytes& leaf = items_[place_].leaf;
  for (std::size_t length = 0; length < leaf.size(); length += 3) {
    wire::ChannelItem item = items_[place_];
    item.leaf.resize(length);
    expect_refused(item);
  }
  wire::ChannelItem longer = items_[place_];
  longer.leaf.push_back(0);
  expect_refused(longer);
  // Longer inside, with the length of the body told accordingly.
  wire::ChannelItem trailing = items_[place_];
  change_leaf(trailing.leaf, [](journal::Leaf& each) { each.body.push_back(0); });
  expect_refused(trailing);
  for (const std::size_t version_at : {std::size_t{0}, journal::leaf_header_bytes}) {
    wire::ChannelItem item = items_[place_];
    item.leaf[version_at] = 2;
    expect_refused(item);
  }
  wire::ChannelItem cut = items_[place_];
  cut.ciphertext->pop_back();
  expect_refused(cut);
  expect_the_true_one_is_taken();
}

// Of log_size and log_root in an entry's header (design 3.4).
constexpr std::size_t quote_begin = 2 + 32 + 8 + 32 + 16 + 8 + 32 + 8 + 32;
constexpr std::size_t quote_end = quote_begin + 8 + 32;

TEST_F(FlippedBits, are_refused_over_the_wire_too) {
  items_ = items_of(scene().conversation(), scene().taras());
  place_ = entry_place;
  const std::size_t size = items_[place_].leaf.size();
  for (std::size_t at = journal::leaf_header_bytes; at < size; at += 61) {
    SCOPED_TRACE(at);
    // A checkpoint that is quoted is proven before any item of its page is taken.
    const std::size_t in_header = at - journal::leaf_header_bytes;
    const bool is_quote = in_header >= quote_begin && in_header < quote_end;
    expect_items_refused("", is_quote ? 0 : 2,
                         [at](Items& items) { items[entry_place].leaf[at] ^= 1; });
  }
}

}  // namespace
}  // namespace oberih::attacks
