// SPDX-License-Identifier: Apache-2.0
// A session as a command needs it: the profile unlocked, an event loop, and notices about lost
// connections told in the person's language.
#pragma once

#include <memory>

#include "client-cli/commands/command_context.hpp"
#include "client-cli/verification/client_session.hpp"

namespace oberih::client {

class WorkingSession {
 public:
  /// Unlocks the profile; does not connect yet. `patience`: how long connecting is tried; nothing:
  /// until `is_cancelled`.
  static Result<WorkingSession> open(
      const CommandContext& context,
      std::optional<std::chrono::milliseconds> patience = std::chrono::seconds(15),
      const std::atomic<bool>* is_cancelled = nullptr);
  /// The same, and connected: the directory is up to date.
  static Result<WorkingSession> connect(const CommandContext& context);

  ClientSession& operator*() { return *session_; }
  ClientSession* operator->() { return session_.get(); }

 private:
  std::unique_ptr<socket::EventLoop> loop_;  // outlives the session
  std::unique_ptr<ClientSession> session_;
};

}  // namespace oberih::client
