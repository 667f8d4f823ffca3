// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/admitted_search.hpp"

#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/id_digits.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
Result<sealing::Admitted> find_admitted(ClientSession& session, const std::string& text) {
  const std::optional<std::string> name = encoding::to_nfc(text);
  const AgencyId* found = nullptr;
  for (const auto& [id, agency] : session.directory().agencies()) {
    const bool is_meant =
        (name && agency.name == *name) ||
        (text.size() >= fewest_digits && encoding::encode_hex(id).starts_with(text));
    if (!is_meant) continue;
    if (found != nullptr) return refuse(RefusalCode::usage, "'" + text + "' means several");
    found = &id;
  }
  if (found != nullptr) return sealing::Admitted::of(*found);
  Result<PersonId> person = find_person(session, text);
  if (!person) return person.error();
  return sealing::Admitted::of(*person);
}

std::string describe_admitted(ClientSession& session, const sealing::Admitted& admitted) {
  const sealing::Directory& directory = session.directory();
  if (admitted.what == sealing::Admitted::What::agency) {
    const sealing::Agency* agency = directory.find_agency(*AgencyId::from(admitted.id));
    if (agency != nullptr) return encoding::printable(agency->name);
  } else {
    for (const auto& [id, device] : directory.devices())
      if (device.certificate.person.bytes == admitted.id)
        return describe_device(session.verified_directory(), id);
  }
  return encoding::encode_hex(*PersonId::from(admitted.id)).substr(0, fewest_digits);
}

}  // namespace oberih::client
