// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/tls_client.hpp"

#include <poll.h>

#include "tests/unit/socket/raw_tls.hpp"

namespace oberih::socket {
namespace {

class TlsClientTest : public SocketTest {
 protected:
  /// A TCP port that takes connections and never says anything.
  struct SilentPort {
    SilentPort() : descriptor(::socket(AF_INET, SOCK_STREAM, 0)) {
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      ::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address);
      socklen_t size = sizeof address;
      ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
      port = ntohs(address.sin_port);
    }
    ~SilentPort() {
      if (accepted >= 0) ::close(accepted);
      ::close(descriptor);
    }
    void listen() const { ::listen(descriptor, 5); }
    /// True once somebody has connected and said something; at most `patience`.
    bool hears_a_word() {
      const auto milliseconds = static_cast<int>(std::chrono::milliseconds(patience).count());
      pollfd waiting{descriptor, POLLIN, 0};
      if (::poll(&waiting, 1, milliseconds) != 1) return false;
      accepted = ::accept(descriptor, nullptr, nullptr);
      pollfd talking{accepted, POLLIN, 0};
      return ::poll(&talking, 1, milliseconds) == 1;
    }
    int descriptor;
    int accepted = -1;
    std::uint16_t port = 0;
  };
};

TEST_F(TlsClientTest, refuses_a_server_with_another_key) {
  listen();
  Device device;
  enter(device);
  ClientTarget where = target();
  where.server_spki.bytes[31] ^= 1;
  EXPECT_EQ(refusal_of(where, device), "wrong_server");
}

TEST_F(TlsClientTest, tells_unknown_expired_revoked_and_hasty_devices_apart) {
  listen();
  for (int i = 0; i < 10; ++i) {  // the alert must not be lost in a reset
    Device unknown, expired, revoked, hasty;
    enter(expired, PeerVerdict::expired);
    enter(revoked, PeerVerdict::revoked);
    enter(hasty, PeerVerdict::too_many);
    EXPECT_EQ(refusal_of(target(), unknown), "unknown_device") << last_detail_;
    EXPECT_EQ(refusal_of(target(), expired), "certificate_expired");
    EXPECT_EQ(refusal_of(target(), revoked), "device_revoked");
    EXPECT_EQ(refusal_of(target(), hasty), "server_busy");
  }
}

TEST_F(TlsClientTest, passes_on_which_versions_the_server_speaks) {
  listen();
  Device device;
  enter(device);
  ClientTarget where = target();
  where.subprotocol = "oberih.v2";
  EXPECT_EQ(refusal_of(where, device), "unsupported_version");
  EXPECT_EQ(last_detail_, "This server speaks oberih.v1; the client offered oberih.v2.");
}

TEST_F(TlsClientTest, says_that_nobody_listens) {
  listen();
  Device device;
  ClientTarget where = target();
  const SilentPort unused;  // bound, so that nobody else gets it, but not listening
  where.port = unused.port;
  EXPECT_EQ(refusal_of(where, device), "not_connected");
  EXPECT_NE(last_detail_.find("Connection refused"), std::string::npos) << last_detail_;
}

TEST_F(TlsClientTest, does_not_wait_for_ever) {
  listen();
  Device device;
  const SilentPort silent;
  silent.listen();
  ClientTarget where = target();
  where.port = silent.port;
  where.timeouts.handshake = 200ms;
  EXPECT_EQ(refusal_of(where, device), "not_connected");
  EXPECT_NE(last_detail_.find("does not answer"), std::string::npos) << last_detail_;
}

TEST_F(TlsClientTest, resolves_names_and_says_which_one_it_cannot) {
  listen();
  Device device;
  enter(device);
  ClientTarget where = target();
  where.host = "localhost";
  EXPECT_EQ(refusal_of(where, device), "(connected)");
  where.host = "no-such-host.invalid";
  EXPECT_EQ(refusal_of(where, device), "not_connected");
  EXPECT_NE(last_detail_.find("no-such-host.invalid"), std::string::npos) << last_detail_;
}

TEST_F(TlsClientTest, says_when_its_own_key_cannot_be_read) {
  listen();
  Device device;
  device.identity.certificate_pem = "not PEM";
  EXPECT_EQ(refusal_of(target(), device), "local_state_broken");
}

/// Connects to `silent`; whatever it still holds after the loop is gone is never given back.
class DroppedConnect : public TlsClientTest {
 protected:
  void connect_to(const SilentPort& silent) {
    listen();
    silent.listen();
    ClientTarget where = target();
    where.port = silent.port;
    auto held = std::make_shared<int>(1);
    watch_ = held;
    connect_tls_websocket(*loop_, where, device_.identity, [held = std::move(held)](auto) {});
  }

  Device device_;
  std::weak_ptr<int> watch_;
};

TEST_F(DroppedConnect, lets_go_of_all_before_it_has_begun) {
  const SilentPort silent;
  connect_to(silent);
  loop_.reset();
  EXPECT_TRUE(watch_.expired());
}

TEST_F(DroppedConnect, lets_go_of_all_in_the_middle_of_the_handshake) {
  SilentPort silent;
  connect_to(silent);
  ASSERT_TRUE(silent.hears_a_word());
  EXPECT_FALSE(watch_.expired());
  loop_.reset();
  EXPECT_TRUE(watch_.expired());
}

}  // namespace
}  // namespace oberih::socket
