// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/unit_search.hpp"

#include "client-cli/commands/id_digits.hpp"
#include "client-cli/output/kyiv_date.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

std::vector<const sealing::UnitInForce*> find_all(const sealing::Directory& directory,
                                                  const std::string& text) {
  const std::optional<std::string> name = encoding::to_nfc(text);
  std::vector<const sealing::UnitInForce*> found;
  for (const sealing::UnitInForce* unit : directory.units())
    if ((name && unit->unit.name == *name) ||
        (are_digits(text) && encoding::encode_hex(unit->unit.unit).starts_with(text)))
      found.push_back(unit);
  return found;
}

Result<const sealing::UnitInForce*> only_one(const std::vector<const sealing::UnitInForce*>& found,
                                             const std::string& text) {
  if (found.empty()) return refuse(RefusalCode::not_found, "no unit '" + text + "' is known");
  if (found.size() > 1)
    return refuse(RefusalCode::usage, "'" + text + "' means several units; give the id");
  return found.front();
}

Refusal no_moment(const std::string& option) {
  return refuse(RefusalCode::usage,
                option + " is a time in Kyiv, as '2027-03-04 20:00', '04.03.2027 20:00' or a day");
}

}  // namespace

AgencyId own_agency(const ClientSession& session) {
  const sealing::Device* own = session.directory().find_device(session.ring().device);
  return own == nullptr ? AgencyId{} : own->certificate.agency;
}

Result<const sealing::UnitInForce*> find_unit(ClientSession& session, const std::string& text) {
  std::vector<const sealing::UnitInForce*> found = find_all(session.directory(), text);
  if (found.size() > 1) {
    std::vector<const sealing::UnitInForce*> own = found;
    std::erase_if(own, [&](const auto* unit) { return unit->unit.agency != own_agency(session); });
    if (own.size() == 1) return own.front();
  }
  return only_one(found, text);
}

Result<const sealing::UnitInForce*> find_own_unit(ClientSession& session, const std::string& text) {
  std::vector<const sealing::UnitInForce*> found = find_all(session.directory(), text);
  std::erase_if(found, [&](const auto* unit) { return unit->unit.agency != own_agency(session); });
  return only_one(found, text);
}

std::optional<std::string> find_name_of_person(ClientSession& session, const PersonId& person) {
  for (const auto& [id, device] : session.directory().devices())
    if (device.certificate.person == person)
      if (std::optional<std::string> name = session.verified_directory().find_name(id)) return name;
  return std::nullopt;
}

std::string describe_person(ClientSession& session, const PersonId& person) {
  if (std::optional<std::string> name = find_name_of_person(session, person))
    return encoding::printable(*name);
  const sealing::Device* newest = nullptr;
  for (const auto& [id, device] : session.directory().devices())
    if (device.certificate.person == person &&
        (newest == nullptr || newest->certified_index < device.certified_index))
      newest = &device;
  const std::string digits = encoding::encode_hex(person).substr(0, fewest_digits);
  return newest == nullptr ? digits : std::string(name_of(newest->certificate.role)) + " " + digits;
}

Milliseconds now_ms(const ClientSession& session) {
  return session.hello().server_ms ? session.hello().server_ms : wall_clock_ms();
}

Result<Milliseconds> read_from(const std::string& option, const std::string& text,
                               Milliseconds otherwise) {
  if (text.empty()) return otherwise;
  const std::optional<Milliseconds> moment = parse_moment(text);
  if (!moment) return no_moment(option);
  return *moment;
}

Result<Milliseconds> read_to(const std::string& option, const std::string& text) {
  if (text.empty()) return Milliseconds{0};
  if (const std::optional<Milliseconds> day = parse_last_day(text)) return *day;
  const std::optional<Milliseconds> moment = parse_moment(text);
  if (!moment) return no_moment(option);
  return *moment;
}

std::string describe_from(const Console& console, Milliseconds from_ms) {
  return from_ms == 0 ? "-" : format_time(from_ms, console.language());
}

std::string describe_to(const Console& console, Milliseconds to_ms) {
  return to_ms == 0 ? console.text(Sentence::word_no_end) : format_time(to_ms, console.language());
}

}  // namespace oberih::client
