// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <stdexcept>

#include "protocol/crypto/digest.hpp"

namespace oberih::socket {

namespace {

constexpr long certificate_list_bytes = 8 * 1024;  // before the peer is known to us

struct ParsedIdentity {
  OpensslPointer<EVP_PKEY> key;
  OpensslPointer<X509> certificate;
};

OpensslPointer<BIO> memory_bio(ByteView bytes) {
  return OpensslPointer<BIO>(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

/// Without it OpenSSL would ask for a passphrase on the terminal.
int refuse_passphrase(char*, int, int, void*) { return -1; }

ParsedIdentity parse_identity(const TlsIdentity& identity) {
  const auto key_bio = memory_bio(identity.private_key_pem.view());
  const auto certificate_bio = memory_bio(as_bytes(identity.certificate_pem));
  ParsedIdentity parsed;
  parsed.key.reset(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, refuse_passphrase, nullptr));
  parsed.certificate.reset(
      PEM_read_bio_X509(certificate_bio.get(), nullptr, refuse_passphrase, nullptr));
  ERR_clear_error();
  if (!parsed.key) throw std::runtime_error("The private key for TLS is not readable PEM.");
  if (!parsed.certificate) throw std::runtime_error("The certificate for TLS is not readable PEM.");
  if (X509_check_private_key(parsed.certificate.get(), parsed.key.get()) != 1)
    throw std::runtime_error("The certificate for TLS does not belong to its private key.");
  return parsed;
}

void require(bool success) {
  if (!success) throw std::runtime_error("TLS cannot be set up: " + take_openssl_error());
}

OpensslPointer<SSL_CTX> make_context(const SSL_METHOD* method, VerifyCallback verify) {
  OpensslPointer<SSL_CTX> context(SSL_CTX_new(method));
  require(context != nullptr);
  SSL_CTX* const raw = context.get();
  require(SSL_CTX_set_min_proto_version(raw, TLS1_3_VERSION) == 1);
  // The hybrid group exists from OpenSSL 3.5 on; older ones refuse the whole list.
  if (SSL_CTX_set1_groups_list(raw, "X25519MLKEM768:X25519:P-256") != 1)
    require(SSL_CTX_set1_groups_list(raw, "X25519:P-256") == 1);
  // Only device keys as we make them: a stranger's RSA-16384 must not cost us anything.
  require(SSL_CTX_set1_sigalgs_list(raw, "ECDSA+SHA256") == 1);
  SSL_CTX_set_options(raw, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  require(SSL_CTX_set_num_tickets(raw, 0) == 1);
  require(SSL_CTX_set_max_early_data(raw, 0) == 1);
  SSL_CTX_set_max_cert_list(raw, certificate_list_bytes);
  // Idle connections hold no record buffers; a retried write may come from another address.
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                            SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(raw, 1);  // one system call per record instead of two
  SSL_CTX_set_verify(raw, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(raw, verify, nullptr);
  ERR_clear_error();
  return context;
}

}  // namespace

OpensslPointer<SSL_CTX> make_server_context(const TlsIdentity& identity, VerifyCallback verify) {
  const ParsedIdentity parsed = parse_identity(identity);
  auto context = make_context(TLS_server_method(), verify);
  require(SSL_CTX_use_certificate(context.get(), parsed.certificate.get()) == 1);
  require(SSL_CTX_use_PrivateKey(context.get(), parsed.key.get()) == 1);
  return context;
}

OpensslPointer<SSL_CTX> make_client_context(VerifyCallback verify) {
  return make_context(TLS_client_method(), verify);
}

OpensslPointer<SSL_CTX> make_web_context(VerifyCallback verify) {
  OpensslPointer<SSL_CTX> context(SSL_CTX_new(TLS_client_method()));
  require(context != nullptr);
  SSL_CTX* const raw = context.get();
  require(SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) == 1);
  SSL_CTX_set_options(raw, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(raw, verify, nullptr);
  ERR_clear_error();
  return context;
}

void use_identity(SSL& ssl, const TlsIdentity& identity) {
  const ParsedIdentity parsed = parse_identity(identity);
  require(SSL_use_certificate(&ssl, parsed.certificate.get()) == 1);
  require(SSL_use_PrivateKey(&ssl, parsed.key.get()) == 1);
}

Digest spki_of(X509& certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(&certificate), &der);
  if (size <= 0) return {};  // nobody's key has this hash
  const Digest digest = crypto::sha256(ByteView(der, static_cast<std::size_t>(size)));
  OPENSSL_free(der);
  return digest;
}

std::string take_openssl_error() {
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  const char* const reason = ERR_reason_error_string(error);
  return reason != nullptr ? reason : "error " + std::to_string(error);
}

}  // namespace oberih::socket
