// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/care_watch.hpp"

#include "protocol/crypto/random_bytes.hpp"

namespace oberih::client {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds between_looks{200};
constexpr milliseconds between_idle_looks{5'000};  // an end is reached without any news
constexpr milliseconds after_a_failure{60'000};
constexpr milliseconds least_delay{200};
constexpr std::uint64_t spread_ms = 1'300;
/// Who cannot open the newest epoch waits for those who can: no epoch of the history is lost then.
constexpr milliseconds turn_of_key_holders{4'000};

milliseconds random_spread() {
  std::uint8_t random[2];
  crypto::fill_random(random);
  return milliseconds((random[0] * 256U + random[1]) % spread_ms);
}

}  // namespace

bool CareWatch::is_something_new(const VerifiedChannel& channel) {
  const std::uint64_t count = session_.directory().count();
  others_wait_ |= span_ == Span::channel_and_others && count != directory_count_;
  const bool is_new = count != directory_count_ || channel.state().newest_seq() != newest_seq_;
  directory_count_ = count;
  newest_seq_ = channel.state().newest_seq();
  return is_new;
}

milliseconds CareWatch::delay(VerifiedChannel& channel) const {
  milliseconds delay = least_delay + random_spread();
  if (!channel.keys().key(channel.state().epoch())) delay += turn_of_key_holders;
  return delay;
}

Result<bool> CareWatch::look(VerifiedChannel& channel) {
  const auto now = SteadyClock::now();
  if (act_at_) return now < *act_at_ ? Result<bool>(false) : act(channel);
  if (now < look_at_) return false;
  look_at_ = now + between_looks;
  if (!is_something_new(channel) && now < idle_look_at_) return false;
  idle_look_at_ = now + between_idle_looks;
  if (others_wait_ || care_.is_needed(channel)) act_at_ = now + delay(channel);
  return false;
}

Result<bool> CareWatch::act(VerifiedChannel& channel) {
  act_at_.reset();
  const bool is_needed = care_.is_needed(channel);
  if (is_needed) {
    Result<> tended = care_.tend(channel);
    if (!tended && is_passing(tended.error())) return tended.error();
    if (!tended) look_at_ = SteadyClock::now() + after_a_failure;
  }
  if (std::exchange(others_wait_, false)) care_.tend_all();
  return is_needed;
}

}  // namespace oberih::client
