// SPDX-License-Identifier: Apache-2.0
#include "protocol/wire/json_fields.hpp"

#include "protocol/encoding/strict_json.hpp"

namespace oberih::wire {

nlohmann::json encode_name_card(const sealing::NameCard& card) {
  return {{"device", json_bytes(card.device.view())},
          {"salt", json_bytes(card.salt.view())},
          {"name", card.name},
          {"languages", card.languages}};
}

Result<void> parse_name_card(const nlohmann::json& value, sealing::NameCard& card) {
  encoding::StrictObject object(value, "name_card");
  card.device = object.id<DeviceId>("device");
  card.salt = object.id<NameSalt>("salt");
  card.name = object.text("name", limits::name_bytes);
  card.languages = object.text("languages", limits::name_bytes);
  return object.finish();
}

}  // namespace oberih::wire
