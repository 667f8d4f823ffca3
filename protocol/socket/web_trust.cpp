// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/web_trust.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <stdexcept>

#include "protocol/socket/tls_connection.hpp"
#include "protocol/socket/tls_context.hpp"

namespace oberih::socket {
namespace {

void add_issuers(SSL_CTX& context, std::string_view ca_pem) {
  const OpensslPointer<BIO> pem(BIO_new_mem_buf(ca_pem.data(), static_cast<int>(ca_pem.size())));
  int count = 0;
  while (
      OpensslPointer<X509> certificate{PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr)}) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(&context), certificate.get());
    ++count;
  }
  ERR_clear_error();
  if (count == 0) throw std::runtime_error("There is no certificate in the PEM.");
}

}  // namespace

WebTrust::WebTrust(std::string_view ca_pem) : context_(nullptr) {
  OpensslPointer<SSL_CTX> context = make_web_context(TlsConnection::verify_web_callback);
  if (ca_pem.empty()) {
    if (SSL_CTX_set_default_verify_paths(context.get()) != 1)
      throw std::runtime_error("The system's certificates cannot be read: " + take_openssl_error());
  } else {
    add_issuers(*context, ca_pem);
  }
  context_ = context.release();
}

WebTrust::~WebTrust() { SSL_CTX_free(context_); }

}  // namespace oberih::socket
