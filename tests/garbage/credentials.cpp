// SPDX-License-Identifier: Apache-2.0
#include "tests/garbage/credentials.hpp"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <array>
#include <stdexcept>

namespace oberih::garbage {
namespace {

using Bio = std::unique_ptr<BIO, int (*)(BIO*)>;

Bio memory_of(ByteView bytes) {
  return {BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())), BIO_free};
}

template <class Pointer>
Pointer require(Pointer made) {
  if (!made) throw std::runtime_error("OpenSSL refuses a credential of this program");
  return made;
}

}  // namespace

Certificate certificate_of(const socket::TlsIdentity& identity) {
  const Bio text = memory_of(as_bytes(identity.certificate_pem));
  return require(Certificate(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr), X509_free));
}

Key key_of(const socket::TlsIdentity& identity) {
  const Bio text = memory_of(identity.private_key_pem.view());
  return require(
      Key(PEM_read_bio_PrivateKey(text.get(), nullptr, nullptr, nullptr), EVP_PKEY_free));
}

Key mismatched_key(const socket::TlsIdentity& shown, const socket::TlsIdentity& owned) {
  const Key theirs = key_of(shown), ours = key_of(owned);
  std::array<unsigned char, 128> point{};
  std::size_t point_bytes = 0;
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_octet_string_param(theirs.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                      point.size(), &point_bytes) != 1 ||
      EVP_PKEY_get_bn_param(ours.get(), OSSL_PKEY_PARAM_PRIV_KEY, &number) != 1)
    throw std::runtime_error("OpenSSL does not show the halves of a key");
  const std::unique_ptr<BIGNUM, void (*)(BIGNUM*)> secret(number, BN_free);
  const std::unique_ptr<OSSL_PARAM_BLD, void (*)(OSSL_PARAM_BLD*)> builder(OSSL_PARAM_BLD_new(),
                                                                           OSSL_PARAM_BLD_free);
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point_bytes);
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret.get());
  const std::unique_ptr<OSSL_PARAM, void (*)(OSSL_PARAM*)> parameters(
      OSSL_PARAM_BLD_to_param(builder.get()), OSSL_PARAM_free);
  const std::unique_ptr<EVP_PKEY_CTX, void (*)(EVP_PKEY_CTX*)> context(
      EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr), EVP_PKEY_CTX_free);
  EVP_PKEY* made = nullptr;
  EVP_PKEY_fromdata_init(context.get());
  EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_KEYPAIR, parameters.get());
  return require(Key(made, EVP_PKEY_free));
}

}  // namespace oberih::garbage
