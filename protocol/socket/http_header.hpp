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

#include "protocol/socket/http_call.hpp"
#include "protocol/socket/tls_listener.hpp"

namespace oberih::socket {

using HttpHeader = boost::beast::http::request<boost::beast::http::empty_body>;

/// `text` must end with the empty line and hold nothing after it. Nothing when it is no HTTP/1
/// request, or one with a longer body than that, or with one that does not say its length.
std::optional<HttpHeader> parse_http_header(std::string_view text, std::size_t limit,
                                            std::size_t body_limit = 0);
/// As Content-Length says, which parse_http_header has looked at.
std::size_t body_length_of(const HttpHeader& header);

bool asks_for_websocket(const HttpHeader& header);
/// `Connection: keep-alive`, said in so many words: who does not say it gets one answer.
bool asks_to_keep(const HttpHeader& header);
/// The words of Sec-WebSocket-Protocol, in the client's order.
std::vector<std::string> offered_subprotocols(const HttpHeader& header);

enum class HttpEnd { close, keep };
/// Without the body for a HEAD request.
std::string http_response_text(const HttpResponse& response, std::string_view method,
                               HttpEnd end = HttpEnd::close);

/// The client's side.
std::string http_request_text(std::string_view method, std::string_view target,
                              std::string_view host, std::string_view content_type,
                              std::string_view body, HttpEnd end = HttpEnd::close);
enum class HttpResponsePart { incomplete, whole, malformed };
/// An answer that says the length of its body; all others are malformed.
HttpResponsePart parse_http_response(std::string_view text, HttpReply& answer);

/// 400, and in JSON which version this server speaks.
HttpResponse unsupported_version_response(std::string_view spoken,
                                          const std::vector<std::string>& offered);
/// The sentence in such a response; nothing when the body is another one.
std::optional<std::string> unsupported_version_sentence(std::string_view body);

}  // namespace oberih::socket
