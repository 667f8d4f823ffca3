// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/close_reason.hpp"

#include <boost/beast/websocket/error.hpp>

namespace oberih::socket {

namespace websocket = boost::beast::websocket;

namespace {

constexpr std::size_t reason_bytes = 123;  // RFC 6455 5.5
constexpr std::uint16_t invalid_payload = 1007;

}  // namespace

std::string cut_to_reason(std::string_view text) {
  if (text.size() <= reason_bytes) return std::string(text);
  std::size_t end = reason_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end));
}

CloseReason reason_of_error(error_code error, const std::string& failure, std::size_t frame_bytes) {
  if (error == websocket::error::message_too_big)
    return {static_cast<std::uint16_t>(CloseCode::frame_too_large),
            "the frame is larger than " + std::to_string(frame_bytes) + " bytes"};
  if (error == websocket::error::bad_frame_payload)
    return {invalid_payload, "the message is not UTF-8"};
  if (error == websocket::condition::protocol_violation)
    return {static_cast<std::uint16_t>(CloseCode::protocol_error), cut_to_reason(error.message())};
  return {0, cut_to_reason(failure.empty() ? error.message() : failure)};
}

}  // namespace oberih::socket
