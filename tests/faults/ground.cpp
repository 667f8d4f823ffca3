// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/ground.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "client-cli/keyring/key_ring.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/channel_record.hpp"
#include "protocol/sealing/epoch_keys.hpp"
#include "protocol/sealing/genesis.hpp"
#include "protocol/sealing/key_wrap.hpp"

namespace oberih::faults {
namespace {

constexpr Milliseconds day_ms = 86'400'000;
// Faults look like an attack to limits that are others' subject.
constexpr const char* own_settings =
    "failed_handshakes = 1000000\nhandshakes_per_address = 512\nhandshakes = 512\n"
    "connections_per_minute = 1000000\nconnections_at_once = 1000000\n"
    "agency_connections_per_minute = 1000000\n"
    "reader_threads = 2\n";

}  // namespace

Ground::Ground(const std::string& settings, ServerClock server_clock) {
  deployment_ =
      std::make_unique<test::Deployment>(std::vector<test::Officer>{}, own_settings + settings);
  database_ = std::make_unique<DatabaseProcess>(deployment_->folder() / "cluster");
  // Free while this object stands: nobody is given a port that was just below an ephemeral one.
  second_port_ = static_cast<std::uint16_t>(deployment_->port() - 1);
  clock_ = std::make_unique<test::SteppedClock>(deployment_->folder() / "clock");
  if (server_clock == ServerClock::stepped)
    deployment_->set_server_environment(clock_->environment());
  certify_members();
  keep_base();
}

Ground::~Ground() {
  deployment_.reset();
  for (const auto& disk : disks_) umount2(disk.c_str(), MNT_DETACH);
}

void Ground::certify_members() {
  const auto folder = deployment_->profile_folder("police-admin");
  const auto ring = require(client::open_key_ring(
      folder, require(client::unlock_key_ring(folder, as_bytes(test::Deployment::passphrase)))));
  client::ServerConnection connection(loop_);
  const auto hello = require(connection.open(
      {"127.0.0.1", static_cast<std::uint16_t>(deployment_->port())}, {},
      {SecretBuffer(ring.tls_private_key_pem.view()), ring.tls_certificate_pem}, 0));
  const auto page = require(connection.call(wire::DirectoryRead{0, 100}));
  const auto leaf = require(journal::parse_leaf(page.leaves.at(0).leaf));
  const auto genesis =
      require(sealing::verify_genesis(require(sealing::parse_genesis_body(leaf.body))));
  server_spki_ = genesis.server_spki;
  agency_ = std::ranges::find(genesis.agencies, AgencyKind::police, &sealing::Agency::kind)->id;
  checkpoint_ = require(journal::open_checkpoint(
      hello.checkpoint, {genesis.origin, journal::NoteKeyType::ed25519, genesis.journal_key}));
  const crypto::Signer admin(ring.signature_seed);
  for (Member& member : members_) {
    member.device = crypto::random_id<DeviceId>();
    const sealing::NameCard card{member.device, crypto::random_id<NameSalt>(), "Слідча", ""};
    const Bytes content = sealing::encode_certificate_content(
        {agency_, crypto::random_id<PersonId>(), member.device, ring.device, Role::investigator,
         sealing::name_hash(card.salt, card.name), member.signature.public_key,
         member.hpke.public_key, member.tls.spki_sha256, hello.server_ms - day_ms,
         hello.server_ms + 30 * day_ms});
    const sealing::SignedCertificate body{
        content, admin.sign("device-cert", content),
        crypto::Signer(member.signature.secret_key).sign("device-pop", content)};
    require(connection.call(wire::DirectoryAppend{journal::LeafKind::device_certificate,
                                                  sealing::encode_certificate_body(body), card}));
  }
  std::ranges::sort(members_, {}, &Member::device);
}

void Ground::keep_base() {
  deployment_->stop_server(SIGTERM);
  std::filesystem::copy_file(deployment_->state_directory() / "checkpoint",
                             deployment_->folder() / "checkpoint.base");
  database_->ask("postgres", "CREATE DATABASE base TEMPLATE oberih OWNER oberih_owner");
  deployment_->start_server();
}

void Ground::begin_anew() {
  make_whole();
  deployment_->stop_server(SIGTERM);
  database_->ask("postgres", "DROP DATABASE oberih WITH (FORCE)");
  database_->ask("postgres", "CREATE DATABASE oberih TEMPLATE base OWNER oberih_owner");
  std::filesystem::copy_file(deployment_->folder() / "checkpoint.base",
                             deployment_->state_directory() / "checkpoint",
                             std::filesystem::copy_options::overwrite_existing);
  std::error_code ignored;
  std::filesystem::remove(deployment_->server_log(), ignored);
  deployment_->start_server();
}

void Ground::make_whole() {
  step_clock(0);
  for (const auto& disk : disks_) free(disk);
  database_->signal_all(SIGCONT);
  database_->start();
  if (deployment_->server().is_running())
    deployment_->server().signal(SIGCONT);
  else
    deployment_->start_server();
}

void Ground::restart_server(int signal) {
  deployment_->stop_server(signal);
  deployment_->start_server();
}

void Ground::step_clock(std::int64_t milliseconds) {
  clock_->set(std::chrono::milliseconds(milliseconds));
}

Room Ground::open_room() {
  const EpochKey epoch_key = crypto::random_secret<EpochKey>();
  const Member& first = members_[0];
  sealing::ChannelRecord record;
  record.op = sealing::RecordOp::create;
  record.seq = record.epoch = 1;
  record.prev_record = crypto::random_id<Digest>();
  record.policy = {ChannelKind::ordinary, 1, History::full};
  for (const Member& member : members_)
    record.roster.push_back({member.device, member.hpke.public_key,
                             &member == &first ? RosterRole::admin : RosterRole::member, 0});
  record.log_size = checkpoint_.size;
  record.log_root = checkpoint_.root;
  record.author = first.device;
  record.client_ms = wall_clock_ms();
  record.channel = sealing::derive_channel_id(record);
  const auto keys = sealing::derive_epoch_keys(epoch_key, record.channel, 1);
  record.key_commitment = keys.key_commitment;
  record.message_key_commitment = keys.message_key_commitment;
  std::vector<sealing::KeyWrap> wraps;
  for (const Member& member : members_)
    wraps.push_back(require(
        sealing::wrap_key({record.channel, 1, sealing::WrapKind::epoch_key, keys.key_commitment,
                           record.author, agency_, member.device, member.hpke.public_key},
                          epoch_key.view())));
  const Bytes stored = sealing::encode_wraps(wraps);
  record.wraps_root = sealing::wraps_root(stored);
  const Bytes content = sealing::encode_record_content(record);
  Room room{{"127.0.0.1", static_cast<std::uint16_t>(deployment_->port())},
            server_spki_,
            record.channel,
            sealing::record_hash(content),
            keys.message_key.copy(),
            checkpoint_};
  client::ServerConnection connection(loop_);
  require(connection.open(room.server, server_spki_, first.identity(), 0));
  require(connection.call(wire::ChannelAppend{
      content,
      crypto::Signer(first.signature.secret_key).sign("channel-record", content),
      {},
      stored,
      {}}));
  return room;
}

std::filesystem::path Ground::small_disk(const std::string& name, unsigned mebibytes) {
  if (geteuid() != 0) return {};
  const auto path = deployment_->folder() / name;
  if (std::filesystem::exists(path)) return path;
  std::filesystem::create_directory(path);
  const std::string options = "mode=0777,size=" + std::to_string(mebibytes) + "m";
  if (mount("oberih-faults", path.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, options.c_str()) != 0) {
    std::filesystem::remove(path);
    return {};
  }
  disks_.push_back(path);
  return path;
}

void Ground::fill(const std::filesystem::path& disk) {
  const int file = ::open((disk / "filler").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const std::string block(4096, 'x');
  while (::write(file, block.data(), block.size()) > 0) continue;
  ::close(file);
}

void Ground::free(const std::filesystem::path& disk) {
  std::error_code ignored;
  std::filesystem::remove(disk / "filler", ignored);
}

}  // namespace oberih::faults
