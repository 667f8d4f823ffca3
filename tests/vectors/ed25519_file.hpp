// SPDX-License-Identifier: Apache-2.0
// Cases of Ed25519 signatures made elsewhere: Wycheproof's (with verdicts) and CCTV's (with flags).
#pragma once

#include "vector_report.hpp"

namespace oberih::vectors {

/// A verdict for every case. Wycheproof: valid is accepted, everything else refused. CCTV has flags
/// and no verdicts: what bears one of the five flags of the reference is refused; what bears none
/// of them is a good signature to a verifier without cofactor, and is accepted.
VectorReport check_ed25519_text(std::string_view text);

}  // namespace oberih::vectors
