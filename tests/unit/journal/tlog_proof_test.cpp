// SPDX-License-Identifier: Apache-2.0
// One leaf, proven by one file: what it holds, and that no changed byte passes.
#include "protocol/journal/tlog_proof.hpp"

#include <gtest/gtest.h>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/journal/leaf.hpp"

namespace oberih::journal {
namespace {

class TlogProofs : public testing::Test {
 protected:
  TlogProofs() {
    for (std::uint64_t i = 0; i < 21; ++i) {
      Leaf leaf;
      leaf.kind = LeafKind::access;
      leaf.server_ms = 1'795'507'200'000 + i;
      leaf.channel_id.bytes[0] = 7;
      leaf.body = Bytes(100, static_cast<std::uint8_t>(i));
      leaves_.push_back(encode_leaf(leaf));
      hashes_.push_back(leaf_hash(leaves_.back()));
    }
  }
  TlogProof proof_of(std::uint64_t index) const {
    return {leaves_[index], index, prove_inclusion(index, hashes_),
            sign_checkpoint({"oberih.example/journal", hashes_.size(), merkle_root(hashes_), 1,
                             hashes_.front()},
                            signer_)};
  }
  static std::string outcome(const Result<Checkpoint>& result) {
    return result ? "verified" : result.error().detail;
  }

  NoteSigner signer_{"oberih.example/journal",
                     crypto::Signer(crypto::random_secret<SignatureSecretKey>())};
  std::vector<Bytes> leaves_;
  std::vector<Digest> hashes_;
};

TEST_F(TlogProofs, of_every_leaf_are_read_back_and_verify) {
  for (std::uint64_t index = 0; index < leaves_.size(); ++index) {
    const std::string text = format_tlog_proof(proof_of(index));
    EXPECT_TRUE(text.starts_with("c2sp.org/tlog-proof@v1\nextra ")) << text;
    const Result<TlogProof> proof = parse_tlog_proof(text);
    ASSERT_TRUE(proof) << proof.error().detail;
    EXPECT_EQ(format_tlog_proof(*proof), text);
    EXPECT_EQ(outcome(verify_tlog_proof(*proof, signer_.verifier())), "verified") << index;
  }
}

TEST_F(TlogProofs, do_not_verify_with_another_leaf_place_path_or_key) {
  const TlogProof honest = proof_of(5);
  ASSERT_EQ(outcome(verify_tlog_proof(honest, signer_.verifier())), "verified");
  const auto refused = [this](TlogProof proof) {
    const auto verified = verify_tlog_proof(proof, signer_.verifier());
    EXPECT_FALSE(verified);
    return verified ? "" : std::string(refusal_row(verified.error().code).name);
  };
  TlogProof changed = honest;
  changed.leaf = leaves_[6];
  EXPECT_EQ(refused(changed), "proof_invalid");
  changed = honest;
  changed.index = 6;
  EXPECT_EQ(refused(changed), "proof_invalid");
  changed.index = 21;  // outside of the tree
  EXPECT_EQ(refused(changed), "proof_invalid");
  changed = honest;
  changed.path.pop_back();
  EXPECT_EQ(refused(changed), "proof_invalid");
  changed = honest;
  changed.path.push_back(hashes_[0]);
  EXPECT_EQ(refused(changed), "proof_invalid");
  changed = honest;
  changed.leaf = Bytes{1, 2, 3};
  EXPECT_EQ(refused(changed), "proof_invalid");
  const NoteSigner other{signer_.name, crypto::Signer(crypto::random_secret<SignatureSecretKey>())};
  EXPECT_FALSE(verify_tlog_proof(honest, other.verifier()));
}

TEST_F(TlogProofs, have_one_form) {
  const std::string text = format_tlog_proof(proof_of(5));
  ASSERT_TRUE(parse_tlog_proof(text));
  for (std::size_t end = 0; end < text.size(); ++end)
    EXPECT_FALSE(parse_tlog_proof(text.substr(0, end))) << end;
  const auto with = [&](const std::string& old, const std::string& put) {
    std::string other = text;
    other.replace(other.find(old), old.size(), put);
    return parse_tlog_proof(other).has_value();
  };
  EXPECT_TRUE(with("index 5\n", "index 6\n"));
  EXPECT_FALSE(with("@v1\n", "@v2\n"));
  EXPECT_FALSE(with("index 5\n", "index 05\n"));
  EXPECT_FALSE(with("index 5\n", "index +5\n"));
  EXPECT_FALSE(with("index 5\n", "index 5 \n"));
  EXPECT_FALSE(with("index 5\n", "index 18446744073709551616\n"));
  EXPECT_FALSE(with("index 5\n", "index 5\r\n"));
  EXPECT_FALSE(with("extra ", "extra  "));
  EXPECT_FALSE(with("extra ", "other "));
  EXPECT_FALSE(with("\nindex", "\n\nindex"));
  EXPECT_FALSE(parse_tlog_proof(text + "more\n"));
  EXPECT_FALSE(parse_tlog_proof(text + std::string(tlog_proof_bytes_at_most, 'x')));
  std::string lines;
  for (int i = 0; i < 65; ++i) lines += std::string(43, 'A') + "=\n";
  EXPECT_FALSE(with("index 5\n", "index 5\n" + lines));
}

}  // namespace
}  // namespace oberih::journal
