// SPDX-License-Identifier: Apache-2.0
// Turns what Beast and TLS say of an ended connection into a CloseReason.
// Internal to protocol/socket.
#pragma once

#include "protocol/socket/boost_asio.hpp"
#include "protocol/socket/tls_websocket.hpp"

namespace oberih::socket {

/// The longest prefix that fits into a close frame and ends at a letter.
std::string cut_to_reason(std::string_view text);

/// Why reading failed, when no close frame of the peer says so. `failure`: the words of TLS, or
/// empty.
CloseReason reason_of_error(error_code error, const std::string& failure, std::size_t frame_bytes);

}  // namespace oberih::socket
