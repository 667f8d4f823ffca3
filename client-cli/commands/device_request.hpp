// SPDX-License-Identifier: Apache-2.0
// `oberih device request`: makes a device's keys and the request that a certifier signs.
#pragma once

#include "client-cli/commands/command_context.hpp"

namespace oberih::client {

struct DeviceRequestOptions {
  std::string agency_card;  // for an agency's first administrator: certified by the root
  std::string invitation;   // for everybody else
  std::string role;         // with agency_card
  std::string name;
  std::string languages;
  std::string person;  // hex; a further device of the same person
  std::string out;
  unsigned days = 365;  // with agency_card; an invitation brings its own validity
};

Result<> request_device(const CommandContext& context, const DeviceRequestOptions& options);

}  // namespace oberih::client
