// SPDX-License-Identifier: Apache-2.0
// Which device a person means: an id, its first digits, or a name on a visible name card.
#pragma once

#include <string>
#include <vector>

#include "client-cli/verification/client_session.hpp"

namespace oberih::client {

/// The device whose id begins with these digits (eight at least). Refusals: not_found, usage when
/// several do.
Result<DeviceId> find_device(const sealing::Directory& directory, const std::string& text);

/// A person, named by the id of theirs or of a device, or by a name that matches the cards of one
/// person exactly. Refusals as above.
Result<PersonId> find_person(ClientSession& session, const std::string& text);

/// All active devices of a person, named in the same way. Refusals as above.
Result<std::vector<DeviceId>> find_devices_of_person(ClientSession& session,
                                                     const std::string& text);

/// `Слідча Оксана (police)`, or the first digits of the id where the name is not visible; safe for
/// a terminal.
std::string describe_device(const VerifiedDirectory& directory, const DeviceId& device);
/// The name alone, or the first digits.
std::string name_or_digits(const VerifiedDirectory& directory, const DeviceId& device);

/// How long before its end a certificate's holder is warned.
inline constexpr Milliseconds expiry_warning_ms = 30ull * 24 * 3600 * 1000;
/// Whether the certificate is in force now and ends within that time.
bool expires_soon(const ClientSession& session, const sealing::Device& device);

/// Judged by the newest that the client knows.
sealing::Standing standing_now(const ClientSession& session, const DeviceId& device);

}  // namespace oberih::client
