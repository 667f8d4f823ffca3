// SPDX-License-Identifier: Apache-2.0
// The only settings of TLS: 1.3 alone, P-256 certificates on both sides, no tickets, no resumption,
// no early data. Trust is decided by the verify callback, never by names, dates or issuers; except
// of servers that are not ours.
// Internal to protocol/socket.
#pragma once

#include <openssl/ssl.h>

#include <memory>

#include "protocol/socket/tls_websocket.hpp"

namespace oberih::socket {

struct OpensslFree {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
template <class T>
using OpensslPointer = std::unique_ptr<T, OpensslFree>;

using VerifyCallback = int (*)(X509_STORE_CTX*, void*);

OpensslPointer<SSL_CTX> make_server_context(const TlsIdentity& identity, VerifyCallback verify);
/// Without an identity: each connection brings its own (use_identity), so thousands of clients of
/// one process share the context.
OpensslPointer<SSL_CTX> make_client_context(VerifyCallback verify);
/// For servers of others (web_trust.hpp): TLS 1.2 or 1.3, any certificate of a browser's kind.
OpensslPointer<SSL_CTX> make_web_context(VerifyCallback verify);

/// Throws std::runtime_error with a sentence when key or certificate cannot be read or do not
/// match.
void use_identity(SSL& ssl, const TlsIdentity& identity);

/// SHA-256 of the certificate's SubjectPublicKeyInfo.
Digest spki_of(X509& certificate);

/// The newest words of OpenSSL on this thread; empties its error queue.
std::string take_openssl_error();

}  // namespace oberih::socket
