// SPDX-License-Identifier: Apache-2.0
// Of memory_store.hpp: what auditors ask. One look at every leaf: the model that the database's
// answers are held against.
#include "server/application/audit_row.hpp"
#include "tests/support/memory_store.hpp"

namespace oberih::test {

void MemoryReader::read_leaf(const domain::Origin&, std::uint64_t index,
                             std::function<void(Result<Bytes>)> done) {
  Bytes leaf;
  {
    std::lock_guard lock(journal_.mutex_);
    leaf = journal_.rows_.at(index).leaf;
  }
  done(std::move(leaf));
}

void MemoryReader::find_leaves(const domain::Origin&, application::AuditWish wish,
                               std::function<void(Result<wire::AuditPage>)> done) {
  wire::AuditPage page;
  {
    std::lock_guard lock(journal_.mutex_);
    std::uint64_t count = 0;
    sealing::Directory directory;
    for (const application::JournalRow& stored : journal_.rows_) {
      const journal::Leaf leaf = journal::parse_leaf(stored.leaf).value();
      if (journal::is_directory_kind(leaf.kind))
        directory.apply_leaf(stored.leaf, stored.index).value();
      const application::AuditRow row = application::audit_row_of(stored.index, leaf, directory);
      if (row.index >= wish.size ||
          !sealing::fits(wish.filter, stored.server_ms, row.channel, row.facts, row.actor))
        continue;
      ++count;
      if (row.index < wish.from_index) continue;
      if (page.leaves.size() == wish.limit)
        page.more = true;
      else
        page.leaves.push_back({row.index, stored.leaf});
    }
    if (wish.count) page.count = count;
    page.directory_count = journal_.directory_.size();
  }
  done(std::move(page));
}

}  // namespace oberih::test
