// SPDX-License-Identifier: Apache-2.0
// An auditor's question and its answer, page by page: each leaf fits what was signed and stands in
// the pinned tree before it is handed on. That none was left out cannot be seen here.
#pragma once

#include <functional>

#include "client-cli/verification/client_session.hpp"
#include "protocol/sealing/audit_filter.hpp"
#include "protocol/sealing/audit_leaf.hpp"

namespace oberih::client {

struct FoundLeaf {
  std::uint64_t index = 0;
  Digest hash;
  journal::Leaf leaf;
  sealing::LeafFacts facts;
  std::optional<sealing::LeafActor> actor;
};

/// Where a question stands in the journal.
struct AskedQuestion {
  std::uint64_t index = 0;
  std::uint64_t size = 0;  // of the journal that it is about
  bool is_proven = false;
};

/// Each must hold, or the page is refused: the order, the bounds, the filter. verification_failed
/// with what is wrong; the tree is asked elsewhere.
Result<std::vector<FoundLeaf>> open_audit_page(const wire::AuditPage& page,
                                               const wire::AuditFind& request,
                                               const sealing::AuditFilter& filter,
                                               std::uint64_t size,
                                               const sealing::Directory& directory);
/// The leaf of kind 6 that must stand where the page says.
journal::Leaf question_leaf(const sealing::SignedAuditQuestion& question, const ChannelId& channel,
                            Milliseconds server_ms);

class AuditSearch {
 public:
  /// False: no more is wanted.
  using TakeLeaf = std::function<bool(const FoundLeaf&)>;

  AuditSearch(ClientSession& session, const sealing::AuditFilter& filter)
      : session_(session), filter_(filter) {}

  /// Asks about the journal as this device has accepted it, from `from_index` on, in pages of at
  /// most `page`. Holds a page in memory, whatever there is.
  Result<> run(std::uint64_t from_index, std::uint32_t page, bool count, const TakeLeaf& take);

  const std::vector<AskedQuestion>& asked() const { return asked_; }
  std::optional<std::uint64_t> count() const { return count_; }

 private:
  void ask_anew(std::uint64_t size);
  Result<> take_asked(const wire::AuditPage& page);
  Refusal accuse(const Refusal& refusal, const wire::AuditPage& page) const;
  Result<> prove(const std::vector<FoundLeaf>& leaves);
  Result<> prove_question();

  ClientSession& session_;
  const sealing::AuditFilter filter_;
  sealing::SignedAuditQuestion question_;
  wire::AuditFind request_;
  Digest asked_hash_;
  std::chrono::steady_clock::time_point asked_at_{};
  std::vector<AskedQuestion> asked_;
  std::optional<std::uint64_t> count_;
};

}  // namespace oberih::client
