// SPDX-License-Identifier: Apache-2.0
// Has the witnesses countersign what the journal has signed: all side by side, in rounds, on a
// thread of its own. Nothing waits for it: neither a post nor a checkpoint.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "protocol/sealing/witness_quorum.hpp"
#include "server/application/journal_view.hpp"
#include "server/application/ports.hpp"
#include "server/application/witness_ports.hpp"

namespace oberih::application {

struct WitnessDeskSettings {
  std::uint64_t poll_ms = 200;           // how often it looks for a new checkpoint
  std::uint64_t round_ms = 5'000;        // longest wait for the answers of one round
  std::uint64_t refresh_ms = 300'000;    // after which a checkpoint that stays is asked for anew
  std::uint64_t first_pause_ms = 1'000;  // after a failure; doubled each time
  std::uint64_t longest_pause_ms = 60'000;
};

/// For the operator's log: told when it changes, not each time.
struct WitnessNews {
  enum class What { failed, answers, lost_state, quorum_reached, quorum_missing, is_ahead, desk };
  What what{};
  std::string witness;  // its name, where one is meant
  std::string reason;
  Milliseconds since_ms = 0;  // quorum_missing: when the quorum was last reached; 0: never
};

class WitnessDesk {
 public:
  using Tell = std::function<void(const WitnessNews&)>;

  WitnessDesk(JournalView& view, JournalReader& reader, WitnessLink& link,
              CosignatureArchive& archive, CommitListener& listener, const Clock& clock,
              const SteadyClock& steady, WitnessDeskSettings settings, Tell tell);
  ~WitnessDesk();  // stop()
  WitnessDesk(const WitnessDesk&) = delete;
  WitnessDesk& operator=(const WitnessDesk&) = delete;

  /// Takes up what is stored, and begins. Throws what the archive throws.
  void start();
  void stop();
  /// A witness has shown a checkpoint, signed by this journal, that is larger than the journal:
  /// nothing more may be served. The sentence for the operator.
  std::optional<std::string> fault() const;

  /// One round, where one is due; for start() and for tests. False: nothing was due.
  bool hold_round();

 private:
  struct Standing {
    std::uint64_t known_size = 0;      // that it has cosigned, as far as is known
    std::uint64_t cosigned_size = 0;   // with a line at hand
    std::uint64_t cosigned_at_ms = 0;  // SteadyClock
    std::uint64_t next_try_ms = 0;
    unsigned failures = 0;
    std::string reason;  // why it fails; empty: it does not
  };
  struct Participant {
    sealing::Witness witness;
    std::uint64_t old_size = 0;
  };
  using Replies = std::vector<std::optional<Result<WitnessReply>>>;

  void run();
  bool is_stopping() const {
    std::lock_guard lock(mutex_);
    return is_stopping_;
  }
  std::vector<Participant> choose(const SignedCheckpoint& newest,
                                  const std::vector<sealing::Witness>& witnesses);
  std::vector<std::optional<journal::ProofPath>> read_proofs(
      const std::vector<Participant>& participants, std::uint64_t size);
  Replies ask(const std::vector<Participant>& participants, const SignedCheckpoint& newest);
  /// Those that are to be asked once more, because they have another checkpoint than was thought.
  std::vector<Participant> take_replies(const std::vector<Participant>& participants,
                                        Replies replies, const SignedCheckpoint& newest);
  void take_line(const Participant& participant, const WitnessReply& reply,
                 const SignedCheckpoint& newest);
  std::optional<Participant> take_size(const Participant& participant, const WitnessReply& reply,
                                       const SignedCheckpoint& newest);
  void look_ahead(const Participant& participant, std::uint64_t size);
  void note_failure(const sealing::Witness& witness, const std::string& reason);
  void note_success(const sealing::Witness& witness);
  void publish(const SignedCheckpoint& newest);
  void tell(const WitnessNews& news) const {
    if (tell_) tell_(news);
  }

  JournalView& view_;
  JournalReader& reader_;
  WitnessLink& link_;
  CosignatureArchive& archive_;
  CommitListener& listener_;
  const Clock& clock_;
  const SteadyClock& steady_;
  const WitnessDeskSettings settings_;
  const Tell tell_;

  // The desk's thread alone.
  std::map<std::string, Standing> standings_;  // by witness
  std::map<std::string, std::string> lines_;   // by witness, for lines_size_
  std::uint64_t lines_size_ = 0;
  std::vector<StoredCosignature> unstored_;  // bounded by the witnesses: the newest of each
  std::optional<bool> has_quorum_;           // of the newest checkpoint, as told last
  bool told_of_archive_ = false;

  mutable std::mutex mutex_;
  std::condition_variable woken_;
  bool is_stopping_ = false;
  std::optional<std::string> fault_;
  std::thread thread_;
};

}  // namespace oberih::application
