// SPDX-License-Identifier: Apache-2.0
#include "proof_file.hpp"

#include <gtest/gtest.h>

#include "protocol/encoding/base64.hpp"
#include "protocol/journal/leaf.hpp"
#include "protocol/journal/proof.hpp"

namespace oberih::vectors {
namespace {

std::string text_of(const Digest& digest) { return encoding::encode_base64(digest.view()); }

nlohmann::json list_of(const journal::ProofPath& path) {
  if (path.empty()) return nullptr;
  nlohmann::json list = nlohmann::json::array();
  for (const Digest& digest : path) list.push_back(text_of(digest));
  return list;
}

std::vector<Digest> leaves(std::size_t count) {
  std::vector<Digest> all;
  for (std::size_t i = 0; i < count; ++i)
    all.push_back(journal::leaf_hash(Bytes(1, static_cast<std::uint8_t>(i))));
  return all;
}

Digest root_of(const std::vector<Digest>& all) {
  journal::MerkleFrontier frontier;
  for (const Digest& leaf : all) frontier.append(leaf);
  return frontier.root();
}

nlohmann::json inclusion(bool want_error) {
  const auto all = leaves(7);
  return {{"leafIdx", 4},
          {"end", 7},
          {"root", text_of(root_of(all))},
          {"leafHash", text_of(all[4])},
          {"proof", list_of(journal::prove_inclusion(4, all))},
          {"desc", "leaf 4 of 7"},
          {"wantErr", want_error}};
}

nlohmann::json consistency(bool want_error) {
  const auto all = leaves(7);
  const std::vector<Digest> some(all.begin(), all.begin() + 3);
  return {{"size1", 3},
          {"size2", 7},
          {"root1", text_of(root_of(some))},
          {"root2", text_of(root_of(all))},
          {"proof", list_of(journal::prove_consistency(3, all))},
          {"wantErr", want_error}};
}

bool proof_passes(const nlohmann::json& file) { return check_proof_text(file.dump()).passed(); }

TEST(ProofFile, holds_good_proofs_for_good) {
  EXPECT_TRUE(proof_passes(inclusion(false)));
  EXPECT_FALSE(proof_passes(inclusion(true)));
  EXPECT_TRUE(proof_passes(consistency(false)));
  EXPECT_FALSE(proof_passes(consistency(true)));
}

TEST(ProofFile, knows_a_trees_size_by_both_names) {
  nlohmann::json file = inclusion(false);
  file["treeSize"] = file["end"];
  file.erase("end");
  EXPECT_TRUE(proof_passes(file));
}

TEST(ProofFile, refuses_a_changed_value_where_the_case_wants_it) {
  for (const char* key : {"root", "leafHash"}) {
    nlohmann::json file = inclusion(true);
    file[key] = text_of(Digest{});
    EXPECT_TRUE(proof_passes(file)) << key;
  }
  for (const char* key : {"root1", "root2"}) {
    nlohmann::json file = consistency(true);
    file[key] = text_of(Digest{});
    EXPECT_TRUE(proof_passes(file)) << key;
  }
  for (nlohmann::json file : {inclusion(true), consistency(true)}) {
    file["proof"].push_back(text_of(Digest{}));
    EXPECT_TRUE(proof_passes(file)) << "too long";
    file["proof"] = nullptr;
    EXPECT_TRUE(proof_passes(file)) << "too short";
    file["proof"] = {""};
    EXPECT_TRUE(proof_passes(file)) << "no hash";
  }
}

TEST(ProofFile, refuses_sizes_and_places_up_to_the_largest_number) {
  nlohmann::json file = inclusion(true);
  file["leafIdx"] = UINT64_MAX;
  EXPECT_TRUE(proof_passes(file));
  file = inclusion(true);
  file["end"] = UINT64_MAX;
  EXPECT_TRUE(proof_passes(file));
}

TEST(ProofFile, takes_words_for_roots_of_equal_trees_alone) {
  nlohmann::json file = consistency(false);
  file["size2"] = 3;
  file["proof"] = nullptr;
  file["root1"] = file["root2"] = encoding::encode_base64(as_bytes("any word"));
  EXPECT_TRUE(proof_passes(file));
  file["root1"] = encoding::encode_base64(as_bytes("another"));
  EXPECT_FALSE(proof_passes(file));
}

TEST(ProofFile, judges_no_proof_of_a_subtree) {
  nlohmann::json file = inclusion(false);
  file["start"] = 0;
  EXPECT_TRUE(proof_passes(file));
  file["start"] = 4;
  EXPECT_FALSE(proof_passes(file));
  file["wantErr"] = true;
  EXPECT_FALSE(proof_passes(file));
}

TEST(ProofFile, fails_what_is_no_case) {
  EXPECT_FALSE(check_proof_text("").passed());
  EXPECT_FALSE(check_proof_text("[]").passed());
  EXPECT_FALSE(check_proof_text("{}").passed());
  EXPECT_FALSE(check_proof_text(R"({"wantErr":true})").passed());
  nlohmann::json file = inclusion(false);
  file["wantErr"] = "no";
  EXPECT_FALSE(proof_passes(file));
}

}  // namespace
}  // namespace oberih::vectors
