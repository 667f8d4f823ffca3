// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/certificate.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

#include "protocol/crypto/digest.hpp"
#include "protocol/crypto/random_bytes.hpp"

namespace oberih::crypto {
namespace {

struct Deleter {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(BIGNUM* number) const { BN_free(number); }
};
template <class T>
using Owned = std::unique_ptr<T, Deleter>;

template <class T>
Owned<T> require(T* pointer) {
  if (!pointer) throw std::runtime_error("OpenSSL cannot make a certificate");
  return Owned<T>(pointer);
}

void check(bool succeeded) {
  if (!succeeded) throw std::runtime_error("OpenSSL cannot make a certificate");
}

ByteView content_of(BIO* bio) {
  char* data = nullptr;
  long size = BIO_get_mem_data(bio, &data);
  return {reinterpret_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)};
}

void set_random_serial(X509* certificate) {
  ByteArray<16> bytes;
  fill_random(bytes);
  bytes[0] = (bytes[0] & 0x7f) | 0x40;  // positive and of a fixed length (RFC 5280, 4.1.2.2)
  Owned<BIGNUM> number = require(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  check(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr);
}

void set_validity(X509* certificate) {
  constexpr int thirty_years_in_days = 30 * 365;
  check(X509_time_adj_ex(X509_getm_notBefore(certificate), -1, 0, nullptr) != nullptr);
  check(X509_time_adj_ex(X509_getm_notAfter(certificate), thirty_years_in_days, 0, nullptr) !=
        nullptr);
}

Owned<X509> self_signed(EVP_PKEY* key) {
  Owned<X509> certificate = require(X509_new());
  check(X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  set_random_serial(certificate.get());
  set_validity(certificate.get());
  check(X509_set_pubkey(certificate.get(), key) == 1);
  // Names in certificates mean nothing here; the same one for all says nothing about the holder.
  X509_NAME* name = X509_get_subject_name(certificate.get());
  check(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>("oberih"), -1, -1,
                                   0) == 1);
  check(X509_set_issuer_name(certificate.get(), name) == 1);
  check(X509_sign(certificate.get(), key, EVP_sha256()) > 0);
  return certificate;
}

Digest spki_sha256(X509* certificate) {
  unsigned char* encoded = nullptr;
  int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &encoded);
  check(size > 0);
  Digest digest = sha256(ByteView(encoded, static_cast<std::size_t>(size)));
  OPENSSL_free(encoded);
  return digest;
}

}  // namespace

TlsKeyAndCertificate generate_tls_identity() {
  Owned<EVP_PKEY> key = require(EVP_EC_gen("P-256"));
  Owned<X509> certificate = self_signed(key.get());
  // BIO_s_secmem wipes what it held.
  Owned<BIO> key_text = require(BIO_new(BIO_s_secmem()));
  check(PEM_write_bio_PKCS8PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                      nullptr) == 1);
  Owned<BIO> certificate_text = require(BIO_new(BIO_s_mem()));
  check(PEM_write_bio_X509(certificate_text.get(), certificate.get()) == 1);
  return {SecretBuffer(content_of(key_text.get())),
          std::string(as_text(content_of(certificate_text.get()))), spki_sha256(certificate.get())};
}

Digest spki_sha256_of_certificate(std::string_view certificate_pem) {
  Owned<BIO> text =
      require(BIO_new_mem_buf(certificate_pem.data(), static_cast<int>(certificate_pem.size())));
  Owned<X509> certificate(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
  if (!certificate) throw std::runtime_error("the text is not a PEM certificate");
  return spki_sha256(certificate.get());
}

}  // namespace oberih::crypto
