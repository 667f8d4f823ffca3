// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/exchange_files.hpp"

#include <gtest/gtest.h>

#include "protocol/encoding/base64url.hpp"

namespace oberih::runtime {
namespace {

const std::string id = encoding::encode_base64url(AgencyId{{1, 2, 3}});
const std::string key = encoding::encode_base64url(SignaturePublicKey{{4, 5, 6}});

std::string card(const std::string& kind, const std::string& more = {}) {
  return R"({"format":"oberih-agency-1","id":")" + id + R"(","kind":")" + kind +
         R"(","name":"Поліція","root_key":")" + key + "\"" + more + "}";
}

TEST(ExchangeFiles, read_an_agency_card) {
  auto agency = parse_agency_card(card("police"));
  ASSERT_TRUE(agency);
  EXPECT_EQ(agency->kind, AgencyKind::police);
  EXPECT_EQ(agency->name, "Поліція");
}

TEST(ExchangeFiles, refuse_a_card_of_another_kind_format_or_with_more_fields) {
  EXPECT_FALSE(parse_agency_card(card("bakery")));
  EXPECT_FALSE(parse_agency_card(card("police", R"(,"root_secret":"x")")));
  EXPECT_FALSE(parse_agency_card(R"({"format":"oberih-genesis-1"})"));
  EXPECT_FALSE(parse_agency_card("police"));
}

TEST(ExchangeFiles, a_genesis_file_comes_back_as_it_was_with_signatures_in_order) {
  sealing::SignedGenesis genesis{{1, 2, 3}, {{AgencyId{{9}}, {}}, {AgencyId{{1}}, {}}}};
  auto read = parse_genesis_file(format_genesis_file(genesis));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->content, genesis.content);
  ASSERT_EQ(read->signatures.size(), 2U);
  EXPECT_EQ(read->signatures[0].agency, AgencyId{{1}});
}

TEST(ExchangeFiles, a_leaf_file_is_a_certificate_or_a_revocation) {
  const std::string begin = R"({"format":"oberih-directory-leaf-1","kind":)";
  EXPECT_TRUE(parse_directory_leaf_file(begin + R"(3,"body":"AAEC"})"));
  EXPECT_FALSE(parse_directory_leaf_file(begin + R"(0,"body":"AAEC"})"));
  EXPECT_FALSE(parse_directory_leaf_file(begin + R"(5,"body":"AAEC"})"));
  EXPECT_FALSE(parse_directory_leaf_file(begin + R"(2,"body":"AA=="})"));
}

}  // namespace
}  // namespace oberih::runtime
