// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/server_handshake.hpp"

#include <algorithm>

namespace oberih::socket {

namespace {

constexpr std::size_t first_read_bytes = 1024;
constexpr std::string_view end_of_header = "\r\n\r\n";
constexpr std::string_view websocket_path = "/";

std::string_view name_of(PeerVerdict verdict) {
  switch (verdict) {
    case PeerVerdict::accepted:
      return "accepted";
    case PeerVerdict::unknown:
      return "unknown device";
    case PeerVerdict::expired:
      return "certificate expired";
    case PeerVerdict::revoked:
      return "device revoked";
    case PeerVerdict::too_many:
      return "too many connections of this device or agency";
  }
  return "unknown device";
}

class ServerHandshake : public std::enable_shared_from_this<ServerHandshake> {
 public:
  ServerHandshake(std::shared_ptr<const HandshakeService> service,
                  std::shared_ptr<TlsConnection> connection,
                  std::shared_ptr<HandshakeTicket> ticket)
      : service_(std::move(service)),
        connection_(std::move(connection)),
        deadline_(connection_->executor()),
        ticket_(std::move(ticket)) {}

  void begin() {
    keep_time(service_->settings.timeouts.handshake);
    connection_->handshake(make_operation(
        [self = shared_from_this()](error_code error, std::size_t) { self->on_tls(error); }));
  }

 private:
  void keep_time(std::chrono::milliseconds span) {
    deadline_.expires_after(span);
    deadline_.async_wait([self = shared_from_this()](error_code error) {
      if (error) return;
      self->is_late_ = true;
      self->connection_->abort();  // what is under way ends with an error and says the rest
    });
  }

  /// Turned away; our last words (an alert, a response) still get their time to arrive.
  void leave(std::string_view reason) {
    service_->reject(connection_->peer_address(), is_late_ ? "handshake time-out" : reason);
    finish();
  }

  void finish() {
    deadline_.cancel();
    connection_->finish(make_operation([self = shared_from_this()](error_code, std::size_t) {}));
  }

  void on_tls(error_code error) {
    if (!error) return read_header();
    const auto verdict = connection_->verdict();
    if (verdict && *verdict != PeerVerdict::accepted) return leave(name_of(*verdict));
    leave("TLS: " + connection_->failure());
  }

  void read_header() {
    const std::size_t room =
        std::min(first_read_bytes, service_->http_header_bytes - header_.size());
    if (room == 0) {
      service_->reject(connection_->peer_address(), "HTTP header too large");
      return respond({431, "text/plain; charset=utf-8", "The header is too large.\n"}, "GET");
    }
    header_.resize(header_.size() + room);
    connection_->read_some(
        asio::buffer(header_.data() + header_.size() - room, room),
        make_operation([self = shared_from_this(), room](error_code error, std::size_t bytes) {
          self->header_.resize(self->header_.size() - room + bytes);
          self->on_header(error);
        }));
  }

  void on_header(error_code error) {
    if (error)
      return served_ == 0 ? leave("before an HTTP request: " + connection_->failure())
                          : finish();  // who was answered may leave, or rest too long
    const std::size_t end = header_.find(end_of_header);
    if (end == std::string::npos) return read_header();
    // Without bodies, what follows the header belongs to no request of ours.
    if (service_->http_body_bytes != 0) {
      body_ = header_.substr(end + end_of_header.size());
      header_.resize(end + end_of_header.size());
    }
    const auto header =
        parse_http_header(header_, service_->http_header_bytes, service_->http_body_bytes);
    header_.clear();
    header_.shrink_to_fit();
    if (!header || body_.size() > body_length_of(*header)) return refuse_malformed();
    if (const std::size_t length = body_length_of(*header); length != 0)
      return read_body(*header, length);
    if (!asks_for_websocket(*header) || header->target() != websocket_path) return answer(*header);
    if (served_ != 0) return refuse_malformed();
    upgrade(*header);
  }

  void refuse_malformed() {
    service_->reject(connection_->peer_address(), "malformed HTTP request");
    respond({400, "text/plain; charset=utf-8", "Not a request of ours.\n"}, "GET");
  }

