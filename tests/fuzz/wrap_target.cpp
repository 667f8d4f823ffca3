// SPDX-License-Identifier: Apache-2.0
// Wraps and previous-key boxes: parsed, and opened under known keys, where nothing opens but what
// was sealed.
#include "protocol/crypto/hpke.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/known_objects.hpp"

namespace oberih::fuzz {
namespace {

using sealing::WrapKind;

struct Recipient {
  HpkeSecretKey secret = known_recipient();
  sealing::WrapContext contexts[2] = {known_wrap_context(WrapKind::epoch_key),
                                      known_wrap_context(WrapKind::message_key)};
  sealing::KeyWrap wraps[2] = {known_wrap(WrapKind::epoch_key), known_wrap(WrapKind::message_key)};
};

bool is_same(const sealing::KeyWrap& a, const sealing::KeyWrap& b) {
  return a.epoch == b.epoch && a.device == b.device && a.kind == b.kind &&
         a.encapsulated == b.encapsulated && a.ciphertext == b.ciphertext;
}

void judge_opening(sealing::KeyWrap wrap) {
  static const Recipient recipient;
  const std::size_t kind = wrap.kind == WrapKind::epoch_key ? 0 : 1;
  const sealing::WrapContext& context = recipient.contexts[kind];
  const bool is_mine = wrap.epoch == context.epoch && wrap.device == context.device;
  if (!is_mine) {
    require(!sealing::unwrap_key(context, wrap, recipient.secret), "another's wrap does not open");
    wrap.epoch = context.epoch;  // and on to what HPKE says of the rest
    wrap.device = context.device;
  }
  const auto secret = sealing::unwrap_key(context, wrap, recipient.secret);
  require(secret.has_value() == is_same(wrap, recipient.wraps[kind]),
          "a wrap opens exactly where nothing of it was changed");
  if (secret)
    require(equal(secret->view(), secret_of<EpochKey>(50).view()), "a wrap holds the key");
}

bool judge_box(ByteView box) {
  static const sealing::EpochKeys second = known_second_epoch();
  static const Bytes known = known_prev_box();
  static const Digest first = known_wrap_context(WrapKind::epoch_key).key_commitment;
  const auto key = sealing::open_previous_key(second, known_channel(), 2, first, box);
  require(key.has_value() == equal(box, known),
          "a box opens exactly where nothing of it was changed");
  return key.has_value();
}

}  // namespace

bool judge(ByteView input) {
  const bool is_box = judge_box(input);
  const auto wraps = sealing::parse_wraps(input);
  if (!wraps || wraps->empty()) return is_box;
  require(equal(sealing::encode_wraps(*wraps), input), "wraps have one form");
  judge_opening(wraps->front());
  return true;
}

}  // namespace oberih::fuzz
