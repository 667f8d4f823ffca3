// SPDX-License-Identifier: Apache-2.0
// Where a play happens: the real application over a store, with clocks that the play moves.
// Requests go through the codecs and the router as they do behind a connection.
#pragma once

#include <condition_variable>
#include <future>
#include <nlohmann/json.hpp>

#include "protocol/wire/audit_export.hpp"
#include "protocol/wire/audit_reads.hpp"
#include "server/application/append_directory.hpp"
#include "server/application/deadline_watch.hpp"
#include "server/application/request_router.hpp"
#include "tests/transcripts/actor.hpp"

namespace oberih::transcripts {

/// A place where a journal is kept; each play gets an empty one.
class StorePlace {
 public:
  virtual ~StorePlace() = default;
  /// Connected anew: what a server process does when it starts.
  virtual std::unique_ptr<application::JournalStore> open_store() = 0;
  virtual std::unique_ptr<application::JournalReader> open_reader() = 0;
  /// nullptr: leaves are found when they are committed. `committed`: the journal's size, for any
  /// thread.
  virtual std::unique_ptr<application::AuditIndex> open_audit_index(
      std::function<std::uint64_t()> committed) {
    static_cast<void>(committed);
    return nullptr;
  }
};

class PlayClock final : public application::Clock, public application::SteadyClock {
 public:
  Milliseconds now_ms() const override { return now_ms_; }
  std::uint64_t elapsed_ms() const override { return now_ms_ - begin_ms; }
  void pass(std::uint64_t ms) { now_ms_ += ms; }

 private:
  static constexpr Milliseconds begin_ms = 1'795'507'200'000;  // 2026-11-24T08:00Z
  std::atomic<Milliseconds> now_ms_{begin_ms};
};

class KeptCheckpoint final : public application::CheckpointArchive {
 public:
  void write(const std::string& note) override { note_ = note; }
  std::optional<std::string> read() override { return note_; }

 private:
  std::optional<std::string> note_;
};

/// Live delivery without sockets: what a commit brings goes to those who follow and still may.
class LiveFeed final : public application::CommitListener {
 public:
  explicit LiveFeed(application::JournalView& view, const PlayClock& clock)
      : view_(view), clock_(clock) {}
  void follow(const DeviceId& device, const ChannelId& channel);
  void on_commit(application::CommittedBatch batch) override;
  void on_checkpoint(const std::string&) override {}
  /// The next item for the device, waiting up to two seconds for it.
  std::optional<wire::ChannelItem> take(const DeviceId& device, const ChannelId& channel);

 private:
  using Place = std::pair<DeviceId, ChannelId>;
  application::JournalView& view_;
  const PlayClock& clock_;
  std::mutex mutex_;
  std::condition_variable news_;
  std::map<Place, std::deque<wire::ChannelItem>> items_;
};

class Stage {
 public:
  Stage(std::unique_ptr<StorePlace> place, const application::Policies& policies);
  ~Stage();

  PlayClock& clock() { return clock_; }
  /// The genesis with these agencies, and the server's first start.
  void begin_journal(const std::vector<const Root*>& roots);
  void append_offline(const wire::DirectoryAppend& leaf);
  /// Stops the server and starts another one over what is stored. Followers are forgotten.
  void restart();
  /// The server writes down who has read what, and signs it.
  void end_minute();
  /// Of the newest checkpoint.
  std::uint64_t signed_size() const;
  /// Hour by hour; the server looks at what has come due as it goes.
  void pass(std::uint64_t ms);
  /// The server is down so long, and starts again.
  void be_down(std::uint64_t ms);
  LiveFeed& feed() { return *feed_; }

  template <class Reply, class Request>
  Result<Reply> ask(const Actor& actor, const Request& request) {
    // Refused before anything is asked: a connection would not come to be.
    auto caller = application::identify_caller(router_->services(), actor.certificate().tls_spki);
    if (!caller) return caller.error();
    auto promise = std::make_shared<std::promise<Result<std::string>>>();
    std::future<Result<std::string>> answer = promise->get_future();
    router_->handle(
        *caller, {1, std::string(Request::method), wire::encode_params(request)},
        [promise](Result<std::string> result) { promise->set_value(std::move(result)); });
    Result<std::string> result = answer.get();
    if (!result) return result.error();
    Reply reply;
    auto parsed = wire::parse_result(nlohmann::json::parse(*result), reply);
    if (!parsed) return parsed.error();
    return reply;
  }

 private:
  void start_server();
  void stop_server();
  void look_at_deadlines();

  std::unique_ptr<StorePlace> place_;
  const application::PoliciesInForce policies_;
  PlayClock clock_;
  KeptCheckpoint archive_;
  crypto::SignatureKeyPair journal_keys_ = crypto::generate_signature_keys();

  std::unique_ptr<application::JournalStore> store_;
  std::unique_ptr<application::JournalReader> reader_;
  std::unique_ptr<application::JournalView> view_;
  std::unique_ptr<LiveFeed> feed_;
  std::unique_ptr<application::CheckpointSigner> signer_;
  std::unique_ptr<application::Recorder> recorder_;
  std::shared_ptr<application::AccessTally> accesses_;
  std::unique_ptr<application::AuditIndex> audit_index_;
  std::unique_ptr<application::DeadlineWatch> deadlines_;
  std::unique_ptr<application::RequestRouter> router_;
};

}  // namespace oberih::transcripts
