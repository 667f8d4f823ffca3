// SPDX-License-Identifier: Apache-2.0
// What auditors type and read: words for kinds of leaves, and a leaf in a few words.
#pragma once

#include "client-cli/commands/command_context.hpp"
#include "client-cli/verification/audit_search.hpp"

namespace oberih::client {

struct AuditKind {
  std::string word;
  journal::LeafKind kind{};
  std::optional<std::uint8_t> type;
};
/// Kinds of leaves, and of entries, questions and accesses what they are: every word once.
std::vector<AuditKind> audit_kinds();

/// The agency of that name, or whose id begins with these digits. Refusals: not_found, usage.
Result<AgencyId> find_agency(const sealing::Directory& directory, const std::string& text);
/// A name of docs/rules/refusals.md, or its number. Refusal: usage.
Result<std::uint16_t> find_refusal_number(const std::string& text);

/// `read the history, 3 to 17 (15)`, `message`, `was refused channel.read: not_found`.
std::string describe_leaf(CommandContext& context, const FoundLeaf& found);
/// One object for programs.
nlohmann::ordered_json leaf_json(ClientSession& session, const FoundLeaf& found);

}  // namespace oberih::client
