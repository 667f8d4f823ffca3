// SPDX-License-Identifier: Apache-2.0
// Strong types of fixed length: an agency's id can never be passed where a device's is wanted.
// Ordered bytewise (rosters depend on it).
#pragma once

#include <algorithm>
#include <compare>
#include <cstring>
#include <functional>
#include <optional>

#include "protocol/base/bytes.hpp"

namespace oberih {

template <class Tag, std::size_t N>
struct FixedBytes {
  static constexpr std::size_t size = N;

  ByteArray<N> bytes{};

  /// The value with exactly these bytes; nothing when the length is not N.
  static std::optional<FixedBytes> from(ByteView view) {
    if (view.size() != N) return std::nullopt;
    FixedBytes value;
    std::copy(view.begin(), view.end(), value.bytes.begin());
    return value;
  }

  ByteView view() const { return bytes; }
  bool is_zero() const {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
  }
  auto operator<=>(const FixedBytes&) const = default;
};

using AgencyId = FixedBytes<struct AgencyTag, 16>;
using PersonId = FixedBytes<struct PersonTag, 16>;
using DeviceId = FixedBytes<struct DeviceTag, 16>;
using UnitId = FixedBytes<struct UnitTag, 16>;
using MessageId = FixedBytes<struct MessageTag, 16>;  // `msg_id`: unique for its device
using ApprovalId = FixedBytes<struct ApprovalTag, 16>;
using GrantId = FixedBytes<struct GrantTag, 16>;
using TaskId = FixedBytes<struct TaskTag, 16>;
using HearingId = FixedBytes<struct HearingTag, 16>;
using ProceedingId = FixedBytes<struct ProceedingTag, 16>;
using ChannelId = FixedBytes<struct ChannelTag, 32>;

using Digest = FixedBytes<struct DigestTag, 32>;  // SHA-256
using Salt = FixedBytes<struct SaltTag, 32>;
using NameSalt = FixedBytes<struct NameSaltTag, 16>;
using SignaturePublicKey = FixedBytes<struct SignaturePublicKeyTag, 32>;  // Ed25519
using HpkePublicKey = FixedBytes<struct HpkePublicKeyTag, 32>;            // X25519
using Signature = FixedBytes<struct SignatureTag, 64>;                    // Ed25519

/// For unordered containers. Ids are random or hashes, so their first bytes are a good hash.
struct FixedBytesHash {
  template <class Tag, std::size_t N>
  std::size_t operator()(const FixedBytes<Tag, N>& value) const noexcept {
    static_assert(N >= sizeof(std::size_t));
    std::size_t hash;
    std::memcpy(&hash, value.bytes.data(), sizeof hash);
    return hash;
  }
};

}  // namespace oberih
