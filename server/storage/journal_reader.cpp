// SPDX-License-Identifier: Apache-2.0
#include "server/storage/journal_reader.hpp"

#include <soci/error.h>

#include <algorithm>

#include "server/storage/alert_rows.hpp"
#include "server/storage/audit_queries.hpp"
#include "server/storage/database_session.hpp"
#include "server/storage/migrations.hpp"
#include "server/storage/page_queries.hpp"
#include "server/storage/receipt_queries.hpp"
#include "server/storage/tree_queries.hpp"

namespace oberih::storage {

/// A thread's connection. It is made when first needed and again after every loss.
class PostgresJournalReader::Reader {
 public:
  Reader(const DatabaseSettings& settings, const ReportFailure& report,
         application::TileRoots& tile_roots)
      : settings_(settings), report_(report), tile_roots_(tile_roots) {}

  /// Whether the job has its answer. A lost connection is tried once more: reading twice is
  /// harmless.
  bool run(const Job& job) {
    for (int attempt = 0; attempt < 2; ++attempt) {
      try {
        connect();
        job.run({*pages_, *tree_, *receipts_, *alerts_, *audits_});
        return true;
      } catch (const soci::soci_error& error) {
        DatabaseFailure failure = session_->describe(error);
        report(failure.sentence);
        if (failure.kind != FailureKind::connection_lost) return forget();
      } catch (const std::exception& error) {
        report(error.what());
        return forget();
      }
      forget();
    }
    return false;
  }

 private:
  void connect() {
    if (!session_) session_ = std::make_unique<DatabaseSession>(settings_, DatabaseRole::reader);
    if (!pages_) pages_ = std::make_unique<PageQueries>(*session_);
    if (!receipts_) receipts_ = std::make_unique<ReceiptQueries>(*session_);
    if (!alerts_) alerts_ = std::make_unique<AlertQueries>(*session_);
    if (!audits_) audits_ = std::make_unique<AuditQueries>(*session_);
    if (!tree_) tree_ = std::make_unique<TreeQueries>(*session_, tile_roots_);
  }
  // Statements that failed are not used again, nor is a session that may be lost.
  bool forget() {
    tree_.reset();
    audits_.reset();
    alerts_.reset();
    receipts_.reset();
    pages_.reset();
    session_.reset();
    return false;
  }
  void report(const std::string& sentence) const {
    if (report_) report_("A read failed: " + sentence);
  }

