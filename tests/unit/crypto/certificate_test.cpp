// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/certificate.hpp"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

#include "protocol/crypto/digest.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace oberih::crypto {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Certificate parse(const std::string& pem) {
  Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  return {PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), &X509_free};
}

}  // namespace

TEST(Certificate, is_self_signed_by_its_own_p_256_key) {
  TlsKeyAndCertificate identity = generate_tls_identity();
  Certificate certificate = parse(identity.certificate_pem);
  ASSERT_TRUE(certificate);
  ByteView pem = identity.private_key_pem.view();
  Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  ASSERT_TRUE(key);
  EXPECT_EQ(EVP_PKEY_get_bits(key.get()), 256);
  EXPECT_EQ(X509_check_private_key(certificate.get(), key.get()), 1);
  EXPECT_EQ(X509_verify(certificate.get(), key.get()), 1);
}

TEST(Certificate, is_valid_from_yesterday_for_thirty_years) {
  Certificate certificate = parse(generate_tls_identity().certificate_pem);
  EXPECT_EQ(X509_cmp_current_time(X509_get0_notBefore(certificate.get())), -1);
  std::time_t later = std::time(nullptr) + 29ll * 365 * 24 * 3600;
  EXPECT_EQ(X509_cmp_time(X509_get0_notAfter(certificate.get()), &later), 1);
}

TEST(Certificate, is_known_by_the_hash_of_its_key) {
  TlsKeyAndCertificate identity = generate_tls_identity();
  EXPECT_EQ(spki_sha256_of_certificate(identity.certificate_pem), identity.spki_sha256);
  EXPECT_NE(generate_tls_identity().spki_sha256, identity.spki_sha256);
  Certificate certificate = parse(identity.certificate_pem);
  Bytes spki(static_cast<std::size_t>(i2d_PUBKEY(X509_get0_pubkey(certificate.get()), nullptr)));
  std::uint8_t* end = spki.data();
  i2d_PUBKEY(X509_get0_pubkey(certificate.get()), &end);
  EXPECT_EQ(sha256(spki), identity.spki_sha256);
}

TEST(Certificate, a_text_that_is_none_is_an_error) {
  EXPECT_THROW(spki_sha256_of_certificate(""), std::runtime_error);
  EXPECT_THROW(spki_sha256_of_certificate("-----BEGIN CERTIFICATE-----\nAAAA\n"),
               std::runtime_error);
}

}  // namespace oberih::crypto
