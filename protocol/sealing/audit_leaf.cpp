// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/audit_leaf.hpp"

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/sealing/grant_order.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t audit_leaf_version = 1;  // ON DISK
constexpr std::string_view audit_label = "audit";
// ON DISK: of an export's query; with a case number it has the second.
constexpr std::uint8_t query_version = 1, case_query_version = 2;

}  // namespace

std::string_view name_of(AuditWhat what) {
  switch (what) {
    case AuditWhat::find:
      return "find";
    case AuditWhat::read:
      return "read";
    case AuditWhat::export_:
      return "export";
  }
  return "find";
}

Bytes encode_audit_content(const AuditQuestion& question) {
  ByteWriter writer(1 + 1 + 16 + 8 + 4 + question.query.size() + 8);
  writer.u8(audit_leaf_version).u8(static_cast<std::uint8_t>(question.what));
  writer.raw(question.auditor).u64(question.size).vec(question.query).u64(question.client_ms);
  return writer.take();
}

Result<AuditQuestion> parse_audit_content(ByteView content) {
  ByteReader reader(content);
  if (reader.u8() != audit_leaf_version) return malformed("unknown version of an audit question");
  AuditQuestion question;
  const std::uint8_t what = reader.u8();
  question.auditor = reader.id<DeviceId>();
  question.size = reader.u64();
  const ByteView query = reader.vec(audit_query_bytes);
  question.query.assign(query.begin(), query.end());
  question.client_ms = reader.u64();
  if (!reader.complete()) return malformed("an audit question of wrong length");
  if (what < 1 || what > 3) return malformed("an audit question of unknown meaning");
  if (question.size == 0 || question.query.empty())
    return malformed("an audit question of nothing");
  question.what = static_cast<AuditWhat>(what);
  return question;
}

Bytes encode_audit_body(const SignedAuditQuestion& question) {
  ByteWriter writer;
  writer.vec(encode_audit_content(question.question)).raw(question.signature);
  return writer.take();
}

Result<SignedAuditQuestion> parse_audit_body(ByteView body) {
  ByteReader reader(body);
  const ByteView content = reader.vec(limits::leaf_bytes);
  SignedAuditQuestion signed_question;
  signed_question.signature = reader.id<Signature>();
  if (!reader.complete()) return malformed("the body of an audit question of wrong length");
  Result<AuditQuestion> question = parse_audit_content(content);
  if (!question) return question.error();
  signed_question.question = std::move(*question);
  return signed_question;
}

SignedAuditQuestion sign_audit_question(const AuditQuestion& question,
                                        const crypto::Signer& device) {
  return {question, device.sign(audit_label, encode_audit_content(question))};
}

bool verify_audit_signature(const SignedAuditQuestion& question, const SignaturePublicKey& device) {
  return crypto::verify(device, audit_label, encode_audit_content(question.question),
                        question.signature);
}

Result<ExportScope> parse_export_scope(ByteView query) {
  ByteReader reader(query);
  const std::uint8_t version = reader.u8();
  ExportScope scope;
  scope.channel = reader.id<ChannelId>();
  const PersonId person = reader.id<PersonId>();
  const std::uint64_t from_ms = reader.u64(), to_ms = reader.u64();
  const bool has_case = version == case_query_version;
  const ByteView case_number = has_case ? reader.vec(export_case_bytes) : ByteView();
  if (!reader.complete() || (version != query_version && !has_case))
    return malformed("an unknown version of what is exported");
  if (has_case && find_fault_of_words(as_text(case_number), export_case_bytes) != nullptr)
    return malformed("a case number that cannot be one");
  scope.is_channel_alone =
      !scope.channel.is_zero() && person.is_zero() && from_ms == 0 && to_ms == 0 && !has_case;
  return scope;
}

}  // namespace oberih::sealing
