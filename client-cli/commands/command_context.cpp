// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/command_context.hpp"

#include <signal.h>

#include "client-cli/keyring/agent.hpp"
#include "client-cli/keyring/passphrase_prompt.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

std::atomic<bool> is_interrupted_now = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler writes it");

std::string seconds_text(std::chrono::milliseconds delay) {
  return std::to_string((delay.count() + 999) / 1000);
}

}  // namespace

Result<Profile> CommandContext::load_profile() const {
  Result<std::filesystem::path> folder = home();
  if (!folder) return folder.error();
  return client::load_profile(*folder, options_.profile);
}

Result<KeyRing> CommandContext::open_ring(const Profile& profile) const {
  std::error_code error;
  if (!std::filesystem::exists(key_ring_file(profile.folder), error))
    return refuse(RefusalCode::usage,
                  "this profile has no keys yet; make them with 'oberih device request'");
  if (std::optional<SymmetricKey> key = key_from_agent(profile.folder))
    return open_key_ring(profile.folder, *key);
  if (!has_passphrase_file()) return refuse(RefusalCode::locked);
  Result<SecretBuffer> passphrase = ask_passphrase({});
  if (!passphrase) return passphrase.error();
  Result<SymmetricKey> key = unlock_key_ring(profile.folder, passphrase->view());
  if (!key) return key.error();
  return open_key_ring(profile.folder, *key);
}

SessionNotices CommandContext::make_notices() {
  SessionNotices notices;
  notices.will_try_again = [this](const Refusal& why, std::chrono::milliseconds delay) {
    std::string reason = why.detail.empty()
                             ? std::string(refusal_sentence(console_.language(), why.code))
                             : encoding::printable(why.detail);
    console_.note(Sentence::will_try_again, {{"why", reason}, {"seconds", seconds_text(delay)}});
  };
  notices.is_connected_again = [this] { console_.note(Sentence::connected_again); };
  notices.clock_differs = [this](std::int64_t seconds) {
    console_.note(Sentence::clock_differs, {{"seconds", std::to_string(std::abs(seconds))}});
  };
  notices.proof_is_late = [this](std::chrono::milliseconds waited) {
    console_.note(Sentence::proof_is_late, {{"seconds", seconds_text(waited)}});
  };
  return notices;
}

Result<> CommandContext::make_session(std::optional<std::chrono::milliseconds> patience) {
  Result<Profile> profile = load_profile();
  if (!profile) return profile.error();
  Result<KeyRing> ring = open_ring(*profile);
  if (!ring) return ring.error();
  SessionSettings settings;
  settings.patience = patience;
  settings.notices = make_notices();
  settings.is_cancelled = &is_interrupted_now;
  loop_ = std::make_unique<socket::EventLoop>(1);
  session_ = std::make_unique<ClientSession>(*loop_, std::move(*profile), std::move(*ring),
                                             std::move(settings));
  return session_->load();
}

Result<> CommandContext::open_session(Reach reach) {
  OBERIH_TRY(make_session(std::chrono::seconds(options_.wait_seconds)));
  if (reach == Reach::offline) return {};
  return session_->connect();
}

Result<> CommandContext::open_session_for_ever() {
  take_interrupts();
  OBERIH_TRY(make_session(std::nullopt));
  return session_->connect();
}

void CommandContext::take_interrupts() {
  is_interrupted_now = false;
  struct sigaction action {};
  action.sa_handler = [](int) { is_interrupted_now = true; };
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

bool CommandContext::is_interrupted() const { return is_interrupted_now; }

}  // namespace oberih::client
