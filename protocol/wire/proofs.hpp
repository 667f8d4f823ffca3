// SPDX-License-Identifier: Apache-2.0
// Proofs of the journal's tree, asked for and answered; several in one go, because each checkpoint
// wants one of everything that was quoted or sent meanwhile. The asker verifies them.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "protocol/journal/proof.hpp"

namespace oberih::wire {

inline constexpr std::size_t proofs_at_once = 128;

struct ProofConsistency {  // that each tree of `old_sizes` is continued by the one of `size`
  static constexpr std::string_view method = "proof.consistency";
  std::uint64_t size = 0;                // 1..that of the newest signed checkpoint
  std::vector<std::uint64_t> old_sizes;  // 1..128 of them, each 1..size
};

struct ProofInclusion {  // that these leaves stand in the tree of `size`
  static constexpr std::string_view method = "proof.inclusion";
  std::uint64_t size = 0;
  std::vector<std::uint64_t> indexes;  // 1..128 of them, each below size
};

struct Proofs {  // in the order in which they were asked for
  std::vector<journal::ProofPath> paths;
};

nlohmann::json encode_params(const ProofConsistency& request);
Result<void> parse_params(const nlohmann::json& params, ProofConsistency& request);
nlohmann::json encode_params(const ProofInclusion& request);
Result<void> parse_params(const nlohmann::json& params, ProofInclusion& request);

/// `{"hashes":[...],"paths":[[place in hashes, ...], ...]}`: neighbours share most of their hashes.
std::string encode_result(const Proofs& reply);
Result<void> parse_result(const nlohmann::json& result, Proofs& reply);

}  // namespace oberih::wire
