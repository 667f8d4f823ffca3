// SPDX-License-Identifier: Apache-2.0
// A revocation, as it is signed online by a device or offline by a root.
#pragma once

#include <string>

#include "protocol/sealing/device_certificate.hpp"

namespace oberih::client {

/// The number of the word that a person gives as --reason (docs/protocol.md, 4). Refusal: usage.
Result<std::uint8_t> parse_revocation_reason(const std::string& word);

/// The leaf body; `signer_device` is zero for a root.
Bytes sign_revocation(const sealing::DeviceRevocation& revocation, const crypto::Signer& signer);

}  // namespace oberih::client
