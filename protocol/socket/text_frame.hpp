// SPDX-License-Identifier: Apache-2.0
// RFC 6455 5.2: one text message as one frame. Internal to protocol/socket.
#pragma once

#include <string_view>

#include "protocol/base/bytes.hpp"

namespace oberih::socket {

enum class Masking { none, random };  // a server sends plain frames, a client masks them

void append_text_frame(Bytes& out, std::string_view message, Masking masking);

}  // namespace oberih::socket
