// SPDX-License-Identifier: Apache-2.0
// Which units a channel has. A roster names devices; the mandate of the item that brings a unit's
// people ends with a mark for each unit, ` [unit <32 hex digits>]`. It is signed by the record's
// author and covered by what approvers sign. docs/protocol.md, section 13; ADR 12.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/ids.hpp"

namespace oberih::sealing {

/// What people read of a mandate, and the units that its marks name, ascending.
struct MarkedMandate {
  std::string text;
  std::vector<UnitId> units;
};

/// Only whole marks at the very end count; units that do not ascend are none.
MarkedMandate read_unit_marks(std::string_view mandate);
/// INVARIANT: the units ascend strictly. What read_unit_marks reads back, for a text that does not
/// end with a mark itself.
std::string with_unit_marks(std::string_view text, const std::vector<UnitId>& units);

}  // namespace oberih::sealing
