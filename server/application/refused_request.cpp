// SPDX-License-Identifier: Apache-2.0
#include "server/application/refused_request.hpp"

#include "protocol/base/byte_reader.hpp"
#include "protocol/sealing/audit_leaf.hpp"
#include "protocol/sealing/audit_reading.hpp"

namespace oberih::application {
namespace {

/// `u8 version || u8 what || channel[32]`: so begin headers, records and proposals.
RefusedRequest begin_of(std::string_view method, ByteReader reader, bool is_entry) {
  RefusedRequest refused{method, {}, {}};
  reader.u8();
  const std::uint8_t what = reader.u8();
  refused.channel = reader.id<ChannelId>();
  if (is_entry && !reader.failed()) refused.type = entry_type_of(what);
  return refused;
}

RefusedRequest begin_of_proposal(std::string_view method, const Bytes& body) {
  ByteReader reader(body);
  return begin_of(method, ByteReader(reader.vec(body.size())), false);
}

}  // namespace

RefusedRequest describe(const wire::EntryPost& request) {
  return begin_of(wire::EntryPost::method, ByteReader(request.header), true);
}

RefusedRequest describe(const wire::ChannelAppend& request) {
  return begin_of(wire::ChannelAppend::method, ByteReader(request.content), false);
}

RefusedRequest describe(const wire::ProposalAppend& request) {
  return begin_of_proposal(wire::ProposalAppend::method, request.body);
}

RefusedRequest describe(const wire::ApprovalAppend& request) {
  return begin_of_proposal(wire::ApprovalAppend::method, request.body);
}

RefusedRequest describe(const wire::AuditRead& request) {
  RefusedRequest refused{wire::AuditRead::method, {}, {}};
  const auto question = sealing::parse_audit_content(request.content);
  const auto reading = question ? sealing::parse_audit_reading(question->query) : question.error();
  if (reading) refused.channel = reading->channel;
  return refused;
}

}  // namespace oberih::application
