// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/follow_loop.hpp"

#include "client-cli/keyring/agent.hpp"

namespace oberih::client {
namespace {

constexpr std::chrono::milliseconds between_turns{200};
constexpr std::chrono::seconds between_touches{30};

}  // namespace

Result<> FollowLoop::run() {
  while (!is_over()) {
    Result<> followed = follow_until_lost();
    if (followed) return {};
    if (is_over()) return {};
    if (!is_passing(followed.error())) return followed;
  }
  return {};
}

Result<> FollowLoop::follow_until_lost() {
  OBERIH_TRY(session_.connect());
  const std::uint64_t connection = session_.connections();
  OBERIH_TRY(begin());
  while (!is_over()) {
    keep_unlocked();
    session_.watch_checkpoints();
    std::optional<Event> event = session_.connection().next_event(between_turns);
    if (event) {
      OBERIH_TRY(take(*event));
    } else if (!session_.connection().is_open()) {
      return session_.connection().why_closed();
    }
    OBERIH_TRY(turn());
    if (session_.connections() != connection)  // a new one follows nothing yet
      return refuse(RefusalCode::not_connected);
  }
  return {};
}

Result<> FollowLoop::take(const Event& event) {
  if (const auto* item = std::get_if<wire::ItemEvent>(&event)) return take_item(*item);
  if (const auto* checkpoint = std::get_if<wire::CheckpointEvent>(&event))
    return take_checkpoint(*checkpoint);
  return take_end(std::get<wire::UnfollowedEvent>(event).channel);
}

Result<> FollowLoop::take_checkpoint(const wire::CheckpointEvent& event) {
  return session_.take_checkpoint(event.checkpoint);
}

Result<> FollowLoop::learn_names(std::uint64_t records) {
  auto known = std::pair(session_.directory().count(), records);
  if (std::exchange(names_known_at_, known) == known) return {};
  return session_.read_names();
}

/// A running follow counts as use.
void FollowLoop::keep_unlocked() {
  if (SteadyClock::now() < touch_at_) return;
  touch_agent(session_.profile().folder);
  touch_at_ = SteadyClock::now() + between_touches;
}

Result<> follow_or_interrupted(CommandContext& context, const std::function<Result<>()>& follow) {
  Result<> followed = context.open_session_for_ever();
  if (followed) followed = follow();
  if (!followed && context.is_interrupted()) return {};
  return followed;
}

}  // namespace oberih::client
