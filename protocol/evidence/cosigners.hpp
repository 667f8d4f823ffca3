// SPDX-License-Identifier: Apache-2.0
// Who besides the journal's own key stands behind the checkpoint of an evidence file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/sealing/directory.hpp"

namespace oberih::evidence {

struct Cosigners {
  std::vector<std::string> names;           // witnesses of the directory, each once
  std::size_t known = 0;                    // of how many
  std::optional<std::uint64_t> quorum_s{};  // since when a quorum stands behind it; nothing: none
};

/// Of a checkpoint whose directory this is, up to its directory line. Refusals: those of
/// sealing::open_witnessed.
Result<Cosigners> find_cosigners(std::string_view note, const sealing::Directory& directory);

}  // namespace oberih::evidence
