// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/timestamp_token.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

#include "protocol/crypto/random_bytes.hpp"

namespace oberih::crypto {
namespace {

struct TimestampFree {
  void operator()(TS_REQ* request) const { TS_REQ_free(request); }
  void operator()(TS_RESP* response) const { TS_RESP_free(response); }
  void operator()(TS_TST_INFO* info) const { TS_TST_INFO_free(info); }
  void operator()(TS_MSG_IMPRINT* imprint) const { TS_MSG_IMPRINT_free(imprint); }
  void operator()(TS_VERIFY_CTX* context) const { TS_VERIFY_CTX_free(context); }
  void operator()(PKCS7* token) const { PKCS7_free(token); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  void operator()(X509_ALGOR* algorithm) const { X509_ALGOR_free(algorithm); }
  void operator()(ASN1_INTEGER* number) const { ASN1_INTEGER_free(number); }
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(STACK_OF(X509) * certificates) const { sk_X509_free(certificates); }
};
template <class T>
using TimestampOwned = std::unique_ptr<T, TimestampFree>;

void must_make(bool success) {
  if (!success) throw std::runtime_error("OpenSSL cannot make a time-stamp request.");
}

Refusal not_timestamp(const std::string& why) {
  ERR_clear_error();
  return refuse(RefusalCode::malformed_object, why);
}
/// With OpenSSL's newest words, which say what does not fit.
Refusal not_verified(const std::string& why) {
  const char* const words = ERR_reason_error_string(ERR_peek_last_error());
  const std::string detail = words == nullptr ? why : why + ": " + words;
  ERR_clear_error();
  return refuse(RefusalCode::verification_failed, detail);
}

template <class T, class Encode>
Bytes der_of(T* object, Encode encode) {
  unsigned char* der = nullptr;
  const int size = encode(object, &der);
  must_make(size > 0);
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

/// Nothing where bytes are left over.
template <class T, class Decode>
TimestampOwned<T> parse_der(ByteView bytes, Decode decode) {
  const unsigned char* at = bytes.data();
  TimestampOwned<T> object(decode(nullptr, &at, static_cast<long>(bytes.size())));
  if (object && at != bytes.data() + bytes.size()) object.reset();
  return object;
}

/// How many it has added.
int add_certificates(X509_STORE& store, std::string_view ca_pem) {
  TimestampOwned<BIO> pem(BIO_new_mem_buf(ca_pem.data(), static_cast<int>(ca_pem.size())));
  int count = 0;
  while (
      TimestampOwned<X509> certificate{PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr)}) {
    X509_STORE_add_cert(&store, certificate.get());
    ++count;
  }
  ERR_clear_error();
  return count;
}

void add_own_certificates(X509_STORE& store, const PKCS7& token) {
  const STACK_OF(X509)* const brought = token.d.sign->cert;
  for (int i = 0; i < sk_X509_num(brought); ++i)
    X509_STORE_add_cert(&store, sk_X509_value(brought, i));
  ERR_clear_error();
}

struct ParsedToken {
  TimestampOwned<PKCS7> token;
  std::time_t at = 0;
};

Result<ParsedToken> parse_token(ByteView token_der) {
  if (token_der.size() > timestamp_token_bytes) return not_timestamp("the token is too long");
  ParsedToken parsed;
  parsed.token = parse_der<PKCS7>(token_der, d2i_PKCS7);
  if (!parsed.token || PKCS7_type_is_signed(parsed.token.get()) != 1 ||
      parsed.token->d.sign == nullptr)
    return not_timestamp("this is no token");
  TimestampOwned<TS_TST_INFO> info(PKCS7_to_TS_TST_INFO(parsed.token.get()));
  if (!info) return not_timestamp("the token says nothing of time");
  std::tm parts{};
  if (ASN1_TIME_to_tm(TS_TST_INFO_get_time(info.get()), &parts) != 1)
    return not_timestamp("the token's time cannot be read");
  parsed.at = ::timegm(&parts);
  if (parsed.at < 0) return not_timestamp("the token's time cannot be read");
  return parsed;
}

std::string signer_of(PKCS7& token) {
  TimestampOwned<STACK_OF(X509)> signers(PKCS7_get0_signers(&token, nullptr, 0));
  if (!signers || sk_X509_num(signers.get()) == 0) return {};
  TimestampOwned<BIO> text(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(text.get(), X509_get_subject_name(sk_X509_value(signers.get(), 0)), 0,
                     XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
  char* words = nullptr;
  const long size = BIO_get_mem_data(text.get(), &words);
  return {words, static_cast<std::size_t>(size)};
}

Result<Timestamp> verify_token(const ParsedToken& parsed, const Digest& imprint,
                               TimestampOwned<X509_STORE> store) {
  // Certificates end; what was signed while they were valid stays so.
  X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store.get()), parsed.at);
  X509_VERIFY_PARAM_set_flags(X509_STORE_get0_param(store.get()), X509_V_FLAG_PARTIAL_CHAIN);
  TimestampOwned<TS_VERIFY_CTX> context(TS_VERIFY_CTX_new());
  TS_VERIFY_CTX_set_flags(context.get(), TS_VFY_VERSION | TS_VFY_IMPRINT | TS_VFY_SIGNATURE);
  TS_VERIFY_CTX_set_store(context.get(), store.release());
  // The context frees it.
  auto* const copy = static_cast<unsigned char*>(OPENSSL_malloc(Digest::size));
  std::copy(imprint.bytes.begin(), imprint.bytes.end(), copy);
  TS_VERIFY_CTX_set_imprint(context.get(), copy, static_cast<long>(Digest::size));
  if (TS_RESP_verify_token(context.get(), parsed.token.get()) != 1)
    return not_verified("the token does not verify");
  return Timestamp{static_cast<Milliseconds>(parsed.at) * 1000, signer_of(*parsed.token)};
}

}  // namespace

Bytes make_timestamp_request(const Digest& imprint) {
  TimestampOwned<TS_REQ> request(TS_REQ_new());
  TimestampOwned<TS_MSG_IMPRINT> message(TS_MSG_IMPRINT_new());
  TimestampOwned<X509_ALGOR> algorithm(X509_ALGOR_new());
  must_make(request && message && algorithm);
  X509_ALGOR_set_md(algorithm.get(), EVP_sha256());
  must_make(TS_MSG_IMPRINT_set_algo(message.get(), algorithm.get()) == 1);
  Bytes copy = to_bytes(imprint.view());
  must_make(TS_MSG_IMPRINT_set_msg(message.get(), copy.data(), static_cast<int>(copy.size())) == 1);
  must_make(TS_REQ_set_version(request.get(), 1) == 1);
  must_make(TS_REQ_set_msg_imprint(request.get(), message.get()) == 1);
  ByteArray<16> random;
  fill_random(random);
  TimestampOwned<BIGNUM> number(BN_bin2bn(random.data(), static_cast<int>(random.size()), nullptr));
  TimestampOwned<ASN1_INTEGER> nonce(BN_to_ASN1_INTEGER(number.get(), nullptr));
  must_make(nonce && TS_REQ_set_nonce(request.get(), nonce.get()) == 1);
  must_make(TS_REQ_set_cert_req(request.get(), 1) == 1);
  return der_of(request.get(),
                [](TS_REQ* object, unsigned char** out) { return i2d_TS_REQ(object, out); });
}

Result<Bytes> take_timestamp_token(ByteView response_der, ByteView request_der) {
  auto request = parse_der<TS_REQ>(request_der, d2i_TS_REQ);
  auto response = parse_der<TS_RESP>(response_der, d2i_TS_RESP);
  if (!request || !response) return not_timestamp("the answer is no time-stamp response");
  TimestampOwned<TS_VERIFY_CTX> context(TS_REQ_to_TS_VERIFY_CTX(request.get(), nullptr));
  if (!context) return not_timestamp("the request cannot be read");
  if (TS_RESP_verify_response(context.get(), response.get()) != 1)
    return not_verified("the authority's answer is no token for this request");
  PKCS7* const token = TS_RESP_get_token(response.get());
  Bytes bytes =
      der_of(token, [](PKCS7* object, unsigned char** out) { return i2d_PKCS7(object, out); });
  if (bytes.size() > timestamp_token_bytes) return not_timestamp("the token is too long");
  return bytes;
}

Result<Timestamp> verify_timestamp_token(ByteView token_der, const Digest& imprint,
                                         std::string_view ca_pem) {
  const Result<ParsedToken> parsed = parse_token(token_der);
  if (!parsed) return parsed.error();
  TimestampOwned<X509_STORE> store(X509_STORE_new());
  if (add_certificates(*store, ca_pem) == 0)
    return refuse(RefusalCode::usage, "there is no certificate in the PEM");
  return verify_token(*parsed, imprint, std::move(store));
}

Result<Timestamp> read_timestamp_token(ByteView token_der, const Digest& imprint) {
  const Result<ParsedToken> parsed = parse_token(token_der);
  if (!parsed) return parsed.error();
  TimestampOwned<X509_STORE> store(X509_STORE_new());
  add_own_certificates(*store, *parsed->token);
  return verify_token(*parsed, imprint, std::move(store));
}

bool holds_certificate(std::string_view pem) {
  const TimestampOwned<X509_STORE> store(X509_STORE_new());
  return add_certificates(*store, pem) != 0;
}

}  // namespace oberih::crypto
