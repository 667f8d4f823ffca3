// SPDX-License-Identifier: Apache-2.0
// Many devices in one process, each with the client library's own session, store and keys, against
// the real server process of a Deployment.
#pragma once

#include <deque>

#include "client-cli/verification/channel_care.hpp"
#include "client-cli/verification/channel_history.hpp"
#include "protocol/crypto/certificate.hpp"
#include "protocol/crypto/hpke.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/task_party.hpp"
#include "protocol/sealing/unit.hpp"
#include "tests/support/deployment.hpp"

namespace oberih::test {

/// The value, or a test that stops with the refusal's name.
template <class T>
T require(Result<T> result) {
  if (!result)
    throw std::runtime_error(std::string(refusal_row(result.error().code).name) + " " +
                             result.error().detail);
  return *std::move(result);
}
inline void require(Result<void> result) {
  if (!result) require(Result<int>(result.error()));
}
inline std::string outcome(const Result<void>& result) {
  return result ? "done" : std::string(refusal_row(result.error().code).name);
}

struct CrewMember {
  std::string name;
  std::string agency;  // its kind
  sealing::DeviceCertificate certificate;
  std::unique_ptr<client::ClientSession> session;
  std::vector<client::Repair> repairs;  // what the client did by itself

  const DeviceId& device() const { return certificate.device; }
  sealing::RosterLine line(RosterRole role) const {
    return {device(), certificate.hpke_key, role, 0};
  }
  client::VerifiedChannel channel(const ChannelId& id) const { return session->open_channel(id); }
  Result<wire::Appended> post(client::VerifiedChannel& channel, const std::string& text) const {
    return client::EntrySender(*session).post(channel, {sealing::MessageWhat::text, text});
  }
  /// The texts that open; "(unreadable)" for one that does not.
  std::vector<std::string> texts(client::VerifiedChannel& channel) const {
    std::vector<std::string> texts;
    client::ChannelHistory(session->store(), channel.keys(), channel.id())
        .for_each(0, [&](const client::HistoryItem& item) {
          if (item.what == client::HistoryItem::What::text) texts.push_back(item.text);
          if (item.what == client::HistoryItem::What::unreadable)
            texts.emplace_back("(unreadable)");
          return true;
        });
    return texts;
  }
  std::size_t evidence() const {
    const auto folder = session->profile().folder / "evidence";
    if (!std::filesystem::exists(folder)) return 0;
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
  }
};

class Crew {
 public:
  explicit Crew(Deployment& deployment) : deployment_(deployment) {}

  /// Certified by the agency's administrator. `person`: of an earlier device.
  CrewMember& enrol(const std::string& agency, Role role,
                    const std::optional<PersonId>& person = {}) {
    client::ClientSession& admin = admin_of(agency);
    members_.emplace_back();
    CrewMember& member = members_.back();
    member.name = agency + " " + std::to_string(members_.size());
    member.agency = agency;
    client::KeyRing ring = client::generate_key_ring();
    const crypto::Signer signer(ring.signature_seed);
    const sealing::NameCard card{ring.device, crypto::random_id<NameSalt>(), member.name, "uk"};
    member.certificate = {admin.directory().find_device(admin.ring().device)->certificate.agency,
                          person.value_or(crypto::random_id<PersonId>()),
                          ring.device,
                          admin.ring().device,
                          role,
                          sealing::name_hash(card.salt, card.name),
                          signer.public_key(),
                          crypto::hpke_keys_from_secret(ring.hpke_secret).public_key,
                          crypto::spki_sha256_of_certificate(ring.tls_certificate_pem),
                          wall_clock_ms() - 60'000,
                          wall_clock_ms() + 86'400'000};
    const Bytes content = sealing::encode_certificate_content(member.certificate);
    const sealing::SignedCertificate body{content, admin.signer().sign("device-cert", content),
                                          signer.sign("device-pop", content)};
    require(admin.ask(wire::DirectoryAppend{journal::LeafKind::device_certificate,
                                            sealing::encode_certificate_body(body), card}));
    client::Profile profile = admin.profile();
    profile.name = "crew" + std::to_string(members_.size());
    profile.folder = deployment_.folder() / profile.name;
    std::filesystem::create_directory(profile.folder);
    client::SessionSettings settings;
    settings.patience = std::chrono::seconds(60);
    settings.notices.repaired = [&member](const ChannelId&, const client::Repair& repair) {
      member.repairs.push_back(repair);
    };
    member.session = std::make_unique<client::ClientSession>(loop_, profile, std::move(ring),
                                                             std::move(settings));
    require(member.session->load());
    return member;
  }

