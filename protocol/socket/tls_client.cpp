// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/tls_client.hpp"

#include <stdexcept>

#include "protocol/socket/websocket_connection.hpp"

namespace oberih::socket {

namespace {

using Tcp = asio::ip::tcp;

SSL_CTX& client_context() {
  static const OpensslPointer<SSL_CTX> context =
      make_client_context(TlsConnection::verify_callback);
  return *context;
}

/// What the server says of our device with its alert (RFC 8446 6.2).
std::optional<Refusal> refusal_of_alert(int alert) {
  switch (alert) {
    case SSL_AD_CERTIFICATE_REVOKED:
      return refuse(RefusalCode::device_revoked);
    case SSL_AD_CERTIFICATE_EXPIRED:
      return refuse(RefusalCode::certificate_expired);
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_UNKNOWN_CA:
    case SSL_AD_ACCESS_DENIED:
    case TLS13_AD_CERTIFICATE_REQUIRED:
      return refuse(RefusalCode::unknown_device);
    case SSL_AD_INTERNAL_ERROR:
      return refuse(RefusalCode::server_busy,
                    "This device or its agency connects too often. Come back in a minute.");
    case SSL_AD_PROTOCOL_VERSION:
      return refuse(RefusalCode::unsupported_version, "The server does not speak TLS 1.3.");
  }
  return std::nullopt;
}

class ClientConnect : public std::enable_shared_from_this<ClientConnect> {
 public:
  using Done = std::function<void(Result<std::shared_ptr<TlsWebSocket>>)>;

  ClientConnect(std::shared_ptr<IoContext> context, const ClientTarget& target,
                const TlsIdentity& identity, Done done)
      : context_(std::move(context)),
        strand_(make_strand_of(*context_)),
        resolver_(strand_),
        socket_(strand_),
        deadline_(strand_),
        target_(target),
        identity_{SecretBuffer(identity.private_key_pem.view()), identity.certificate_pem},
        done_(std::move(done)) {}

  void start() {
    asio::post(strand_, [self = shared_from_this()] { self->begin(); });
  }

 private:
  void begin() {
    deadline_.expires_after(target_.timeouts.handshake);
    deadline_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->give_up(RefusalCode::not_connected, self->where() + " does not answer.");
    });
    error_code error;
    const auto address = asio::ip::make_address(target_.host, error);
    // A number needs no resolver, whose system call cannot be interrupted.
    if (!error) return connect({Tcp::endpoint(address, target_.port)});
    resolver_.async_resolve(
        target_.host, std::to_string(target_.port), Tcp::resolver::numeric_service,
        [self = shared_from_this()](error_code failed, const Tcp::resolver::results_type& found) {
          self->on_resolved(failed, found);
        });
  }

  std::string where() const {
    return target_.host + ", port " + std::to_string(target_.port) + ",";
  }

  void give_up(RefusalCode code, std::string detail = {}) {
    finish(refuse(code, std::move(detail)));
  }

  void finish(Result<std::shared_ptr<TlsWebSocket>> result) {
    if (!done_) return;
    deadline_.cancel();
    resolver_.cancel();
    error_code ignored;
    socket_.close(ignored);
    if (result.has_error() && connection_) connection_->close();
    connection_.reset();
    std::exchange(done_, nullptr)(std::move(result));
  }

  void on_resolved(error_code error, const Tcp::resolver::results_type& found) {
    if (!done_) return;
    if (error)
      return give_up(RefusalCode::not_connected,
                     "The name " + target_.host + " is not found: " + error.message() + ".");
    connect({found.begin(), found.end()});
  }

  void connect(std::vector<Tcp::endpoint> endpoints) {
    endpoints_ = std::move(endpoints);
    try_next(asio::error::host_not_found);
  }

  void try_next(error_code last_error) {
    if (next_ == endpoints_.size())
      return give_up(RefusalCode::not_connected,
                     where() + " cannot be reached: " + last_error.message() + ".");
    error_code ignored;
    socket_.close(ignored);
    socket_.async_connect(endpoints_[next_++], [self = shared_from_this()](error_code error) {
      if (!self->done_) return;
      if (error)
        self->try_next(error);
      else
        self->begin_tls();
    });
  }

  void begin_tls() {
    const std::string address = endpoints_[next_ - 1].address().to_string();
    try {
      connection_ = std::make_shared<TlsConnection>(
          context_, std::move(socket_), address, client_context(), TlsConnection::Role::client,
          [pinned = target_.server_spki, any = target_.takes_any_server](const Digest& spki) {
            return any || spki == pinned ? PeerVerdict::accepted : PeerVerdict::unknown;
          });
      connection_->use_identity(identity_);
    } catch (const std::runtime_error& error) {
      return give_up(RefusalCode::local_state_broken, error.what());
    }
    identity_.private_key_pem.wipe();
    connection_->handshake(make_operation(
        [self = shared_from_this()](error_code error, std::size_t) { self->on_tls(error); }));
  }

  void on_tls(error_code error) {
    if (!done_) return;
    if (!error) return upgrade();
    if (connection_->verdict() == PeerVerdict::unknown) return give_up(RefusalCode::wrong_server);
    give_up_after(error);
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
      return give_up_after({});
    }
    if (auto sentence = unsupported_version_sentence(outcome.body))
      return give_up(RefusalCode::unsupported_version, std::move(*sentence));
    give_up(RefusalCode::not_connected,
            where() + " answered HTTP " + std::to_string(outcome.http_status) + ".");
  }

  /// The connection failed: the server's alert says why, or else the words of the failure.
  void give_up_after(error_code error) {
    if (const auto alert = connection_->received_alert())
      if (auto refusal = refusal_of_alert(*alert)) return finish(std::move(*refusal));
    std::string words = connection_->failure();
    if (words.empty()) words = error ? error.message() : "no answer to the upgrade request";
    give_up(RefusalCode::not_connected, where() + " ended the handshake: " + words + ".");
  }

  std::shared_ptr<IoContext> context_;  // first: the others need it to the end
  Executor strand_;
  Tcp::resolver resolver_;
  TcpSocket socket_;
  asio::steady_timer deadline_;
  const ClientTarget target_;
  TlsIdentity identity_;
  Done done_;
  std::vector<Tcp::endpoint> endpoints_;
  std::size_t next_ = 0;
  std::shared_ptr<TlsConnection> connection_;
};

}  // namespace

void connect_tls_websocket(EventLoop& loop, const ClientTarget& target, const TlsIdentity& identity,
                           std::function<void(Result<std::shared_ptr<TlsWebSocket>>)> done) {
  const auto& context = loop.implementation().context;
  if (context->is_stopping) return;
  auto connect = std::make_shared<ClientConnect>(context, target, identity, std::move(done));
  connect->start();
}

}  // namespace oberih::socket