  void read_body(const HttpHeader& header, std::size_t length) {
    if (body_.size() == length) return answer(header);
    const std::size_t room = length - body_.size();
    body_.resize(length);
    connection_->read_some(
        asio::buffer(body_.data() + length - room, room),
        make_operation(
            [self = shared_from_this(), header, length, room](error_code error, std::size_t bytes) {
              if (error)
                return self->leave("before the body of a request: " + self->connection_->failure());
              self->body_.resize(length - room + bytes);
              self->read_body(header, length);
            }));
  }

  void upgrade(const HttpHeader& header) {
    const auto& spoken = service_->settings.subprotocol;
    const auto offered = offered_subprotocols(header);
    if (std::find(offered.begin(), offered.end(), spoken) == offered.end()) {
      service_->reject(connection_->peer_address(), "unsupported version");
      return respond(unsupported_version_response(spoken, offered), "GET");
    }
    accept_websocket(connection_, header, service_->settings,
                     [self = shared_from_this()](std::shared_ptr<TlsWebSocket> websocket) {
                       self->on_upgraded(std::move(websocket));
                     });
  }

  void on_upgraded(std::shared_ptr<TlsWebSocket> websocket) {
    if (!websocket) return leave("the upgrade failed: " + connection_->failure());
    deadline_.cancel();
    welcome();
    if (service_->handlers.on_websocket) service_->handlers.on_websocket(std::move(websocket));
  }

  /// It is no handshake any more.
  void welcome() {
    if (ticket_) ticket_->has_succeeded = true;
    ticket_.reset();
  }

  void answer(const HttpHeader& header) {
    const HttpRequest request{std::string(header.method_string()), std::string(header.target()),
                              connection_->peer_spki(), std::move(body_), ++served_};
    is_kept_ = served_ < service_->http_requests && asks_to_keep(header);
    welcome();
    if (!service_->handlers.on_http)
      return respond({404, "text/plain; charset=utf-8", "There is nothing here.\n"},
                     request.method);
    keep_time(service_->settings.timeouts.idle);
    service_->handlers.on_http(
        request, [self = shared_from_this(), method = request.method](HttpResponse response) {
          // From whichever thread: this connection's own goes on with it.
          asio::post(self->connection_->executor(), [self, method, response = std::move(response)] {
            self->respond(response, method);
          });
        });
  }

  void respond(const HttpResponse& response, std::string_view method) {
    is_kept_ = is_kept_ && !response.is_last;
    response_ = http_response_text(response, method, is_kept_ ? HttpEnd::keep : HttpEnd::close);
    keep_time(service_->settings.timeouts.idle);
    write_on();
  }

  void write_on() {
    if (sent_ == response_.size()) return is_kept_ ? await_next() : finish();
    const asio::const_buffer rest(response_.data() + sent_, response_.size() - sent_);
    connection_->write_some({&rest, 1}, make_operation([self = shared_from_this()](
                                                           error_code error, std::size_t bytes) {
                              if (error) return self->finish();
                              self->sent_ += bytes;
                              self->write_on();
                            }));
  }

  /// What a connection keeps while it rests is its TLS alone.
  void await_next() {
    std::string().swap(response_);
    body_.clear();
    sent_ = 0;
    is_kept_ = false;  // until the next request asks for it
    keep_time(service_->settings.timeouts.handshake);
    read_header();
  }

  std::shared_ptr<const HandshakeService> service_;
  std::shared_ptr<TlsConnection> connection_;
  asio::steady_timer deadline_;
  std::shared_ptr<HandshakeTicket> ticket_;
  std::string header_;
  std::string body_;
  std::string response_;
  std::size_t sent_ = 0;
  std::size_t served_ = 0;
  bool is_kept_ = false;
  bool is_late_ = false;
};

}  // namespace

void begin_server_handshake(std::shared_ptr<const HandshakeService> service, TcpSocket socket,
                            std::string address, ConnectionAdmission::Admitted admitted) {
  SSL_CTX& tls = *service->tls;
  auto connection =
      std::make_shared<TlsConnection>(service->context, std::move(socket), std::move(address), tls,
                                      TlsConnection::Role::server, service->handlers.verify_peer);
  connection->hold(std::move(admitted.connection));
  std::make_shared<ServerHandshake>(std::move(service), std::move(connection),
                                    std::move(admitted.handshake))
      ->begin();
}

}  // namespace oberih::socket
