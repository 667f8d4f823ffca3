// SPDX-License-Identifier: Apache-2.0
#include "tests/load/population.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include "protocol/crypto/hpke.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/epoch_keys.hpp"
#include "protocol/sealing/key_wrap.hpp"

namespace oberih::load {
namespace {

constexpr Milliseconds day_ms = 24ull * 3600 * 1000;

sealing::ChannelRecord begin_record(const application::SignedCheckpoint& quoted,
                                    const Channel& channel) {
  sealing::ChannelRecord record;
  record.op = sealing::RecordOp::create;
  record.seq = record.epoch = 1;
  record.prev_record = crypto::random_id<Digest>();
  record.policy = {ChannelKind::ordinary, 1, History::full};
  for (const Member* member : channel.members)
    record.roster.push_back({member->device(), member->certificate.hpke_key,
                             member == channel.members[0] ? RosterRole::admin : RosterRole::member,
                             0});
  std::ranges::sort(record.roster, {}, &sealing::RosterLine::device);
  record.log_size = quoted.size;
  record.log_root = quoted.root;
  record.author = channel.members[0]->device();
  record.client_ms = wall_clock_ms();
  record.channel = sealing::derive_channel_id(record);
  return record;
}

}  // namespace

domain::Caller Member::caller() const {
  return {certificate.device, certificate.person, certificate.agency, AgencyKind::police,
          certificate.role};
}

std::unique_ptr<Member> make_member(const Certifier& certifier, Role role) {
  auto member = std::make_unique<Member>();
  crypto::SignatureKeyPair keys = crypto::generate_signature_keys();
  crypto::HpkeKeyPair hpke_keys = crypto::generate_hpke_keys();
  member->signer = std::make_unique<crypto::Signer>(keys.secret_key);
  member->tls = crypto::generate_tls_identity();
  const Milliseconds now = wall_clock_ms();
  sealing::NameCard card{crypto::random_id<DeviceId>(), crypto::random_id<NameSalt>(), "Слідча",
                         "uk"};
  member->certificate = {certifier.agency,
                         crypto::random_id<PersonId>(),
                         card.device,
                         certifier.device,
                         role,
                         sealing::name_hash(card.salt, card.name),
                         keys.public_key,
                         hpke_keys.public_key,
                         member->tls.spki_sha256,
                         now - day_ms,
                         now + 365 * day_ms};
  member->signature_seed = std::move(keys.secret_key);
  member->hpke_secret = std::move(hpke_keys.secret_key);
  const Bytes content = sealing::encode_certificate_content(member->certificate);
  const sealing::SignedCertificate body{content, certifier.signer->sign("device-cert", content),
                                        member->signer->sign("device-pop", content)};
  member->leaf = {journal::LeafKind::device_certificate, sealing::encode_certificate_body(body),
                  std::move(card)};
  return member;
}

std::vector<std::unique_ptr<Member>> make_members(std::size_t count, const Certifier& certifier) {
  std::vector<std::unique_ptr<Member>> members(count);
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
    threads.emplace_back([&] {
      for (std::size_t at = next++; at < count; at = next++)
        members[at] = make_member(certifier, Role::investigator);
    });
  threads.clear();
  return members;
}

wire::ChannelAppend make_channel(const application::SignedCheckpoint& quoted, Channel& channel) {
  sealing::ChannelRecord record = begin_record(quoted, channel);
  const EpochKey epoch_key = crypto::random_secret<EpochKey>();
  auto keys = sealing::derive_epoch_keys(epoch_key, record.channel, 1);
  record.key_commitment = keys.key_commitment;
  record.message_key_commitment = keys.message_key_commitment;
  const AgencyId& agency = channel.members[0]->certificate.agency;
  std::vector<sealing::KeyWrap> wraps;
  for (const sealing::RosterLine& line : record.roster)
    wraps.push_back(require(
        sealing::wrap_key({record.channel, 1, sealing::WrapKind::epoch_key, keys.key_commitment,
                           record.author, agency, line.device, line.hpke_key},
                          epoch_key.view()),
        "a wrap"));
  const Bytes stored = sealing::encode_wraps(wraps);
  record.wraps_root = sealing::wraps_root(stored);
  const Bytes content = sealing::encode_record_content(record);
  channel.id = record.channel;
  channel.head = sealing::record_hash(content);
  channel.message_key = std::move(keys.message_key);
  return {content, channel.members[0]->signer->sign("channel-record", content), {}, stored, {}};
}

}  // namespace oberih::load
