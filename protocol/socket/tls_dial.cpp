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
      target_(std::move(target)),
      identity_{SecretBuffer(identity.private_key_pem.view()), identity.certificate_pem} {}

void TlsDial::start(Done done) {
  done_ = std::move(done);
  auto dial = std::make_shared<TcpDial>(context_, strand_, target_.host, target_.port);
  dial_ = dial;
  dial->start([self = shared_from_this()](Result<TcpSocket> connected) {
    if (!self->done_) return;
    if (!connected) return self->finish(connected.error());
    self->begin_tls(std::move(*connected));
  });
}

void TlsDial::cancel() {
  if (!done_) return;
  done_ = nullptr;
  if (auto dial = dial_.lock()) dial->cancel();
  if (connection_) connection_->close();
  connection_.reset();
}

void TlsDial::finish(Result<std::shared_ptr<TlsConnection>> result) {
  if (!done_) return;
  if (result.has_error() && connection_) connection_->close();
  connection_.reset();
  std::exchange(done_, nullptr)(std::move(result));
}

void TlsDial::begin_tls(TcpSocket socket) {
  error_code ignored;
  const std::string address = socket.remote_endpoint(ignored).address().to_string();
  try {
    SSL_CTX& tls = target_.web ? target_.web->context() : client_context();
    connection_ = std::make_shared<TlsConnection>(context_, std::move(socket), address, tls,
                                                  TlsConnection::Role::client, target_.verify);
    if (target_.web)
      connection_->expect_name(target_.host);
    else
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
  const std::string where = name_of_target(target_.host, target_.port);
  if (connection_->verdict() == PeerVerdict::unknown)
    return finish(
        refuse(RefusalCode::wrong_server,
               target_.web ? where + " " + connection_->certificate_fault() + "." : std::string()));
  if (target_.web)
    return finish(refuse(RefusalCode::not_connected,
                         where + " ended the handshake: " + connection_->failure() + "."));
  finish(refusal_of_connection(*connection_, where, error.message()));
}

}  // namespace oberih::socket
