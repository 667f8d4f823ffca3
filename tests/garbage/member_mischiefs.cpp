// SPDX-License-Identifier: Apache-2.0
// What a certified member does with signed objects and with the server's patience. A changed object
// that the server takes is a violation, whatever else happens.
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/device_certificate.hpp"
#include "tests/garbage/mischief.hpp"
#include "tests/garbage/signed_objects.hpp"

namespace oberih::garbage {
namespace {

using Turn = std::lock_guard<std::mutex>;

void change_byte(Scene& scene, std::span<std::uint8_t> bytes) {
  if (bytes.empty()) return;
  bytes[scene.random.below(bytes.size())] ^= static_cast<std::uint8_t>(1 + scene.random.below(255));
}

template <class Fixed>
void change_fixed(Scene& scene, Fixed& value) {
  Bytes bytes = to_bytes(value.view());
  change_byte(scene, bytes);
  value = *Fixed::from(bytes);
}

/// Puts what must be refused, whatever the reason.
Afterwards put_forged(Scene& scene, const SealedPost& post, std::string_view what) {
  const auto reply = put(scene, post, frame_of(scene, post));
  if (reply && !reply->refusal) scene.object("the server took " + std::string(what));
  return Afterwards::answers;
}

template <class Request>
Afterwards ask_forged(Scene& scene, const Request& request, std::string_view what) {
  const std::uint64_t id = scene.next_id;
  scene.send_request(request);
  const auto reply = scene.wait_for_reply(id);
  if (reply && !reply->refusal) scene.object("the server took " + std::string(what));
  return Afterwards::answers;
}

}  // namespace

Afterwards genuine_post(Scene& scene) {
  const Turn turn(scene.person.turn);
  SealedPost post;
  post_next(scene, post);
  return Afterwards::answers;
}

Afterwards repeated_post(Scene& scene) {
  const Turn turn(scene.person.turn);
  SealedPost post;
  if (!post_next(scene, post)) return Afterwards::answers_or_ends;
  const auto again = put(scene, post, frame_of(scene, post));
  wire::Appended appended;
  if (again && !again->refusal && !wire::parse_result(again->result, appended))
    scene.object("an entry sent again has an answer that is none");
  if (again && again->refusal && again->refusal->code != RefusalCode::server_busy)
    scene.object("an entry that is stored is refused when it comes again");
  return Afterwards::answers;
}

Afterwards changed_post(Scene& scene) {
  const Turn turn(scene.person.turn);
  SealedPost post = seal_post(scene.target, scene.person, next_header(scene.target, scene.person));
  switch (scene.random.below(5)) {
    case 0:
      change_byte(scene, post.request.header);
      break;
    case 1:
      change_fixed(scene, post.request.salt);
      break;
    case 2:
      change_fixed(scene, post.request.commitment);
      break;
    case 3:
      change_byte(scene, post.request.ciphertext);
      break;
    case 4:
      change_fixed(scene, post.request.signature);
      break;
  }
  return put_forged(scene, post, "an entry that was changed after it was signed");
}

Afterwards mutated_post(Scene& scene) {
  const Turn turn(scene.person.turn);
  const SealedPost post =
      seal_post(scene.target, scene.person, next_header(scene.target, scene.person));
  scene.target.book.sign_entry(post.header.message_id);
  put(scene, post, scene.random.mutate(frame_of(scene, post)));
  return Afterwards::answers_or_ends;
}

Afterwards foreign_sender(Scene& scene) {
  const Turn turn(scene.person.turn);
  auto header = next_header(scene.target, scene.person);
  header.sender = scene.target.honest->device;
  return put_forged(scene, seal_post(scene.target, scene.person, header),
                    "an entry in the name of somebody else");
}

Afterwards false_header(Scene& scene) {
  const Turn turn(scene.person.turn);
  auto header = next_header(scene.target, scene.person);
  switch (scene.random.below(9)) {
    case 0:
      header.channel = crypto::random_id<ChannelId>();
      break;
    case 1:
      header.epoch = scene.random.one_in(2) ? 2 : UINT64_MAX;
      break;
    case 2:
      header.channel_head = crypto::random_id<Digest>();
      break;
    case 3:
      header.sender_seq += 1 + scene.random.below(1'000);
      break;
    case 4:
      header.sender_prev = crypto::random_id<Digest>();
      break;
    case 5:
      header.seen_seq = 1'000'000'000;
      header.seen_hash = crypto::random_id<Digest>();
      break;
    case 6:
      header.log_size = scene.random.one_in(2) ? UINT64_MAX : header.log_size + 1'000'000'000;
      break;
    case 7:
      header.log_root = crypto::random_id<Digest>();
      break;
    case 8:
      header.type = EntryType::hearing;
      break;
  }
  return put_forged(scene, seal_post(scene.target, scene.person, header),
                    "an entry with a false statement");
}

Afterwards reused_message_id(Scene& scene) {
  const Turn turn(scene.person.turn);
  if (!scene.person.stored_id) return Afterwards::answers;
  auto header = next_header(scene.target, scene.person);
  header.message_id = *scene.person.stored_id;
  return put_forged(scene, seal_post(scene.target, scene.person, header),
                    "two entries under one message id");
}

Afterwards changed_record(Scene& scene) {
  auto record = make_record(scene.target, scene.person);
  switch (scene.random.below(5)) {
    case 0:
      change_byte(scene, record.content);
      break;
    case 1:
      change_byte(scene, record.wraps);
      break;
    case 2:
      change_fixed(scene, record.signature);
      break;
    case 3:
      record.prev_box = Bytes(1 + scene.random.below(200), 5);
      break;
    case 4:
      record.approvals = Bytes(1 + scene.random.below(200), 5);
      break;
  }
  return ask_forged(scene, record, "a record that was changed after it was signed");
}

Afterwards mutated_record(Scene& scene) {
  const auto record = make_record(scene.target, scene.person);
  scene.send_text(scene.random.mutate(
      wire::encode_request(scene.next_id++, wire::ChannelAppend::method, encode_params(record))));
  return Afterwards::answers_or_ends;
}

Afterwards changed_certificate(Scene& scene) {
  const faults::Member& me = scene.person.member;
  const sealing::NameCard card{crypto::random_id<DeviceId>(), crypto::random_id<NameSalt>(), "x",
                               ""};
  const auto now = wall_clock_ms();
  const Bytes content = sealing::encode_certificate_content(
      {crypto::random_id<AgencyId>(), crypto::random_id<PersonId>(), card.device, me.device,
       Role::investigator, sealing::name_hash(card.salt, card.name), me.signature.public_key,
       me.hpke.public_key, crypto::random_id<Digest>(), now, now + 86'400'000});
  const crypto::Signer signer(me.signature.secret_key);
  Bytes body = sealing::encode_certificate_body(
      {content, signer.sign("device-cert", content), signer.sign("device-pop", content)});
  if (scene.random.one_in(2)) change_byte(scene, body);
  return ask_forged(scene, wire::DirectoryAppend{journal::LeafKind::device_certificate, body, card},
                    "a certificate from somebody who may not certify");
}

Afterwards follow_flood(Scene& scene) {
  for (std::size_t i = 20 + scene.random.below(80); i > 0; --i) {
    const ChannelId channel =
        scene.random.one_in(3) ? crypto::random_id<ChannelId>() : scene.target.room->channel;
    const std::uint64_t after = scene.random.one_in(8) ? UINT64_MAX : scene.random.below(2'000);
    if (!(scene.random.one_in(3) ? scene.send_request(wire::ChannelUnfollow{channel})
                                 : scene.send_request(wire::ChannelFollow{channel, after})))
      break;
  }
  return Afterwards::answers_or_ends;
}

Afterwards read_flood(Scene& scene) {
  const ChannelId channel = scene.target.room->channel;
  for (std::size_t i = 50 + scene.random.below(200); i > 0; --i) {
    const auto limit = static_cast<std::uint32_t>(scene.random.below(30));
    bool is_open = true;
    switch (scene.random.below(4)) {
      case 0:
        is_open = scene.send_request(
            wire::ChannelRead{channel, scene.random.below(3'000), limit, scene.random.one_in(2)});
        break;
      case 1:
        is_open = scene.send_request(wire::DirectoryRead{scene.random.below(40), limit});
        break;
      case 2:
        is_open =
            scene.send_request(wire::EntryFind{channel, {60, crypto::random_id<MessageId>()}});
        break;
      case 3:
        is_open = scene.send_request(wire::DirectoryNames{});
        break;
    }
    if (!is_open) break;
  }
  return Afterwards::answers_or_ends;
}

Afterwards post_cut_in_frame(Scene& scene) {
  const Turn turn(scene.person.turn);
  const SealedPost post =
      seal_post(scene.target, scene.person, next_header(scene.target, scene.person));
  scene.target.book.sign_entry(post.header.message_id);
  const std::string frame = text_frame(frame_of(scene, post));
  scene.line.send(frame.substr(0, scene.random.below(frame.size())));
  return Afterwards::we_leave;
}

Afterwards post_and_cut(Scene& scene) {
  const Turn turn(scene.person.turn);
  const SealedPost post =
      seal_post(scene.target, scene.person, next_header(scene.target, scene.person));
  scene.target.book.sign_entry(post.header.message_id);
  scene.send_text(frame_of(scene, post));
  return Afterwards::we_leave;
}

Afterwards stop_reading(Scene& scene) {
  for (std::size_t i = 20 + scene.random.below(100); i > 0; --i)
    if (!scene.send_request(wire::ChannelRead{scene.target.room->channel, 0, 1'000, false})) break;
  scene.line.be_deaf(std::chrono::milliseconds(500 + scene.random.below(4'000)));
  return Afterwards::server_ends;
}

}  // namespace oberih::garbage
