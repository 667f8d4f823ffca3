// SPDX-License-Identifier: Apache-2.0
// Time-stamps in an export: each is compared with the journal as it was at that size. Every attack
// has its control: the same export with the honest token verifies.
#include "protocol/evidence/anchor_roots.hpp"
#include "protocol/sealing/anchor_leaf.hpp"
#include "tests/support/test_issuer.hpp"
#include "tests/unit/evidence/export_world.hpp"

namespace oberih::evidence {
namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// Its authority may stamp what it likes.
class AnchoredWorld : public ExportWorld {
 public:
  journal::Checkpoint checkpoint_now() const {
    return {world.genesis().origin, leaves.size(), journal::merkle_root(hashes), directory.count(),
            directory.newest_leaf()};
  }
  sealing::AnchorLeaf anchor_of(const journal::Checkpoint& checkpoint,
                                test::TestTimeAuthority& by) const {
    const Digest hash = sealing::anchored_hash(checkpoint);
    return {checkpoint.size, hash, by.stamp(hash), sealing::made_of<sealing::LeafSalt>(3)};
  }
  void put(const sealing::AnchorLeaf& anchor) {
    append(leaf_of(journal::LeafKind::timestamp_token, sealing::encode_anchor_leaf(anchor)));
  }
  void anchor() { put(anchor_of(checkpoint_now(), authority)); }

  test::TestIssuer issuer{"Test root"};
  test::TestIssuer other_issuer{"Test root"};
  test::TestTimeAuthority authority{issuer};
};

class ExportAnchors : public testing::Test {
 protected:
  Result<ExportReport> judge(const MemoryExport& files,
                             const std::optional<std::string>& ca = {}) const {
    return verify_export(files, scene.genesis(), {}, ca);
  }
  /// With the authority's certificate, and the same without one.
  std::string verdict(const MemoryExport& files) const {
    const std::string judged = words_of(judge(files, scene.issuer.pem()));
    EXPECT_EQ(judged == "verified", words_of(judge(files)) == "verified");
    return judged;
  }
  ExportQuery hearing() const { return {scene.hearing_channel(), {}, 0, 0}; }
  /// What both forms of export say of a journal with this token.
  void expect_named(const sealing::AnchorLeaf& anchor, std::string_view why) {
    const std::string leaf = "leaf " + std::to_string(scene.leaves.size()) + " (timestamp_token)";
    scene.put(anchor);
    const std::string whole = verdict(scene.export_whole());
    EXPECT_TRUE(has(whole, leaf) && has(whole, why)) << whole;
  }

