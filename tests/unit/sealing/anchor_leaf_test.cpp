// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/anchor_leaf.hpp"

#include <gtest/gtest.h>

#include "protocol/crypto/random_bytes.hpp"

namespace oberih::sealing {
namespace {

AnchorLeaf anchor() {
  return {417, crypto::random_id<Digest>(), Bytes{0x30, 0x00}, crypto::random_id<LeafSalt>()};
}
std::string outcome_of_parsing(const Bytes& body) {
  const auto parsed = parse_anchor_leaf(body);
  return parsed ? "accepted" : std::string(refusal_row(parsed.error().code).name);
}

}  // namespace

TEST(AnchorLeafBytes, have_one_form) {
  const AnchorLeaf leaf = anchor();
  const Bytes body = encode_anchor_leaf(leaf);
  EXPECT_EQ(body.size(), 1u + 8 + 32 + 4 + 2 + 16);
  const auto parsed = parse_anchor_leaf(body);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->size, leaf.size);
  EXPECT_EQ(parsed->checkpoint_hash, leaf.checkpoint_hash);
  EXPECT_EQ(parsed->token, leaf.token);
  EXPECT_EQ(encode_anchor_leaf(*parsed), body);
}

TEST(AnchorLeafBytes, are_refused_cut_prolonged_of_another_version_and_of_nothing) {
  Bytes body = encode_anchor_leaf(anchor());
  for (std::size_t size = 0; size < body.size(); ++size)
    EXPECT_EQ(outcome_of_parsing(Bytes(body.begin(), body.begin() + static_cast<long>(size))),
              "malformed_object");
  body.push_back(0);
  EXPECT_EQ(outcome_of_parsing(body), "malformed_object");
  body.pop_back();
  body[0] = 2;
  EXPECT_EQ(outcome_of_parsing(body), "malformed_object");
  AnchorLeaf leaf = anchor();
  leaf.size = 0;
  EXPECT_EQ(outcome_of_parsing(encode_anchor_leaf(leaf)), "malformed_object");
  leaf = anchor();
  leaf.token.clear();
  EXPECT_EQ(outcome_of_parsing(encode_anchor_leaf(leaf)), "malformed_object");
  leaf.token.resize(crypto::timestamp_token_bytes + 1);
  EXPECT_EQ(outcome_of_parsing(encode_anchor_leaf(leaf)), "malformed_object");
}

TEST(AnchorLeafBytes, stamp_the_text_of_a_checkpoint_without_its_signatures) {
  journal::Checkpoint checkpoint{"journal.test", 417, {}, 2, {}};
  checkpoint.root.bytes.fill(1);
  checkpoint.directory_leaf.bytes.fill(2);
  const Digest hash = anchored_hash(checkpoint);
  AnchorLeaf leaf = anchor();
  EXPECT_EQ(verify_anchor(leaf, checkpoint, "").error().code, RefusalCode::verification_failed);
  leaf.checkpoint_hash = hash;
  leaf.size = 416;
  EXPECT_EQ(verify_anchor(leaf, checkpoint, "").error().code, RefusalCode::verification_failed);
  leaf.size = 417;
  EXPECT_EQ(verify_anchor(leaf, checkpoint, "").error().code, RefusalCode::malformed_object)
      << "now the token is looked at";
  checkpoint.directory_count = 3;
  EXPECT_NE(anchored_hash(checkpoint), hash);
}

}  // namespace oberih::sealing
