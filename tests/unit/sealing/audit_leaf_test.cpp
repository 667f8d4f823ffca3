// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/audit_leaf.hpp"

#include <gtest/gtest.h>

#include "malformed_input.hpp"
#include "protocol/base/byte_writer.hpp"

namespace oberih::sealing {
namespace {

AuditQuestion of_an_auditor() {
  return {AuditWhat::read, DeviceId{{1}}, 4'711, Bytes{1, 2, 3}, 1'795'507'200'000};
}

TEST(AuditLeaf, comes_back_as_it_was_written) {
  for (const AuditWhat what : {AuditWhat::find, AuditWhat::read, AuditWhat::export_}) {
    AuditQuestion question = of_an_auditor();
    question.what = what;
    const Result<AuditQuestion> back = parse_audit_content(encode_audit_content(question));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, question);
  }
}

TEST(AuditLeaf, is_written_as_the_protocol_says) {
  const Bytes bytes = encode_audit_content(of_an_auditor());
  EXPECT_EQ(bytes.size(), 1u + 1 + 16 + 8 + 4 + 3 + 8);
  EXPECT_EQ(bytes[0], 1);
  EXPECT_EQ(bytes[1], 2);                         // read
  EXPECT_EQ(bytes[24] * 256 + bytes[25], 4'711);  // size
  EXPECT_EQ(bytes[29], 3);                        // length of the query
}

TEST(AuditLeaf, refuses_what_is_cut_short_or_too_long) {
  expect_strict(encode_audit_content(of_an_auditor()), parse_audit_content);
}

TEST(AuditLeaf, refuses_a_question_of_nothing_or_of_an_unknown_kind) {
  Bytes bytes = encode_audit_content(of_an_auditor());
  for (const std::uint8_t what : {0, 4, 255}) {
    bytes[1] = what;
    EXPECT_FALSE(parse_audit_content(bytes)) << int{what};
  }
  AuditQuestion question = of_an_auditor();
  question.query.clear();
  EXPECT_FALSE(parse_audit_content(encode_audit_content(question)));
  question.query.assign(audit_query_bytes + 1, 1);
  EXPECT_FALSE(parse_audit_content(encode_audit_content(question)));
  question = of_an_auditor();
  question.size = 0;
  EXPECT_FALSE(parse_audit_content(encode_audit_content(question)));
}

TEST(AuditLeaf, bears_the_signature_of_the_one_who_asks) {
  const auto auditor = crypto::generate_signature_keys();
  const auto another = crypto::generate_signature_keys();
  const SignedAuditQuestion asked =
      sign_audit_question(of_an_auditor(), crypto::Signer(auditor.secret_key));
  Result<SignedAuditQuestion> back = parse_audit_body(encode_audit_body(asked));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->question, asked.question);
  EXPECT_TRUE(verify_audit_signature(*back, auditor.public_key));
  EXPECT_FALSE(verify_audit_signature(*back, another.public_key));
  back->question.size += 1;
  EXPECT_FALSE(verify_audit_signature(*back, auditor.public_key));
}

TEST(AuditLeaf, has_a_body_of_one_form) {
  const auto keys = crypto::generate_signature_keys();
  Bytes body =
      encode_audit_body(sign_audit_question(of_an_auditor(), crypto::Signer(keys.secret_key)));
  for (std::size_t length = 0; length < body.size(); ++length)
    EXPECT_FALSE(parse_audit_body(ByteView(body).first(length))) << length;
  body.push_back(0);
  EXPECT_FALSE(parse_audit_body(body));
}

// -- what an export asks for ----------------------------------------------------------------------

Bytes export_of(const ChannelId& channel, Milliseconds from_ms = 0) {
  ByteWriter query;
  query.u8(1).raw(channel).raw(PersonId{}).u64(from_ms).u64(0);
  return query.take();
}
Bytes export_of_case(std::string_view number, const ChannelId& channel = {}) {
  ByteWriter query;
  query.u8(2).raw(channel).raw(PersonId{}).u64(0).u64(0).vec(number);
  return query.take();
}

TEST(ExportScope, is_a_channel_alone_where_nothing_else_is_asked_for) {
  const ChannelId channel{{7}};
  const auto is_alone = [](const Bytes& query) {
    const Result<ExportScope> scope = parse_export_scope(query);
    return scope && scope->is_channel_alone;
  };
  EXPECT_TRUE(is_alone(export_of(channel)));
  EXPECT_EQ(parse_export_scope(export_of(channel))->channel, channel);
  EXPECT_FALSE(is_alone(export_of({})));
  EXPECT_FALSE(is_alone(export_of(channel, 1)));
  ASSERT_TRUE(parse_export_scope(export_of_case("417/2027")));
  EXPECT_FALSE(is_alone(export_of_case("417/2027")));
  EXPECT_FALSE(is_alone(export_of_case("417/2027", channel)));
  EXPECT_EQ(parse_export_scope(export_of_case("417/2027", channel))->channel, channel);
}

TEST(ExportScope, refuses_what_is_cut_short_or_too_long) {
  expect_strict(export_of(ChannelId{{7}}), parse_export_scope);
  expect_strict(export_of_case("ухвала № 417/2027-к"), parse_export_scope);
}

TEST(ExportScope, has_a_case_that_a_person_could_type_or_none) {
  const std::string longest(export_case_bytes, '7');
  EXPECT_TRUE(parse_export_scope(export_of_case(longest)));
  for (const std::string& number :
       {std::string(), longest + '7', std::string("417\n"), std::string("\u202e417"),
        std::string("и\u0306"), std::string("417\xff"), std::string("417\0", 4)})
    EXPECT_FALSE(parse_export_scope(export_of_case(number))) << number;
}

}  // namespace
}  // namespace oberih::sealing