  AnchoredWorld scene;
};

TEST_F(ExportAnchors, date_a_whole_journal_and_its_channels) {
  scene.anchor();
  const std::uint64_t first_size = scene.leaves.size() - 1;
  scene.revoke(scene.clerk);  // the directory moves on between the two
  scene.authority.now_s += 3'600;
  scene.anchor();
  const MemoryExport files = scene.export_whole();
  const auto report = judge(files, scene.issuer.pem());
  ASSERT_TRUE(report) << report.error().detail;
  ASSERT_EQ(report->anchors.size(), 2U);
  EXPECT_TRUE(report->are_authorities_judged);
  EXPECT_EQ(report->anchors[0].size, first_size);
  EXPECT_EQ(report->anchors[0].at_ms, 1'800'000'000'000U);
  EXPECT_EQ(report->anchors[1].at_ms, 1'800'003'600'000U);
  ASSERT_EQ(report->authorities.size(), 1U);
  EXPECT_TRUE(has(report->authorities[0], "Test time-stamps"));
  const auto& existed = report->channels.at(scene.hearing_channel()).existed_by;
  ASSERT_TRUE(existed);
  EXPECT_EQ(existed->at_ms, 1'800'000'000'000U) << "the first token covers it";
  const auto unjudged = judge(files);
  ASSERT_TRUE(unjudged);
  EXPECT_FALSE(unjudged->are_authorities_judged);
}

TEST_F(ExportAnchors, selection_carries_the_first_token_behind_each_of_its_leaves) {
  for (int i = 0; i < 3; ++i) {
    scene.authority.now_s += 3'600;
    scene.anchor();
  }
  const auto report = judge(scene.export_selection(hearing()), scene.issuer.pem());
  ASSERT_TRUE(report) << report.error().detail;
  ASSERT_EQ(report->anchors.size(), 1U) << "the others say less";
  EXPECT_EQ(report->anchors[0].at_ms, 1'800'003'600'000U);
  EXPECT_TRUE(report->channels.at(scene.hearing_channel()).existed_by);
}

TEST_F(ExportAnchors, control_export_without_a_token_verifies_and_dates_nothing) {
  const auto report = judge(scene.export_selection(hearing()), scene.issuer.pem());
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_TRUE(report->anchors.empty());
  EXPECT_FALSE(report->channels.at(scene.hearing_channel()).existed_by);
}

TEST_F(ExportAnchors, control_honest_token_verifies_in_both_forms) {
  scene.anchor();
  EXPECT_EQ(verdict(scene.export_whole()), "verified");
  EXPECT_EQ(verdict(scene.export_selection(hearing())), "verified");
}

// -- tokens that are over something else ----------------------------------------------------------

TEST_F(ExportAnchors, token_of_another_journal_is_named) {
  journal::Checkpoint other = scene.checkpoint_now();
  other.root.bytes[0] ^= 1;
  expect_named(scene.anchor_of(other, scene.authority), "something else than this journal's first");
}
TEST_F(ExportAnchors, token_of_another_origin_is_named) {
  journal::Checkpoint other = scene.checkpoint_now();
  other.origin = "journal.elsewhere";
  expect_named(scene.anchor_of(other, scene.authority), "something else than this journal's first");
}
TEST_F(ExportAnchors, token_of_another_directory_is_named) {
  journal::Checkpoint other = scene.checkpoint_now();
  --other.directory_count;
  expect_named(scene.anchor_of(other, scene.authority), "something else than this journal's first");
}
TEST_F(ExportAnchors, token_of_another_size_is_named) {
  sealing::AnchorLeaf anchor = scene.anchor_of(scene.checkpoint_now(), scene.authority);
  --anchor.size;
  expect_named(anchor, "something else than this journal's first");
}
TEST_F(ExportAnchors, token_over_leaves_that_came_later_is_named) {
  sealing::AnchorLeaf anchor = scene.anchor_of(scene.checkpoint_now(), scene.authority);
  ++anchor.size;
  expect_named(anchor, "leaves that came only later");
}
TEST_F(ExportAnchors, token_over_another_hash_than_its_leaf_says_is_named) {
  sealing::AnchorLeaf anchor = scene.anchor_of(scene.checkpoint_now(), scene.authority);
  anchor.token = scene.authority.stamp(sealing::made_of<Digest>(9));
  expect_named(anchor, "the token does not verify");
}
TEST_F(ExportAnchors, token_that_was_patched_is_named) {
  sealing::AnchorLeaf anchor = scene.anchor_of(scene.checkpoint_now(), scene.authority);
  anchor.token.back() ^= 1;  // of its signature
  expect_named(anchor, "the token does not verify");
}

// -- who has signed -------------------------------------------------------------------------------

TEST_F(ExportAnchors, authority_that_no_given_certificate_vouches_for_is_named) {
  const std::string index = std::to_string(scene.leaves.size());
  test::TestTimeAuthority stranger(scene.other_issuer);
  scene.put(scene.anchor_of(scene.checkpoint_now(), stranger));
  const MemoryExport files = scene.export_whole();
  EXPECT_EQ(words_of(judge(files, scene.other_issuer.pem())), "verified") << "the control";
  EXPECT_EQ(words_of(judge(files, scene.issuer.pem() + scene.other_issuer.pem())), "verified");
  EXPECT_EQ(words_of(judge(files)), "verified") << "whole, and said not to be judged";
  const std::string refused = words_of(judge(files, scene.issuer.pem()));
  EXPECT_TRUE(has(refused, "leaf " + index + " (timestamp_token)")) << refused;
}

// -- a selection's roots --------------------------------------------------------------------------

TEST_F(ExportAnchors, selection_with_other_roots_is_refused) {
  scene.anchor();
  const MemoryExport honest = scene.export_selection(hearing());
  ASSERT_EQ(verdict(honest), "verified");
  const Bytes& roots = honest.contents.at("anchors");
  for (std::size_t at = 0; at < roots.size(); at += 7) {
    MemoryExport files = honest;
    files.contents["anchors"][at] ^= 1;
    EXPECT_NE(verdict(files), "verified") << at;
  }
  MemoryExport none = honest;
  none.contents["anchors"].clear();
  EXPECT_NE(verdict(none), "verified");
  MemoryExport twice = honest;
  EXPECT_TRUE(twice.append("anchors", roots));
  EXPECT_TRUE(has(verdict(twice), "not the roots that the time-stamps need"));
}

TEST_F(ExportAnchors, roots_of_all_sizes_are_proven_from_bundles) {
  while (scene.leaves.size() < 700) scene.receive(scene.prosecutor, 1);
  const MemoryExport whole = scene.bundles();
  RootProver prover(whole);
  for (const Digest& hash : scene.hashes) prover.add(hash);
  const Digest root = journal::merkle_root(scene.hashes);
  for (std::uint64_t size = 1; size < scene.leaves.size(); size += size < 20 ? 1 : 37) {
    const auto proven = prover.prove(size);
    ASSERT_TRUE(proven);
    EXPECT_EQ(proven->root, journal::merkle_root(std::span(scene.hashes).first(size))) << size;
    EXPECT_TRUE(
        journal::verify_consistency(size, proven->root, scene.leaves.size(), root, proven->path))
        << size;
  }
}

}  // namespace
}  // namespace oberih::evidence
