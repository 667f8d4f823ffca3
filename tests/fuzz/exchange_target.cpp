// SPDX-License-Identifier: Apache-2.0
// The files that people hand each other: cards, genesis, directory leaves, requests, invitations.
#include <algorithm>

#include "protocol/wire/exchange_files.hpp"
#include "tests/fuzz/json_value.hpp"

namespace oberih::fuzz {
namespace {

/// Signatures come out ascending by agency.
nlohmann::json without_order(nlohmann::json value) {
  const auto signatures = value.find("signatures");
  if (signatures == value.end()) return value;
  auto list = signatures->get<std::vector<nlohmann::json>>();
  std::ranges::sort(list);
  *signatures = list;
  return value;
}

template <class Parse, class Format>
bool judge_file(std::string_view text, Parse parse, Format format) {
  const auto file = parse(text);
  if (!file) return false;
  const std::string written = format(*file);
  const auto again = parse(written);
  require(again.has_value(), "a file that was accepted is accepted when written again");
  require(format(*again) == written, "writing is stable");
  require(without_order(value_of(written)) == without_order(value_of(text)),
          "a file keeps its value");
  return true;
}

}  // namespace

bool judge(ByteView input) {
  const std::string_view text = as_text(input);
  bool accepted = judge_file(text, wire::parse_agency_card, wire::format_agency_card);
  accepted |= judge_file(text, wire::parse_witness_card, wire::format_witness_card);
  accepted |= judge_file(text, wire::parse_genesis_file, wire::format_genesis_file);
  accepted |= judge_file(text, wire::parse_governance_file, wire::format_governance_file);
  accepted |= judge_file(text, wire::parse_directory_leaf_file, wire::format_directory_leaf_file);
  accepted |= judge_file(text, wire::parse_device_request_file, wire::format_device_request_file);
  accepted |= judge_file(text, wire::parse_invitation_file, wire::format_invitation_file);
  return accepted;
}

}  // namespace oberih::fuzz
