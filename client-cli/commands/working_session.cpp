// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/working_session.hpp"

namespace oberih::client {
namespace {

SessionNotices notices_of(const CommandContext& context) {
  SessionNotices notices;
  notices.will_try_again = [&context](const Refusal& why, std::chrono::milliseconds delay) {
    const std::string_view reason =
        why.detail.empty() ? MessageCatalogue(context.language).refusal_sentence(why.code)
                           : std::string_view(why.detail);
    const auto seconds = std::max<std::int64_t>(1, (delay.count() + 500) / 1000);
    context.note(Message::reconnecting, {reason, std::to_string(seconds)});
  };
  notices.is_connected_again = [&context] { context.note(Message::reconnected); };
  notices.clock_differs = [&context](std::int64_t seconds) {
    context.note(Message::clock_differs, {std::to_string(seconds)});
  };
  return notices;
}

}  // namespace

Result<WorkingSession> WorkingSession::open(const CommandContext& context,
                                            std::optional<std::chrono::milliseconds> patience,
                                            const std::atomic<bool>* is_cancelled) {
  auto profile = context.load_profile();
  if (!profile) return profile.error();
  if (!profile->device) return refuse(RefusalCode::usage, context.text(Message::no_device_yet));
  auto ring = context.unlock(*profile);
  if (!ring) return ring.error();
  WorkingSession working;
  working.loop_ = std::make_unique<socket::EventLoop>(1);
  SessionSettings settings;
  settings.patience = patience;
  settings.notices = notices_of(context);
  settings.is_cancelled = is_cancelled;
  working.session_ = std::make_unique<ClientSession>(*working.loop_, *std::move(profile),
                                                     *std::move(ring), std::move(settings));
  return working;
}

Result<WorkingSession> WorkingSession::connect(const CommandContext& context) {
  auto working = open(context);
  if (!working) return working.error();
  OBERIH_TRY((*working)->connect());
  return working;
}

}  // namespace oberih::client
