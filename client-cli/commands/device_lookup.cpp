// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/device_lookup.hpp"

#include <algorithm>
#include <set>

#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t least_hex_digits = 8;

bool is_hex_prefix(const std::string& text) {
  return text.size() >= least_hex_digits && text.size() <= 2 * DeviceId::size &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

template <class Id>
bool begins_with(const Id& id, const std::string& digits) {
  return encoding::encode_hex(id.view()).starts_with(digits);
}

std::set<PersonId> people_by_hex(const sealing::Directory& directory, const std::string& digits) {
  std::set<PersonId> people;
  for (const auto& [id, device] : directory.devices())
    if (begins_with(id, digits) || begins_with(device.certificate.person, digits))
      people.insert(device.certificate.person);
  return people;
}

std::set<PersonId> people_by_name(ClientSession& session, const std::string& name) {
  std::set<PersonId> people;
  for (const auto& [id, device] : session.directory().devices())
    if (session.verified_directory().find_name(id) == name)
      people.insert(device.certificate.person);
  return people;
}

std::vector<DeviceId> active_devices_of(const ClientSession& session, const PersonId& person) {
  std::vector<DeviceId> devices;
  for (const auto& [id, device] : session.directory().devices())
    if (device.certificate.person == person &&
        session.directory().is_active(id, UINT64_MAX, session.hello().server_ms))
      devices.push_back(id);
  return devices;
}

}  // namespace

std::string short_hex(ByteView id) { return encoding::encode_hex(id.first(4)); }

Result<DeviceId> find_device(const CommandContext& context, const ClientSession& session,
                             const std::string& text) {
  if (!is_hex_prefix(text))
    return refuse(RefusalCode::usage, context.text(Message::device_is_hex, {text}));
  std::vector<DeviceId> found;
  for (const auto& [id, device] : session.directory().devices())
    if (begins_with(id, text)) found.push_back(id);
  if (found.empty())
    return refuse(RefusalCode::usage, context.text(Message::no_such_device, {text}));
  if (found.size() > 1)
    return refuse(RefusalCode::usage, context.text(Message::more_than_one, {text}));
  return found.front();
}

Result<std::vector<DeviceId>> find_person(const CommandContext& context, ClientSession& session,
                                          const std::string& text) {
  std::set<PersonId> people;
  if (is_hex_prefix(text)) people = people_by_hex(session.directory(), text);
  if (people.empty())
    if (const auto name = encoding::to_nfc(text)) people = people_by_name(session, *name);
  if (people.empty())
    return refuse(RefusalCode::usage, context.text(Message::no_such_person, {text}));
  if (people.size() > 1)
    return refuse(RefusalCode::usage, context.text(Message::more_than_one, {text}));
  std::vector<DeviceId> devices = active_devices_of(session, *people.begin());
  if (devices.empty())
    return refuse(RefusalCode::usage, context.text(Message::person_without_device, {text}));
  return devices;
}

std::string shown_name(ClientSession& session, const DeviceId& device) {
  if (const auto name = session.verified_directory().find_name(device))
    return encoding::printable(*name);
  return short_hex(device.view());
}

}  // namespace oberih::client
