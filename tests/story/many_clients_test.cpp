// SPDX-License-Identifier: Apache-2.0
// Two hundred people in one channel, all posting and following at once: everybody receives
// everything once, in one order. Run under ASan+UBSan and TSan it also shows that server and client
// are silent.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <semaphore>
#include <thread>

#include "client-cli/connection/server_connection.hpp"
#include "client-cli/keyring/key_ring.hpp"
#include "client-cli/keyring/profile.hpp"
#include "protocol/crypto/certificate.hpp"
#include "protocol/crypto/hpke.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/journal/checkpoint.hpp"
#include "protocol/sealing/channel_record.hpp"
#include "protocol/sealing/epoch_keys.hpp"
#include "protocol/sealing/genesis.hpp"
#include "protocol/sealing/key_wrap.hpp"
#include "protocol/sealing/message_text.hpp"
#include "protocol/sealing/sealed_entry.hpp"
#include "tests/support/deployment.hpp"

namespace oberih::test {
namespace {

constexpr std::size_t people = 200;
constexpr std::size_t posts_each = 5;
// A sanitizer on a busy machine makes everything wait for minutes; what is tested is the order.
constexpr std::chrono::minutes patience{5};
constexpr const char* settings_of_a_slow_machine =
    "handshakes_per_address = 512\nhandshakes = 512\nhandshake_timeout_ms = 120000\n"
    "hello_timeout_ms = 120000\nidle_timeout_ms = 600000\nstatement_timeout_ms = 300000\n"
    "stop_timeout_ms = 120000\n";

/// What `call` wants: a promise or a test that stops with the refusal's name.
template <class T>
T require(Result<T> result) {
  if (!result)
    throw std::runtime_error(std::string(refusal_row(result.error().code).name) + " " +
                             result.error().detail);
  return *std::move(result);
}

socket::TlsIdentity identity_of(ByteView key_pem, const std::string& certificate_pem) {
  return {SecretBuffer(key_pem), certificate_pem};
}

struct Member {
  sealing::DeviceCertificate certificate;
  crypto::SignatureKeyPair signature = crypto::generate_signature_keys();
  crypto::HpkeKeyPair hpke = crypto::generate_hpke_keys();
  crypto::TlsKeyAndCertificate tls = crypto::generate_tls_identity();
};

struct Turn {
  explicit Turn(std::counting_semaphore<>& door) : door(door) { door.acquire(); }
  ~Turn() { door.release(); }
  std::counting_semaphore<>& door;
};

class ManyClients : public testing::Test {
 protected:
  ManyClients()
      : deployment({}, settings_of_a_slow_machine),
        server{"127.0.0.1", static_cast<std::uint16_t>(deployment.port())} {}

  void certify_people() {
    const auto folder = deployment.profile_folder("police-admin");
    const auto ring = require(client::open_key_ring(
        folder, require(client::unlock_key_ring(folder, as_bytes(Deployment::passphrase)))));
    client::ServerConnection connection(loop);
    const auto hello = require(connection.open(
        server, {}, identity_of(ring.tls_private_key_pem.view(), ring.tls_certificate_pem), 0));
    read_genesis(connection, hello);
    const crypto::Signer admin(ring.signature_seed);
    for (Member& member : members) certify(connection, admin, ring.device, hello.server_ms, member);
    std::sort(members.begin(), members.end(), [](const Member& a, const Member& b) {
      return a.certificate.device < b.certificate.device;
    });
  }

  void read_genesis(client::ServerConnection& connection, const wire::HelloReply& hello) {
    const auto page = require(connection.call(wire::DirectoryRead{0, 100}));
    const auto leaf = require(journal::parse_leaf(page.leaves.at(0).leaf));
    const auto genesis =
        require(sealing::verify_genesis(require(sealing::parse_genesis_body(leaf.body))));
    server_spki = genesis.server_spki;
    police = std::find_if(genesis.agencies.begin(), genesis.agencies.end(), [](const auto& agency) {
               return agency.kind == AgencyKind::police;
             })->id;
    checkpoint = require(journal::open_checkpoint(
        hello.checkpoint, {genesis.origin, journal::NoteKeyType::ed25519, genesis.journal_key}));
  }

  void certify(client::ServerConnection& connection, const crypto::Signer& admin,
               const DeviceId& admin_device, Milliseconds now_ms, Member& member) {
    const sealing::NameCard card{crypto::random_id<DeviceId>(), crypto::random_id<NameSalt>(),
                                 "Слідча", ""};
    member.certificate = {police,
                          crypto::random_id<PersonId>(),
                          card.device,
                          admin_device,
                          Role::investigator,
                          sealing::name_hash(card.salt, card.name),
                          member.signature.public_key,
                          member.hpke.public_key,
                          member.tls.spki_sha256,
                          now_ms - 1000,
                          now_ms + 86'400'000};
    const Bytes content = sealing::encode_certificate_content(member.certificate);
    const sealing::SignedCertificate body{
        content, admin.sign("device-cert", content),
        crypto::Signer(member.signature.secret_key).sign("device-pop", content)};
    require(connection.call(wire::DirectoryAppend{journal::LeafKind::device_certificate,
                                                  sealing::encode_certificate_body(body), card}));
  }

