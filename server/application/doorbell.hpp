// SPDX-License-Identifier: Apache-2.0
// The port by which people are called who are not looking at Oberih now, outside of it.
#pragma once

#include "protocol/base/ids.hpp"

namespace oberih::application {

/// Somebody of the agency is to look; of the unit, where it is not zero. No content at all.
struct Ring {
  AgencyId agency;
  UnitId unit;
  auto operator<=>(const Ring&) const = default;
};

/// Any thread; must not block. That somebody comes is promised by nobody.
class Doorbell {
 public:
  virtual ~Doorbell() = default;
  virtual void ring(const Ring& ring) = 0;
};

}  // namespace oberih::application
