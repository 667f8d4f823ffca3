// SPDX-License-Identifier: Apache-2.0
// Who asks. Made from the directory by the key of the TLS handshake, never from what a client
// writes.
#pragma once

#include "protocol/base/ids.hpp"
#include "protocol/base/vocabulary.hpp"

namespace oberih::domain {

/// For whom work is done, as far as sharing is concerned. Zeros: for nobody (an offline root).
struct Origin {
  AgencyId agency;
  DeviceId device;
};

struct Caller {
  DeviceId device;
  PersonId person;
  AgencyId agency;
  AgencyKind agency_kind{};
  Role role{};

  Origin origin() const { return {agency, device}; }
};

}  // namespace oberih::domain
