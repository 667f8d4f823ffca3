// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/entry_facts.hpp"

#include "malformed_input.hpp"

namespace oberih::sealing {
namespace {

EntryReference some_entry(std::uint64_t seq) {
  EntryReference reference;
  reference.channel_seq = seq;
  reference.message_hash.bytes.fill(static_cast<std::uint8_t>(seq));
  return reference;
}

AgencyId some_agency() {
  AgencyId agency;
  agency.bytes.fill(9);
  return agency;
}

AcknowledgementFacts some_acknowledgement() {
  AcknowledgementFacts facts;
  facts.entry = some_entry(12);
  facts.kind = AcknowledgementKind::cannot_attend;
  return facts;
}

RequestFacts some_request() {
  RequestFacts facts;
  facts.common.asks_for = static_cast<std::uint8_t>(AsksFor::consent);
  facts.entry = some_entry(12);
  facts.admitted = Admitted::of(some_agency());
  return facts;
}

ConsentFacts some_consent() {
  ConsentFacts facts;
  facts.request = some_entry(14);
  facts.entry = some_entry(12);
  facts.admitted = Admitted::of(some_agency());
  facts.agrees = true;
  return facts;
}

TEST(EntryFacts, a_handling_code_is_h_plus_eight_times_tlp) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    const auto code = handling_of(static_cast<std::uint8_t>(byte));
    EXPECT_EQ(code.has_value(), byte % 8 <= 3 && byte / 8 <= 5) << byte;
    if (code) EXPECT_EQ(byte_of(*code), byte);
  }
  EXPECT_EQ(name_of(HandlingCode{}), "");
  EXPECT_EQ(name_of(*handling_of(2 + 8 * 4)), "H2 TLP:AMBER+STRICT");
  EXPECT_EQ(name_of(*handling_of(8 * 5)), "TLP:RED");
}

TEST(EntryFacts, empty_facts_say_nothing_and_nothing_is_said_in_empty_facts) {
  EXPECT_EQ(*parse_common_facts({}), CommonFacts{});
  EXPECT_TRUE(encode_common_facts({}).empty());
  const CommonFacts facts{{Restriction::not_passed_on, TrafficLight::amber}, 1, 3};
  EXPECT_EQ(encode_common_facts(facts), (Bytes{1, 2 + 8 * 3, 1, 3}));
  EXPECT_EQ(*parse_common_facts(encode_common_facts(facts)), facts);
  EXPECT_TRUE(facts.is_urgent());
  EXPECT_TRUE(facts.asks(AsksFor::acknowledgement));
  EXPECT_FALSE(facts.asks(AsksFor::consent));
}

TEST(EntryFacts, acknowledgements_come_back_as_they_went) {
  const Bytes bytes = encode_acknowledgement_facts(some_acknowledgement());
  EXPECT_EQ(bytes.size(), 4u + 8 + 32 + 1);
  const auto back = parse_acknowledgement_facts(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->entry, some_acknowledgement().entry);
  EXPECT_EQ(back->kind, AcknowledgementKind::cannot_attend);
  expect_strict(bytes, parse_acknowledgement_facts);
}

TEST(EntryFacts, a_deputys_acknowledgement_names_somebody_or_ends_before) {
  AcknowledgementFacts facts = some_acknowledgement();
  facts.acting_for = made_of<PersonId>(9);
  const Bytes bytes = encode_acknowledgement_facts(facts);
  EXPECT_EQ(bytes.size(), 4u + 8 + 32 + 1 + 16);
  const auto back = parse_acknowledgement_facts(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->acting_for, facts.acting_for);
  Bytes nobody = encode_acknowledgement_facts(some_acknowledgement());
  nobody.resize(nobody.size() + 16);
  EXPECT_FALSE(parse_acknowledgement_facts(nobody)) << "zero is said by saying nothing";
  for (std::size_t cut = 1; cut < 16; ++cut)
    EXPECT_FALSE(parse_acknowledgement_facts(ByteView(bytes).first(bytes.size() - cut))) << cut;
}

TEST(EntryFacts, requests_and_answers_come_back_as_they_went) {
  const auto request = parse_request_facts(encode_request_facts(some_request()));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->entry, some_request().entry);
  EXPECT_EQ(request->admitted, some_request().admitted);
  expect_strict(encode_request_facts(some_request()), parse_request_facts);
  const auto consent = parse_consent_facts(encode_consent_facts(some_consent()));
  ASSERT_TRUE(consent);
  EXPECT_EQ(consent->request, some_consent().request);
  EXPECT_EQ(consent->entry, some_consent().entry);
  EXPECT_EQ(consent->admitted, some_consent().admitted);
  EXPECT_TRUE(consent->agrees);
  expect_strict(encode_consent_facts(some_consent()), parse_consent_facts);
}

TEST(EntryFacts, unknown_kinds_and_the_entry_zero_are_refused) {
  for (std::uint8_t kind : {0, 4, 255}) {
    Bytes bytes = encode_acknowledgement_facts(some_acknowledgement());
    bytes.back() = kind;
    EXPECT_FALSE(parse_acknowledgement_facts(bytes)) << int{kind};
  }
  Bytes answer = encode_consent_facts(some_consent());
  answer.back() = 2;
  EXPECT_FALSE(parse_consent_facts(answer));
  AcknowledgementFacts none = some_acknowledgement();
  none.entry.channel_seq = 0;
  EXPECT_FALSE(parse_acknowledgement_facts(encode_acknowledgement_facts(none)));
  RequestFacts request = some_request();
  request.admitted.what = static_cast<Admitted::What>(3);
  EXPECT_FALSE(parse_request_facts(encode_request_facts(request)));
}

TEST(EntryFacts, answers_ask_for_nothing_and_requests_for_consent) {
  AcknowledgementFacts asking = some_acknowledgement();
  asking.common.asks_for = 2;
  EXPECT_FALSE(parse_acknowledgement_facts(encode_acknowledgement_facts(asking)));
  ConsentFacts consent = some_consent();
  consent.common.asks_for = 4;
  EXPECT_FALSE(parse_consent_facts(encode_consent_facts(consent)));
  RequestFacts request = some_request();
  request.common.asks_for = 3;
  EXPECT_FALSE(parse_request_facts(encode_request_facts(request)));
}

TEST(EntryFacts, each_type_has_its_own_and_no_other) {
  EXPECT_TRUE(facts_fit(EntryType::message, encode_request_facts(some_request())));
  EXPECT_FALSE(facts_fit(EntryType::message, encode_acknowledgement_facts(some_acknowledgement())));
  EXPECT_FALSE(facts_fit(EntryType::consent, encode_request_facts(some_request())));
  EXPECT_FALSE(facts_fit(EntryType::leave, encode_request_facts(some_request())));
  EXPECT_TRUE(facts_fit(EntryType::consent, encode_consent_facts(some_consent())));
}

}  // namespace
}  // namespace oberih::sealing
