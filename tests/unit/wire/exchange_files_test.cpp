// SPDX-License-Identifier: Apache-2.0
#include "protocol/wire/exchange_files.hpp"

#include <gtest/gtest.h>

namespace oberih::wire {
namespace {

template <class Id>
Id filled(std::uint8_t value) {
  Id id;
  id.bytes.fill(value);
  return id;
}

const sealing::Agency agency{filled<AgencyId>(1), AgencyKind::police, "Національна поліція",
                             filled<SignaturePublicKey>(2)};
const sealing::NameCard card{filled<DeviceId>(3), filled<NameSalt>(4), "Слідча Оксана", "uk"};

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

  const std::string genesis =
      format_genesis_file({{1, 2, 3}, {{filled<AgencyId>(1), filled<Signature>(5)}}});
  expect_exchanged(genesis, parse_genesis_file,
                   format_genesis_file(parse_genesis_file(genesis).value()));

  const std::string leaf =
      format_directory_leaf_file({journal::LeafKind::device_certificate, {7, 8}, card});
  expect_exchanged(leaf, parse_directory_leaf_file,
                   format_directory_leaf_file(parse_directory_leaf_file(leaf).value()));

  const std::string request = format_device_request_file({{9}, filled<Signature>(5), card});
  expect_exchanged(request, parse_device_request_file,
                   format_device_request_file(parse_device_request_file(request).value()));

  const std::string invitation = format_invitation_file(
      {agency, filled<DeviceId>(3), "127.0.0.1:7417", filled<Digest>(6), Role::investigator, 1, 2});
  expect_exchanged(invitation, parse_invitation_file,
                   format_invitation_file(parse_invitation_file(invitation).value()));
}

TEST(ExchangeFiles, a_leaf_of_a_kind_that_no_root_signs_is_refused) {
  std::string leaf =
      format_directory_leaf_file({journal::LeafKind::device_revocation, {7, 8}, std::nullopt});
  EXPECT_TRUE(parse_directory_leaf_file(leaf));
  leaf.replace(leaf.find("\"kind\": 3"), 9, "\"kind\": 5");
  EXPECT_FALSE(parse_directory_leaf_file(leaf));
}

}  // namespace
}  // namespace oberih::wire