  /// The first member opens a channel with everybody on its roster.
  void create_channel() {
    const EpochKey epoch_key = crypto::random_secret<EpochKey>();
    sealing::ChannelRecord record;
    record.op = sealing::RecordOp::create;
    record.seq = record.epoch = 1;
    record.prev_record = crypto::random_id<Digest>();
    record.policy = {ChannelKind::ordinary, 1, History::full};
    for (std::size_t i = 0; i < people; ++i)
      record.roster.push_back({members[i].certificate.device, members[i].hpke.public_key,
                               i == 0 ? RosterRole::admin : RosterRole::member, 0});
    record.log_size = checkpoint.size;
    record.log_root = checkpoint.root;
    record.author = members[0].certificate.device;
    record.client_ms = wall_clock_ms();
    record.channel = sealing::derive_channel_id(record);
    const auto keys = sealing::derive_epoch_keys(epoch_key, record.channel, 1);
    record.key_commitment = keys.key_commitment;
    record.message_key_commitment = keys.message_key_commitment;
    std::vector<sealing::KeyWrap> wraps;
    for (const Member& member : members)
      wraps.push_back(require(sealing::wrap_key(
          {record.channel, 1, sealing::WrapKind::epoch_key, keys.key_commitment, record.author,
           police, member.certificate.device, member.hpke.public_key},
          epoch_key.view())));
    const Bytes stored = sealing::encode_wraps(wraps);
    record.wraps_root = sealing::wraps_root(stored);
    const Bytes content = sealing::encode_record_content(record);
    client::ServerConnection connection(loop);
    connect(connection, members[0]);
    require(connection.call(wire::ChannelAppend{
        content,
        crypto::Signer(members[0].signature.secret_key).sign("channel-record", content),
        {},
        stored,
        {}}));
    channel = record.channel;
    head = sealing::record_hash(content);
    message_key = keys.message_key.copy();
  }

  void connect(client::ServerConnection& connection, const Member& member) {
    connection.set_reply_timeout(patience);
    require(connection.open(
        server, server_spki,
        identity_of(member.tls.private_key_pem.view(), member.tls.certificate_pem), 0));
  }

  struct Seen {
    Digest newest;
    std::map<DeviceId, std::uint64_t> sender_seq;
    std::uint64_t items = 0;
  };

  /// Posts and follows until everything has come; throws where the order is broken.
  void take_part(const Member& member, Seen& seen) {
    client::ServerConnection connection(loop);
    {
      const Turn turn(at_the_door);
      connect(connection, member);
    }
    require(connection.call(wire::ChannelFollow{channel, 0}));
    const crypto::Signer signer(member.signature.secret_key);
    Digest previous;
    for (std::uint64_t number = 1; number <= posts_each; ++number) {
      previous = post(connection, member, signer, number, previous);
      while (auto event = connection.next_event(std::chrono::milliseconds(0))) take(*event, seen);
    }
    while (seen.items < 1 + people * posts_each) {
      auto event = connection.next_event(patience);
      if (!event) throw std::runtime_error("only " + std::to_string(seen.items) + " items came");
      take(*event, seen);
    }
  }

  Digest post(client::ServerConnection& connection, const Member& member,
              const crypto::Signer& signer, std::uint64_t number, const Digest& previous) {
    sealing::EntryHeader header;
    header.type = EntryType::message;
    header.channel = channel;
    header.epoch = 1;
    header.channel_head = head;
    header.sender = member.certificate.device;
    header.sender_seq = number;
    header.sender_prev = previous;
    header.log_size = checkpoint.size;
    header.log_root = checkpoint.root;
    header.client_ms = wall_clock_ms();
    header.message_id = crypto::random_id<MessageId>();
    const auto text = require(sealing::encode_message_text(
        {sealing::MessageWhat::text, "Повідомлення " + std::to_string(number)}));
    const auto sealed = require(sealing::seal_entry(header, text.view(), message_key, signer));
    require(connection.call(wire::EntryPost{sealed.entry.header, sealed.entry.salt,
                                            sealed.entry.commitment, sealed.ciphertext,
                                            sealed.entry.signature}));
    return sealing::message_hash(sealed.entry);
  }

  static void take(const client::Event& event, Seen& seen) {
    const auto* item = std::get_if<wire::ItemEvent>(&event);
    if (item == nullptr) return;
    const auto leaf = require(journal::parse_leaf(item->item.leaf));
    if (leaf.channel_seq != ++seen.items) throw std::runtime_error("a gap or a doubled item");
    if (leaf.prev_leaf != seen.newest) throw std::runtime_error("the chain of leaves is broken");
    seen.newest = journal::leaf_hash(item->item.leaf);
    if (leaf.kind != journal::LeafKind::entry) return;
    const auto header =
        require(sealing::parse_header(require(sealing::parse_entry_body(leaf.body)).header));
    if (header.sender_seq != ++seen.sender_seq[header.sender])
      throw std::runtime_error("a sender's posts are out of order");
  }

  Deployment deployment;
  client::ServerAddress server;
  socket::EventLoop loop{2};
  std::vector<Member> members{people};
  Digest server_spki;
  AgencyId police;
  journal::Checkpoint checkpoint;
  ChannelId channel;
  Digest head;
  MessageKey message_key;
  // A client waits ten seconds for its handshake, in which a sanitizer does not finish 200.
  std::counting_semaphore<> at_the_door{8};
};

TEST_F(ManyClients, two_hundred_post_and_follow_and_all_see_the_same) {
  certify_people();
  create_channel();
  std::vector<Seen> seen(people);
  std::vector<std::string> failures(people);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < people; ++i)
    threads.emplace_back([&, i] {
      try {
        take_part(members[i], seen[i]);
      } catch (const std::exception& failure) {
        failures[i] = failure.what();
      }
    });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& failure : failures) EXPECT_EQ(failure, "");
  for (const Seen& each : seen) EXPECT_EQ(each.newest, seen[0].newest);
  const Finished checked = deployment.oberihd("check");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
  // A sanitizer's report would make this another number.
  EXPECT_EQ(deployment.stop_server(SIGTERM), 0) << deployment.server().output();
}

}  // namespace
}  // namespace oberih::test
