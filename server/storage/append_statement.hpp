// SPDX-License-Identifier: Apache-2.0
// The one statement that writes the journal: moves the head on from the size that was seen and
// inserts all rows of a batch, or does nothing. A statement is a transaction: one round trip, no
// BEGIN.
#pragma once

#include <array>
#include <bitset>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/application/ports.hpp"
#include "server/storage/alert_rows.hpp"
#include "server/storage/asked_rows.hpp"
#include "server/storage/hearing_rows.hpp"
#include "server/storage/sql_text.hpp"
#include "server/storage/task_projection.hpp"
#include "server/storage/task_wakes.hpp"

namespace soci {
class session;
class statement;
}  // namespace soci

namespace oberih::storage {

class AppendStatement {
 public:
  explicit AppendStatement(std::shared_ptr<soci::session> connection);
  ~AppendStatement();
  AppendStatement(const AppendStatement&) = delete;
  AppendStatement& operator=(const AppendStatement&) = delete;

  /// Whether the head stood at `batch.expected_size` and now all of the batch is committed. False:
  /// nothing was written. Throws soci::soci_error, after which the statement must not be used
  /// again.
  bool execute(const application::Batch& batch);

 private:
  /// Rows that few batches have, and their part of the statement.
  struct OptionalRows {
    std::string_view sql;                                 // joins with the statement's `head`
    std::vector<std::vector<std::string>*> arrays;        // that it takes, in its order
    std::function<bool(const application::Batch&)> bind;  // false: the batch has none, none bound
  };
  static constexpr std::size_t optional_kinds = 8;
  using Present = std::bitset<optional_kinds>;

  std::unique_ptr<soci::statement> prepare(const Present& present);
  void bind_head(const application::Batch& batch);
  void bind_leaves(const std::vector<application::JournalRow>& rows);
  void bind_entries(const std::vector<application::EntryRow>& entries);
  bool bind_epochs(const std::vector<application::EpochRow>& epochs);
  bool bind_receipts(const std::vector<application::ReceiptRow>& receipts);
  bool bind_name_cards(const std::vector<sealing::NameCard>& cards);

  // Columns of the arrays, in the order of the statement. SOCI reads them when it executes.
  static constexpr std::size_t leaf_columns = 7, entry_columns = 10, body_columns = 2,
                               epoch_columns = 5, card_columns = 4, receipt_columns = 5;
  long long expected_size_ = 0, size_ = 0, server_ms_ = 0, directory_count_ = 0, moved_ = 0;
  std::string frontier_, directory_leaf_;
  std::vector<std::string> leaves_{leaf_columns}, entries_{entry_columns}, bodies_{body_columns},
      epochs_{epoch_columns}, cards_{card_columns}, receipts_{receipt_columns};
  TaskColumns task_columns_;
  WakeColumns wake_columns_;
  AlertColumns alert_columns_;
  AskedColumns asked_columns_;
  HearingColumns hearing_columns_;
  const std::array<OptionalRows, optional_kinds> optional_rows_;
  std::shared_ptr<soci::session> connection_;  // outlives the statements
  /// By the optional rows that are there; each prepared when it is first needed.
  std::array<std::unique_ptr<soci::statement>, 1 << optional_kinds> statements_;
};

}  // namespace oberih::storage
