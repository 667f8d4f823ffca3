// SPDX-License-Identifier: Apache-2.0
// By which lawful ways a notice is served, on what ground, and how each is proven
// (policies/service_ways.json).
#pragma once

#include <vector>

#include "client-cli/output/language.hpp"
#include "protocol/base/result.hpp"
#include "protocol/sealing/hearing_words.hpp"

namespace oberih::client {

struct ServiceWayLaw {
  std::optional<sealing::ServiceWay> way{};  // nothing: the addressee's own acknowledgement
  std::string articles;                      // of the Criminal Procedure Code of Ukraine
  std::string title_uk, title_en, proof_uk, proof_en;
  bool needs_scan = false;
  std::string reason;

  const std::string& title(Language language) const;
  const std::string& proof(Language language) const;
};

/// Refusals: malformed_frame, invalid_parameters; also where a way is missing or named twice.
Result<std::vector<ServiceWayLaw>> parse_service_ways(std::string_view json);
/// As it was when this was built. INVARIANT: a test reads them all.
const ServiceWayLaw& law_of(std::optional<sealing::ServiceWay> way);

}  // namespace oberih::client
