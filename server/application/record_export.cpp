// SPDX-License-Identifier: Apache-2.0
#include "server/application/record_export.hpp"

#include "server/application/audit_question.hpp"

namespace oberih::application {
namespace {

/// `u8 1 || channel[32] || person[16] || u64 from_ms || u64 to_ms` (docs/protocol.md, section 25).
constexpr std::size_t export_query_bytes = 1 + 32 + 16 + 8 + 8;

}  // namespace

void record_export(const Services& services, const domain::Caller& caller,
                   const wire::AuditExport& request, Answer<wire::Appended> done) {
  if (auto may = authorize(services, caller, domain::Action::leaves_read); !may)
    return done(may.error());
  Result<sealing::SignedAuditQuestion> question = take_question(
      services, caller, sealing::AuditWhat::export_, request.content, request.signature);
  if (!question) return done(question.error());
  const Bytes& query = question->question.query;
  if (query.size() != export_query_bytes || query.front() != 1)
    return done(refuse(RefusalCode::malformed_object, "an unknown version of what is exported"));
  const ChannelId channel = *ChannelId::from(ByteView(query).subspan(1, ChannelId::size));
  record_question(services, caller, channel, std::move(*question), std::move(done));
}

}  // namespace oberih::application
