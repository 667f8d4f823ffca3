// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/command_context.hpp"

#include <signal.h>

#include "client-cli/commands/care_notes.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/governance_words.hpp"
#include "client-cli/keyring/agent.hpp"
#include "client-cli/keyring/passphrase_prompt.hpp"
#include "client-cli/output/kyiv_time.hpp"
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

namespace {

/// The agent's key was right when it was unlocked: it is the file that is another one now.
Result<KeyRing> open_with_key_of_agent(const Profile& profile, const SymmetricKey& key) {
  Result<KeyRing> ring = open_key_ring(profile.folder, key);
  if (ring || ring.error().code != RefusalCode::wrong_passphrase) return ring;
  return refuse(RefusalCode::locked,
                "the key ring is no longer the one that was unlocked: it was replaced, changed or "
                "cut short; 'oberih lock', then 'oberih unlock'");
}

Result<KeyRing> check_owner(const Profile& profile, Result<KeyRing> ring) {
  if (ring && profile.device && ring->device != *profile.device)
    return refuse(RefusalCode::local_state_broken,
                  "the key ring is of another device than this profile");
  return ring;
}

}  // namespace

Result<KeyRing> CommandContext::open_ring(const Profile& profile) const {
  std::error_code error;
  if (!std::filesystem::exists(key_ring_file(profile.folder), error))
    return refuse(RefusalCode::usage,
                  "this profile has no keys yet; make them with 'oberih device request'");
  if (std::optional<SymmetricKey> key = key_from_agent(profile.folder))
    return check_owner(profile, open_with_key_of_agent(profile, *key));
  if (!has_passphrase_file()) return refuse(RefusalCode::locked);
  Result<SecretBuffer> passphrase = ask_passphrase({});
  if (!passphrase) return passphrase.error();
  Result<SymmetricKey> key = unlock_key_ring(profile.folder, passphrase->view());
  if (!key) return key.error();
  return check_owner(profile, open_key_ring(profile.folder, *key));
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
  notices.repaired = [this](const ChannelId& channel, const Repair& repair) {
    (void)session_->read_names();  // of people who came or went just now
    note_repair(console_, *session_, channel, repair);
  };
  notices.governance_changed = [this](const sealing::GovernanceStep& step) {
    console_.note(Sentence::governance_changed,
                  {{"index", std::to_string(step.index)},
                   {"what", describe_governance(console_, step.governance)}});
  };
  return notices;
}

void CommandContext::warn_of_expiry() {
  const sealing::Device* own = session_->directory().find_device(session_->ring().device);
  if (own == nullptr || !expires_soon(*session_, *own)) return;
  constexpr Milliseconds day_ms = 24ull * 3600 * 1000;
  const Milliseconds until = own->certificate.not_after_ms;
  console_.note(Sentence::certificate_ends,
                {{"until", format_date(until)},
                 {"days", std::to_string((until - session_->hello().server_ms) / day_ms)}});
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
  OBERIH_TRY(session_->connect());
  warn_of_expiry();
  return {};
}

Result<> CommandContext::open_session_for_ever() {
  take_interrupts();
  OBERIH_TRY(make_session(std::nullopt));
  OBERIH_TRY(session_->connect());
  warn_of_expiry();
  return {};
}

void CommandContext::take_interrupts() {
  is_interrupted_now = false;
  struct sigaction action {};
  action.sa_handler = [](int) { is_interrupted_now = true; };
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

void CommandContext::leave_interrupts() {
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
}

bool CommandContext::is_interrupted() const { return is_interrupted_now; }

}  // namespace oberih::client
