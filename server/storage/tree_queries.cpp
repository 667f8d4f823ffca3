// SPDX-License-Identifier: Apache-2.0
#include "server/storage/tree_queries.hpp"

#include <soci/soci.h>

#include "server/storage/sql_text.hpp"

namespace oberih::storage {
namespace {

// One row for a whole range: a row each would cost more than the hashes.
constexpr const char* hashes_sql =
    "SELECT coalesce(string_agg(encode(leaf_hash, 'hex'), '' ORDER BY journal_index), '') "
    "FROM journal WHERE journal_index >= :first AND journal_index < :after";
constexpr const char* leaves_sql =
    "SELECT encode(leaf, 'hex') FROM journal "
    "WHERE journal_index >= :first AND journal_index < :after ORDER BY journal_index";

}  // namespace

class TreeQueries::RangeStatement {
 public:
  RangeStatement(std::shared_ptr<soci::session> connection, const char* sql)
      : connection_(std::move(connection)),
        statement_((connection_->prepare << sql, soci::use(first_), soci::use(after_),
                    soci::into(text_))) {}

  /// `take` gets the bytes of each row.
  template <class Take>
  void load(std::uint64_t begin, std::uint64_t end, Take take) {
    first_ = static_cast<long long>(begin);
    after_ = static_cast<long long>(end);
    statement_.execute();
    while (statement_.fetch()) take(bytes_from_hex(text_));
  }

 private:
  std::shared_ptr<soci::session> connection_;  // outlives the statement
  long long first_ = 0, after_ = 0;
  std::string text_;
  soci::statement statement_;  // last: it refers to all of the above
};

TreeQueries::TreeQueries(DatabaseSession& session, application::TileRoots& roots)
    : roots_(roots),
      hashes_(std::make_unique<RangeStatement>(session.connection(), hashes_sql)),
      leaves_(std::make_unique<RangeStatement>(session.connection(), leaves_sql)) {}

TreeQueries::~TreeQueries() = default;

std::vector<Digest> TreeQueries::load_leaf_hashes(std::uint64_t begin, std::uint64_t end) {
  std::vector<Digest> hashes;
  hashes.reserve(end - begin);
  hashes_->load(begin, end, [&](const Bytes& bytes) {
    for (std::size_t at = 0; at + Digest::size <= bytes.size(); at += Digest::size)
      hashes.push_back(*Digest::from(ByteView(bytes).subspan(at, Digest::size)));
  });
  return hashes;
}

Bytes TreeQueries::load_bundle(const journal::TileAddress& tile) {
  const std::uint64_t begin = tile.index * journal::tile_width;
  std::vector<Bytes> leaves;
  leaves.reserve(tile.width);
  leaves_->load(begin, begin + tile.width, [&](Bytes leaf) { leaves.push_back(std::move(leaf)); });
  if (leaves.size() != tile.width)
    throw DatabaseError("the journal lacks leaves below the size that was signed");
  return journal::encode_entry_bundle(leaves);
}

Bytes TreeQueries::load_tile(std::uint64_t tree_size, const journal::TileAddress& tile) {
  if (tile.kind == journal::TileKind::entries) return load_bundle(tile);
  application::JournalTree tree(
      tree_size, [this](auto begin, auto end) { return load_leaf_hashes(begin, end); }, roots_);
  return journal::encode_tile(tree.tile(tile));
}

std::vector<journal::ProofPath> TreeQueries::load_proofs(
    const std::vector<application::ProofWish>& wishes) {
  std::uint64_t largest = 0;
  for (const application::ProofWish& wish : wishes) largest = std::max(largest, wish.size);
  application::JournalTree tree(
      largest, [this](auto begin, auto end) { return load_leaf_hashes(begin, end); }, roots_);
  std::vector<journal::ProofPath> paths;
  paths.reserve(wishes.size());
  for (const application::ProofWish& wish : wishes) paths.push_back(tree.prove(wish));
  return paths;
}

}  // namespace oberih::storage
