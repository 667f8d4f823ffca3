// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/http_header.hpp"

#include <algorithm>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <charconv>

namespace oberih::socket {

namespace http = boost::beast::http;

namespace {

constexpr std::string_view sentence_mark = "\"message\":\"";
constexpr std::size_t shown_bytes = 64;
constexpr unsigned longest_retry_seconds = 3'600;

/// A token of RFC 7230 can stand in JSON as it is; Beast gives us nothing else. Only cut it.
std::string shown(const std::string& token) { return token.substr(0, shown_bytes); }

std::string word_of(HttpEnd end) { return end == HttpEnd::keep ? "keep-alive" : "close"; }

/// Seconds; a date, as HTTP also has it, is no answer of ours.
std::chrono::seconds retry_after_of(const http::response<http::empty_body>& header) {
  const auto value = header[http::field::retry_after];
  unsigned seconds = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (error != std::errc() || end != value.data() + value.size()) return {};
  return std::chrono::seconds(std::min(seconds, longest_retry_seconds));
}

}  // namespace

std::optional<HttpHeader> parse_http_header(std::string_view text, std::size_t limit,
                                            std::size_t body_limit) {
  http::request_parser<http::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(limit));
  error_code error;
  const std::size_t used = parser.put(asio::buffer(text), error);
  if (error || !parser.is_header_done() || used != text.size()) return std::nullopt;
  if (parser.chunked() || parser.content_length().value_or(0) > body_limit) return std::nullopt;
  return parser.release();
}

std::size_t body_length_of(const HttpHeader& header) {
  const auto found = header.find(http::field::content_length);
  if (found == header.end()) return 0;
  const std::string_view digits(found->value().data(), found->value().size());
  std::size_t length = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), length);
  return length;
}

bool asks_for_websocket(const HttpHeader& header) {
  return boost::beast::websocket::is_upgrade(header);
}

bool asks_to_keep(const HttpHeader& header) {
  return http::token_list(header[http::field::connection]).exists("keep-alive");
}

std::vector<std::string> offered_subprotocols(const HttpHeader& header) {
  std::vector<std::string> offered;
  const auto range = header.equal_range(http::field::sec_websocket_protocol);
  for (auto field = range.first; field != range.second; ++field)
    for (const auto token : http::token_list(field->value())) offered.emplace_back(token);
  return offered;
}

std::string http_response_text(const HttpResponse& response, std::string_view method, HttpEnd end) {
  std::string text = "HTTP/1.1 " + std::to_string(response.status) + " ";
  text += http::obsolete_reason(http::int_to_status(response.status));
  text += "\r\nContent-Type: " + response.content_type;
  text += "\r\nContent-Length: " + std::to_string(response.body.size());
  for (const auto& [name, value] : response.fields) text += "\r\n" + name + ": " + value;
  text += "\r\nConnection: " + word_of(end) + "\r\nX-Content-Type-Options: nosniff\r\n\r\n";
  if (method != "HEAD") text += response.body;
  return text;
}

std::string http_request_text(std::string_view method, std::string_view target,
                              std::string_view host, std::string_view content_type,
                              std::string_view body, HttpEnd end) {
  std::string text = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: ";
  text += host;
  text += "\r\nConnection: " + word_of(end) + "\r\nUser-Agent: oberih\r\n";
  if (method != "GET") {
    text += "Content-Type: " + std::string(content_type);
    text += "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  }
  text += "\r\n";
  return text += body;
}

HttpResponsePart parse_http_response(std::string_view text, HttpReply& answer) {
  const std::size_t end = text.find("\r\n\r\n");
  if (end == text.npos) return HttpResponsePart::incomplete;
  const std::string_view head = text.substr(0, end + 4);
  http::response_parser<http::empty_body> parser;
  error_code error;
  parser.put(asio::buffer(head), error);
  if (error || !parser.is_header_done() || parser.chunked()) return HttpResponsePart::malformed;
  const auto length = parser.content_length();
  if (!length) return HttpResponsePart::malformed;
  const std::string_view body = text.substr(end + 4);
  if (body.size() < *length) return HttpResponsePart::incomplete;
  if (body.size() > *length) return HttpResponsePart::malformed;
  answer.status = parser.get().result_int();
  answer.content_type = std::string(parser.get()[http::field::content_type]);
  answer.body = std::string(body);
  answer.is_kept = parser.keep_alive();
  answer.retry_after = retry_after_of(parser.get());
  return HttpResponsePart::whole;
}

HttpResponse unsupported_version_response(std::string_view spoken,
                                          const std::vector<std::string>& offered) {
  const std::string ours(spoken);
  std::string sentence = "This server speaks " + ours + "; the client offered ";
  sentence += offered.empty() ? "no version" : shown(offered.front());
  if (offered.size() > 1) sentence += " and " + std::to_string(offered.size() - 1) + " more";
  HttpResponse response;
  response.status = 400;
  response.content_type = "application/json";
  response.body = "{\"error\":\"unsupported_version\"," + std::string(sentence_mark) + sentence +
                  ".\",\"speaks\":[\"" + ours + "\"]}\n";
  return response;
}

std::optional<std::string> unsupported_version_sentence(std::string_view body) {
  if (!body.starts_with("{\"error\":\"unsupported_version\"")) return std::nullopt;
  const auto mark = body.find(sentence_mark);
  if (mark == std::string_view::npos) return std::nullopt;
  std::string_view sentence = body.substr(mark + sentence_mark.size(), 512);
  sentence = sentence.substr(0, sentence.find_first_of("\"\\"));
  const bool is_plain =
      std::all_of(sentence.begin(), sentence.end(), [](char c) { return c >= ' ' && c < 0x7f; });
  return is_plain ? std::optional<std::string>(sentence) : std::nullopt;
}

}  // namespace oberih::socket
