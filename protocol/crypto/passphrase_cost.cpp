// SPDX-License-Identifier: Apache-2.0
// Three passes over 256 MiB: half a second of a laptop for its owner, and as much memory for each
// of a thief's guesses (RFC 9106, section 4, recommends 64 MiB at least).
#include "protocol/crypto/passphrase.hpp"

namespace oberih::crypto {

PassphraseCost usual_passphrase_cost() { return {3, 256ull * 1024 * 1024}; }

}  // namespace oberih::crypto
