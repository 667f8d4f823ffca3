// SPDX-License-Identifier: Apache-2.0
// Everything a profile has received and verified, and what it has sent: one SQLite file. It is the
// truth that all commands of a profile share; each keeps only copies of it.
#pragma once

#include "client-cli/keyring/alert_table.hpp"
#include "client-cli/keyring/ask_table.hpp"
#include "client-cli/keyring/asked_table.hpp"
#include "client-cli/keyring/channel_table.hpp"
#include "client-cli/keyring/directory_table.hpp"
#include "client-cli/keyring/hearing_table.hpp"
#include "client-cli/keyring/outbox_table.hpp"
#include "client-cli/keyring/proof_table.hpp"
#include "client-cli/keyring/receipt_table.hpp"
#include "client-cli/keyring/task_table.hpp"
#include "client-cli/keyring/upload_table.hpp"

namespace oberih::client {

class LocalStore {
 public:
  /// Opens or makes `store.sqlite`. Throws LocalStoreFailure.
  LocalStore(const std::filesystem::path& profile_folder, const SymmetricKey& storage_key);

  /// Moves checkpoints over more than `new_size` leaves, and channels that have items from there
  /// on, into tables of their own: they are evidence, and no longer what the journal says.
  /// INVARIANT: within a transaction.
  void set_tail_aside(std::uint64_t new_size);

  Transaction begin() { return Transaction(database_); }
  DirectoryTable& directory() { return directory_; }
  ChannelTable& channels() { return channels_; }
  OutboxTable& outbox() { return outbox_; }
  ProofTable& proofs() { return proofs_; }
  TaskTable& tasks() { return tasks_; }
  HearingTable& hearings() { return hearings_; }
  ReceiptTable& receipts() { return receipts_; }
  UploadTable& uploads() { return uploads_; }
  AlertTable& alerts() { return alerts_; }
  AskedTable& asked() { return asked_; }
  AskTable& asks() { return asks_; }

 private:
  SqliteDatabase database_;
  RowSeal seal_;
  DirectoryTable directory_;
  ChannelTable channels_;
  OutboxTable outbox_;
  ProofTable proofs_;
  TaskTable tasks_;
  HearingTable hearings_;
  ReceiptTable receipts_;
  UploadTable uploads_;
  AlertTable alerts_;
  AskedTable asked_;
  AskTable asks_;
};

}  // namespace oberih::client
