// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/base/result.hpp"

namespace oberih::sealing {

/// What every decoder of this folder answers to bytes that are not the object they claim to be.
inline Refusal malformed(const char* detail) {
  return refuse(RefusalCode::malformed_object, detail);
}

}  // namespace oberih::sealing
