// SPDX-License-Identifier: Apache-2.0
// THE table of what a request costs beyond the one that every request is, so that limits follow the
// work and not the count. What it reads is charged by the byte besides.
#pragma once

#include <array>
#include <string_view>

#include "protocol/wire/alerts.hpp"
#include "protocol/wire/attachments.hpp"
#include "protocol/wire/audit_export.hpp"
#include "protocol/wire/audit_reads.hpp"
#include "protocol/wire/audits.hpp"
#include "protocol/wire/proofs.hpp"
#include "protocol/wire/receipts.hpp"
#include "protocol/wire/requests.hpp"

namespace oberih::transport {

struct RequestCost {
  enum class Kind {
    plain,
    reads,  // refused while the device owes bytes that it has read
  };
  std::string_view method;
  double more = 0;  // in requests
  Kind kind = Kind::plain;
};

inline constexpr std::array request_costs = {
    // A query each, and a page of up to 192 KiB to encode.
    RequestCost{wire::ChannelRead::method, 3, RequestCost::Kind::reads},
    RequestCost{wire::DirectoryRead::method, 3, RequestCost::Kind::reads},
    RequestCost{wire::DirectoryNames::method, 3, RequestCost::Kind::reads},
    RequestCost{wire::EntryFind::method, 3, RequestCost::Kind::reads},
    RequestCost{wire::ProofInclusion::method, 3, RequestCost::Kind::reads},
    // One for each checkpoint: who has read much must not lose sight of whether the journal holds.
    RequestCost{wire::ProofConsistency::method, 3, RequestCost::Kind::plain},
    RequestCost{wire::ChannelList::method, 1, RequestCost::Kind::reads},
    RequestCost{wire::ProposalList::method, 3, RequestCost::Kind::reads},
    // Each is judged against the whole roster.
    RequestCost{wire::ProposalAppend::method, 3, RequestCost::Kind::plain},
    RequestCost{wire::ApprovalAppend::method, 3, RequestCost::Kind::plain},
    RequestCost{wire::ReceiptRead::method, 3, RequestCost::Kind::reads},
    RequestCost{wire::AlertList::method, 3, RequestCost::Kind::reads},
    RequestCost{wire::AuditFind::method, 3, RequestCost::Kind::reads},
    // A leaf each.
    RequestCost{wire::AuditExport::method, 3, RequestCost::Kind::plain},
    // A query or two each, and up to 128 KiB to hash or to fetch; bytes count besides.
    RequestCost{wire::AttachmentBegin::method, 3, RequestCost::Kind::plain},
    RequestCost{wire::AttachmentPut::method, 1, RequestCost::Kind::plain},
    RequestCost{wire::AttachmentKeep::method, 1, RequestCost::Kind::plain},
    RequestCost{wire::AttachmentStatus::method, 3, RequestCost::Kind::reads},
    RequestCost{wire::AttachmentGet::method, 3, RequestCost::Kind::reads},
    // A page like those of members, and a leaf that says that it was asked for.
    RequestCost{wire::AuditRead::method, 3, RequestCost::Kind::reads},
    // Its pages are delayed, not refused: who comes back follows all its channels at once.
    RequestCost{wire::ChannelFollow::method, 1, RequestCost::Kind::plain},
};

constexpr RequestCost cost_of(std::string_view method) {
  for (const RequestCost& row : request_costs)
    if (row.method == method) return row;
  return {};
}

static_assert(cost_of(wire::EntryPost::method).more == 0, "a post is the measure");

}  // namespace oberih::transport
