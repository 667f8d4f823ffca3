// SPDX-License-Identifier: Apache-2.0
// Memory that is wiped when it dies and cannot be printed by accident.
#pragma once

#include <string.h>

#include <utility>

#include "protocol/base/bytes.hpp"

namespace oberih {

/// A secret of fixed length. Copies are deliberate (`copy()`); a moved-from secret is wiped.
template <class Tag, std::size_t N>
class Secret {
 public:
  Secret() = default;
  explicit Secret(const ByteArray<N>& bytes) : bytes_(bytes) {}
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept : bytes_(other.bytes_) { other.wipe(); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      bytes_ = other.bytes_;
      other.wipe();
    }
    return *this;
  }
  ~Secret() { wipe(); }

  Secret copy() const { return Secret(bytes_); }
  ByteView view() const { return bytes_; }
  std::span<std::uint8_t, N> writable() { return bytes_; }
  void wipe() { explicit_bzero(bytes_.data(), N); }

 private:
  ByteArray<N> bytes_{};
};

using SignatureSecretKey = Secret<struct SignatureSecretKeyTag, 32>;  // Ed25519 seed (RFC 8032)
using HpkeSecretKey = Secret<struct HpkeSecretKeyTag, 32>;            // X25519 scalar
using EpochKey = Secret<struct EpochKeyTag, 32>;                      // K_e
using MessageKey = Secret<struct MessageKeyTag, 32>;                  // mk
using SymmetricKey = Secret<struct SymmetricKeyTag, 32>;              // AES-256, PRK

/// A secret whose length is known only at run time: an opened text, a decrypted key ring.
class SecretBuffer {
 public:
  SecretBuffer() = default;
  explicit SecretBuffer(std::size_t size) : bytes_(size) {}
  explicit SecretBuffer(ByteView view) : bytes_(view.begin(), view.end()) {}
  SecretBuffer(const SecretBuffer&) = delete;
  SecretBuffer& operator=(const SecretBuffer&) = delete;
  SecretBuffer(SecretBuffer&& other) noexcept : bytes_(std::move(other.bytes_)) {}
  SecretBuffer& operator=(SecretBuffer&& other) noexcept {
    wipe();
    bytes_ = std::move(other.bytes_);
    return *this;
  }
  ~SecretBuffer() { wipe(); }

  ByteView view() const { return bytes_; }
  std::span<std::uint8_t> writable() { return bytes_; }
  std::size_t size() const { return bytes_.size(); }
  /// Shortens only: growing would leave an unwiped copy behind.
  void shrink_to(std::size_t size) {
    if (size >= bytes_.size()) return;
    explicit_bzero(bytes_.data() + size, bytes_.size() - size);
    bytes_.resize(size);
  }
  void wipe() {
    if (!bytes_.empty()) explicit_bzero(bytes_.data(), bytes_.size());
  }

 private:
  Bytes bytes_;
};

}  // namespace oberih
