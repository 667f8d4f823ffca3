// SPDX-License-Identifier: Apache-2.0
#include "tests/attacks/man_in_the_middle.hpp"

#include <deque>

#include "protocol/wire/rpc_frame.hpp"

namespace oberih::attacks {
namespace {

using socket::CloseCode;
using socket::CloseReason;
using socket::TlsWebSocket;

/// One end of a connection, to which frames go one after the other.
class Way : public std::enable_shared_from_this<Way> {
 public:
  explicit Way(std::shared_ptr<TlsWebSocket> socket) : socket_(std::move(socket)) {}

  void send(std::string frame) {
    std::unique_lock lock(mutex_);
    waiting_.push_back(std::make_shared<const std::string>(std::move(frame)));
    if (is_sending_) return;
    is_sending_ = true;
    lock.unlock();
    send_next();
  }
  TlsWebSocket& socket() { return *socket_; }

 private:
  void send_next() {
    std::shared_ptr<const std::string> next;
    {
      std::lock_guard lock(mutex_);
      if (waiting_.empty()) {
        is_sending_ = false;
        return;
      }
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    socket_->send(std::move(next), [self = shared_from_this()](bool sent) {
      if (sent) self->send_next();
    });
  }

  std::shared_ptr<TlsWebSocket> socket_;
  std::mutex mutex_;
  std::deque<std::shared_ptr<const std::string>> waiting_;
  bool is_sending_ = false;
};

void carry_out(const ManInTheMiddle::Verdict& verdict, Way& onward, Way& back) {
  if (verdict.onward) onward.send(*verdict.onward);
  if (verdict.back) back.send(*verdict.back);
}

}  // namespace

ManInTheMiddle::ManInTheMiddle(std::uint16_t server_port, const socket::TlsIdentity& identity,
                               const Digest& server_spki, Judge judge)
    : server_port_(server_port), server_spki_(server_spki), judge_(std::move(judge)) {
  socket::TlsListener::Handlers handlers;
  handlers.verify_peer = [](const Digest&) { return socket::PeerVerdict::accepted; };
  handlers.on_websocket = [this](std::shared_ptr<TlsWebSocket> client) {
    connect_on(std::move(client));
  };
  listener_ = std::make_unique<socket::TlsListener>(loop_, "127.0.0.1", 0, identity,
                                                    std::string(wire::subprotocol),
                                                    socket::ListenerLimits{}, std::move(handlers));
}

ManInTheMiddle::~ManInTheMiddle() {
  listener_.reset();
  loop_.stop();
  loop_.join();
}

void ManInTheMiddle::introduce(const Digest& client_spki, socket::TlsIdentity identity) {
  std::lock_guard lock(mutex_);
  identities_.insert_or_assign(client_spki, std::move(identity));
}

void ManInTheMiddle::connect_on(std::shared_ptr<TlsWebSocket> client) {
  socket::ClientTarget target;
  target.host = "127.0.0.1";
  target.port = server_port_;
  target.server_spki = server_spki_;
  target.subprotocol = wire::subprotocol;
  const Digest spki = client->peer_spki();
  const auto connected = [this, client, spki](Result<std::shared_ptr<TlsWebSocket>> outcome) {
    if (!outcome) return client->close(CloseCode::going_away, "no server behind");
    auto to_client = std::make_shared<Way>(client);
    auto to_server = std::make_shared<Way>(*outcome);
    client->start({[=, this](std::string_view frame) {
                     carry_out(judge_.of_client(spki, frame), *to_server, *to_client);
                   },
                   [=](const CloseReason&) {
                     to_server->socket().close(CloseCode::normal, "the client has gone");
                   }});
    (*outcome)->start({[=, this](std::string_view frame) {
                         carry_out(judge_.of_server(spki, frame), *to_client, *to_server);
                       },
                       [=](const CloseReason& reason) {
                         const auto code = reason.code == 0 ? CloseCode::going_away
                                                            : static_cast<CloseCode>(reason.code);
                         to_client->socket().close(code, reason.text);
                       }});
  };
  std::lock_guard lock(mutex_);
  const auto identity = identities_.find(spki);
  if (identity == identities_.end())
    return client->close(CloseCode::policy_violation, "a device that nobody introduced");
  connect_tls_websocket(loop_, target, identity->second, connected);
}

}  // namespace oberih::attacks
