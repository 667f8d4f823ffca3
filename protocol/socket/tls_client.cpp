// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/tls_client.hpp"

#include "protocol/socket/tls_dial.hpp"
#include "protocol/socket/websocket_connection.hpp"

namespace oberih::socket {

namespace {

class ClientConnect : public std::enable_shared_from_this<ClientConnect> {
 public:
  using Done = std::function<void(Result<std::shared_ptr<TlsWebSocket>>)>;

  ClientConnect(std::shared_ptr<IoContext> context, const ClientTarget& target, Done done)
      : context_(std::move(context)),
        strand_(make_strand_of(*context_)),
        deadline_(strand_),
        target_(target),
        done_(std::move(done)) {}

  void start(const TlsIdentity& identity) {
    auto dial = std::make_shared<TlsDial>(
        context_, strand_, DialTarget{target_.host, target_.port, verify_of(target_)}, identity);
    dial_ = dial;
    asio::post(strand_, [self = shared_from_this(), dial = std::move(dial)] {
      self->begin(*dial);
    });
  }

 private:
  void begin(TlsDial& dial) {
    deadline_.expires_after(target_.timeouts.handshake);
    deadline_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->give_up(RefusalCode::not_connected, self->where() + " does not answer.");
    });
    dial.start([self = shared_from_this()](Result<std::shared_ptr<TlsConnection>> connected) {
      if (!self->done_) return;
      if (!connected) return self->finish(connected.error());
      self->connection_ = std::move(*connected);
      self->upgrade();
    });
  }

  static TlsConnection::Verify verify_of(const ClientTarget& target) {
    return [pinned = target.server_spki, any = target.takes_any_server](const Digest& spki) {
      return any || spki == pinned ? PeerVerdict::accepted : PeerVerdict::unknown;
    };
  }

  std::string where() const { return name_of_target(target_.host, target_.port); }

  void give_up(RefusalCode code, std::string detail = {}) {
    finish(refuse(code, std::move(detail)));
  }

  void finish(Result<std::shared_ptr<TlsWebSocket>> result) {
    if (!done_) return;
    deadline_.cancel();
    if (auto dial = dial_.lock()) dial->cancel();
    if (result.has_error() && connection_) connection_->close();
    connection_.reset();
    std::exchange(done_, nullptr)(std::move(result));
  }

  void upgrade() {
    request_websocket(connection_,
                      WebSocketSettings{target_.subprotocol, target_.frame_bytes, target_.timeouts},
                      [self = shared_from_this()](UpgradeOutcome outcome) {
                        self->on_answer(std::move(outcome));
                      });
  }

  void on_answer(UpgradeOutcome outcome) {
    if (!done_) return;
    if (outcome.websocket) {
      if (outcome.subprotocol == target_.subprotocol) return finish(std::move(outcome.websocket));
      return give_up(RefusalCode::unsupported_version,
                     "The server did not choose " + target_.subprotocol + ".");
    }
    if (outcome.http_status == 0) {
      connection_->look_for_alert();
      return finish(
          refusal_of_connection(*connection_, where(), "no answer to the upgrade request"));
    }
    if (auto sentence = unsupported_version_sentence(outcome.body))
      return give_up(RefusalCode::unsupported_version, std::move(*sentence));
    give_up(RefusalCode::not_connected,
            where() + " answered HTTP " + std::to_string(outcome.http_status) + ".");
  }

  std::shared_ptr<IoContext> context_;  // first: the others need it to the end
  Executor strand_;
  asio::steady_timer deadline_;
  const ClientTarget target_;
  std::weak_ptr<TlsDial> dial_;  // what it waits for holds it, and it holds us
  Done done_;
  std::shared_ptr<TlsConnection> connection_;
};

}  // namespace

void connect_tls_websocket(EventLoop& loop, const ClientTarget& target, const TlsIdentity& identity,
                           std::function<void(Result<std::shared_ptr<TlsWebSocket>>)> done) {
  const auto& context = loop.implementation().context;
  if (context->is_stopping) return;
  auto connect = std::make_shared<ClientConnect>(context, target, std::move(done));
  connect->start(identity);
}

}  // namespace oberih::socket
