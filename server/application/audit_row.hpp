// SPDX-License-Identifier: Apache-2.0
// What auditors find a leaf by, as it is stored with it.
#pragma once

#include "server/application/batch_rows.hpp"

namespace oberih::application {

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
