// SPDX-License-Identifier: Apache-2.0
// What every command works with: where it speaks, which profile it serves, and, when it asks for
// one, an unlocked session.
#pragma once

#include <atomic>
#include <map>
#include <memory>

#include "client-cli/output/console.hpp"
#include "client-cli/verification/client_session.hpp"

namespace oberih::client {

struct GlobalOptions {
  std::string profile = "default";
  unsigned wait_seconds = 15;  // how long a command tries to reach the server
};

class CommandContext {
 public:
  CommandContext(Console& console, GlobalOptions options)
      : console_(console), options_(std::move(options)) {}

  Console& console() { return console_; }
  const GlobalOptions& options() const { return options_; }

  Result<std::filesystem::path> home() const { return profiles_folder(); }
  Result<Profile> load_profile() const;
  /// From the agent; else with the passphrase file. Refusal: locked.
  Result<KeyRing> open_ring(const Profile& profile) const;

  enum class Reach { online, offline };
  /// Patience nothing: connects for ever. Throws LocalStoreFailure.
  Result<> open_session(Reach reach);
  Result<> open_session_for_ever();
  /// INVARIANT: open_session() has succeeded, or failed only in connecting.
  ClientSession& session() { return *session_; }
  bool has_session() const { return session_ != nullptr; }
  /// INVARIANT: as of session().
  socket::EventLoop& event_loop() { return *loop_; }

  /// A command about a channel: "not found" is said of the channel then.
  void set_about_channel() { is_about_channel_ = true; }
  bool is_about_channel() const { return is_about_channel_; }
  /// In this command the refusal means something narrower than the table's sentence says.
  void set_words(RefusalCode code, Sentence words) { words_[code] = words; }
  std::optional<Sentence> find_words(RefusalCode code) const {
    const auto found = words_.find(code);
    return found == words_.end() ? std::nullopt : std::optional(found->second);
  }

  /// From here on Ctrl-C ends waiting instead of the process.
  void take_interrupts();
  /// It ends the process again.
  void leave_interrupts();
  bool is_interrupted() const;

 private:
  Result<> make_session(std::optional<std::chrono::milliseconds> patience);
  SessionNotices make_notices();
  void warn_of_expiry();

  Console& console_;
  GlobalOptions options_;
  bool is_about_channel_ = false;
  std::map<RefusalCode, Sentence> words_;
  std::unique_ptr<socket::EventLoop> loop_;  // outlives the session
  std::unique_ptr<ClientSession> session_;
};

}  // namespace oberih::client