  const DatabaseSettings& settings_;
  const ReportFailure& report_;
  application::TileRoots& tile_roots_;
  std::unique_ptr<DatabaseSession> session_;
  std::unique_ptr<PageQueries> pages_;  // before session_ to die
  std::unique_ptr<TreeQueries> tree_;
  std::unique_ptr<ReceiptQueries> receipts_;
  std::unique_ptr<AlertQueries> alerts_;
  std::unique_ptr<AuditQueries> audits_;
};

PostgresJournalReader::PostgresJournalReader(const DatabaseSettings& settings, ReportFailure report)
    : settings_(settings), report_(std::move(report)), waiting_(settings.reader_queue) {
  DatabaseSession probe(settings_, DatabaseRole::reader);
  require_schema(probe);
  for (std::size_t count = 0; count < std::max<std::size_t>(1, settings_.reader_connections);
       ++count)
    threads_.emplace_back([this] { run_reader(); });
}

PostgresJournalReader::~PostgresJournalReader() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void PostgresJournalReader::run_reader() {
  Reader reader(settings_, report_, tile_roots_);
  while (auto taken = take_job()) {
    const auto& [job, refusal] = *taken;
    if (refusal)
      job.fail(*refusal);
    else if (reader.run(job))
      job.succeed();
    else
      job.fail(RefusalCode::unavailable);
  }
}

std::optional<std::pair<PostgresJournalReader::Job, std::optional<RefusalCode>>>
PostgresJournalReader::take_job() {
  std::unique_lock lock(mutex_);
  work_.wait(lock, [this] { return stopping_ || !waiting_.empty() || !turned_away_.empty(); });
  std::optional<RefusalCode> refusal;
  if (!turned_away_.empty())
    refusal = RefusalCode::server_busy;
  else if (stopping_)
    refusal = RefusalCode::unavailable;
  if (!turned_away_.empty()) {
    Job job = std::move(turned_away_.front());
    turned_away_.pop_front();
    return std::pair(std::move(job), refusal);
  }
  if (waiting_.empty()) return std::nullopt;
  return std::pair(waiting_.take(), refusal);
}

void PostgresJournalReader::enqueue(const domain::Origin& origin, Job job) {
  {
    std::lock_guard lock(mutex_);
    if (auto without_room = waiting_.put(origin, std::move(job)))
      turned_away_.push_back(std::move(*without_room));
  }
  work_.notify_one();
}

template <class Reply, class Load>
void PostgresJournalReader::enqueue(const domain::Origin& origin, Load load,
                                    std::function<void(Result<Reply>)> done) {
  auto reply = std::make_shared<Reply>();
  auto answer = std::make_shared<std::function<void(Result<Reply>)>>(std::move(done));
  enqueue(origin,
          Job{[load = std::move(load), reply](const Queries& queries) { *reply = load(queries); },
              [reply, answer] { (*answer)(std::move(*reply)); },
              [answer](RefusalCode code) { (*answer)(refuse(code)); }});
}

void PostgresJournalReader::read_channel(const domain::Origin& origin, const ChannelId& channel,
                                         std::uint64_t after_seq, std::uint32_t limit, bool latest,
                                         std::function<void(Result<wire::ItemPage>)> done) {
  PageEnd end = latest ? PageEnd::newest : PageEnd::oldest;
  enqueue<wire::ItemPage>(
      origin,
      [=](const Queries& queries) {
        return queries.pages.load_channel(channel, after_seq, limit, end);
      },
      std::move(done));
}

void PostgresJournalReader::read_directory(const domain::Origin& origin, std::uint64_t after_count,
                                           std::uint32_t limit,
                                           std::function<void(Result<wire::DirectoryPage>)> done) {
  enqueue<wire::DirectoryPage>(
      origin,
      [=](const Queries& queries) { return queries.pages.load_directory(after_count, limit); },
      std::move(done));
}

void PostgresJournalReader::read_name_cards(const domain::Origin& origin,
                                            std::vector<DeviceId> devices,
                                            std::function<void(Result<wire::NameCards>)> done) {
  enqueue<wire::NameCards>(
      origin,
      [devices = std::move(devices)](const Queries& queries) {
        return queries.pages.load_name_cards(devices);
      },
      std::move(done));
}

void PostgresJournalReader::find_entries(const domain::Origin& origin, const DeviceId& sender,
                                         const ChannelId& channel, std::vector<MessageId> ids,
                                         std::function<void(Result<wire::FoundEntries>)> done) {
  enqueue<wire::FoundEntries>(
      origin,
      [sender, channel, ids = std::move(ids)](const Queries& queries) {
        return queries.pages.find_entries(sender, channel, ids);
      },
      std::move(done));
}

void PostgresJournalReader::read_receipts(const domain::Origin& origin, const ChannelId& channel,
                                          std::uint64_t channel_seq, const DeviceId& after_device,
                                          std::function<void(Result<wire::ReceiptPage>)> done) {
  enqueue<wire::ReceiptPage>(
      origin,
      [=](const Queries& queries) {
        return queries.receipts.load(channel, channel_seq, after_device);
      },
      std::move(done));
}

void PostgresJournalReader::read_alerts(const domain::Origin& origin, const AgencyId& agency,
                                        std::vector<UnitId> units, std::uint64_t after_index,
                                        std::uint32_t limit,
                                        std::function<void(Result<wire::AlertPage>)> done) {
  enqueue<wire::AlertPage>(
      origin,
      [=, units = std::move(units)](const Queries& queries) {
        return queries.alerts.load(agency, units, after_index, limit);
      },
      std::move(done));
}

void PostgresJournalReader::read_leaf(const domain::Origin& origin, std::uint64_t index,
                                      std::function<void(Result<Bytes>)> done) {
  enqueue<Bytes>(
      origin, [=](const Queries& queries) { return queries.audits.load_leaf(index); },
      std::move(done));
}

void PostgresJournalReader::find_leaves(const domain::Origin& origin, application::AuditWish wish,
                                        std::function<void(Result<wire::AuditPage>)> done) {
  enqueue<wire::AuditPage>(
      origin,
      [wish = std::move(wish)](const Queries& queries) { return queries.audits.load(wish); },
      std::move(done));
}

void PostgresJournalReader::read_tile(const domain::Origin& origin, std::uint64_t tree_size,
                                      const journal::TileAddress& tile,
                                      std::function<void(Result<Bytes>)> done) {
  enqueue<Bytes>(
      origin, [=](const Queries& queries) { return queries.tree.load_tile(tree_size, tile); },
      std::move(done));
}

void PostgresJournalReader::read_proofs(
    const domain::Origin& origin, std::vector<application::ProofWish> wishes,
    std::function<void(Result<std::vector<journal::ProofPath>>)> done) {
  enqueue<std::vector<journal::ProofPath>>(
      origin,
      [wishes = std::move(wishes)](const Queries& queries) {
        return queries.tree.load_proofs(wishes);
      },
      std::move(done));
}

}  // namespace oberih::storage
