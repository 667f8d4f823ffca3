// SPDX-License-Identifier: Apache-2.0
#include "server/application/request_router.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "server/application/append_directory.hpp"
#include "server/application/append_proposal.hpp"
#include "server/application/append_receipts.hpp"
#include "server/application/append_record.hpp"
#include "server/application/attachment_requests.hpp"
#include "server/application/find_entries.hpp"
#include "server/application/find_leaves.hpp"
#include "server/application/follow_channel.hpp"
#include "server/application/list_alerts.hpp"
#include "server/application/list_channels.hpp"
#include "server/application/list_proposals.hpp"
#include "server/application/open_session.hpp"
#include "server/application/post_entry.hpp"
#include "server/application/read_channel.hpp"
#include "server/application/read_checkpoint.hpp"
#include "server/application/read_directory.hpp"
#include "server/application/read_for_audit.hpp"
#include "server/application/read_names.hpp"
#include "server/application/read_receipts.hpp"
#include "server/application/read_tree.hpp"
#include "server/application/record_export.hpp"
#include "server/application/refused_request.hpp"

namespace oberih::application {
namespace {

using Reply = RequestRouter::Reply;
using Handler = void (*)(const Services&, const domain::Caller&, const nlohmann::json&, Reply);

/// A refusal is answered first and recorded then.
struct Refuser {
  std::shared_ptr<RefusalTally> tally;
  Origin origin;
  RefusedRequest request;

  void operator()(const Reply& done, const Refusal& refusal) const {
    done(refusal);
    if (tally) tally->note(origin, request, refusal.code);
  }
};

/// A request that is answered from memory.
template <class Request, class Value,
          Result<Value> (*function)(const Services&, const domain::Caller&, const Request&)>
void answer_at_once(const Services& services, const domain::Caller& caller,
                    const nlohmann::json& params, Reply done) {
  Request request;
  if (auto parsed = wire::parse_params(params, request); !parsed) return done(parsed.error());
  Result<Value> value = function(services, caller, request);
  if (!value)
    return Refuser{services.refusals, caller.origin(), describe(request)}(done, value.error());
  done(wire::encode_result(*value));
}

/// A request that waits for the reader or the recorder.
template <class Request, class Value,
          void (*function)(const Services&, const domain::Caller&, const Request&, Answer<Value>)>
void answer_later(const Services& services, const domain::Caller& caller,
                  const nlohmann::json& params, Reply done) {
  Request request;
  if (auto parsed = wire::parse_params(params, request); !parsed) return done(parsed.error());
  const Refuser refuse_by{services.refusals, caller.origin(), describe(request)};
  function(services, caller, request, [done = std::move(done), refuse_by](Result<Value> value) {
    if (!value) return refuse_by(done, value.error());
    done(wire::encode_result(*value));
  });
}

struct Row {
  std::string_view method;
  Handler handler;
};

template <class Request, class Value,
          Result<Value> (*function)(const Services&, const domain::Caller&, const Request&)>
constexpr Row at_once{Request::method, &answer_at_once<Request, Value, function>};

template <class Request, class Value,
          void (*function)(const Services&, const domain::Caller&, const Request&, Answer<Value>)>
constexpr Row later{Request::method, &answer_later<Request, Value, function>};

constexpr std::array rows = {
    at_once<wire::SessionHello, wire::HelloReply, &open_session>,
    later<wire::DirectoryRead, wire::DirectoryPage, &read_directory>,
    later<wire::DirectoryAppend, wire::Appended, &append_directory>,
    later<wire::DirectoryNames, wire::NameCards, &read_names>,
    later<wire::ChannelAppend, wire::Appended, &append_record>,
    at_once<wire::ChannelList, wire::ChannelSummaries, &list_channels>,
    later<wire::ChannelRead, wire::ItemPage, &read_channel>,
    at_once<wire::ChannelFollow, wire::Followed, &follow_channel>,
    later<wire::EntryPost, wire::Appended, &post_entry>,
    later<wire::EntryFind, wire::FoundEntries, &find_entries>,
    later<wire::ProposalAppend, wire::Appended, &append_proposal>,
    later<wire::ApprovalAppend, wire::Appended, &append_approval>,
    at_once<wire::ProposalList, wire::ProposalPage, &list_proposals>,
    later<wire::ReceiptAppend, wire::ReceiptsAppended, &append_receipts>,
    later<wire::ReceiptRead, wire::ReceiptPage, &read_receipts>,
    later<wire::AlertList, wire::AlertPage, &list_alerts>,
    later<wire::AuditRead, wire::ItemPage, &read_for_audit>,
    later<wire::AuditFind, wire::AuditPage, &find_leaves>,
    later<wire::AuditExport, wire::Appended, &record_export>,
    at_once<wire::CheckpointRead, wire::CheckpointReply, &read_checkpoint>,
    later<wire::ProofConsistency, wire::Proofs, &prove_consistency>,
    later<wire::ProofInclusion, wire::Proofs, &prove_inclusion>,
    later<wire::AttachmentBegin, wire::AttachmentProgress, &begin_attachment>,
    later<wire::AttachmentPut, wire::AttachmentProgress, &put_attachment>,
    later<wire::AttachmentKeep, wire::AttachmentProgress, &keep_attachment>,
    later<wire::AttachmentStatus, wire::AttachmentState, &read_attachment_state>,
    later<wire::AttachmentGet, wire::AttachmentChunk, &get_attachment>,
};

const Row* find_row(std::string_view method) {
  for (const Row& row : rows)
    if (row.method == method) return &row;
  return nullptr;
}

/// What would grow the journal at people's wish. The directory is not among it: a revocation must
/// never wait; nor are receipts, which say what has been read anyhow.
constexpr std::array awaits_witnesses = {wire::EntryPost::method, wire::ChannelAppend::method,
                                         wire::ProposalAppend::method, wire::ApprovalAppend::method,
                                         wire::AttachmentBegin::method};

/// Where policy says so, nothing is written for longer than that without a quorum of witnesses.
Result<void> require_witnessed(const Services& services) {
  const domain::WitnessingPolicy policy = services.policies.current()->witnessing;
  if (policy.behaviour != domain::UnwitnessedBehaviour::read_only) return {};
  if (services.view.directory()->witness_quorum().empty()) return {};
  const std::optional<WitnessedNote> witnessed = services.view.witnessed();
  const Milliseconds since_ms = witnessed ? witnessed->at_ms : 0;
  if (rule_time_ms(services) <= since_ms + policy.limit_minutes * 60'000) return {};
  return refuse(RefusalCode::unwitnessed);
}

}  // namespace

bool RequestRouter::knows(std::string_view method) { return find_row(method) != nullptr; }

void RequestRouter::handle(const domain::Caller& caller, const wire::RpcRequest& request,
                           Reply done) const {
  const Row* row = find_row(request.method);
  if (row == nullptr) return done(refuse(RefusalCode::unknown_method));
  if (std::ranges::find(awaits_witnesses, request.method) != awaits_witnesses.end())
    if (auto may = require_witnessed(services_); !may) return done(may.error());
  row->handler(services_, caller, request.params, std::move(done));
}

}  // namespace oberih::application
