// SPDX-License-Identifier: Apache-2.0
// Self-signed TLS certificates: a carrier for a P-256 key, whose SPKI hash stands in the directory.
#pragma once

#include <string>

#include "protocol/base/ids.hpp"
#include "protocol/base/secret.hpp"

namespace oberih::crypto {

struct TlsKeyAndCertificate {
  SecretBuffer private_key_pem;
  std::string certificate_pem;  // valid from yesterday for 30 years: validity is the directory's
  Digest spki_sha256;
};

TlsKeyAndCertificate generate_tls_identity();
/// Throws std::runtime_error when the text is no PEM certificate.
Digest spki_sha256_of_certificate(std::string_view certificate_pem);

}  // namespace oberih::crypto
