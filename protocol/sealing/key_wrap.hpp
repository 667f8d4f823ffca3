// SPDX-License-Identifier: Apache-2.0
// Wraps: an epoch's key, sealed by HPKE to each device of the roster. The record's wraps_root
// covers every (enc, ct), so a server can neither add nor change one.
#pragma once

#include <optional>
#include <vector>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"
#include "protocol/sealing/channel_record.hpp"

namespace oberih::sealing {

enum class WrapKind : std::uint8_t { epoch_key = 1, message_key = 2 };

/// Stored as `u64 epoch || device || u8 kind || enc[32] || ct[48]`.
struct KeyWrap {
  std::uint64_t epoch = 0;
  DeviceId device;
  WrapKind kind{};
  HpkePublicKey encapsulated;
  ByteArray<48> ciphertext{};
};
inline constexpr std::size_t key_wrap_bytes = 8 + 16 + 1 + 32 + 48;

/// Whom a wrap is for and by; all of it is bound by HPKE's info.
struct WrapContext {
  ChannelId channel;
  std::uint64_t epoch = 0;
  WrapKind kind{};
  Digest key_commitment;  // kc of the epoch
  DeviceId author;
  AgencyId agency;  // the recipient's
  DeviceId device;
  HpkePublicKey hpke_key;
};
Bytes wrap_info(const WrapContext& context);

/// `secret` is K_e (kind 1) or mk (kind 2). Refuses with unacceptable_key.
Result<KeyWrap> wrap_key(const WrapContext& context, ByteView secret);
/// For vectors only: with a given ephemeral key.
Result<KeyWrap> wrap_key_with_ephemeral(const WrapContext& context, ByteView secret,
                                        const HpkeSecretKey& ephemeral);
/// The 32-byte secret, or nothing when the wrap does not open. The caller checks the commitment.
std::optional<SymmetricKey> unwrap_key(const WrapContext& context, const KeyWrap& wrap,
                                       const HpkeSecretKey& recipient);

Bytes encode_wraps(const std::vector<KeyWrap>& wraps);  // concatenated
/// At most roster_lines wraps.
Result<std::vector<KeyWrap>> parse_wraps(ByteView bytes);
/// RFC 6962 root over the stored wraps, in order; `H("")` of none.
Digest wraps_root(ByteView concatenated_wraps);
/// One kind-1 wrap of the record's epoch per roster line, in order, and the root matches. (A grant:
/// its one device, epochs a..b once, kind 2; a withdrawal and a close: none.) wraps_invalid.
Result<void> check_wraps(const ChannelRecord& record, ByteView concatenated_wraps);
/// prev_box matches prev_box_hash (empty box where the hash is zero). wraps_invalid.
Result<void> check_prev_box(const ChannelRecord& record, ByteView prev_box);

}  // namespace oberih::sealing
