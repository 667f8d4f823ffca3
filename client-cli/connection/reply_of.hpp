// SPDX-License-Identifier: Apache-2.0
// Which reply answers which request: one row each, as in the table of docs/protocol.md.
#pragma once

#include "protocol/wire/alerts.hpp"
#include "protocol/wire/attachments.hpp"
#include "protocol/wire/audit_export.hpp"
#include "protocol/wire/audit_reads.hpp"
#include "protocol/wire/audits.hpp"
#include "protocol/wire/proofs.hpp"
#include "protocol/wire/receipts.hpp"
#include "protocol/wire/requests.hpp"

namespace oberih::client {

template <class Request>
struct ReplyFor;

// OBERIH_CALL(request, reply, whether the same request may be sent again when no reply came)
#define OBERIH_CALLS(OBERIH_CALL)                        \
  OBERIH_CALL(SessionHello, HelloReply, true)            \
  OBERIH_CALL(DirectoryRead, DirectoryPage, true)        \
  OBERIH_CALL(DirectoryAppend, Appended, false)          \
  OBERIH_CALL(DirectoryNames, NameCards, true)           \
  OBERIH_CALL(ChannelAppend, Appended, false)            \
  OBERIH_CALL(ChannelList, ChannelSummaries, true)       \
  OBERIH_CALL(ChannelRead, ItemPage, true)               \
  OBERIH_CALL(ChannelFollow, Followed, true)             \
  OBERIH_CALL(ChannelUnfollow, Done, true)               \
  OBERIH_CALL(EntryPost, Appended, false)                \
  OBERIH_CALL(EntryFind, FoundEntries, true)             \
  OBERIH_CALL(ProposalAppend, Appended, true)            \
  OBERIH_CALL(ApprovalAppend, Appended, true)            \
  OBERIH_CALL(ProposalList, ProposalPage, true)          \
  OBERIH_CALL(ReceiptAppend, ReceiptsAppended, true)     \
  OBERIH_CALL(ReceiptRead, ReceiptPage, true)            \
  OBERIH_CALL(AlertList, AlertPage, true)                \
  OBERIH_CALL(AuditRead, ItemPage, true)                 \
  OBERIH_CALL(AuditFind, AuditPage, true)                \
  OBERIH_CALL(AuditExport, Appended, true)               \
  OBERIH_CALL(CheckpointRead, CheckpointReply, true)     \
  OBERIH_CALL(ProofConsistency, Proofs, true)            \
  OBERIH_CALL(ProofInclusion, Proofs, true)              \
  OBERIH_CALL(AttachmentBegin, AttachmentProgress, true) \
  OBERIH_CALL(AttachmentPut, AttachmentProgress, true)   \
  OBERIH_CALL(AttachmentKeep, AttachmentProgress, true)  \
  OBERIH_CALL(AttachmentStatus, AttachmentState, true)   \
  OBERIH_CALL(AttachmentGet, AttachmentChunk, true)

#define OBERIH_REPLY_FOR(Request, Reply, idempotent)  \
  template <>                                         \
  struct ReplyFor<wire::Request> {                    \
    using type = wire::Reply;                         \
    static constexpr bool is_repeatable = idempotent; \
  };
OBERIH_CALLS(OBERIH_REPLY_FOR)
#undef OBERIH_REPLY_FOR

template <class Request>
using ReplyOf = typename ReplyFor<Request>::type;

}  // namespace oberih::client
