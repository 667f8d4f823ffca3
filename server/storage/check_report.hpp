// SPDX-License-Identifier: Apache-2.0
// What `oberihd check` has to say: sentences for a person, each with the journal index that it is
// about where there is one.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/sealing/policy_leaf.hpp"

namespace oberih::storage {

struct Finding {
  std::optional<std::uint64_t> index;
  std::string sentence;
};

struct CheckReport {
  static constexpr std::size_t kept_findings = 200;

  std::vector<Finding> findings;  // the first ones; usually one change shows in several ways
  std::uint64_t finding_count = 0;

  std::uint64_t leaves = 0;
  std::uint64_t directory_leaves = 0;
  std::uint64_t channels = 0;
  std::uint64_t records = 0;
  std::uint64_t entries = 0;
  std::uint64_t ciphertexts = 0;
  std::uint64_t checkpoints = 0;
  std::uint64_t cosignatures = 0;
  std::uint64_t anchors = 0;
  std::uint64_t attachments = 0;
  std::uint64_t server_events = 0;  // in channels
  std::uint64_t alerts = 0;
  std::uint64_t refusals = 0;                   // leaves, not how often
  std::uint64_t accesses = 0;                   // the same, without receipts
  std::uint64_t questions = 0;                  // of auditors
  std::vector<sealing::PolicyFile> policies;    // in force at the end
  std::optional<std::uint64_t> policies_index;  // of the leaf that says so
  Digest root;                                  // of all leaves; meaningless where one is missing
  std::uint64_t signed_size = 0;                // of the largest checkpoint that verified

  bool is_sound() const { return finding_count == 0; }
  void add(std::optional<std::uint64_t> index, std::string sentence) {
    if (++finding_count <= kept_findings) findings.push_back({index, std::move(sentence)});
  }
};

/// The names of the columns that are not the same, as "a, b"; empty when all are.
inline std::string differing_columns(
    std::initializer_list<std::pair<std::string_view, bool>> columns) {
  std::string names;
  for (const auto& [name, is_same] : columns)
    if (!is_same) names.append(names.empty() ? "" : ", ").append(name);
  return names;
}

/// The sentence of a refusal with its detail.
inline std::string words_of(const Refusal& refusal) {
  std::string words(refusal_row(refusal.code).sentence);
  return refusal.detail.empty() ? words : words + " (" + refusal.detail + ")";
}

/// "leaf 17"
inline std::string leaf_name(std::uint64_t index) { return "leaf " + std::to_string(index); }

}  // namespace oberih::storage
