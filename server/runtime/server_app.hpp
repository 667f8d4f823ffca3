// SPDX-License-Identifier: Apache-2.0
// The composition root: what `oberihd serve` is made of, in the order in which it is put together.
// Reads as a parts list; what a part does is said where the part is.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>

#include "server/application/checkpoint_file.hpp"
#include "server/application/checkpoint_signer.hpp"
#include "server/application/deadline_watch.hpp"
#include "server/application/recorder.hpp"
#include "server/application/request_router.hpp"
#include "server/application/ringing_listener.hpp"
#include "server/application/witness_desk.hpp"
#include "server/runtime/attachment_room.hpp"
#include "server/runtime/clocks.hpp"
#include "server/runtime/doorbell_command.hpp"
#include "server/runtime/rejection_log.hpp"
#include "server/runtime/server_keys.hpp"
#include "server/runtime/settings.hpp"
#include "server/runtime/structured_log.hpp"
#include "server/storage/audit_indexer.hpp"
#include "server/storage/cosignature_store.hpp"
#include "server/storage/journal_reader.hpp"
#include "server/storage/journal_store.hpp"
#include "server/storage/serving_lock.hpp"
#include "server/transport/fan_out.hpp"
#include "server/transport/listener.hpp"
#include "server/transport/timestamp_client.hpp"
#include "server/transport/witness_client.hpp"

namespace oberih::runtime {

class ServerApp {
 public:
  /// Puts the parts together and connects to the database; nobody is let in yet. Throws
  /// std::runtime_error with a sentence.
  ServerApp(const Settings& settings, ServerKeys keys, application::Policies policies,
            StructuredLog& log);
  ~ServerApp();  // stop()

  /// Loads the journal, compares it with what was signed last, signs, lets people in.
  Result<void> start();
  std::uint16_t port() const { return listener_->port(); }
  void confirm_clock() { recorder_.confirm_clock(); }
  /// Reads the policies anew. They are in force from when the journal says so; what is broken
  /// changes nothing, and the log says why.
  void reload_policies();
  /// To be called every second or so: counts of refusals and accesses, policies that could not be
  /// recorded, and what has come due.
  void tend();
  /// To be called every two seconds or so. Refuses when another process has taken the serving lock
  /// and keeps it: this one must stop, for only one may sign.
  Result<void> keep_serving_lock();
  /// Calls `handler(signal)` on one of the server's threads.
  void on_signals(std::function<void(int)> handler) { loop_.on_signals(std::move(handler)); }
  /// Nobody new, goodbye to all, what was accepted is written and signed.
  void stop();

 private:
  /// Takes the TLS key that the directory names, where the state directory has it.
  Result<void> choose_server_key();
  void look_at_server_key();
  void record_policies();
  bool are_policies_recorded();
  void take_policies_in_force(const application::PoliciesPointer& policies);
  void begin_witnessing();
  /// What the witnesses of this directory have cosigned last; blocks as long as one is waited for.
  std::vector<application::CheckpointSigner::WitnessedBy> ask_witnesses(
      const sealing::Directory& directory);
  void note_witnesses(const application::WitnessNews& news);
  void look_at_witnesses();
  void begin_anchoring();
  void note_anchor(const application::AnchorNews& news);
  void say_goodbye();
  void note_connection(const transport::ConnectionNote& note);

  const Settings settings_;
  StructuredLog& log_;
  ServerKeys keys_;  // without the journal's: the signer has it
  application::PoliciesInForce policies_;
  WallClock clock_;
  MonotonicClock steady_clock_;
  RejectionLog rejection_log_;

  socket::EventLoop loop_;
  storage::ServingLock serving_lock_;
  application::JournalView view_;
  storage::PostgresJournalStore store_;
  std::unique_ptr<storage::PostgresJournalReader> reader_;
  storage::AuditIndexer audit_index_;
  std::unique_ptr<AttachmentRoom> attachments_;
  application::CheckpointFile checkpoint_file_;
  application::CheckpointSigner signer_;
  transport::SessionRegistry sessions_;
  transport::FanOut fan_out_;
  std::unique_ptr<DoorbellCommand> doorbell_;  // none: no setting
  application::RingingListener ringing_;
  std::mutex wanted_mutex_;
  application::PoliciesPointer wanted_policies_;  // that the journal does not name yet
  Milliseconds policies_read_ms_ = 0;
  bool is_recording_policies_ = false;
  bool told_of_policies_ = false;  // that they cannot be recorded
  application::Recorder recorder_;
  std::shared_ptr<application::RefusalTally> refusals_;
  std::shared_ptr<application::AccessTally> accesses_;
  application::DeadlineWatch deadlines_;
  application::RequestRouter router_;
  transport::SessionSurroundings surroundings_;
  std::unique_ptr<transport::Listener> listener_;
  std::unique_ptr<transport::WitnessClient> witness_client_;
  std::unique_ptr<storage::PostgresCosignatureStore> cosignatures_;
  std::unique_ptr<application::WitnessDesk> witness_desk_;
  std::unique_ptr<transport::TimestampClient> timestamp_client_;
  std::unique_ptr<application::AnchorDesk> anchor_desk_;  // none: no setting
  bool told_of_freshness_ = false;  // that the quorum is missing for longer than policy permits
  bool is_stopped_ = false;
  bool told_of_server_key_ = false;
  storage::ServingLockState lock_state_ = storage::ServingLockState::held;
};

}  // namespace oberih::runtime
