// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/tls_listener.hpp"

#include <stdexcept>

#include "protocol/socket/address_bar.hpp"
#include "protocol/socket/server_handshake.hpp"

namespace oberih::socket {

namespace {

using Tcp = asio::ip::tcp;

constexpr std::chrono::milliseconds accept_backoff{100};
// The kernel's filter is built anew at most so often.
constexpr std::chrono::milliseconds bar_interval{50};

asio::ip::address without_mapping(const asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return address;
}

/// What counts as one address: of IPv6 the /64, which a single host has for itself.
std::string origin_of(const asio::ip::address& address) {
  if (address.is_v4()) return address.to_string();
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return asio::ip::address_v6(bytes).to_string();
}

}  // namespace

struct TlsListener::Implementation : std::enable_shared_from_this<TlsListener::Implementation> {
  Implementation(std::shared_ptr<IoContext> io, std::shared_ptr<const HandshakeService> shared,
                 const ListenerLimits& limits)
      : context(std::move(io)),
        service(std::move(shared)),
        admission(std::make_shared<ConnectionAdmission>(
            ConnectionAdmission::Bounds{limits.connections, limits.handshakes,
                                        limits.handshakes_per_address, limits.failed_handshakes})),
        send_buffer_bytes(static_cast<int>(limits.send_buffer_bytes)),
        strand(make_strand_of(*context)),
        acceptor(strand),
        pause(strand),
        bar_timer(strand) {}

  void listen(const std::string& address, std::uint16_t port) {
    try {
      const Tcp::endpoint endpoint(asio::ip::make_address(address), port);
      acceptor.open(endpoint.protocol());
      acceptor.set_option(Tcp::acceptor::reuse_address(true));
      if (endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(false));
      acceptor.bind(endpoint);
      acceptor.listen();
      bar.emplace(acceptor.native_handle());
      bound_port = acceptor.local_endpoint().port();
    } catch (const boost::system::system_error& error) {
      throw std::runtime_error("Cannot listen on " + address + ", port " + std::to_string(port) +
                               ": " + error.code().message() + ".");
    }
  }

  void accept() {
    if (!acceptor.is_open()) return;
    acceptor.async_accept(make_strand_of(*context), peer,
                          [self = shared_from_this()](error_code error, TcpSocket socket) {
                            self->on_accepted(error, std::move(socket));
                          });
  }

  void on_accepted(error_code error, TcpSocket socket) {
    if (!acceptor.is_open()) return;
    if (!error) {
      admit(std::move(socket));
      return accept();
    }
    // A connection that was reset while it waited is no reason to pause.
    if (error == asio::error::connection_aborted) return accept();
    // Out of descriptors or memory: those who wait stay in the kernel's queue meanwhile.
    service->reject("", "accept: " + error.message());
    pause.expires_after(accept_backoff);
    pause.async_wait([self = shared_from_this()](error_code stopped) {
      if (!stopped) self->accept();
    });
  }

  void admit(TcpSocket socket) {
    const asio::ip::address address = without_mapping(peer.address());
    auto admitted = admission->admit(origin_of(address));
    if (!admitted.refused_because.empty()) {
      if (admitted.to_be_barred_for.count() > 0) keep_away(address, admitted.to_be_barred_for);
      return service->reject(address.to_string(), admitted.refused_because);
    }
    // Where the kernel may not, its own bound stays.
    error_code ignored;
    socket.set_option(asio::socket_base::send_buffer_size(send_buffer_bytes), ignored);
    const Executor executor = socket.get_executor();
    asio::post(executor, [service = service, socket = std::move(socket), text = address.to_string(),
                          admitted = std::move(admitted)]() mutable {
      begin_server_handshake(std::move(service), std::move(socket), std::move(text),
                             std::move(admitted));
    });
  }

  void keep_away(const asio::ip::address& address, std::chrono::seconds span) {
    const bool is_idle = bar->is_empty();
    bar->bar(address, std::chrono::steady_clock::now() + span);
    if (is_idle) renew_bar();
  }

  void renew_bar() {
    if (!acceptor.is_open() || !bar->renew(std::chrono::steady_clock::now()) || bar->is_empty())
      return;
    bar_timer.expires_after(bar_interval);
    bar_timer.async_wait([self = shared_from_this()](error_code stopped) {
      if (!stopped) self->renew_bar();
    });
  }

  void close() {
    error_code ignored;
    bar_timer.cancel();
    acceptor.close(ignored);
    pause.cancel();
  }

  std::shared_ptr<IoContext> context;
  std::shared_ptr<const HandshakeService> service;
  std::shared_ptr<ConnectionAdmission> admission;
  const int send_buffer_bytes;
  Executor strand;
  Tcp::acceptor acceptor;
  asio::steady_timer pause;
  asio::steady_timer bar_timer;
  std::optional<AddressBar> bar;
  Tcp::endpoint peer;
  std::uint16_t bound_port = 0;
};

TlsListener::TlsListener(EventLoop& loop, const std::string& address, std::uint16_t port,
                         const TlsIdentity& identity, std::string subprotocol,
                         ListenerLimits limits, Handlers handlers) {
  const auto& context = loop.implementation().context;
  auto service = std::make_shared<HandshakeService>(HandshakeService{
      context, make_server_context(identity, TlsConnection::verify_callback),
      WebSocketSettings{std::move(subprotocol), limits.frame_bytes, limits.timeouts},
      limits.http_header_bytes, limits.http_body_bytes, limits.http_requests, std::move(handlers)});
  implementation_ = std::make_shared<Implementation>(context, std::move(service), limits);
  implementation_->listen(address, port);
  asio::post(implementation_->strand, [self = implementation_] { self->accept(); });
}

TlsListener::~TlsListener() { stop(); }

std::uint16_t TlsListener::port() const { return implementation_->bound_port; }

void TlsListener::stop() {
  if (implementation_->context->is_stopping) return;
  asio::post(implementation_->strand, [self = implementation_] { self->close(); });
}

}  // namespace oberih::socket
