// SPDX-License-Identifier: Apache-2.0
// An issuer of certificates in memory, and what it issues: a time-stamping authority, which answers
// as RFC 3161 says, and a web server's certificate. For tests that have no process to ask.
#pragma once

#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "protocol/crypto/timestamp_token.hpp"

namespace oberih::test {

struct IssuerFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(TS_RESP_CTX* context) const { TS_RESP_CTX_free(context); }
  void operator()(TS_RESP* response) const { TS_RESP_free(response); }
  void operator()(ASN1_OBJECT* object) const { ASN1_OBJECT_free(object); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
template <class T>
using Issued = std::unique_ptr<T, IssuerFree>;

inline void must_issue(bool success) {
  if (!success) throw std::runtime_error("OpenSSL does not make a test's certificate");
}
template <class Write>
std::string pem_of(Write write) {
  const Issued<BIO> bio(BIO_new(BIO_s_mem()));
  must_issue(write(bio.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

struct IssuedKey {
  Issued<EVP_PKEY> key;
  Issued<X509> certificate;

  std::string certificate_pem() const {
    return pem_of([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate.get()); });
  }
  std::string key_pem() const {
    return pem_of([&](BIO* bio) {
      return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }
};

/// Good from 2000 to 2099.
class TestIssuer {
 public:
  explicit TestIssuer(const std::string& name) {
    root_ =
        make(name, nullptr,
             {{NID_basic_constraints, "critical,CA:TRUE"}, {NID_subject_key_identifier, "hash"}});
  }
  std::string pem() const { return root_.certificate_pem(); }
  using Extensions = std::vector<std::pair<int, std::string>>;
  IssuedKey issue(const std::string& name, const Extensions& extensions) const {
    Extensions all = extensions;  // roots of one name are told apart by their keys
    all.emplace_back(NID_authority_key_identifier, "keyid:always");
    return make(name, &root_, all);
  }
  /// `names`: as in a certificate, such as "IP:127.0.0.1".
  IssuedKey issue_server(const std::string& names) const {
    return issue("Test server", {{NID_subject_alt_name, names}});
  }

 private:
  static IssuedKey make(const std::string& name, const IssuedKey* issuer,
                        const Extensions& extensions) {
    static long serial = 0;
    IssuedKey made{Issued<EVP_PKEY>(EVP_EC_gen("P-256")), Issued<X509>(X509_new())};
    X509* const raw = made.certificate.get();
    must_issue(made.key && raw != nullptr && X509_set_version(raw, 2) == 1);
    ASN1_INTEGER_set(X509_get_serialNumber(raw), ++serial);
    must_issue(ASN1_TIME_set_string(X509_getm_notBefore(raw), "20000101000000Z") == 1);
    must_issue(ASN1_TIME_set_string(X509_getm_notAfter(raw), "20991231235959Z") == 1);
    must_issue(X509_NAME_add_entry_by_txt(X509_get_subject_name(raw), "CN", MBSTRING_UTF8,
                                          reinterpret_cast<const unsigned char*>(name.c_str()), -1,
                                          -1, 0) == 1);
    X509* const by = issuer != nullptr ? issuer->certificate.get() : raw;
    must_issue(X509_set_issuer_name(raw, X509_get_subject_name(by)) == 1);
    must_issue(X509_set_pubkey(raw, made.key.get()) == 1);
    X509V3_CTX context;
    X509V3_set_ctx(&context, by, raw, nullptr, nullptr, 0);
    for (const auto& [nid, value] : extensions) {
      const Issued<X509_EXTENSION> extension(
          X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
      must_issue(extension && X509_add_ext(raw, extension.get(), -1) == 1);
    }
    must_issue(
        X509_sign(raw, issuer != nullptr ? issuer->key.get() : made.key.get(), EVP_sha256()) > 0);
    return made;
  }

  IssuedKey root_;
};

class TestTimeAuthority {
 public:
  explicit TestTimeAuthority(const TestIssuer& issuer, const std::string& name = "Test time-stamps")
      : own_(issuer.issue(name, {{NID_key_usage, "critical,digitalSignature"},
                                 {NID_ext_key_usage, "critical,timeStamping"}})) {}

  std::time_t now_s = 1'800'000'000;  // its clock

  /// TimeStampResp.
  Bytes answer(ByteView request) {
    const Issued<TS_RESP_CTX> context(TS_RESP_CTX_new());
    const Issued<ASN1_OBJECT> policy(OBJ_txt2obj("1.2.3.4.1", 1));
    must_issue(TS_RESP_CTX_set_signer_cert(context.get(), own_.certificate.get()) == 1 &&
               TS_RESP_CTX_set_signer_key(context.get(), own_.key.get()) == 1 &&
               TS_RESP_CTX_set_signer_digest(context.get(), EVP_sha256()) == 1 &&
               TS_RESP_CTX_set_def_policy(context.get(), policy.get()) == 1 &&
               TS_RESP_CTX_add_md(context.get(), EVP_sha256()) == 1);
    TS_RESP_CTX_set_serial_cb(context.get(), next_serial, this);
    TS_RESP_CTX_set_time_cb(context.get(), tell_time, this);
    const Issued<BIO> asked(BIO_new_mem_buf(request.data(), static_cast<int>(request.size())));
    const Issued<TS_RESP> response(TS_RESP_create_response(context.get(), asked.get()));
    must_issue(response != nullptr);
    unsigned char* der = nullptr;
    const int size = i2d_TS_RESP(response.get(), &der);
    must_issue(size > 0);
    Bytes bytes(der, der + size);
    OPENSSL_free(der);
    return bytes;
  }
  /// TimeStampToken.
  Bytes stamp(const Digest& imprint) {
    const Bytes request = crypto::make_timestamp_request(imprint);
    const Result<Bytes> token = crypto::take_timestamp_token(answer(request), request);
    if (!token) throw std::runtime_error(token.error().detail);
    return *token;
  }

 private:
  static ASN1_INTEGER* next_serial(TS_RESP_CTX*, void* self) {
    ASN1_INTEGER* const serial = ASN1_INTEGER_new();
    ASN1_INTEGER_set(serial, ++static_cast<TestTimeAuthority*>(self)->serial_);
    return serial;
  }
  static int tell_time(TS_RESP_CTX*, void* self, long* seconds, long* microseconds) {
    *seconds = static_cast<TestTimeAuthority*>(self)->now_s;
    *microseconds = 0;
    return 1;
  }

  IssuedKey own_;
  long serial_ = 0;
};

}  // namespace oberih::test
