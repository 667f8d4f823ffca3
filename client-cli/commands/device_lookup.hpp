// SPDX-License-Identifier: Apache-2.0
// Finding devices and people by what somebody types: hex digits or a name. Never a guess: what fits
// more than one is refused.
#pragma once

#include <vector>

#include "client-cli/commands/command_context.hpp"
#include "client-cli/verification/client_session.hpp"

namespace oberih::client {

/// The first eight hex digits: what tables show.
std::string short_hex(ByteView id);

/// The one device whose id begins with these (eight or more) hex digits. Refusal: usage.
Result<DeviceId> find_device(const CommandContext& context, const ClientSession& session,
                             const std::string& text);

/// All active devices of one person: by person id, by one of their devices (hex as above), or by a
/// name that exactly one person we may see bears. Refusal: usage.
Result<std::vector<DeviceId>> find_person(const CommandContext& context, ClientSession& session,
                                          const std::string& text);

/// The visible name, else the short device id; with control characters escaped.
std::string shown_name(ClientSession& session, const DeviceId& device);

}  // namespace oberih::client
