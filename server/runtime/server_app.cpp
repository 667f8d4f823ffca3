// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/server_app.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "server/application/warm_tree.hpp"
#include "server/runtime/governance_keys.hpp"
#include "server/runtime/settings_arguments.hpp"

namespace oberih::runtime {
namespace {

unsigned io_threads(const Settings& settings) {
  if (settings.io_threads != 0) return static_cast<unsigned>(settings.io_threads);
  return std::max(1U, std::thread::hardware_concurrency());
}

std::chrono::milliseconds ms(std::uint64_t value) { return std::chrono::milliseconds(value); }

/// While the database is away the same sentence comes twice a second: one in ten seconds is
/// written.
std::function<void(const std::string&)> report_to(StructuredLog& log, std::string_view event) {
  struct Last {
    std::mutex mutex;
    std::string sentence;
    std::chrono::steady_clock::time_point written_at;
  };
  return [&log, event, last = std::make_shared<Last>()](const std::string& sentence) {
    const auto now = std::chrono::steady_clock::now();
    {
      std::lock_guard lock(last->mutex);
      if (sentence == last->sentence && now - last->written_at < std::chrono::seconds(10)) return;
      last->sentence = sentence;
      last->written_at = now;
    }
    log.write(LogLevel::error, event, {{"reason", sentence}});
  };
}

application::RecorderSettings recorder_settings(const Settings& settings, StructuredLog& log) {
  application::RecorderSettings recorder;
  recorder.queue_units = settings.recorder_queue;
  recorder.batch_rows = settings.recorder_batch;
  recorder.report = report_to(log, "recorder");
  return recorder;
}

std::unique_ptr<DoorbellCommand> make_doorbell(const Settings& settings, StructuredLog& log) {
  if (settings.doorbell_command.empty()) return nullptr;
  if (const std::string fault = hook_fault(settings.doorbell_command); !fault.empty())
    log.write(LogLevel::error, "doorbell_failed", {{"reason", fault}});
  return std::make_unique<DoorbellCommand>(
      settings.doorbell_command, [&log](const std::string& reason, std::uint64_t left_out) {
        log.write(LogLevel::error, "doorbell_failed", {{"reason", reason}, {"left_out", left_out}});
      });
}

transport::SessionLimits session_limits(const Settings& settings) {
  return {settings.outbox_bytes,     ms(settings.hello_timeout_ms), settings.outstanding_requests,
          settings.malformed_frames, settings.subscriptions,        ms(settings.refusal_pause_ms)};
}

transport::ListenerSettings listener_settings(const Settings& settings) {
  transport::ListenerSettings listener;
  listener.address = settings.listen_address;
  listener.port = static_cast<std::uint16_t>(settings.listen_port);
  listener.limits.connections = settings.connections;
  listener.limits.handshakes = settings.handshakes;
  listener.limits.handshakes_per_address = settings.handshakes_per_address;
  listener.limits.failed_handshakes = settings.failed_handshakes;
  listener.limits.frame_bytes = settings.frame_bytes;
  listener.limits.send_buffer_bytes = settings.send_buffer_bytes;
  listener.limits.timeouts.handshake = ms(settings.handshake_timeout_ms);
  listener.limits.timeouts.idle = ms(settings.idle_timeout_ms);
  return listener;
}

}  // namespace

ServerApp::ServerApp(const Settings& settings, ServerKeys keys, application::Policies policies,
                     StructuredLog& log)
    : settings_(settings),
      log_(log),
      keys_(std::move(keys)),
      policies_(std::move(policies)),
      rejection_log_(log),
      loop_(io_threads(settings)),
      serving_lock_(database_settings(settings), storage::ServingLock::WhenTaken::wait_a_moment),
      store_(database_settings(settings), report_to(log, "database")),
      reader_(std::make_unique<storage::PostgresJournalReader>(database_settings(settings),
                                                               report_to(log, "database"))),
      audit_index_(
          database_settings(settings), [this] { return view_.size(); },
          [&log](std::uint64_t done, std::uint64_t in_all) {
            log.write(LogLevel::info, "audit_rows", {{"done", done}, {"in_all", in_all}});
          },
          report_to(log, "audit_rows")),
      attachments_(
          std::make_unique<AttachmentRoom>(settings, clock_, report_to(log, "attachments"))),
      checkpoint_file_(settings.state_directory + "/checkpoint"),
      signer_(std::move(keys_.journal), checkpoint_file_, steady_clock_,
              settings.checkpoint_interval_ms,
              [this](const SignaturePublicKey& key) {
                return find_journal_key(settings_.state_directory, key);
              }),
      sessions_(settings.connections_per_device,
                {settings.requests_per_second, settings.bytes_per_second,
                 settings.agency_requests_per_second, settings.read_bytes_per_second,
                 settings.connections_per_minute, settings.agency_connections_per_minute,
                 settings.agency_bytes_per_second, settings.agency_read_bytes_per_second,
                 settings.connections_at_once}),
      fan_out_(loop_, view_, clock_, sessions_),
      doorbell_(make_doorbell(settings, log)),
      ringing_(fan_out_, doorbell_.get()),
      recorder_(store_, view_, clock_, steady_clock_, ringing_, &signer_,
                recorder_settings(settings, log)),
      refusals_(std::make_shared<application::RefusalTally>(recorder_, clock_, steady_clock_,
                                                            report_to(log, "refusals"))),
      accesses_(std::make_shared<application::AccessTally>(recorder_, clock_, steady_clock_,
                                                           report_to(log, "accesses"))),
      deadlines_(recorder_, policies_),
      router_({view_, *reader_, recorder_, clock_, policies_, OBERIH_VERSION,
               std::make_shared<application::ChangePace>(settings.key_changes_per_hour), refusals_,
               &attachments_->desk(), accesses_, &audit_index_}),
      surroundings_{loop_,
                    router_,
                    fan_out_,
                    sessions_,
                    session_limits(settings),
                    [this](const transport::ConnectionNote& note) { note_connection(note); }} {}

ServerApp::~ServerApp() {
  stop();
  // From here on nothing may run that uses what is destroyed below: io threads ask the readers, and
  // readers' answers go to sessions.
  loop_.stop();
  loop_.join();
  witness_desk_.reset();
  anchor_desk_.reset();
  reader_.reset();
  attachments_.reset();
}

Result<void> ServerApp::start() {
  for (const std::string& warning : store_.warnings())
    log_.write(LogLevel::warning, "database", {{"reason", warning}});
  begin_witnessing();
  OBERIH_TRY(recorder_.start());
  OBERIH_TRY(choose_server_key());
  if (!recorder_.is_clock_reliable())
    log_.write(LogLevel::error, "clock_unreliable",
               {{"reason",
                 "The clock is far from the journal's newest leaf: nothing is written. "
                 "Set it right, or start once with --confirm-clock if it is right."}});
  wanted_policies_ = policies_.current();
  policies_read_ms_ = clock_.now_ms();
  record_policies();
  listener_ =
      std::make_unique<transport::Listener>(listener_settings(settings_), keys_.tls, surroundings_);
  application::warm_tree(*reader_, view_.size());
  audit_index_.start();
  witness_desk_->start();
  begin_anchoring();
  return {};
}

Result<void> ServerApp::choose_server_key() {
  auto directory = view_.directory();
  if (directory->is_empty())
    return refuse(RefusalCode::unavailable,
                  "The journal is empty. 'oberihd init --signed FILE' starts it.");
  if (directory->server_spki() == keys_.tls_spki) return {};
  auto named = find_server_key(settings_.state_directory, directory->server_spki());
  if (!named)
    return refuse(RefusalCode::wrong_server,
                  "The state directory does not hold the TLS key that the directory names; clients "
                  "would refuse any other.");
  keys_.tls = std::move(*named);
  keys_.tls_spki = directory->server_spki();
  return {};
}

void ServerApp::look_at_server_key() {
  if (told_of_server_key_ || view_.directory()->server_spki() == keys_.tls_spki) return;
  told_of_server_key_ = true;
  log_.write(LogLevel::error, "server_key_changed",
             {{"reason",
               "The directory names another TLS key now: clients refuse this one. Start oberihd "
               "again."}});
}

Result<void> ServerApp::keep_serving_lock() {
  using storage::ServingLockState;
  look_at_server_key();
  if (const auto fault = witness_desk_->fault())
    return refuse(RefusalCode::verification_failed, *fault);
  const ServingLockState before = std::exchange(lock_state_, serving_lock_.keep());
  // Nothing was harmed meanwhile: the journal's head row keeps two writers apart, and both sign the
  // same tree. `oberihd directory append` holds the lock for a moment: hence only the second look.
  if (lock_state_ == ServingLockState::taken_by_another && before == lock_state_) {
    const std::string sentence =
        "Another oberihd serves this database now: this one stops. Nothing is lost.";
    log_.write(LogLevel::error, "serving_lock_taken", {{"reason", sentence}});
    return refuse(RefusalCode::unavailable, sentence);
  }
  if (lock_state_ == before) return {};
  switch (lock_state_) {
    case ServingLockState::held:
      log_.write(LogLevel::info, "serving_lock_held_again");
      break;
    case ServingLockState::database_away:
      log_.write(LogLevel::error, "serving_lock_lost", {{"reason", "The database is away."}});
      break;
    case ServingLockState::taken_by_another:
      log_.write(LogLevel::error, "serving_lock_lost",
                 {{"reason", "Another process holds the serving lock."}});
      break;
  }
  return {};
}

void ServerApp::note_connection(const transport::ConnectionNote& note) {
  if (note.event == "session_opened" || note.event == "session_closed")
    log_.write(LogLevel::info, note.event,
               {{"address", note.address}, {"device", note.device}, {"reason", note.reason}});
  else
    rejection_log_.write(note.event, note.address, note.device, note.reason,
                         steady_clock_.elapsed_ms());
}

void ServerApp::say_goodbye() {
  sessions_.for_each([](transport::WebsocketSession& session) {
    session.close(socket::CloseCode::going_away, "The server stops. Come back in a moment.");
  });
  // Those who do not answer are cut off by their own two seconds' limit.
  auto until = std::chrono::steady_clock::now() + ms(settings_.stop_timeout_ms / 2);
  while (sessions_.count() > 0 && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

void ServerApp::stop() {
  if (std::exchange(is_stopped_, true)) return;
  if (listener_) listener_->stop();
  if (witness_desk_) witness_desk_->stop();
  if (anchor_desk_) anchor_desk_->stop();
  say_goodbye();
  refusals_->close_all();
  accesses_->close_all();
  recorder_.stop();
  audit_index_.stop();
}

}  // namespace oberih::runtime
