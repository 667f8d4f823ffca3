// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/governance_words.hpp"

#include <nlohmann/json.hpp>

#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using sealing::Governance;
using sealing::GovernanceChange;

std::string describe_replacement(const Console& console,
                                 const sealing::RootReplacement& replacement) {
  std::string text = console.text(
      Sentence::governance_replace_root,
      {{"agency", encode_hex(replacement.agency)}, {"key", encode_hex(replacement.new_root_key)}});
  if (!replacement.is_compromised) return text;
  text += "\n" + console.text(Sentence::governance_compromised,
                              {{"count", std::to_string(replacement.disowned.size())}});
  for (const DeviceId& device : replacement.disowned) text += "\n  " + encode_hex(device);
  return text;
}

std::string words_of(const std::vector<AgencyKind>& kinds) {
  std::string words;
  for (const AgencyKind kind : kinds) {
    if (!words.empty()) words += ", ";
    words += name_of(kind);
  }
  return words;
}

nlohmann::ordered_json disowned_json(const sealing::RootReplacement& replacement) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const DeviceId& device : replacement.disowned) list.push_back(encode_hex(device));
  return list;
}

std::string describe_witnesses(const Console& console, const Governance& governance) {
  std::string text = console.text(Sentence::governance_witnesses,
                                  {{"count", std::to_string(governance.witnesses.size())}});
  for (const sealing::Witness& witness : governance.witnesses)
    text += "\n" +
            console.text(Sentence::governance_witness, {{"name", encoding::printable(witness.name)},
                                                        {"agency", encode_hex(witness.agency)},
                                                        {"key", encode_hex(witness.key)},
                                                        {"tls", encode_hex(witness.tls_spki)}});
  for (const sealing::WitnessQuorumGroup& group : governance.witness_quorum)
    text += "\n" + console.text(
                       Sentence::governance_witness_group,
                       {{"count", std::to_string(group.needed)}, {"kinds", words_of(group.kinds)}});
  return text;
}

nlohmann::ordered_json witnesses_json(const Governance& governance) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const sealing::Witness& witness : governance.witnesses)
    list.push_back({{"name", witness.name},
                    {"key", encode_hex(witness.key)},
                    {"tls_spki", encode_hex(witness.tls_spki)},
                    {"agency", encode_hex(witness.agency)}});
  return list;
}

nlohmann::ordered_json witness_quorum_json(const Governance& governance) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const sealing::WitnessQuorumGroup& group : governance.witness_quorum) {
    nlohmann::ordered_json kinds = nlohmann::ordered_json::array();
    for (const AgencyKind kind : group.kinds) kinds.push_back(name_of(kind));
    list.push_back({{"needed", group.needed}, {"agency_kinds", kinds}});
  }
  return list;
}

}  // namespace

std::string describe_governance(const Console& console, const Governance& governance) {
  const sealing::Agency& agency = governance.agency;
  const sealing::Continuation& continuation = governance.continuation;
  switch (governance.change) {
    case GovernanceChange::admit_agency:
      return console.text(Sentence::governance_admit_agency,
                          {{"name", encoding::printable(agency.name)},
                           {"kind", std::string(name_of(agency.kind))},
                           {"agency", encode_hex(agency.id)},
                           {"key", encode_hex(agency.root_key)}});
    case GovernanceChange::replace_root:
      return describe_replacement(console, governance.replacement);
    case GovernanceChange::journal_key:
      return console.text(Sentence::governance_journal_key,
                          {{"key", encode_hex(governance.journal_key)}});
    case GovernanceChange::server_key:
      return console.text(Sentence::governance_server_key,
                          {{"key", encode_hex(governance.server_spki)}});
    case GovernanceChange::witnesses:
      return describe_witnesses(console, governance);
    case GovernanceChange::quorum:
      return console.text(Sentence::governance_quorum,
                          {{"count", std::to_string(governance.quorum)}});
    case GovernanceChange::continuation:
      return console.text(Sentence::governance_continuation,
                          {{"old_size", std::to_string(continuation.old_size)},
                           {"old_root", encode_hex(continuation.old_root)},
                           {"new_size", std::to_string(continuation.new_size)},
                           {"new_root", encode_hex(continuation.new_root)}});
  }
  return {};
}

nlohmann::ordered_json governance_json(const Governance& governance) {
  nlohmann::ordered_json json{{"change", name_of(governance.change)},
                              {"previous", encode_hex(governance.previous)}};
  switch (governance.change) {
    case GovernanceChange::admit_agency:
      json["agency"] = encode_hex(governance.agency.id);
      json["kind"] = name_of(governance.agency.kind);
      json["name"] = governance.agency.name;
      json["root_key"] = encode_hex(governance.agency.root_key);
      break;
    case GovernanceChange::replace_root:
      json["agency"] = encode_hex(governance.replacement.agency);
      json["root_key"] = encode_hex(governance.replacement.new_root_key);
      json["compromised"] = governance.replacement.is_compromised;
      json["disowned"] = disowned_json(governance.replacement);
      break;
    case GovernanceChange::journal_key:
      json["journal_key"] = encode_hex(governance.journal_key);
      break;
    case GovernanceChange::server_key:
      json["server_spki"] = encode_hex(governance.server_spki);
      break;
    case GovernanceChange::witnesses:
      json["witnesses"] = witnesses_json(governance);
      json["witness_quorum"] = witness_quorum_json(governance);
      break;
    case GovernanceChange::quorum:
      json["quorum"] = governance.quorum;
      break;
    case GovernanceChange::continuation:
      json["old_size"] = governance.continuation.old_size;
      json["old_root"] = encode_hex(governance.continuation.old_root);
      json["new_size"] = governance.continuation.new_size;
      json["new_root"] = encode_hex(governance.continuation.new_root);
      break;
  }
  return json;
}

}  // namespace oberih::client
