// SPDX-License-Identifier: Apache-2.0
// Of record_sender.hpp: records that begin no epoch. A grant brings the auditor the message key of
// each epoch, out of the keys that this member holds.
#include "client-cli/verification/record_sender.hpp"
#include "protocol/sealing/key_wrap.hpp"

namespace oberih::client {

Result<Bytes> RecordSender::make_grant_wraps(VerifiedChannel& channel,
                                             const sealing::GrantItem& grant) const {
  std::vector<sealing::KeyWrap> wraps;
  const sealing::Device* auditor = session_.directory().find_device(grant.auditor_device);
  if (auditor == nullptr) return refuse(RefusalCode::unknown_device);
  for (std::uint64_t epoch = grant.first_epoch;
       grant.ends_ms != 0 && epoch <= std::min(grant.last_epoch, channel.state().epoch());
       ++epoch) {
    const std::optional<StoredEpoch> stored = channel.keys().find_epoch(epoch);
    const Result<MessageKey> key = channel.keys().message_key(epoch);
    if (!key) return key.error();
    if (!stored) return refuse(RefusalCode::cannot_open, "epoch " + std::to_string(epoch));
    const sealing::WrapContext context{channel.id(),
                                       epoch,
                                       sealing::WrapKind::message_key,
                                       stored->key_commitment,
                                       session_.ring().device,
                                       auditor->certificate.agency,
                                       grant.auditor_device,
                                       grant.hpke_key};
    Result<sealing::KeyWrap> wrap = sealing::wrap_key(context, key->view());
    if (!wrap) return wrap.error();
    wraps.push_back(*wrap);
  }
  return sealing::encode_wraps(wraps);
}

Result<RecordSender::Sealed> RecordSender::make_same_epoch(VerifiedChannel& channel,
                                                           sealing::RecordOp op,
                                                           const sealing::Change& change) {
  Result<sealing::ChannelRecord> next = next_record(channel, change);
  if (!next) return next.error();
  sealing::ChannelRecord& record = *next;
  Sealed sealed;
  if (change.grant) {
    Result<Bytes> wraps = make_grant_wraps(channel, *change.grant);
    if (!wraps) return wraps.error();
    sealed.request.wraps = std::move(*wraps);
  }
  record.op = op;
  record.key_commitment = channel.state().key_commitment();
  record.message_key_commitment = channel.state().message_key_commitment();
  record.wraps_root = sealing::wraps_root(sealed.request.wraps);
  OBERIH_TRY(quote_checkpoint(record));
  sealed.request.content = sealing::encode_record_content(record);
  sealed.request.signature = session_.signer().sign("channel-record", sealed.request.content);
  sealed.record = std::move(record);
  return sealed;
}

}  // namespace oberih::client
