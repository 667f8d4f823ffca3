// SPDX-License-Identifier: Apache-2.0
// Intervals in which an agency is out of service (kind 15): declared before, during or after a
// blackout or an attack, shown beside what was missed meanwhile. They excuse and remove nothing.
// Bytes: docs/protocol.md, section 13; whether one may stand is the directory's business.
#pragma once

#include <memory>
#include <vector>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/timestamp.hpp"

namespace oberih::sealing {

using IntervalId = FixedBytes<struct IntervalTag, 16>;  // random; its agency's for ever

// ON DISK: the numbers are signed.
enum class OutOfServiceReason : std::uint8_t {
  blackout = 1,
  shelling = 2,
  no_connection = 3,
  relocation = 4,
  technical_failure = 5,
  other = 6,
};
std::string_view name_of(OutOfServiceReason reason);
std::optional<OutOfServiceReason> find_out_of_service_reason(std::string_view name);

/// A later version of the same id ends, corrects or withdraws it.
struct OutOfService {
  AgencyId agency;
  IntervalId id;
  std::uint64_t version = 0;  // from 1
  Digest previous;            // of the version before (out_of_service_hash); zero at version 1
  bool is_withdrawn = false;  // it was declared by mistake
  OutOfServiceReason reason{};
  Milliseconds from_ms = 0;  // the first millisecond
  Milliseconds to_ms = 0;    // the first millisecond behind it; 0: until further notice
  DeviceId signer;

  bool covers(Milliseconds ms) const {
    return !is_withdrawn && from_ms <= ms && (to_ms == 0 || ms < to_ms);
  }
};

/// Leaf body of kind 15: `vec(content) || signature` (label out-of-service).
struct SignedOutOfService {
  Bytes content;
  Signature signature;
};

Bytes encode_out_of_service_content(const OutOfService& interval);
/// Refusal: malformed_object.
Result<OutOfService> parse_out_of_service_content(ByteView content);
Bytes encode_out_of_service_body(const SignedOutOfService& interval);
Result<SignedOutOfService> parse_out_of_service_body(ByteView body);
/// `H(content)`: what the next version names.
Digest out_of_service_hash(ByteView content);

/// A version that stands in the journal: in force from its index on, until the next.
struct OutOfServiceInForce {
  OutOfService interval;
  Digest hash;  // of its content
  std::uint64_t index = 0;
  Milliseconds server_ms = 0;
};
using OutOfServiceHistory = std::vector<std::shared_ptr<const OutOfServiceInForce>>;

}  // namespace oberih::sealing
