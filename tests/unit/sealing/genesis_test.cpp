// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/genesis.hpp"

#include "malformed_input.hpp"
#include "world.hpp"

namespace oberih::sealing {
namespace {

Witness witness(const World& world, const char* name) {
  return {name, new_signer().public_key(), made_of<Digest>(55), world.agencies[0].agency.id};
}

/// What parse says of a genesis after a change.
template <class Spoil>
std::string after(Spoil spoil) {
  World world;
  Genesis genesis = world.genesis();
  spoil(genesis, world);
  return outcome_of(parse_genesis_content(encode_genesis_content(genesis)));
}

TEST(GenesisTest, comes_back_as_it_went) {
  World world;
  Genesis genesis = world.genesis();
  genesis.witnesses = {witness(world, "witness.a"), witness(world, "witness.b")};
  genesis.witness_quorum = {{2, {AgencyKind::police, AgencyKind::court}}, {1, {AgencyKind::ngo}}};
  const Bytes content = encode_genesis_content(genesis);
  Result<Genesis> back = parse_genesis_content(content);
  ASSERT_TRUE(back);
  EXPECT_EQ(encode_genesis_content(*back), content);
  EXPECT_EQ(back->witness_quorum[0].kinds[1], AgencyKind::court);
  expect_strict(content, parse_genesis_content);
}

TEST(GenesisTest, is_signed_by_every_root_and_nobody_else) {
  World world;
  SignedGenesis good = parse_genesis_body(world.genesis_body()).value();
  EXPECT_EQ(outcome_of(verify_genesis(good)), "accepted");
  SignedGenesis bad = good;
  bad.signatures.pop_back();
  EXPECT_EQ(outcome_of(verify_genesis(bad)), "bad_signature");
  bad = good;
  bad.signatures.push_back({made_of<AgencyId>(99), good.signatures[0].signature});
  EXPECT_EQ(outcome_of(verify_genesis(bad)), "bad_signature");
  bad = good;
  std::swap(bad.signatures[0].signature, bad.signatures[1].signature);
  EXPECT_EQ(outcome_of(verify_genesis(bad)), "bad_signature");
  bad = good;
  bad.signatures[0].signature = world.agencies[0].root.sign("governance", bad.content);
  EXPECT_EQ(outcome_of(verify_genesis(bad)), "bad_signature");
}

TEST(GenesisTest, body_is_strict_and_its_signatures_ascend) {
  World world;
  expect_strict(world.genesis_body(), parse_genesis_body, false);
  SignedGenesis genesis = parse_genesis_body(world.genesis_body()).value();
  std::swap(genesis.signatures[0], genesis.signatures[1]);
  EXPECT_FALSE(parse_genesis_body(encode_genesis_body(genesis)));
}

TEST(GenesisTest, refuses_agencies_that_do_not_ascend_or_share_a_key) {
  EXPECT_EQ(after([](Genesis& g, World&) { std::swap(g.agencies[0], g.agencies[1]); }),
            "malformed_object");
  EXPECT_EQ(after([](Genesis& g, World&) { g.agencies[1].root_key = g.agencies[0].root_key; }),
            "malformed_object");
  EXPECT_EQ(after([](Genesis& g, World&) { g.agencies[1].root_key = g.journal_key; }),
            "malformed_object");
  EXPECT_EQ(after([](Genesis& g, World&) { g.agencies.clear(); }), "malformed_object");
}

TEST(GenesisTest, refuses_keys_of_low_order) {
  EXPECT_EQ(after([](Genesis& g, World&) { g.agencies[0].root_key = {}; }), "unacceptable_key");
  EXPECT_EQ(after([](Genesis& g, World&) { g.journal_key = {}; }), "unacceptable_key");
}

TEST(GenesisTest, refuses_names_that_are_not_nfc_or_could_forge_a_line) {
  for (const char* name : {"", "И\xcc\x86", "a\nb", "\xff"})
    EXPECT_EQ(after([&](Genesis& g, World&) { g.agencies[0].name = name; }), "malformed_object");
  for (const char* origin : {"", "a b", "a+b", "a\n"})
    EXPECT_EQ(after([&](Genesis& g, World&) { g.origin = origin; }), "malformed_object");
}

TEST(GenesisTest, refuses_quorums_that_mean_nothing) {
  EXPECT_EQ(after([](Genesis& g, World&) { g.governance_quorum = 0; }), "malformed_object");
  EXPECT_EQ(after([](Genesis& g, World&) { g.governance_quorum = 6; }), "malformed_object");
  EXPECT_EQ(after([](Genesis& g, World&) { g.witness_quorum = {{0, {AgencyKind::ngo}}}; }),
            "malformed_object");
  EXPECT_EQ(after([](Genesis& g, World&) { g.witness_quorum = {{1, {}}}; }), "malformed_object");
  EXPECT_EQ(after([](Genesis& g, World&) {
              g.witness_quorum = {{1, {AgencyKind::ngo, AgencyKind::ngo}}};
            }),
            "malformed_object");
}

TEST(GenesisTest, refuses_witnesses_that_do_not_ascend_or_belong_to_nobody) {
  EXPECT_EQ(after([](Genesis& g, World& w) { g.witnesses = {witness(w, "a"), witness(w, "b")}; }),
            "accepted");
  EXPECT_EQ(after([](Genesis& g, World& w) { g.witnesses = {witness(w, "b"), witness(w, "a")}; }),
            "malformed_object");
  EXPECT_EQ(after([](Genesis& g, World& w) { g.witnesses = {witness(w, "a"), witness(w, "a")}; }),
            "malformed_object");
  EXPECT_EQ(after([](Genesis& g, World& w) {
              g.witnesses = {witness(w, "a")};
              g.witnesses[0].agency = made_of<AgencyId>(99);
            }),
            "malformed_object");
}

TEST(GenesisTest, hash_changes_with_every_byte) {
  World world;
  Bytes content = encode_genesis_content(world.genesis());
  const Digest hash = genesis_hash(content);
  for (std::uint8_t& byte : content) {
    byte ^= 1;
    EXPECT_NE(genesis_hash(content), hash);
    byte ^= 1;
  }
}

}  // namespace
}  // namespace oberih::sealing
