// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/digest.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

#include "protocol/base/byte_writer.hpp"

namespace oberih::crypto {
namespace {

void check_digest(int succeeded) {
  if (succeeded != 1) throw std::runtime_error("SHA-256 is not available");
}

struct DigestContextDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// One context for each thread, and the algorithm looked up once: for short inputs both cost more
// than the hash, which the tree and every chain call all the time.
EVP_MD_CTX* begin() {
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const std::unique_ptr<EVP_MD_CTX, DigestContextDeleter> context(EVP_MD_CTX_new());
  if (!algorithm || !context) throw std::runtime_error("SHA-256 is not available");
  check_digest(EVP_DigestInit_ex2(context.get(), algorithm, nullptr));
  return context.get();
}

Digest finish(EVP_MD_CTX* context) {
  Digest digest;
  check_digest(EVP_DigestFinal_ex(context, digest.bytes.data(), nullptr));
  return digest;
}

}  // namespace

Digest sha256(ByteView data) { return sha256({data}); }

Digest sha256(std::initializer_list<ByteView> parts) {
  EVP_MD_CTX* context = begin();
  for (ByteView part : parts) check_digest(EVP_DigestUpdate(context, part.data(), part.size()));
  return finish(context);
}

Digest labelled_hash(std::string_view label, ByteView content) {
  ByteWriter length(4);
  length.u32(static_cast<std::uint32_t>(label_prefix.size() + label.size()));
  return sha256({length.bytes(), as_bytes(label_prefix), as_bytes(label), content});
}

}  // namespace oberih::crypto
