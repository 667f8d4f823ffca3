// SPDX-License-Identifier: Apache-2.0
// What auditors find a leaf by.
#pragma once

#include "protocol/sealing/directory.hpp"
#include "protocol/sealing/leaf_facts.hpp"

namespace oberih::application {

struct AuditRow {  // projection of any leaf
  std::uint64_t index = 0;
  ChannelId channel;  // zero: none
  sealing::LeafFacts facts;
  std::optional<sealing::LeafActor> actor;
};

/// `directory` holds the leaf already where it is one of the directory's own.
inline AuditRow audit_row_of(std::uint64_t index, const journal::Leaf& leaf,
                             const sealing::Directory& directory) {
  AuditRow row;
  row.index = index;
  row.channel = leaf.channel_id;
  row.facts = sealing::facts_of(leaf);
  row.actor = sealing::actor_of(row.facts, directory);
  return row;
}

}  // namespace oberih::application
