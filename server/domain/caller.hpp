// SPDX-License-Identifier: Apache-2.0
// Who asks. Made from the directory by the key of the TLS handshake, never from what a client
// writes.
#pragma once

#include "protocol/base/ids.hpp"
#include "protocol/base/vocabulary.hpp"

namespace oberih::domain {

struct Caller {
  DeviceId device;
  PersonId person;
  AgencyId agency;
  AgencyKind agency_kind{};
  Role role{};
};

}  // namespace oberih::domain
