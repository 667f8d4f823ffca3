// SPDX-License-Identifier: Apache-2.0
// What a request is about, for the record of its refusal: taken before the request is judged, so
// that nothing large is kept until the answer.
#pragma once

#include "protocol/wire/audit_reads.hpp"
#include "protocol/wire/requests.hpp"
#include "server/application/refusal_tally.hpp"

namespace oberih::application {

/// Of signed objects the beginning alone is read; what is malformed concerns no channel.
RefusedRequest describe(const wire::EntryPost& request);
RefusedRequest describe(const wire::ChannelAppend& request);
RefusedRequest describe(const wire::ProposalAppend& request);
RefusedRequest describe(const wire::ApprovalAppend& request);
RefusedRequest describe(const wire::AuditRead& request);

template <class Request>
RefusedRequest describe(const Request& request) {
  RefusedRequest refused{Request::method, {}, {}};
  if constexpr (requires { ChannelId{request.channel}; })
    refused.channel = request.channel;
  else if constexpr (requires { request.channel.value_or(ChannelId{}); })
    refused.channel = request.channel.value_or(ChannelId{});
  return refused;
}

}  // namespace oberih::application
