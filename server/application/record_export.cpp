// SPDX-License-Identifier: Apache-2.0
#include "server/application/record_export.hpp"

#include "server/application/audit_question.hpp"

namespace oberih::application {
namespace {

/// Whoever may read the leaves of all channels may export any of them; a member what they read in
/// one channel, whole, and nothing is told to them about others.
Result<> may_export(const Services& services, const domain::Caller& caller,
                    const sealing::ExportScope& scope) {
  Result<> may = authorize(services, caller, domain::Action::leaves_read);
  if (may || !scope.is_channel_alone) return may;
  return authorize(services, caller, domain::Action::channel_read, {scope.channel, {}});
}

}  // namespace

void record_export(const Services& services, const domain::Caller& caller,
                   const wire::AuditExport& request, Answer<wire::Appended> done) {
  Result<sealing::SignedAuditQuestion> question = take_question(
      services, caller, sealing::AuditWhat::export_, request.content, request.signature);
  if (!question) return done(question.error());
  const Result<sealing::ExportScope> scope = sealing::parse_export_scope(question->question.query);
  if (!scope) return done(scope.error());
  if (auto may = may_export(services, caller, *scope); !may) return done(may.error());
  record_question(services, caller, scope->channel, std::move(*question), std::move(done));
}

}  // namespace oberih::application
