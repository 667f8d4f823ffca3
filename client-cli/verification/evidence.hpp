// SPDX-License-Identifier: Apache-2.0
// What did not verify is kept, byte for byte, in the profile's `evidence` folder: it may accuse its
// author or the server, and is never dropped silently. One JSON file for each object (protocol
// reference, 7); neither keys nor plaintext are ever in it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/base/bytes.hpp"
#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/timestamp.hpp"

namespace oberih::client {

using EvidencePart = std::pair<std::string, Bytes>;  // name and bytes

/// What is known beside the object itself. Two sightings of one object are one piece of evidence,
/// whatever differs here.
struct EvidenceContext {
  std::optional<ChannelId> channel;
  std::optional<std::uint64_t> index;  // journal
  std::vector<std::string> notes;      // signed checkpoints at hand
};

inline constexpr std::size_t most_evidence = 200;             // objects of a profile
inline constexpr std::size_t most_evidence_bytes = 32 << 20;  // of all their files

/// Writes the file and makes the refusal verification_failed that names it and `why`. The same
/// object is kept once. A full folder takes no more, and the refusal says so: a server that lies
/// without end must not fill the disk.
Refusal keep_evidence(const std::filesystem::path& profile_folder, const std::string& what,
                      const std::string& why, const std::vector<EvidencePart>& parts,
                      const EvidenceContext& context = {});

struct Evidence {
  std::string id;  // 24 hex digits: the hash of the object, shortened
  std::string what;
  std::string why;
  Milliseconds client_ms = 0;  // when it was first seen
  EvidenceContext context;
  std::vector<EvidencePart> parts;
  std::string text;  // the whole file
};

/// Oldest first. A file that is none of ours is passed over.
std::vector<Evidence> list_evidence(const std::filesystem::path& profile_folder);
/// By its id or the first eight or more digits of it. Refusals: not_found, usage (several).
Result<Evidence> find_evidence(const std::filesystem::path& profile_folder,
                               const std::string& digits);
bool is_evidence_full(const std::vector<Evidence>& all);

}  // namespace oberih::client
