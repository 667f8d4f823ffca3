// SPDX-License-Identifier: Apache-2.0
// libsodium chooses its code for this processor once; whatever depends on that choice asks here.
#pragma once

namespace oberih::crypto {

/// Throws std::runtime_error when libsodium cannot start (no source of random bytes).
void require_sodium();

}  // namespace oberih::crypto
