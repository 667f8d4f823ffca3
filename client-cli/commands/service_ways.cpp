// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/service_ways.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "protocol/encoding/strict_json.hpp"

namespace oberih::client {

extern const std::string_view service_ways_text;

namespace {

constexpr std::string_view own_acknowledgement = "acknowledgement";

Result<ServiceWayLaw> parse_way(const nlohmann::json& value) {
  encoding::StrictObject object(value, "way");
  ServiceWayLaw law;
  const std::string name = object.text("name");
  law.way = sealing::find_service_way(name);
  if (!law.way && name != own_acknowledgement) object.fail("name", "is no way of service");
  law.articles = object.text("articles");
  law.title_uk = object.text("title_uk");
  law.title_en = object.text("title_en");
  law.proof_uk = object.text("proof_uk");
  law.proof_en = object.text("proof_en");
  law.needs_scan = object.boolean("needs_scan");
  law.reason = object.text("reason");
  OBERIH_TRY(object.finish());
  return law;
}

}  // namespace

const std::string& ServiceWayLaw::title(Language language) const {
  return language == Language::ukrainian ? title_uk : title_en;
}

const std::string& ServiceWayLaw::proof(Language language) const {
  return language == Language::ukrainian ? proof_uk : proof_en;
}

Result<std::vector<ServiceWayLaw>> parse_service_ways(std::string_view text) {
  const Result<nlohmann::json> json = encoding::parse_strict_json(text);
  if (!json) return json.error();
  encoding::StrictObject object(*json, "service_ways");
  object.optional_text("$schema");
  if (object.u64("version") != 1) object.fail("version", "is not 1");
  std::vector<ServiceWayLaw> laws;
  std::set<std::optional<sealing::ServiceWay>> named;
  constexpr std::size_t all = sealing::service_ways.size() + 1;
  for (const nlohmann::json& value : object.array("ways", all)) {
    Result<ServiceWayLaw> law = parse_way(value);
    if (!law) return law.error();
    if (!named.insert(law->way).second) object.fail("ways", "name one twice");
    laws.push_back(std::move(*law));
  }
  if (laws.size() != all) object.fail("ways", "leave one out");
  OBERIH_TRY(object.finish());
  return laws;
}

const ServiceWayLaw& law_of(std::optional<sealing::ServiceWay> way) {
  static const std::vector<ServiceWayLaw> laws = [] {
    Result<std::vector<ServiceWayLaw>> read = parse_service_ways(service_ways_text);
    return read ? std::move(*read) : std::vector<ServiceWayLaw>{};
  }();
  for (const ServiceWayLaw& law : laws)
    if (law.way == way) return law;
  throw std::logic_error("the ways of service that were built in are not whole");
}

}  // namespace oberih::client
