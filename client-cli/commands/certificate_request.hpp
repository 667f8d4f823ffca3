// SPDX-License-Identifier: Apache-2.0
// A device's request for a certificate, as its certifier must look at it before signing.
#pragma once

#include <string>

#include "protocol/wire/exchange_files.hpp"

namespace oberih::client {

/// Also verifies that the device holds its key and that the name card is the certificate's.
/// Refusals: those of parse_device_request_file, bad_signature, malformed_object.
Result<wire::DeviceRequestFile> parse_certificate_request(std::string_view text);

/// What both sides of a certification compare by voice: 160 bits of a hash over the content, in
/// groups of four digits.
std::string request_fingerprint(ByteView certificate_content);

}  // namespace oberih::client
