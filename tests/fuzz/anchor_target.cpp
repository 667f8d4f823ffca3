// SPDX-License-Identifier: Apache-2.0
// Time-stamps: the leaf that holds one, a token by itself, and what an authority answers. All come
// from strangers and are read by OpenSSL.
#include "protocol/crypto/digest.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/sealing/anchor_leaf.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/support/known_token.hpp"

namespace oberih::fuzz {
namespace {

namespace known = test::known_token;

const Digest& known_imprint() {
  static const Digest imprint = crypto::sha256(as_bytes("checkpoint"));
  return imprint;
}

/// Only one token of the known authority exists.
void require_known(const Result<crypto::Timestamp>& stamped, const Digest& imprint) {
  if (!stamped) return;
  require(imprint == known_imprint(), "the known authority has stamped one imprint alone");
  require(stamped->at_ms == known::token_at_ms, "and that at one time");
}

}  // namespace

bool judge(ByteView input) {
  if (const auto leaf = sealing::parse_anchor_leaf(input)) {
    require(equal(sealing::encode_anchor_leaf(*leaf), input), "an anchor has one form");
    (void)sealing::read_anchor(*leaf, std::nullopt);
    require_known(sealing::read_anchor(*leaf, std::string(known::root_pem)), leaf->checkpoint_hash);
    return true;
  }
  static const Bytes request = encoding::decode_hex(known::request_hex).value();
  if (const auto token = crypto::take_timestamp_token(input, request)) {
    require(token->size() <= crypto::timestamp_token_bytes, "a token is bounded");
    require_known(crypto::verify_timestamp_token(*token, known_imprint(), known::root_pem),
                  known_imprint());
    return true;
  }
  require_known(crypto::verify_timestamp_token(input, known_imprint(), known::root_pem),
                known_imprint());
  return crypto::read_timestamp_token(input, known_imprint()).has_value();
}

}  // namespace oberih::fuzz
