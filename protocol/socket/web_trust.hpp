// SPDX-License-Identifier: Apache-2.0
// By which certificates the servers of others are known, as browsers know them: a name, and a chain
// to an issuer. Ours are known by their keys alone.
#pragma once

#include <memory>
#include <string_view>

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace oberih::socket {

class WebTrust {
 public:
  /// Issuers in PEM; empty: the system's, as OpenSSL finds them (SSL_CERT_FILE says otherwise).
  /// Throws std::runtime_error with a sentence.
  explicit WebTrust(std::string_view ca_pem);
  ~WebTrust();
  WebTrust(const WebTrust&) = delete;
  WebTrust& operator=(const WebTrust&) = delete;

  ssl_ctx_st& context() const { return *context_; }

 private:
  ssl_ctx_st* context_;
};

}  // namespace oberih::socket
