// SPDX-License-Identifier: Apache-2.0
// An anchor: a time-stamp of an authority over a checkpoint, so that the journal up to there was
// not made later. The body of a leaf of kind 9. Bytes: docs/protocol.md, section 22.
#pragma once

#include <optional>

#include "protocol/crypto/timestamp_token.hpp"
#include "protocol/journal/checkpoint.hpp"
#include "protocol/sealing/policy_leaf.hpp"

namespace oberih::sealing {

struct AnchorLeaf {
  std::uint64_t size = 0;  // of the checkpoint
  Digest checkpoint_hash;  // what was stamped
  Bytes token;             // DER of a TimeStampToken, RFC 3161
  LeafSalt salt;
};

/// What is stamped: SHA-256 of the checkpoint's text, its four lines without any signature. Whoever
/// walks all leaves up to that size computes it from them alone.
Digest anchored_hash(const journal::Checkpoint& checkpoint);

/// REQUIRES: a token that parse_anchor_leaf would take.
Bytes encode_anchor_leaf(const AnchorLeaf& leaf);
/// Refusal: malformed_object. The token itself is not looked into.
Result<AnchorLeaf> parse_anchor_leaf(ByteView body);

/// What the token says of the leaf's own hash; that this is of the journal is still to be shown.
/// Without a certificate: whose key has signed is not judged. Refusals: verification_failed,
/// malformed_object, usage (no certificate in the PEM).
Result<crypto::Timestamp> read_anchor(const AnchorLeaf& leaf,
                                      const std::optional<std::string>& ca_pem);

/// That the leaf stamps this checkpoint, and what the authority says. Refusals:
/// verification_failed, malformed_object, usage (no certificate).
Result<crypto::Timestamp> verify_anchor(const AnchorLeaf& leaf,
                                        const journal::Checkpoint& checkpoint,
                                        std::string_view ca_pem);

}  // namespace oberih::sealing
