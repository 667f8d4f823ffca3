// SPDX-License-Identifier: Apache-2.0
#include "server/transport/listener.hpp"

#include "server/transport/http_endpoints.hpp"
#include "server/transport/peer_identity.hpp"

namespace oberih::transport {
namespace {

constexpr std::string_view connects_too_often =
    "This device or its agency connects too often. Come back in a minute.";
constexpr std::string_view may_not_connect = "This device may not connect any more.";
constexpr const char* plain_text = "text/plain; charset=utf-8";
constexpr const char* retry_after_seconds = "10";

// A million leaves and their hashes are 8,000. Each is counted and its device looked up anew; who
// reads on connects once more.
constexpr std::size_t pages_of_a_connection = 10'000;

bool take_connection(const SessionSurroundings& surroundings, const domain::Caller& caller) {
  return surroundings.registry.rate_limiter(caller.device, caller.agency)
      ->take_connection(std::chrono::steady_clock::now());
}

void answer_page(const SessionSurroundings& surroundings, const socket::HttpRequest& request,
                 socket::HttpAnswer done) {
  const application::Services& services = surroundings.router.services();
  const auto caller = application::identify_caller(services, request.peer_spki);
  if (!caller)  // revoked since the handshake
    return done({403, plain_text, std::string(may_not_connect) + "\n", {}, true});
  if (request.number == 1 && !take_connection(surroundings, *caller))
    return done({429,
                 plain_text,
                 std::string(connects_too_often) + "\n",
                 {{"Retry-After", retry_after_seconds}},
                 true});
  answer_http(services, *caller, surroundings.registry.rate_limiter(caller->device, caller->agency),
              request, std::move(done));
}

void begin_session(const SessionSurroundings& surroundings,
                   std::shared_ptr<socket::TlsWebSocket> socket) {
  // Again: a device may have been revoked between handshake and upgrade.
  auto caller = application::identify_caller(surroundings.router.services(), socket->peer_spki());
  if (!caller) {
    socket->start({[](std::string_view) {}, [](const socket::CloseReason&) {}});
    socket->close(socket::CloseCode::device_revoked, may_not_connect);
    return;
  }
  if (!take_connection(surroundings, *caller)) {
    socket->start({[](std::string_view) {}, [](const socket::CloseReason&) {}});
    socket->close(socket::CloseCode::too_many_requests, connects_too_often);
    return;
  }
  std::make_shared<WebsocketSession>(surroundings, std::move(socket), *caller)->start();
}

socket::ListenerLimits with_pages(socket::ListenerLimits limits) {
  limits.http_requests = pages_of_a_connection;
  return limits;
}

socket::TlsListener::Handlers handlers_for(const SessionSurroundings& surroundings) {
  return {[&surroundings](const Digest& spki) {
            return judge_peer(surroundings.router.services(), surroundings.registry, spki);
          },
          [&surroundings](std::shared_ptr<socket::TlsWebSocket> socket) {
            begin_session(surroundings, std::move(socket));
          },
          [&surroundings](const socket::HttpRequest& request, socket::HttpAnswer done) {
            answer_page(surroundings, request, std::move(done));
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
                std::string(wire::subprotocol), with_pages(settings.limits),
                handlers_for(surroundings)) {}

}  // namespace oberih::transport
