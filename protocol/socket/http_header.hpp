// SPDX-License-Identifier: Apache-2.0
// The HTTP that surrounds a WebSocket: a request's header in, a small response out.
// Internal to protocol/socket.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/socket/boost_asio.hpp"

// After boost_asio.hpp: it says how Boost is compiled here.
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include "protocol/socket/tls_listener.hpp"

namespace oberih::socket {

using HttpHeader = boost::beast::http::request<boost::beast::http::empty_body>;

/// `text` must end with the empty line and hold nothing after it. Nothing when it is no HTTP/1
/// request, or one with a body: no request of ours has one.
std::optional<HttpHeader> parse_http_header(std::string_view text, std::size_t limit);

bool asks_for_websocket(const HttpHeader& header);
/// The words of Sec-WebSocket-Protocol, in the client's order.
std::vector<std::string> offered_subprotocols(const HttpHeader& header);

/// `Connection: close` always; without the body for a HEAD request.
std::string http_response_text(const HttpResponse& response, std::string_view method);

/// 400, and in JSON which version this server speaks.
HttpResponse unsupported_version_response(std::string_view spoken,
                                          const std::vector<std::string>& offered);
/// The sentence in such a response; nothing when the body is another one.
std::optional<std::string> unsupported_version_sentence(std::string_view body);

}  // namespace oberih::socket
