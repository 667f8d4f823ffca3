// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/witness_change.hpp"

#include <algorithm>
#include <charconv>

#include "client-cli/commands/input_file.hpp"
#include "protocol/wire/exchange_files.hpp"

namespace oberih::client {
namespace {

using sealing::Witness;
using sealing::WitnessQuorumGroup;

Result<WitnessQuorumGroup> parse_group(const std::string& text) {
  const Refusal refusal =
      refuse(RefusalCode::usage,
             "--need is a number and kinds of agencies, as 2:police,court; '" + text + "' is not");
  WitnessQuorumGroup group;
  const char* const end = text.data() + text.size();
  const auto [after, error] = std::from_chars(text.data(), end, group.needed);
  if (error != std::errc() || group.needed == 0 || after == end || *after != ':') return refusal;
  std::string_view rest(after + 1, static_cast<std::size_t>(end - after - 1));
  while (true) {
    const std::size_t comma = rest.find(',');
    const auto kind = find_agency_kind(rest.substr(0, comma));
    if (!kind || std::ranges::find(group.kinds, *kind) != group.kinds.end()) return refusal;
    group.kinds.push_back(*kind);
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  std::ranges::sort(group.kinds);
  return group;
}

Result<> remove_witness(std::vector<Witness>& witnesses, const std::string& name) {
  const auto found = std::ranges::find(witnesses, name, &Witness::name);
  if (found == witnesses.end())
    return refuse(RefusalCode::not_found, "no witness is called '" + name + "'");
  witnesses.erase(found);
  return {};
}

/// A card of a name that is there replaces its keys.
Result<> add_witness(const sealing::Directory& directory, std::vector<Witness>& witnesses,
                     const std::string& path) {
  Result<Witness> card = parse_public_file(path, wire::parse_witness_card);
  if (!card) return card.error();
  if (directory.find_agency(card->agency) == nullptr)
    return refuse(RefusalCode::not_found, path + ": the directory has no agency with this id");
  const auto place = std::ranges::lower_bound(witnesses, card->name, {}, &Witness::name);
  if (place != witnesses.end() && place->name == card->name)
    *place = std::move(*card);
  else
    witnesses.insert(place, std::move(*card));
  return {};
}

/// A quorum that can never be reached would leave the journal unwitnessed for ever.
Result<> check_reachable(const sealing::Directory& directory,
                         const sealing::Governance& governance) {
  for (const WitnessQuorumGroup& group : governance.witness_quorum) {
    const auto able = std::ranges::count_if(governance.witnesses, [&](const Witness& witness) {
      const sealing::Agency* agency = directory.find_agency(witness.agency);
      return agency != nullptr && std::ranges::find(group.kinds, agency->kind) != group.kinds.end();
    });
    if (able < group.needed)
      return refuse(RefusalCode::usage, "the quorum asks for " + std::to_string(group.needed) +
                                            " witnesses of kinds of which there are " +
                                            std::to_string(able) +
                                            ": add witnesses, or change --need");
  }
  return {};
}

}  // namespace

Result<> change_witnesses(const sealing::Directory& directory, const WitnessWishes& wishes,
                          sealing::Governance& governance) {
  if (wishes.added.empty() && wishes.removed.empty() && wishes.needed.empty())
    return refuse(RefusalCode::usage, "say what changes: --add, --remove or --need");
  governance.witnesses = directory.witnesses();
  governance.witness_quorum = directory.witness_quorum();
  for (const std::string& name : wishes.removed)
    OBERIH_TRY(remove_witness(governance.witnesses, name));
  for (const std::string& path : wishes.added)
    OBERIH_TRY(add_witness(directory, governance.witnesses, path));
  if (!wishes.needed.empty()) governance.witness_quorum.clear();
  for (const std::string& text : wishes.needed) {
    Result<WitnessQuorumGroup> group = parse_group(text);
    if (!group) return group.error();
    governance.witness_quorum.push_back(std::move(*group));
  }
  return check_reachable(directory, governance);
}

}  // namespace oberih::client
