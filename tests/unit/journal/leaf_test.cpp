// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/leaf.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "protocol/encoding/hex.hpp"
#include "protocol/journal/merkle_tree.hpp"

namespace oberih::journal {
namespace {

Leaf entry_leaf() {
  Leaf leaf;
  leaf.kind = LeafKind::entry;
  leaf.server_ms = 0x0102030405060708;
  leaf.channel_id.bytes.fill(0xcc);
  leaf.channel_seq = 2;
  leaf.prev_leaf.bytes.fill(0xdd);
  leaf.body = {0xb0, 0xd1};
  return leaf;
}

void expect_refused(const Bytes& data) {
  auto refused = parse_leaf(data);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, RefusalCode::malformed_object);
}

}  // namespace

TEST(Leaf, has_the_bytes_of_the_protocol_reference) {
  std::string expected =
      "0105"
      "0102030405060708";
  for (int i = 0; i < 32; ++i) expected += "cc";
  expected += "0000000000000002";
  for (int i = 0; i < 32; ++i) expected += "dd";
  expected += "00000002b0d1";
  Bytes data = encode_leaf(entry_leaf());
  EXPECT_EQ(encoding::encode_hex(data), expected);
  EXPECT_EQ(data.size(), leaf_header_bytes + 2);
  EXPECT_EQ(parse_leaf(data).value(), entry_leaf());
  EXPECT_EQ(leaf_hash(data), hash_leaf(data));
}

TEST(Leaf, refuses_cut_and_longer_data) {
  Bytes data = encode_leaf(entry_leaf());
  for (std::size_t size = 0; size < data.size(); ++size)
    expect_refused(to_bytes(ByteView(data).first(size)));
  data.push_back(0);
  expect_refused(data);
}

TEST(Leaf, refuses_unknown_versions_and_kinds) {
  for (int number = 0; number < 256; ++number) {
    Bytes data = encode_leaf(entry_leaf());
    data[0] = static_cast<std::uint8_t>(number);
    if (number != 1) expect_refused(data);
    EXPECT_EQ(leaf_kind_of(static_cast<std::uint8_t>(number)).has_value(), number <= 15);
    data[0] = 1;
    data[1] = static_cast<std::uint8_t>(number);
    if (number > 15) expect_refused(data);
  }
}

TEST(Leaf, holds_65535_bytes_and_not_one_more) {
  Leaf leaf = entry_leaf();
  leaf.body.assign(leaf_body_bytes, 1);
  Bytes data = encode_leaf(leaf);
  EXPECT_EQ(data.size(), 65'535u);
  EXPECT_TRUE(parse_leaf(data));
  leaf.body.push_back(1);
  EXPECT_THROW(encode_leaf(leaf), std::logic_error);
  data.push_back(1);
  ++data[leaf_header_bytes - 1];  // the body's length says 65,450 now
  expect_refused(data);
}

TEST(Leaf, names_and_chains_of_kinds_are_those_of_the_design) {
  std::set<std::string_view> names;
  std::set<int> directory, channel;
  for (std::uint8_t number = 0; number < 16; ++number) {
    LeafKind kind = leaf_kind_of(number).value();
    names.insert(name_of(kind));
    if (is_directory_kind(kind)) directory.insert(number);
    if (takes_channel_sequence(kind)) channel.insert(number);
  }
  EXPECT_EQ(names.size(), 16u);
  EXPECT_EQ(directory, (std::set<int>{0, 1, 2, 3, 14, 15}));
  EXPECT_EQ(channel, (std::set<int>{4, 5, 8, 11}));
}

TEST(Leaf, chain_fields_must_fit_the_kind) {
  struct Case {
    LeafKind kind;
    bool has_channel;
    std::uint64_t sequence;
    bool has_previous;
    bool fits;
  };
  constexpr Case cases[] = {
      {LeafKind::genesis, false, 1, false, true},
      {LeafKind::device_certificate, false, 2, true, true},
      {LeafKind::device_certificate, true, 2, true, false},
      {LeafKind::device_certificate, false, 0, false, false},
      {LeafKind::entry, true, 1, false, true},
      {LeafKind::entry, true, 2, true, true},
      {LeafKind::entry, true, 1, true, false},
      {LeafKind::entry, true, 2, false, false},
      {LeafKind::entry, true, 0, false, false},
      {LeafKind::entry, false, 1, false, false},
      {LeafKind::channel_record, false, 0, false, false},
      {LeafKind::server_event, true, 5, true, true},
      {LeafKind::server_event, false, 0, false, true},
      {LeafKind::server_event, true, 0, false, false},
      {LeafKind::server_event, false, 1, false, false},
      {LeafKind::erasure, true, 3, true, true},
      {LeafKind::erasure, false, 0, false, true},
      {LeafKind::access, true, 0, false, true},
      {LeafKind::access, false, 0, false, true},
      {LeafKind::access, true, 1, false, false},
      {LeafKind::refusal, false, 0, true, false},
      {LeafKind::administration, true, 0, true, false},
  };
  for (const Case& each : cases) {
    Leaf leaf;
    leaf.kind = each.kind;
    if (each.has_channel) leaf.channel_id.bytes.fill(1);
    if (each.has_previous) leaf.prev_leaf.bytes.fill(2);
    leaf.channel_seq = each.sequence;
    std::string shown = std::string(name_of(each.kind)) + " " + std::to_string(each.sequence);
    EXPECT_EQ(!find_chain_fault(leaf), each.fits) << shown;
    if (each.fits) {
      EXPECT_EQ(parse_leaf(encode_leaf(leaf)).value(), leaf) << shown;
    } else {
      EXPECT_THROW(encode_leaf(leaf), std::logic_error) << shown;
    }
  }
}

TEST(Leaf, parses_and_rebuilds_every_leaf_of_the_shared_vectors) {
  std::ifstream file(std::filesystem::path(OBERIH_VECTORS) / "sealed-channels.json");
  if (!file) GTEST_SKIP() << "The shared vectors are missing: sealed-channels.json";
  nlohmann::json vectors = nlohmann::json::parse(file);
  std::size_t count = 0;
  for (const auto& history : vectors)
    for (const char* list : {"directory_leaves", "record_leaves", "entry_leaves"})
      for (const auto& each : history.at(list)) {
        Bytes data = encoding::decode_hex(each["data"].get<std::string>()).value();
        EXPECT_EQ(encoding::encode_hex(leaf_hash(data)), each["leaf_hash"].get<std::string>());
        Result<Leaf> leaf = parse_leaf(data);
        ASSERT_TRUE(leaf) << leaf.error().detail;
        EXPECT_EQ(encode_leaf(*leaf), data);
        EXPECT_EQ(leaf->server_ms, each["fields"]["server_ms"].get<std::uint64_t>());
        ++count;
      }
  EXPECT_GE(count, 10u);
}

}  // namespace oberih::journal
