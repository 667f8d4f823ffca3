// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/out_of_service.hpp"

#include <array>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t interval_version = 1;
constexpr std::size_t content_bytes_at_most = 256;

// In the order of their numbers, from 1.
constexpr std::array<std::string_view, 6> reason_names = {
    "blackout", "shelling", "no_connection", "relocation", "technical_failure", "other"};

bool is_reason(OutOfServiceReason reason) {
  return reason >= OutOfServiceReason::blackout && reason <= OutOfServiceReason::other;
}

Result<void> check(const OutOfService& interval) {
  if (interval.id.is_zero()) return malformed("an interval's id of zeros");
  if (interval.version == 0) return malformed("versions of an interval begin with 1");
  if ((interval.version == 1) != interval.previous.is_zero())
    return malformed("the first version of an interval follows nothing, every other one something");
  if (interval.version == 1 && interval.is_withdrawn)
    return malformed("an interval withdrawn before it was declared");
  if (!is_reason(interval.reason)) return malformed("an unknown reason for being out of service");
  if (interval.to_ms != 0 && interval.to_ms <= interval.from_ms)
    return malformed("an interval that ends before it begins");
  if (interval.signer.is_zero()) return malformed("an interval that no device has signed");
  return {};
}

}  // namespace

std::string_view name_of(OutOfServiceReason reason) {
  return is_reason(reason) ? reason_names[static_cast<std::size_t>(reason) - 1] : "";
}

std::optional<OutOfServiceReason> find_out_of_service_reason(std::string_view name) {
  for (std::size_t i = 0; i < reason_names.size(); ++i)
    if (reason_names[i] == name) return static_cast<OutOfServiceReason>(i + 1);
  return std::nullopt;
}

Bytes encode_out_of_service_content(const OutOfService& interval) {
  ByteWriter writer(content_bytes_at_most);
  writer.u8(interval_version).raw(interval.agency).raw(interval.id).u64(interval.version);
  writer.raw(interval.previous).u8(interval.is_withdrawn ? 1 : 0);
  writer.u8(static_cast<std::uint8_t>(interval.reason));
  writer.u64(interval.from_ms).u64(interval.to_ms).raw(interval.signer);
  return writer.take();
}

Result<OutOfService> parse_out_of_service_content(ByteView content) {
  ByteReader reader(content);
  if (reader.u8() != interval_version) return malformed("unknown version of an interval");
  OutOfService interval;
  interval.agency = reader.id<AgencyId>();
  interval.id = reader.id<IntervalId>();
  interval.version = reader.u64();
  interval.previous = reader.id<Digest>();
  const std::uint8_t withdrawn = reader.u8();
  interval.is_withdrawn = withdrawn == 1;
  interval.reason = static_cast<OutOfServiceReason>(reader.u8());
  interval.from_ms = reader.u64();
  interval.to_ms = reader.u64();
  interval.signer = reader.id<DeviceId>();
  if (!reader.complete() || withdrawn > 1) return malformed("an interval of wrong length or state");
  OBERIH_TRY(check(interval));
  return interval;
}

Bytes encode_out_of_service_body(const SignedOutOfService& interval) {
  ByteWriter writer(4 + interval.content.size() + Signature::size);
  writer.vec(interval.content).raw(interval.signature);
  return writer.take();
}

Result<SignedOutOfService> parse_out_of_service_body(ByteView body) {
  ByteReader reader(body);
  SignedOutOfService interval;
  interval.content = to_bytes(reader.vec(content_bytes_at_most));
  interval.signature = reader.id<Signature>();
  if (!reader.complete()) return malformed("a signed interval of wrong length");
  return interval;
}

Digest out_of_service_hash(ByteView content) { return crypto::sha256(content); }

}  // namespace oberih::sealing
