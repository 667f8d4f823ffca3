// SPDX-License-Identifier: Apache-2.0
#include "tests/attacks/scene.hpp"

#include "protocol/crypto/certificate.hpp"
#include "protocol/crypto/hpke.hpp"
#include "protocol/crypto/random_bytes.hpp"

namespace oberih::attacks {
namespace {

constexpr Milliseconds day_ms = 24ull * 3600 * 1000;

/// A hundred plays a minute come from a handful of devices.
void admit_everybody(runtime::Settings& settings) {
  settings.connections_per_minute = settings.connections_at_once = 1'000'000;
  settings.agency_connections_per_minute = settings.failed_handshakes = 1'000'000;
  settings.connections_per_device = 1'024;
  settings.checkpoint_interval_ms = 100;
}

void require(const Result<>& result) {
  if (!result) throw std::runtime_error("honest play fails: " + outcome(result));
}

}  // namespace

std::string outcome(const Result<>& result) {
  if (result) return "accepted";
  return std::string(refusal_row(result.error().code).name) + ": " + result.error().detail;
}

client::KeyRing copy_of(const client::KeyRing& ring) {
  client::KeyRing copy;
  copy.device = ring.device;
  copy.signature_seed = ring.signature_seed.copy();
  copy.hpke_secret = ring.hpke_secret.copy();
  copy.storage_key = ring.storage_key.copy();
  copy.tls_private_key_pem = SecretBuffer(ring.tls_private_key_pem.view());
  copy.tls_certificate_pem = ring.tls_certificate_pem;
  return copy;
}

Device new_device(const sealing::Agency& agency, Role role) {
  Device device;
  device.ring = client::generate_key_ring();
  sealing::DeviceCertificate& certificate = device.certificate;
  certificate.agency = agency.id;
  certificate.person = crypto::random_id<PersonId>();
  certificate.device = device.ring.device;
  certificate.role = role;
  certificate.name_hash = crypto::random_id<Digest>();
  certificate.signature_key = device.signer().public_key();
  certificate.hpke_key = crypto::hpke_keys_from_secret(device.ring.hpke_secret).public_key;
  certificate.tls_spki = crypto::spki_sha256_of_certificate(device.ring.tls_certificate_pem);
  certificate.not_before_ms = wall_clock_ms() - day_ms;
  certificate.not_after_ms = wall_clock_ms() + 365 * day_ms;
  return device;
}

wire::DirectoryAppend certify(Device& device, const Device* certifier,
                              const crypto::Signer& signer) {
  device.certificate.certifier_device = certifier == nullptr ? DeviceId{} : certifier->id();
  const Bytes content = sealing::encode_certificate_content(device.certificate);
  return {journal::LeafKind::device_certificate,
          sealing::encode_certificate_body({content, signer.sign("device-cert", content),
                                            device.signer().sign("device-pop", content)}),
          {}};
}

wire::DirectoryAppend revoke(const Device& device, const Device& by) {
  const Bytes content =
      sealing::encode_revocation_content({device.certificate.agency, device.id(), 3, by.id()});
  return {journal::LeafKind::device_revocation,
          sealing::encode_revocation_body({content, by.signer().sign("device-revoke", content)}),
          {}};
}

// -- a member -------------------------------------------------------------------------------------

Member::Member(const Device& device, const std::string& address, const Digest& genesis_hash) {
  char name[] = "/tmp/oberih-attack-XXXXXX";
  if (mkdtemp(name) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  client::Profile profile;
  profile.name = "member";
  profile.folder = folder_;
  profile.server = address;
  profile.genesis_hash = genesis_hash;
  client::SessionSettings settings;
  settings.patience = std::chrono::seconds(5);
  session_ = std::make_unique<ClientSession>(loop_, profile, copy_of(device.ring), settings);
}

Member::~Member() {
  channels_.clear();
  session_.reset();
  std::filesystem::remove_all(folder_);
}

VerifiedChannel& Member::channel(const ChannelId& id) {
  auto& channel = channels_[id];
  if (!channel) channel = std::make_unique<VerifiedChannel>(session_->open_channel(id));
  return *channel;
}

Result<> Member::read(const ChannelId& id) {
  OBERIH_TRY(connect());
  return session_->pull(channel(id));
}

Result<> Member::say(const ChannelId& id, const std::string& text) {
  OBERIH_TRY(connect());
  const sealing::MessageText message{sealing::MessageWhat::text, text};
  auto appended = client::EntrySender(*session_).post(channel(id), message);
  if (!appended) return appended.error();
  return {};
}

std::vector<std::string> Member::texts(const ChannelId& id) {
  std::vector<std::string> texts;
  client::ChannelHistory history(session_->store(), channel(id).keys(), id);
  history.for_each(0, [&](const client::HistoryItem& item) {
    if (item.what == client::HistoryItem::What::text) texts.push_back(item.text);
    if (item.what == client::HistoryItem::What::unreadable) texts.emplace_back("(unreadable)");
    return true;
  });
  return texts;
}

std::size_t Member::evidence() const {
  const std::filesystem::path folder = folder_ / "evidence";
  if (!std::filesystem::exists(folder)) return 0;
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

// -- the scene ------------------------------------------------------------------------------------

Scene& Scene::shared() {
  static Scene scene;
  return scene;
}

Scene::Scene() : server_(admit_everybody, {&prosecution_, &court_, &oversight_}) {
  police_admin_ = enrol(police(), Role::agency_admin);
  prosecution_admin_ = enrol(prosecution_, Role::agency_admin);
  oksana_ = enrol(police(), Role::investigator);
  taras_ = enrol(police(), Role::investigator);
  odesa_ = enrol(prosecution_, Role::prosecutor);
  court_admin_ = enrol(court_, Role::agency_admin);
  clerk_ = enrol(court_, Role::court_clerk);
  oversight_admin_ = enrol(oversight_, Role::agency_admin);
}

std::unique_ptr<Device> Scene::enrol(const test::Root& root, Role role) {
  auto device = std::make_unique<Device>(new_device(root.agency, role));
  if (role == Role::agency_admin) {
    server_.append(certify(*device, nullptr, root.signer));
  } else {
    const Device& admin = &root == &prosecution_ ? *prosecution_admin_
                          : &root == &court_     ? *court_admin_
                          : &root == &oversight_ ? *oversight_admin_
                                                 : *police_admin_;
    server_.append(certify(*device, &admin, admin.signer()));
  }
  // The server notices within a second what was written beside it.
  for (int tries = 0; tries < 200; ++tries) {
    if (honest_member(*device)->connect()) return device;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  throw std::runtime_error("the server never knows a device");
}

runtime::ServerKeys Scene::server_keys() const {
  auto keys = runtime::load_server_keys(server_.settings().state_directory);
  if (!keys) throw std::runtime_error(keys.error().detail);
  return std::move(*keys);
}

std::unique_ptr<Member> Scene::honest_member(const Device& device) {
  return std::make_unique<Member>(device, "127.0.0.1:" + std::to_string(server_.port()),
                                  server_.genesis_hash());
}

std::unique_ptr<MaliciousServer> Scene::malicious_server() {
  return std::make_unique<MaliciousServer>(server_.port(), server_keys());
}

std::unique_ptr<Member> Scene::member_of(MaliciousServer& server, const Device& device) {
  server.introduce(device.ring);
  return std::make_unique<Member>(device, server.address(), server_.genesis_hash());
}

ChannelId Scene::open_channel(History history) {
  auto oksana = honest_member(*oksana_), taras = honest_member(*taras_),
       odesa = honest_member(*odesa_);
  require(oksana->connect());
  client::RecordSender records(oksana->session());
  const auto made = records.create({ChannelKind::ordinary, history, 1});
  if (!made) throw std::runtime_error("no channel: " + made.error().detail);
  const ChannelId channel = *made;
  require(oksana->read(channel));
  require(records.change(oksana->channel(channel), {taras_->line(RosterRole::admin)}, "order 1", {},
                         ""));
  require(oksana->say(channel, said()[0]));
  require(taras->say(channel, said()[1]));
  require(oksana->read(channel));
  require(records.change(oksana->channel(channel), {odesa_->line(RosterRole::admin)}, "order 2", {},
                         ""));
  require(odesa->say(channel, said()[2]));
  return channel;
}

const ChannelId& Scene::conversation() {
  if (!conversation_) conversation_ = open_channel();
  return *conversation_;
}

}  // namespace oberih::attacks
