// SPDX-License-Identifier: Apache-2.0
// Has an authority stamp the newest checkpoint every hour (RFC 3161), and writes its token into the
// journal (kind 9). While the authority is away it is tried again, with what is the newest then: a
// later token says no less of what came earlier.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "protocol/sealing/anchor_leaf.hpp"
#include "server/application/journal_view.hpp"
#include "server/application/ports.hpp"
#include "server/application/recorder.hpp"

namespace oberih::application {

/// The way to the authority: a TimeStampReq goes, a TimeStampResp comes. Returns at once; `done`
/// runs once, on any thread, within the link's own time limit. Refusals: not_connected,
/// malformed_object.
class TimestampLink {
 public:
  using Done = std::function<void(Result<Bytes>)>;
  virtual ~TimestampLink() = default;
  virtual void stamp(const Bytes& request, Done done) = 0;
};

/// What the journal holds of anchors already. Blocking. Throws std::runtime_error.
class AnchorArchive {
 public:
  virtual ~AnchorArchive() = default;
  /// The newest leaf of kind 9.
  virtual std::optional<Bytes> load_newest_anchor() = 0;
  /// When the oldest checkpoint above that size was signed; 0: there is none.
  virtual Milliseconds load_signed_ms(std::uint64_t above_size) = 0;
};

struct AnchorDeskSettings {
  std::uint64_t interval_ms = 3'600'000;
  std::uint64_t first_pause_ms = 2'000;  // after a failure; doubled each time
  std::uint64_t longest_pause_ms = 600'000;
  std::uint64_t answer_ms = 20'000;  // longest wait for the authority, and for the commit
};

struct AnchorNews {
  bool is_anchored = false;
  std::uint64_t size = 0;     // of the checkpoint
  std::string reason;         // why not; or the authority's name
  Milliseconds since_ms = 0;  // the token's time; not anchored: of the oldest that waits for one
};

class AnchorDesk {
 public:
  using Tell = std::function<void(const AnchorNews&)>;

  AnchorDesk(JournalView& view, Recorder& recorder, TimestampLink& link, const Clock& clock,
             const SteadyClock& steady, std::string ca_pem, AnchorDeskSettings settings, Tell tell);
  ~AnchorDesk();  // stop()
  AnchorDesk(const AnchorDesk&) = delete;
  AnchorDesk& operator=(const AnchorDesk&) = delete;

  /// Goes on where the journal's newest token ends: nobody pays for one at each restart.
  void resume(AnchorArchive& archive);
  void start(AnchorArchive& archive);  // resume(), and a thread that looks
  void stop();
  /// One try, where one is due. False: nothing was due.
  bool look();

 private:
  void run();
  bool is_stopping() const {
    std::lock_guard lock(mutex_);
    return is_stopping_;
  }
  Result<AnchorNews> anchor(const journal::Checkpoint& checkpoint);
  void note(const Result<AnchorNews>& outcome);
  void load_newest(AnchorArchive& archive);
  void publish();

  JournalView& view_;
  Recorder& recorder_;
  TimestampLink& link_;
  const Clock& clock_;
  const SteadyClock& steady_;
  const std::string ca_pem_;
  const AnchorDeskSettings settings_;
  const Tell tell_;

  // The desk's thread alone.
  std::uint64_t next_ms_ = 0;  // SteadyClock
  unsigned failures_ = 0;
  std::uint64_t anchored_size_ = 0;
  Milliseconds anchored_ms_ = 0;  // the token's time; 0: none yet
  Milliseconds waiting_ms_ = 0;   // the oldest checkpoint above that size; 0: none
  std::string told_reason_;

  mutable std::mutex mutex_;
  std::condition_variable woken_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace oberih::application
