// SPDX-License-Identifier: Apache-2.0
// A witness at work: HTTPS `POST /add-checkpoint` (C2SP tlog-witness), and `GET /checkpoint`, the
// newest note that it has cosigned, by which a journal that was restored finds out how far it was.
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "client-cli/witness/judge_checkpoint.hpp"
#include "protocol/socket/tls_listener.hpp"

namespace oberih::client {

/// For the operator: one line for each answer but the usual ones.
struct WitnessEvent {
  unsigned status = 0;
  std::uint64_t size = 0;  // known after it
  std::string why;
};

class WitnessService {
 public:
  using Tell = std::function<void(const WitnessEvent&)>;

  /// Takes the folder's lock. Refusals: usage (no journal is watched, another process serves it),
  /// local_state_broken.
  static Result<std::unique_ptr<WitnessService>> open(const WitnessFolder& folder,
                                                      FirstCheckpoint first, Tell tell);

  /// Whether the folder had no state.
  bool is_without_state() const { return !known_; }
  std::uint64_t known_size() const { return known_ ? known_->size : 0; }
  const WatchedJournal& journal() const { return journal_; }
  const WitnessKeys& keys() const { return keys_; }

  /// Throws std::runtime_error where the address cannot be bound.
  void listen(socket::EventLoop& loop, const std::string& address, std::uint16_t port);
  std::uint16_t port() const { return listener_->port(); }
  void stop() { listener_->stop(); }

  /// Any thread; one request at a time, for reading the known size and replacing it is one step.
  socket::HttpResponse answer(const socket::HttpRequest& request);

 private:
  WitnessService(const WitnessFolder& folder, WatchedJournal journal, WitnessKeys keys,
                 FirstCheckpoint first, Tell tell)
      : folder_(folder),
        journal_(std::move(journal)),
        keys_(std::move(keys)),
        first_(first),
        tell_(std::move(tell)) {}
  Result<> load_state();
  socket::HttpResponse add_checkpoint(const std::string& body);

  const WitnessFolder folder_;
  const WatchedJournal journal_;
  const WitnessKeys keys_;
  const FirstCheckpoint first_;
  const Tell tell_;
  std::mutex mutex_;
  std::optional<journal::Checkpoint> known_;
  std::string note_;        // of known_
  bool is_broken_ = false;  // what was to be stored could not be: nothing is cosigned any more
  std::unique_ptr<socket::TlsListener> listener_;
};

}  // namespace oberih::client