  /// The same device once more: keys and store as they are now, as from a backup or on a second
  /// machine.
  CrewMember& copy_of(const CrewMember& member) {
    members_.emplace_back();
    CrewMember& copy = members_.back();
    copy.name = member.name + ", copy";
    copy.agency = member.agency;
    copy.certificate = member.certificate;
    const client::KeyRing& ring = member.session->ring();
    client::KeyRing same{ring.device,
                         ring.signature_seed.copy(),
                         ring.hpke_secret.copy(),
                         ring.storage_key.copy(),
                         SecretBuffer(ring.tls_private_key_pem.view()),
                         ring.tls_certificate_pem};
    client::Profile profile = member.session->profile();
    profile.folder = deployment_.folder() / ("copy" + std::to_string(members_.size()));
    std::filesystem::copy(member.session->profile().folder, profile.folder);
    client::SessionSettings settings;
    settings.patience = std::chrono::seconds(60);
    copy.session = std::make_unique<client::ClientSession>(loop_, profile, std::move(same),
                                                           std::move(settings));
    require(copy.session->load());
    return copy;
  }

  void revoke(const CrewMember& member) {
    client::ClientSession& admin = admin_of(member.agency);
    const Bytes content = sealing::encode_revocation_content(
        {member.certificate.agency, member.device(), 3, admin.ring().device});
    require(admin.ask(wire::DirectoryAppend{
        journal::LeafKind::device_revocation,
        sealing::encode_revocation_body({content, admin.signer().sign("device-revoke", content)}),
        {}}));
  }

  /// A unit of the agency, signed by its administrator, with these people as its members.
  sealing::TaskParty found_unit(const std::string& agency, const std::string& name,
                                const std::vector<const CrewMember*>& people) {
    client::ClientSession& admin = admin_of(agency);
    sealing::Unit unit;
    unit.agency = admin.directory().find_device(admin.ring().device)->certificate.agency;
    unit.unit = crypto::random_id<UnitId>();
    unit.version = 1;
    unit.name = name;
    unit.signer = admin.ring().device;
    for (const CrewMember* each : people)
      unit.lines.push_back({each->certificate.person, sealing::UnitDuty::member, {}, 0, 0});
    std::sort(unit.lines.begin(), unit.lines.end());
    const Bytes content = sealing::encode_unit_content(unit);
    require(admin.ask(wire::DirectoryAppend{
        journal::LeafKind::unit,
        sealing::encode_unit_body({content, admin.signer().sign("unit", content)}),
        {}}));
    return sealing::TaskParty::of(unit.agency, unit.unit);
  }

  std::deque<CrewMember>& members() { return members_; }

 private:
  client::ClientSession& admin_of(const std::string& agency) {
    std::unique_ptr<client::ClientSession>& admin = admins_[agency];
    if (!admin) {
      const auto home = deployment_.folder() / "profiles";
      client::Profile profile = require(client::load_profile(home, agency + "-admin"));
      client::KeyRing ring = require(client::open_key_ring(
          profile.folder,
          require(client::unlock_key_ring(profile.folder, as_bytes(Deployment::passphrase)))));
      admin = std::make_unique<client::ClientSession>(loop_, profile, std::move(ring),
                                                      client::SessionSettings{});
    }
    require(admin->connect());
    return *admin;
  }

  Deployment& deployment_;
  socket::EventLoop loop_{2};
  std::map<std::string, std::unique_ptr<client::ClientSession>> admins_;
  std::deque<CrewMember> members_;
};

}  // namespace oberih::test
