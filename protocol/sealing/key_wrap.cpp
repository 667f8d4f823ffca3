// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/key_wrap.hpp"

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/crypto/hpke.hpp"
#include "protocol/journal/merkle_tree.hpp"
#include "protocol/sealing/label.hpp"

namespace oberih::sealing {
namespace {

using crypto::Aead;

constexpr std::size_t prev_box_bytes = 48;

Refusal bad_wraps(std::string detail) {
  return refuse(RefusalCode::wraps_invalid, std::move(detail));
}

Result<KeyWrap> wrap_of(const WrapContext& context, std::optional<crypto::HpkeSealed> sealed) {
  KeyWrap wrap;
  if (!sealed) return refuse(RefusalCode::unacceptable_key, "the recipient's HPKE key");
  if (sealed->ciphertext.size() != wrap.ciphertext.size())
    return refuse(RefusalCode::wraps_invalid, "what is wrapped is no key of 32 bytes");
  wrap.epoch = context.epoch;
  wrap.device = context.device;
  wrap.kind = context.kind;
  wrap.encapsulated = sealed->encapsulated;
  std::copy(sealed->ciphertext.begin(), sealed->ciphertext.end(), wrap.ciphertext.begin());
  return wrap;
}

/// What each wrap of a record must be for, in order.
struct WrapRecipient {
  std::uint64_t epoch;
  DeviceId device;
  WrapKind kind;
};

Result<std::vector<WrapRecipient>> recipients_of_grant(const ChannelRecord& record) {
  std::vector<WrapRecipient> recipients;
  if (!record.change.grant) return bad_wraps("a grant without its item");
  const GrantItem& grant = *record.change.grant;
  if (grant.ends_ms == 0) return recipients;  // withdrawn
  if (grant.first_epoch == 0 || grant.last_epoch < grant.first_epoch ||
      grant.last_epoch - grant.first_epoch >= limits::roster_lines)
    return bad_wraps("a grant over no or too many epochs");
  for (std::uint64_t i = 0; i <= grant.last_epoch - grant.first_epoch; ++i)
    recipients.push_back({grant.first_epoch + i, grant.auditor_device, WrapKind::message_key});
  return recipients;
}

Result<std::vector<WrapRecipient>> recipients_of(const ChannelRecord& record) {
  std::vector<WrapRecipient> recipients;
  switch (record.op) {
    case RecordOp::create:
    case RecordOp::change:
    case RecordOp::rotate:
      for (const RosterLine& line : record.roster)
        recipients.push_back({record.epoch, line.device, WrapKind::epoch_key});
      return recipients;
    case RecordOp::grant:
      return recipients_of_grant(record);
    case RecordOp::close:
      return recipients;
  }
  return bad_wraps("an unknown op");
}

}  // namespace

Bytes wrap_info(const WrapContext& context) {
  ByteWriter writer = begin_label("epoch-wrap");
  writer.raw(context.channel).u64(context.epoch).u8(static_cast<std::uint8_t>(context.kind));
  writer.raw(context.key_commitment).raw(context.author);
  writer.raw(context.agency).raw(context.device).raw(context.hpke_key);
  return writer.take();
}

Result<KeyWrap> wrap_key(const WrapContext& context, ByteView secret) {
  return wrap_of(context, crypto::hpke_seal(Aead::aes_256_gcm, context.hpke_key, wrap_info(context),
                                            {}, secret));
}

Result<KeyWrap> wrap_key_with_ephemeral(const WrapContext& context, ByteView secret,
                                        const HpkeSecretKey& ephemeral) {
  return wrap_of(context,
                 crypto::hpke_seal_with_ephemeral(Aead::aes_256_gcm, ephemeral, context.hpke_key,
                                                  wrap_info(context), {}, secret));
}

std::optional<SymmetricKey> unwrap_key(const WrapContext& context, const KeyWrap& wrap,
                                       const HpkeSecretKey& recipient) {
  if (wrap.epoch != context.epoch || wrap.device != context.device || wrap.kind != context.kind)
    return std::nullopt;
  std::optional<SecretBuffer> opened = crypto::hpke_open(
      Aead::aes_256_gcm, recipient, wrap.encapsulated, wrap_info(context), {}, wrap.ciphertext);
  SymmetricKey secret;
  if (!opened || opened->size() != secret.writable().size()) return std::nullopt;
  std::copy(opened->view().begin(), opened->view().end(), secret.writable().begin());
  return secret;
}

Bytes encode_wraps(const std::vector<KeyWrap>& wraps) {
  ByteWriter writer(wraps.size() * key_wrap_bytes);
  for (const KeyWrap& wrap : wraps) {
    writer.u64(wrap.epoch).raw(wrap.device).u8(static_cast<std::uint8_t>(wrap.kind));
    writer.raw(wrap.encapsulated).raw(ByteView(wrap.ciphertext));
  }
  return writer.take();
}

Result<std::vector<KeyWrap>> parse_wraps(ByteView bytes) {
  if (bytes.size() % key_wrap_bytes != 0 || bytes.size() / key_wrap_bytes > limits::roster_lines)
    return bad_wraps("wraps of wrong length");
  std::vector<KeyWrap> wraps;
  wraps.reserve(bytes.size() / key_wrap_bytes);
  ByteReader reader(bytes);
  while (!reader.at_end()) {
    KeyWrap wrap;
    wrap.epoch = reader.u64();
    wrap.device = reader.id<DeviceId>();
    const std::uint8_t kind = reader.u8();
    if (kind != 1 && kind != 2) return bad_wraps("a wrap of an unknown kind");
    wrap.kind = static_cast<WrapKind>(kind);
    wrap.encapsulated = reader.id<HpkePublicKey>();
    const ByteView ciphertext = reader.take(wrap.ciphertext.size());
    std::copy(ciphertext.begin(), ciphertext.end(), wrap.ciphertext.begin());
    wraps.push_back(wrap);
  }
  return wraps;
}

Digest wraps_root(ByteView concatenated_wraps) {
  std::vector<Digest> leaves;
  for (std::size_t at = 0; at < concatenated_wraps.size(); at += key_wrap_bytes) {
    const std::size_t size = std::min(key_wrap_bytes, concatenated_wraps.size() - at);
    leaves.push_back(journal::hash_leaf(concatenated_wraps.subspan(at, size)));
  }
  return journal::merkle_root(leaves);
}

Result<void> check_wraps(const ChannelRecord& record, ByteView concatenated_wraps) {
  Result<std::vector<KeyWrap>> wraps = parse_wraps(concatenated_wraps);
  if (!wraps) return wraps.error();
  Result<std::vector<WrapRecipient>> recipients = recipients_of(record);
  if (!recipients) return recipients.error();
  if (wraps->size() != recipients->size()) return bad_wraps("one wrap too many or too few");
  for (std::size_t i = 0; i < wraps->size(); ++i) {
    const KeyWrap& wrap = (*wraps)[i];
    const WrapRecipient& recipient = (*recipients)[i];
    if (wrap.epoch != recipient.epoch || wrap.device != recipient.device ||
        wrap.kind != recipient.kind)
      return bad_wraps("wrap " + std::to_string(i) + " is for another device, epoch or kind");
    if (!crypto::is_acceptable(wrap.encapsulated))
      return bad_wraps("wrap " + std::to_string(i) + " has an unacceptable key");
  }
  if (wraps_root(concatenated_wraps) != record.wraps_root)
    return bad_wraps("the wraps are not those that were signed");
  return {};
}

Result<void> check_prev_box(const ChannelRecord& record, ByteView prev_box) {
  if (record.prev_box_hash.is_zero())
    return prev_box.empty() ? Result<void>() : bad_wraps("a box where the record has none");
  if (prev_box.size() != prev_box_bytes) return bad_wraps("a box of wrong length");
  if (crypto::sha256(prev_box) != record.prev_box_hash)
    return bad_wraps("the box is not the one that was signed");
  return {};
}

}  // namespace oberih::sealing
