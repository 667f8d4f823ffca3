// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/running_digest.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace oberih::crypto {
namespace {

void require_success(int succeeded) {
  if (succeeded != 1) throw std::runtime_error("SHA-256 is not available");
}

}  // namespace

struct RunningDigest::Context {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(context); }
};

RunningDigest::RunningDigest() : context_(std::make_unique<Context>()) {
  require_success(context_->context != nullptr &&
                  EVP_DigestInit_ex(context_->context, EVP_sha256(), nullptr) == 1);
}

RunningDigest::~RunningDigest() = default;

void RunningDigest::update(ByteView piece) {
  require_success(EVP_DigestUpdate(context_->context, piece.data(), piece.size()));
}

Digest RunningDigest::finish() {
  Digest digest;
  require_success(EVP_DigestFinal_ex(context_->context, digest.bytes.data(), nullptr));
  return digest;
}

}  // namespace oberih::crypto
