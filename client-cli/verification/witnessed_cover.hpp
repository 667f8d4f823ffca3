// SPDX-License-Identifier: Apache-2.0
// What is handed to strangers should bear the word of the witnesses, and they need a moment.
#pragma once

#include "client-cli/verification/client_session.hpp"

namespace oberih::client {

inline constexpr std::chrono::seconds witness_patience{10};

/// The note of the newest checkpoint that a quorum of witnesses stands behind, as soon as one
/// covers the leaf. Nothing where no quorum is agreed upon, or none comes within `patience`.
Result<std::optional<std::string>> await_witnessed_cover(
    ClientSession& session, std::uint64_t leaf_index,
    std::chrono::milliseconds patience = witness_patience);

}  // namespace oberih::client
