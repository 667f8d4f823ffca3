// SPDX-License-Identifier: Apache-2.0
#include "protocol/wire/exchange_files.hpp"

#include <gtest/gtest.h>

#include "protocol/encoding/base64url.hpp"

namespace oberih::wire {
namespace {

template <class Id>
Id id_filled(std::uint8_t value) {
  Id id;
  id.bytes.fill(value);
  return id;
}

const sealing::Agency agency{id_filled<AgencyId>(1), AgencyKind::police, "Національна поліція",
                             id_filled<SignaturePublicKey>(2)};
const sealing::NameCard card{id_filled<DeviceId>(3), id_filled<NameSalt>(4), "Слідча Оксана", "uk"};

/// What one wrote the other reads; a file of another format and one cut short are refused.
template <class Parse>
void expect_exchanged(const std::string& text, Parse parse, const std::string& again) {
  EXPECT_EQ(text, again);
  EXPECT_FALSE(parse(text.substr(0, text.size() / 2)));
  std::string other = text;
  other.replace(other.find("-1\""), 3, "-9\"");
  EXPECT_FALSE(parse(other));
}

TEST(ExchangeFiles, are_read_as_they_were_written) {
  const std::string agency_text = format_agency_card(agency);
  expect_exchanged(agency_text, parse_agency_card,
                   format_agency_card(parse_agency_card(agency_text).value()));

  const std::string witness =
      format_witness_card({"witness.police.test", id_filled<SignaturePublicKey>(2),
                           id_filled<Digest>(6), id_filled<AgencyId>(1)});
  expect_exchanged(witness, parse_witness_card,
                   format_witness_card(parse_witness_card(witness).value()));

  const std::string genesis =
      format_genesis_file({{1, 2, 3}, {{id_filled<AgencyId>(1), id_filled<Signature>(5)}}});
  expect_exchanged(genesis, parse_genesis_file,
                   format_genesis_file(parse_genesis_file(genesis).value()));

  const std::string governance = format_governance_file(
      {{1, 2, 3}, {{id_filled<AgencyId>(1), id_filled<Signature>(5)}}, id_filled<Signature>(6)});
  expect_exchanged(governance, parse_governance_file,
                   format_governance_file(parse_governance_file(governance).value()));

  const std::string leaf =
      format_directory_leaf_file({journal::LeafKind::device_certificate, {7, 8}, card});
  expect_exchanged(leaf, parse_directory_leaf_file,
                   format_directory_leaf_file(parse_directory_leaf_file(leaf).value()));

  const std::string request = format_device_request_file({{9}, id_filled<Signature>(5), card});
  expect_exchanged(request, parse_device_request_file,
                   format_device_request_file(parse_device_request_file(request).value()));

  const std::string invitation = format_invitation_file({agency,
                                                         id_filled<DeviceId>(3),
                                                         "127.0.0.1:7417",
                                                         id_filled<Digest>(6),
                                                         Role::investigator,
                                                         1,
                                                         2,
                                                         {}});
  expect_exchanged(invitation, parse_invitation_file,
                   format_invitation_file(parse_invitation_file(invitation).value()));

  const std::string bound = format_invitation_file(
      {agency, id_filled<DeviceId>(3), "127.0.0.1:7417", id_filled<Digest>(6), Role::investigator,
       1, 2, id_filled<PersonId>(7)});
  EXPECT_EQ(parse_invitation_file(bound)->person, id_filled<PersonId>(7));
  EXPECT_EQ(parse_invitation_file(invitation)->person, std::nullopt);
}

TEST(ExchangeFiles, a_leaf_of_a_kind_that_no_root_signs_is_refused) {
  std::string leaf =
      format_directory_leaf_file({journal::LeafKind::device_revocation, {7, 8}, std::nullopt});
  EXPECT_TRUE(parse_directory_leaf_file(leaf));
  leaf.replace(leaf.find("\"kind\": 3"), 9, "\"kind\": 5");
  EXPECT_FALSE(parse_directory_leaf_file(leaf));
}

const std::string agency_id = encoding::encode_base64url(AgencyId{{1, 2, 3}});
const std::string root_key = encoding::encode_base64url(SignaturePublicKey{{4, 5, 6}});

std::string card_text(const std::string& kind, const std::string& more = {}) {
  return R"({"format":"oberih-agency-1","id":")" + agency_id + R"(","kind":")" + kind +
         R"(","name":"Поліція","root_key":")" + root_key + "\"" + more + "}";
}

TEST(ExchangeFiles, refuse_a_card_of_another_kind_format_or_with_more_fields) {
  EXPECT_FALSE(parse_agency_card(card_text("bakery")));
  EXPECT_FALSE(parse_agency_card(card_text("police", R"(,"root_secret":"x")")));
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
}  // namespace oberih::wire
