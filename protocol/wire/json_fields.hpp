// SPDX-License-Identifier: Apache-2.0
// Pieces that several requests and replies share: bytes, lists of ids, name cards.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "protocol/encoding/base64url.hpp"
#include "protocol/sealing/device_certificate.hpp"

namespace oberih::wire {

inline nlohmann::json json_bytes(ByteView bytes) { return encoding::encode_base64url(bytes); }

nlohmann::json encode_name_card(const sealing::NameCard& card);
Result<void> parse_name_card(const nlohmann::json& value, sealing::NameCard& card);

template <class Id>
nlohmann::json json_ids(const std::vector<Id>& ids) {
  nlohmann::json list = nlohmann::json::array();
  for (const Id& id : ids) list.push_back(json_bytes(id.view()));
  return list;
}

template <class Id>
Result<void> parse_ids(const nlohmann::json& list, std::string_view name, std::vector<Id>& ids) {
  for (const nlohmann::json& item : list) {
    const auto* text = item.get_ptr<const std::string*>();
    auto id = text ? encoding::decode_base64url_as<Id>(*text) : std::nullopt;
    if (!id)
      return refuse(RefusalCode::invalid_parameters, std::string(name) +
                                                         " must hold base64url of " +
                                                         std::to_string(Id::size) + " bytes each");
    ids.push_back(*id);
  }
  return {};
}

}  // namespace oberih::wire
