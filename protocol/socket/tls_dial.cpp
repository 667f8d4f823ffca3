// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/tls_dial.hpp"

#include <stdexcept>

namespace oberih::socket {

namespace {

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

}  // namespace

std::string name_of_target(const std::string& host, std::uint16_t port) {
  return host + ", port " + std::to_string(port) + ",";
}

Refusal refusal_of_connection(const TlsConnection& connection, const std::string& where,
                              const std::string& otherwise) {
  if (const auto alert = connection.received_alert())
    if (auto refusal = refusal_of_alert(*alert)) return std::move(*refusal);
  const std::string words = connection.failure().empty() ? otherwise : connection.failure();
  return refuse(RefusalCode::not_connected, where + " ended the handshake: " + words + ".");
}

TlsDial::TlsDial(std::shared_ptr<IoContext> context, Executor strand, DialTarget target,
                 const TlsIdentity& identity)
    : context_(std::move(context)),
      strand_(std::move(strand)),
      resolver_(strand_),
      socket_(strand_),
      target_(std::move(target)),
      identity_{SecretBuffer(identity.private_key_pem.view()), identity.certificate_pem} {}

void TlsDial::start(Done done) {
  done_ = std::move(done);
  error_code error;
  const auto address = asio::ip::make_address(target_.host, error);
  // A number needs no resolver, whose system call cannot be interrupted.
  if (!error) return connect({Tcp::endpoint(address, target_.port)});
  resolver_.async_resolve(
      target_.host, std::to_string(target_.port), Tcp::resolver::numeric_service,
      [self = shared_from_this()](error_code failed, const Tcp::resolver::results_type& found) {
        if (!self->done_) return;
        if (!failed) return self->connect({found.begin(), found.end()});
        self->finish(
            refuse(RefusalCode::not_connected,
                   "The name " + self->target_.host + " is not found: " + failed.message() + "."));
      });
}

void TlsDial::cancel() {
  if (!done_) return;
  done_ = nullptr;
  resolver_.cancel();
  error_code ignored;
  socket_.close(ignored);
  if (connection_) connection_->close();
  connection_.reset();
}

void TlsDial::finish(Result<std::shared_ptr<TlsConnection>> result) {
  if (!done_) return;
  if (result.has_error() && connection_) connection_->close();
  connection_.reset();
  std::exchange(done_, nullptr)(std::move(result));
}

void TlsDial::connect(std::vector<Tcp::endpoint> endpoints) {
  endpoints_ = std::move(endpoints);
  try_next(asio::error::host_not_found);
}

void TlsDial::try_next(error_code last_error) {
  if (next_ == endpoints_.size())
    return finish(refuse(RefusalCode::not_connected,
                         name_of_target(target_.host, target_.port) +
                             " cannot be reached: " + last_error.message() + "."));
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

void TlsDial::begin_tls() {
  const std::string address = endpoints_[next_ - 1].address().to_string();
  try {
    connection_ =
        std::make_shared<TlsConnection>(context_, std::move(socket_), address, client_context(),
                                        TlsConnection::Role::client, target_.verify);
    connection_->use_identity(identity_);
  } catch (const std::runtime_error& error) {
    return finish(refuse(RefusalCode::local_state_broken, error.what()));
  }
  identity_.private_key_pem.wipe();
  connection_->handshake(make_operation(
      [self = shared_from_this()](error_code error, std::size_t) { self->on_tls(error); }));
}

void TlsDial::on_tls(error_code error) {
  if (!done_) return;
  if (!error) {
    auto connection = std::move(connection_);
    return finish(std::move(connection));
  }
  if (connection_->verdict() == PeerVerdict::unknown)
    return finish(refuse(RefusalCode::wrong_server));
  finish(refusal_of_connection(*connection_, name_of_target(target_.host, target_.port),
                               error.message()));
}

}  // namespace oberih::socket
