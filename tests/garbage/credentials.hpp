// SPDX-License-Identifier: Apache-2.0
// Keys and certificates as OpenSSL takes them, and a key that lies about whose it is.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

#include "protocol/socket/tls_websocket.hpp"

namespace oberih::garbage {

using Certificate = std::unique_ptr<X509, void (*)(X509*)>;
using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;

Certificate certificate_of(const socket::TlsIdentity& identity);
Key key_of(const socket::TlsIdentity& identity);
/// The public half of `shown` with the private half of `owned`: OpenSSL compares public halves
/// only, and signs with the other. What a thief of certificates has.
Key mismatched_key(const socket::TlsIdentity& shown, const socket::TlsIdentity& owned);

}  // namespace oberih::garbage
