// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/audit_leaf.hpp"

#include <gtest/gtest.h>

#include "malformed_input.hpp"

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

}  // namespace
}  // namespace oberih::sealing
