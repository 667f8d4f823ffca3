// SPDX-License-Identifier: Apache-2.0
#include "tests/garbage/signed_objects.hpp"

#include <algorithm>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/sealing/channel_record.hpp"
#include "protocol/sealing/epoch_keys.hpp"
#include "protocol/sealing/key_wrap.hpp"
#include "protocol/sealing/message_text.hpp"

namespace oberih::garbage {
namespace {

/// `sender_seq=<decimal> message_hash=<hex>`, docs/protocol.md 2.
void learn_chain(HostileMember& person, const std::string& detail) {
  const auto number = detail.find('='), hash = detail.rfind('=');
  if (number == std::string::npos || number == hash) return;
  person.sender_seq = std::strtoull(detail.c_str() + number + 1, nullptr, 10);
  person.message_hash = encoding::decode_hex_as<Digest>(detail.substr(hash + 1)).value_or(Digest{});
}

}  // namespace

sealing::EntryHeader next_header(const Target& target, const HostileMember& person) {
  const faults::Room& room = *target.room;
  sealing::EntryHeader header;
  header.type = EntryType::message;
  header.channel = room.channel;
  header.epoch = 1;
  header.channel_head = room.channel_head;
  header.sender = person.member.device;
  header.sender_seq = person.sender_seq + 1;
  header.sender_prev = person.message_hash;
  header.log_size = room.checkpoint.size;
  header.log_root = room.checkpoint.root;
  header.client_ms = wall_clock_ms();
  header.message_id = crypto::random_id<MessageId>();
  return header;
}

SealedPost seal_post(const Target& target, const HostileMember& person,
                     const sealing::EntryHeader& header) {
  const auto text = faults::require(
      sealing::encode_message_text({sealing::MessageWhat::text, "of a hostile member"}));
  auto sealed =
      faults::require(sealing::seal_entry(header, text.view(), target.room->message_key,
                                          crypto::Signer(person.member.signature.secret_key)));
  return {header,
          sealing::message_hash(sealed.entry),
          {sealed.entry.header, sealed.entry.salt, sealed.entry.commitment,
           std::move(sealed.ciphertext), sealed.entry.signature}};
}

std::string frame_of(Scene& scene, const SealedPost& post) {
  return wire::encode_request(scene.next_id++, wire::EntryPost::method,
                              encode_params(post.request));
}

std::optional<wire::RpcReply> put(Scene& scene, const SealedPost& post, std::string_view frame) {
  std::optional<std::uint64_t> id;
  (void)wire::parse_request(frame, &id);
  scene.send_text(frame);
  auto reply = scene.wait_for_reply(id.value_or(0));
  if (!reply) return reply;
  HostileMember& person = scene.person;
  wire::Appended appended;
  if (reply->refusal) {
    if (reply->refusal->code == RefusalCode::sender_chain_broken)
      learn_chain(person, reply->refusal->detail);
  } else if (wire::parse_result(reply->result, appended) &&
             post.header.sender_seq > person.sender_seq) {
    person.sender_seq = post.header.sender_seq;
    person.message_hash = post.message_hash;
    person.stored_id = post.header.message_id;
    scene.target.book.acknowledge_entry(post.header.message_id);
  }
  return reply;
}

bool post_next(Scene& scene, SealedPost& post) {
  for (int tries = 0; tries < 3; ++tries) {
    post = seal_post(scene.target, scene.person, next_header(scene.target, scene.person));
    scene.target.book.sign_entry(post.header.message_id);
    const auto reply = put(scene, post, frame_of(scene, post));
    if (!reply) return false;  // the connection is over
    if (!reply->refusal) return true;
    if (reply->refusal->code == RefusalCode::server_busy) return false;
    if (reply->refusal->code != RefusalCode::sender_chain_broken) {
      scene.object("a valid entry is refused: " +
                   std::string(refusal_row(reply->refusal->code).name));
      return false;
    }
  }
  scene.object("the chain's head that the server names is not the head");
  return false;
}

wire::ChannelAppend make_record(Target& target, const HostileMember& person) {
  const EpochKey epoch_key = crypto::random_secret<EpochKey>();
  sealing::ChannelRecord record;
  record.op = sealing::RecordOp::create;
  record.seq = record.epoch = 1;
  record.prev_record = crypto::random_id<Digest>();
  record.policy = {ChannelKind::ordinary, 1, History::full};
  for (const faults::Member* member : {&person.member, target.honest})
    record.roster.push_back({member->device, member->hpke.public_key,
                             member == target.honest ? RosterRole::member : RosterRole::admin, 0});
  std::ranges::sort(record.roster, {}, [](const auto& line) { return line.device; });
  record.log_size = target.room->checkpoint.size;
  record.log_root = target.room->checkpoint.root;
  record.author = person.member.device;
  record.client_ms = wall_clock_ms();
  record.channel = sealing::derive_channel_id(record);
  target.book.sign_channel(record.channel);
  const auto keys = sealing::derive_epoch_keys(epoch_key, record.channel, 1);
  record.key_commitment = keys.key_commitment;
  record.message_key_commitment = keys.message_key_commitment;
  std::vector<sealing::KeyWrap> wraps;
  for (const auto& line : record.roster)
    wraps.push_back(faults::require(
        sealing::wrap_key({record.channel, 1, sealing::WrapKind::epoch_key, keys.key_commitment,
                           record.author, AgencyId{}, line.device, line.hpke_key},
                          epoch_key.view())));
  const Bytes stored = sealing::encode_wraps(wraps);
  record.wraps_root = sealing::wraps_root(stored);
  const Bytes content = sealing::encode_record_content(record);
  return {content,
          crypto::Signer(person.member.signature.secret_key).sign("channel-record", content),
          {},
          stored,
          {}};
}

std::vector<std::string> genuine_requests(Target& target, HostileMember& person) {
  const SealedPost post = seal_post(target, person, next_header(target, person));
  target.book.sign_entry(post.header.message_id);
  const ChannelId channel = target.room->channel;
  std::vector<std::string> frames;
  const auto add = [&frames](const auto& request) {
    frames.push_back(
        wire::encode_request(1, std::decay_t<decltype(request)>::method, encode_params(request)));
  };
  add(wire::ChannelList{});
  add(wire::SessionHello{"garbage", 0});
  add(wire::DirectoryRead{0, 100});
  add(wire::DirectoryAppend{journal::LeafKind::device_certificate, Bytes(200, 7), std::nullopt});
  add(wire::DirectoryNames{{person.member.device}});
  add(make_record(target, person));
  add(wire::ChannelRead{channel, 0, 10, true});
  add(wire::ChannelFollow{channel, 0});
  add(wire::ChannelUnfollow{channel});
  add(post.request);
  add(wire::EntryFind{channel, {post.header.message_id}});
  add(wire::CheckpointRead{});
  return frames;
}

}  // namespace oberih::garbage
