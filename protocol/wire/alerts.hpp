// SPDX-License-Identifier: Apache-2.0
// Alerts, asked for by those who answer for the work. Who asks verifies each: that it is for the
// own agency, and its leaf in the tree.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "protocol/wire/replies.hpp"

namespace oberih::wire {

struct AlertList {  // those of the caller's agency that the caller may see
  static constexpr std::string_view method = "alert.list";
  std::uint64_t after_index = 0;  // exclusive; 0 begins
  std::uint32_t limit = 0;        // 1..alerts_at_once
};

inline constexpr std::uint32_t alerts_at_once = 500;  // fit in limits::page_bytes

struct AlertPage {
  std::vector<DirectoryLeaf> leaves;  // of kind 11, ascending
  bool more = false;                  // ask again after the last index
  std::uint64_t directory_count = 0;
};

nlohmann::json encode_params(const AlertList& request);
Result<void> parse_params(const nlohmann::json& params, AlertList& request);

std::string encode_result(const AlertPage& reply);
Result<void> parse_result(const nlohmann::json& result, AlertPage& reply);

}  // namespace oberih::wire
