// SPDX-License-Identifier: Apache-2.0
// A question of an auditor (kind 6), signed by the auditor's device, so that neither side can deny
// it: a search, a reading under a grant, an export. What is asked (`query`) is opaque here; its
// bytes begin with a version. Bytes: docs/protocol.md, section 23.
#pragma once

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/timestamp.hpp"
#include "protocol/crypto/signature.hpp"

namespace oberih::sealing {

enum class AuditWhat : std::uint8_t {  // ON DISK
  find = 1,                            // leaves that fit a filter
  read = 2,                            // entries of a channel, under a grant
  export_ = 3,
};
std::string_view name_of(AuditWhat what);  // find, read, export

inline constexpr std::size_t audit_query_bytes = 4'096;

struct AuditQuestion {
  AuditWhat what{};
  DeviceId auditor;
  std::uint64_t size = 0;  // of the journal that the answer is of: leaves behind it are none
  Bytes query;             // 1 to audit_query_bytes
  Milliseconds client_ms = 0;

  bool operator==(const AuditQuestion&) const = default;
};

/// REQUIRES: a question that parse_audit_content would take.
Bytes encode_audit_content(const AuditQuestion& question);  // signed with label `audit`
/// Refusal: malformed_object.
Result<AuditQuestion> parse_audit_content(ByteView content);

/// Leaf body of kind 6: `vec(content) || sig`. The leaf's header names the channel concerned, or
/// none.
struct SignedAuditQuestion {
  AuditQuestion question;
  Signature signature;
};
Bytes encode_audit_body(const SignedAuditQuestion& question);
Result<SignedAuditQuestion> parse_audit_body(ByteView body);
SignedAuditQuestion sign_audit_question(const AuditQuestion& question,
                                        const crypto::Signer& device);
[[nodiscard]] bool verify_audit_signature(const SignedAuditQuestion& question,
                                          const SignaturePublicKey& device);

inline constexpr std::size_t export_case_bytes = 200;  // of the case number in a query

/// What an export's query (docs/protocol.md, section 25) asks for, as far as it has to be known
/// here. Refusal: malformed_object.
struct ExportScope {
  ChannelId channel;              // zero: none is named
  bool is_channel_alone = false;  // that channel, whole, and nothing else: members may ask for it
};
Result<ExportScope> parse_export_scope(ByteView query);

}  // namespace oberih::sealing
