// SPDX-License-Identifier: Apache-2.0
#include "server/transport/listener.hpp"

#include "server/transport/http_endpoints.hpp"
#include "server/transport/peer_identity.hpp"

namespace oberih::transport {
namespace {

void begin_session(const SessionSurroundings& surroundings,
                   std::shared_ptr<socket::TlsWebSocket> socket) {
  // Again: a device may have been revoked between handshake and upgrade.
  auto caller = application::identify_caller(surroundings.router.services(), socket->peer_spki());
  if (!caller) {
    socket->start({[](std::string_view) {}, [](const socket::CloseReason&) {}});
    socket->close(socket::CloseCode::device_revoked, "This device may not connect any more.");
    return;
  }
  std::make_shared<WebsocketSession>(surroundings, std::move(socket), *caller)->start();
}

socket::TlsListener::Handlers handlers_for(const SessionSurroundings& surroundings) {
  const application::Services& services = surroundings.router.services();
  return {[&services](const Digest& spki) { return judge_peer(services, spki); },
          [&surroundings](std::shared_ptr<socket::TlsWebSocket> socket) {
            begin_session(surroundings, std::move(socket));
          },
          [&services](const socket::HttpRequest& request) {
            return answer_http(services.view, request);
          },
          [&surroundings](std::string_view address, std::string_view reason) {
            if (surroundings.diagnostics)
              surroundings.diagnostics(
                  {"connection_rejected", std::string(address), {}, std::string(reason)});
          }};
}

}  // namespace

Listener::Listener(const ListenerSettings& settings, const socket::TlsIdentity& identity,
                   const SessionSurroundings& surroundings)
    : listener_(surroundings.loop, settings.address, settings.port, identity,
                std::string(wire::subprotocol), settings.limits, handlers_for(surroundings)) {}

}  // namespace oberih::transport
