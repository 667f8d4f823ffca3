// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/device_search.hpp"

#include <set>

#include "client-cli/commands/id_digits.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

Refusal not_found(const std::string& text) {
  return refuse(RefusalCode::not_found, "no device or person '" + text + "' is known");
}

Refusal ambiguous(const std::string& text) {
  return refuse(RefusalCode::usage, "'" + text + "' means several; give more digits of the id");
}

}  // namespace

Result<DeviceId> find_device(const sealing::Directory& directory, const std::string& text) {
  if (!are_digits(text)) return not_found(text);
  const DeviceId* found = nullptr;
  for (const auto& [id, device] : directory.devices()) {
    if (!encoding::encode_hex(id).starts_with(text)) continue;
    if (found != nullptr) return ambiguous(text);
    found = &id;
  }
  if (found == nullptr) return not_found(text);
  return *found;
}

Result<PersonId> find_person(ClientSession& session, const std::string& text) {
  OBERIH_TRY(session.read_names());
  std::optional<std::string> name = encoding::to_nfc(text);
  std::set<PersonId> people;
  for (const auto& [id, device] : session.directory().devices()) {
    bool is_meant =
        are_digits(text) && (encoding::encode_hex(id).starts_with(text) ||
                             encoding::encode_hex(device.certificate.person).starts_with(text));
    is_meant |= name && session.verified_directory().find_name(id) == name;
    if (is_meant) people.insert(device.certificate.person);
  }
  if (people.empty()) return not_found(text);
  if (people.size() > 1) return ambiguous(text);
  return *people.begin();
}

Result<std::vector<DeviceId>> find_devices_of_person(ClientSession& session,
                                                     const std::string& text) {
  Result<PersonId> person = find_person(session, text);
  if (!person) return person.error();
  std::vector<DeviceId> devices;
  for (const auto& [id, device] : session.directory().devices())
    if (device.certificate.person == *person &&
        standing_now(session, id) == sealing::Standing::active)
      devices.push_back(id);
  if (devices.empty()) return refuse(RefusalCode::not_found, "'" + text + "' has no active device");
  return devices;
}

std::string name_or_digits(const VerifiedDirectory& directory, const DeviceId& device) {
  if (std::optional<std::string> name = directory.find_name(device))
    return encoding::printable(*name);
  return encoding::encode_hex(device).substr(0, fewest_digits);
}

std::string describe_device(const VerifiedDirectory& directory, const DeviceId& device) {
  std::string text = name_or_digits(directory, device);
  if (directory.directory().find_device(device) == nullptr) return text;
  return text + " (" + std::string(name_of(directory.directory().agency_kind_of(device))) + ")";
}

bool expires_soon(const ClientSession& session, const sealing::Device& device) {
  const Milliseconds now = session.hello().server_ms ? session.hello().server_ms : wall_clock_ms();
  return standing_now(session, device.certificate.device) == sealing::Standing::active &&
         device.certificate.not_after_ms < now + expiry_warning_ms;
}

sealing::Standing standing_now(const ClientSession& session, const DeviceId& device) {
  Milliseconds now = session.hello().server_ms ? session.hello().server_ms : wall_clock_ms();
  return session.directory().standing(device, UINT64_MAX, now);
}

}  // namespace oberih::client
