// SPDX-License-Identifier: Apache-2.0
// Reads for many connections on a few: a bounded queue, one thread and one session of oberih_reader
// each. A full queue answers server_busy, a database that cannot be reached unavailable.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "server/application/fair_queue.hpp"
#include "server/application/journal_tree.hpp"
#include "server/application/ports.hpp"
#include "server/storage/database_settings.hpp"

namespace oberih::storage {

class AlertQueries;
class AuditQueries;
class PageQueries;
class ReceiptQueries;
class TreeQueries;

class PostgresJournalReader final : public application::JournalReader {
 public:
  /// Connects once to see that it can. Throws DatabaseError.
  PostgresJournalReader(const DatabaseSettings& settings, ReportFailure report);
  /// Answers what still waits with unavailable, then ends the threads.
  ~PostgresJournalReader() override;

  void read_channel(const domain::Origin& origin, const ChannelId& channel, std::uint64_t after_seq,
                    std::uint32_t limit, bool latest,
                    std::function<void(Result<wire::ItemPage>)> done) override;
  void read_directory(const domain::Origin& origin, std::uint64_t after_count, std::uint32_t limit,
                      std::function<void(Result<wire::DirectoryPage>)> done) override;
  /// Cards of exactly these devices, as far as there are any; of none where the list is empty.
  void read_name_cards(const domain::Origin& origin, std::vector<DeviceId> devices,
                       std::function<void(Result<wire::NameCards>)> done) override;
  void find_entries(const domain::Origin& origin, const DeviceId& sender, const ChannelId& channel,
                    std::vector<MessageId> ids,
                    std::function<void(Result<wire::FoundEntries>)> done) override;
  void read_receipts(const domain::Origin& origin, const ChannelId& channel,
                     std::uint64_t channel_seq, const DeviceId& after_device,
                     std::function<void(Result<wire::ReceiptPage>)> done) override;
  void read_alerts(const domain::Origin& origin, const AgencyId& agency, std::vector<UnitId> units,
                   std::uint64_t after_index, std::uint32_t limit,
                   std::function<void(Result<wire::AlertPage>)> done) override;
  void read_tile(const domain::Origin& origin, std::uint64_t tree_size,
                 const journal::TileAddress& tile,
                 std::function<void(Result<Bytes>)> done) override;
  void read_leaf(const domain::Origin& origin, std::uint64_t index,
                 std::function<void(Result<Bytes>)> done) override;
  void find_leaves(const domain::Origin& origin, application::AuditWish wish,
                   std::function<void(Result<wire::AuditPage>)> done) override;
  void read_proofs(const domain::Origin& origin, std::vector<application::ProofWish> wishes,
                   std::function<void(Result<std::vector<journal::ProofPath>>)> done) override;

 private:
  class Reader;
  struct Queries {
    PageQueries& pages;
    TreeQueries& tree;
    ReceiptQueries& receipts;
    AlertQueries& alerts;
    AuditQueries& audits;
  };
  struct Job {
    std::function<void(const Queries&)> run;  // loads and keeps the answer; may throw and run again
    std::function<void()> succeed;
    std::function<void(RefusalCode)> fail;
  };

  template <class Reply, class Load>
  void enqueue(const domain::Origin& origin, Load load, std::function<void(Result<Reply>)> done);
  void enqueue(const domain::Origin& origin, Job job);
  void run_reader();
  /// Waits. Nothing: stopping, and no job is left.
  std::optional<std::pair<Job, std::optional<RefusalCode>>> take_job();

  const DatabaseSettings settings_;
  const ReportFailure report_;
  std::mutex mutex_;
  std::condition_variable work_;
  application::TileRoots tile_roots_;
  application::FairQueue<Job> waiting_;
  std::deque<Job> turned_away_;  // found the queue full: to be told so on a reader thread
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace oberih::storage
