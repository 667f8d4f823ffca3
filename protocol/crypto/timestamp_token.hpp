// SPDX-License-Identifier: Apache-2.0
// RFC 3161: a request for a time-stamp, and the token that answers it. The only place that knows
// how such a token is signed; no network and no clock.
#pragma once

#include <string>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/timestamp.hpp"

namespace oberih::crypto {

inline constexpr std::size_t timestamp_token_bytes = 16 * 1024;

/// TimeStampReq over a SHA-256 imprint, with a fresh nonce, asking for the authority's certificate:
/// a token must be verifiable when the authority is gone.
Bytes make_timestamp_request(const Digest& imprint);

/// The TimeStampToken of a TimeStampResp to that request: granted, of this imprint and nonce. Who
/// signed it is not looked at. Refusals: malformed_object, verification_failed (not granted, or not
/// the answer to this request), with the authority's own words where it has some.
Result<Bytes> take_timestamp_token(ByteView response, ByteView request);

struct Timestamp {
  Milliseconds at_ms = 0;  // genTime
  std::string authority;   // the signer's subject, in one line
};
/// Signed over this imprint by a certificate for time-stamping that one of these CA certificates
/// (PEM, one or more) has issued, all valid at the token's own time. Refusals: malformed_object,
/// verification_failed, usage (no certificate in the PEM).
Result<Timestamp> verify_timestamp_token(ByteView token, const Digest& imprint,
                                         std::string_view ca_pem);
/// The same by the certificates that the token brings along: that it is whole and over this
/// imprint. Anybody can make such a token: whose key it is, and so its time, nobody vouches for.
Result<Timestamp> read_timestamp_token(ByteView token, const Digest& imprint);

/// Whether the PEM holds at least one certificate that can be read.
bool holds_certificate(std::string_view pem);

}  // namespace oberih::crypto
