// SPDX-License-Identifier: Apache-2.0
// Where attacks are played: a real server with police, prosecution and a court, people with real
// clients, a conversation between them, and a malicious server between any of them.
#pragma once

#include "client-cli/verification/channel_history.hpp"
#include "client-cli/verification/entry_sender.hpp"
#include "tests/attacks/forged_leaves.hpp"
#include "tests/attacks/malicious_server.hpp"
#include "tests/integration/server_fixture.hpp"

namespace oberih::attacks {

using client::ClientSession;
using client::VerifiedChannel;

/// A device with everything that it owns. Whoever holds it may be honest or not.
struct Device {
  client::KeyRing ring;
  sealing::DeviceCertificate certificate;

  const DeviceId& id() const { return ring.device; }
  crypto::Signer signer() const { return crypto::Signer(ring.signature_seed); }
  sealing::RosterLine line(RosterRole role) const { return {id(), certificate.hpke_key, role, 0}; }
};

client::KeyRing copy_of(const client::KeyRing& ring);
/// Its certificate is not signed by anybody yet.
Device new_device(const sealing::Agency& agency, Role role);
/// By an administrator's device, or by the root where `certifier` is null.
wire::DirectoryAppend certify(Device& device, const Device* certifier,
                              const crypto::Signer& signer);
wire::DirectoryAppend revoke(const Device& device, const Device& by);

/// A member with the real client and a profile that knows nothing yet.
class Member {
 public:
  Member(const Device& device, const std::string& address, const Digest& genesis_hash);
  ~Member();
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;

  ClientSession& session() { return *session_; }
  Result<> connect() { return session_->connect(); }
  VerifiedChannel& channel(const ChannelId& id);
  Result<> read(const ChannelId& id);
  Result<> say(const ChannelId& id, const std::string& text);
  std::vector<std::string> texts(const ChannelId& id);
  std::size_t evidence() const;
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  socket::EventLoop loop_{1};
  std::unique_ptr<ClientSession> session_;
  std::map<ChannelId, std::unique_ptr<VerifiedChannel>> channels_;
};

class Scene {
 public:
  static Scene& shared();

  test::TestServer& server() { return server_; }
  const test::Root& police() const { return server_.police(); }
  const test::Root& prosecution() const { return prosecution_; }
  const test::Root& oversight() const { return oversight_; }
  Device& police_admin() { return *police_admin_; }
  Device& prosecution_admin() { return *prosecution_admin_; }
  Device& oksana() { return *oksana_; }  // investigator
  Device& taras() { return *taras_; }    // her colleague
  Device& odesa() { return *odesa_; }    // prosecutor
  Device& clerk() { return *clerk_; }    // of the court

  std::unique_ptr<Device> enrol(const test::Root& root, Role role);
  runtime::ServerKeys server_keys() const;
  /// A client that reaches the honest server itself.
  std::unique_ptr<Member> honest_member(const Device& device);
  std::unique_ptr<MaliciousServer> malicious_server();
  std::unique_ptr<Member> member_of(MaliciousServer& server, const Device& device);

  /// Six leaves: Oksana creates (epoch 1), adds Taras (2), she and he speak, she adds the
  /// prosecutor (3), who speaks. What is said are the three words of said().
  ChannelId open_channel(History history = History::full);
  /// One such channel that nobody changes any more.
  const ChannelId& conversation();
  static std::vector<std::string> said() { return {"перше", "друге", "третє"}; }

 private:
  Scene();

  test::Root prosecution_{"Прокуратура", AgencyKind::prosecution};
  test::Root court_{"Суд", AgencyKind::court};
  test::Root oversight_{"Уповноважений", AgencyKind::oversight};
  test::TestServer server_;
  std::unique_ptr<Device> police_admin_, prosecution_admin_, court_admin_, oversight_admin_;
  std::unique_ptr<Device> oksana_, taras_, odesa_, clerk_;
  std::optional<ChannelId> conversation_;
};

/// "accepted", or the refusal's name and detail.
std::string outcome(const Result<>& result);

}  // namespace oberih::attacks
