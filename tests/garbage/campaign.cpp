// SPDX-License-Identifier: Apache-2.0
#include "tests/garbage/campaign.hpp"

#include <signal.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <ostream>
#include <thread>

#include "tests/garbage/honest_people.hpp"
#include "tests/garbage/server_watch.hpp"
#include "tests/garbage/signed_objects.hpp"

namespace oberih::garbage {
namespace {

// Short, so that silence is soon over; long enough for honest people on a busy machine, and who is
// cut all the same comes back.
constexpr const char* settings =
    "handshake_timeout_ms = 1500\nhello_timeout_ms = 1500\nidle_timeout_ms = 1500\n";
constexpr std::size_t first_hostile = HonestPeople::posters + HonestPeople::followers;
constexpr std::size_t hostile_count = 3;
constexpr unsigned honest_pause_ms = 200;
constexpr std::chrono::milliseconds look_interval{2'000};

class Campaign {
 public:
  Campaign(const CampaignWish& wish, std::ostream& out,
           const std::function<void(faults::Ground&)>& disturbance)
      : wish_(wish),
        out_(out),
        disturbance_(disturbance),
        ground_(settings, faults::ServerClock::true_time) {
    // An ASan build gives memory back late; a smaller quarantine keeps growth readable.
    const char* options = std::getenv("ASAN_OPTIONS");
    ground_.deployment().set_server_environment(
        {{"ASAN_OPTIONS",
          (options != nullptr ? std::string(options) + ":" : "") + "quarantine_size_mb=16"}});
    ground_.restart_server(SIGTERM);
    room_ = ground_.open_room();
    room_.longest_pause_ms = honest_pause_ms;
    target_.port = room_.server.port;
    target_.room = &room_;
    target_.honest = &ground_.members()[0];
    for (std::size_t i = 0; i < hostile_count; ++i)
      target_.hostile.emplace_back(ground_.members()[first_hostile + i]);
    auto stranger = crypto::generate_tls_identity();
    target_.stranger = {std::move(stranger.private_key_pem), stranger.certificate_pem};
    target_.requests = genuine_requests(target_, target_.hostile.front());
    end_ = Clock::now() + (wish.time.count() > 0 ? wish.time : std::chrono::hours(24 * 365));
  }

  std::vector<std::string> run() {
    ServerWatch watch(ground_);
    HonestPeople honest(ground_, room_, wish_.seed);
    throw_garbage(watch);
    tally_.print(out_);
    for (const std::string& violation : tally_.violations()) object(violation);
    if (tally_.is_hollow()) object("too many connections never came to their mischief");
    if (!ground_.deployment().server().is_running()) {
      object("the server's process ended");
      out_ << ground_.deployment().server().output();
      ground_.deployment().start_server();  // so that its people need not wait for it in vain
      return violations_;
    }
    object_all(watch.look(ground_.loop(), room_, reader()));
    const faults::Verdict verdict = honest.finish(target_.book);
    out_ << "honest posts " << verdict.posts << "  acknowledged " << verdict.acknowledged
         << "  without an answer at first " << verdict.unknown << "  busy " << verdict.refused
         << "\nhostile entries acknowledged " << target_.book.acknowledged_entries().size()
         << "  server grew by " << watch.growth_mebibytes() << " MiB to "
         << watch.resident_mebibytes() << " MiB\n";
    object_all(verdict.violations);
    object_all(watch.look_for_leftovers());
    object_all(watch.stop());
    return violations_;
  }

 private:
  const faults::Member& reader() const { return ground_.members().back(); }
  void object(const std::string& violation) {
    if (std::ranges::find(violations_, violation) == violations_.end())
      violations_.push_back(violation);
  }
  void object_all(const std::vector<std::string>& violations) {
    for (const std::string& violation : violations) object(violation);
  }

  void throw_garbage(ServerWatch& watch) {
    std::vector<std::thread> throwers;
    running_ = wish_.only ? 1 : wish_.at_once;
    for (std::size_t i = running_; i > 0; --i) throwers.emplace_back([this] { throw_on(); });
    auto next_look = Clock::now() + look_interval;
    while (running_ > 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      if (disturbance_ && next_ > wish_.connections / 3)
        std::exchange(disturbance_, nullptr)(ground_);
      if (Clock::now() < next_look) continue;
      object_all(watch.look(ground_.loop(), room_, reader()));
      if (!violations_.empty()) is_over_ = true;
      out_ << next_ << " connections, server " << watch.resident_mebibytes() << " MiB" << std::endl;
      next_look = Clock::now() + look_interval;
    }
    for (std::thread& thread : throwers) thread.join();
  }

  void throw_on() {
    for (std::uint64_t number = next_++; may_go_on(number); number = next_++) {
      const std::uint64_t seed = wish_.only.value_or(wish_.seed * seeds_apart + number);
      tally_.add(seed, run_connection(target_, seed));
      if (wish_.only) break;
    }
    --running_;
  }

  bool may_go_on(std::uint64_t number) const {
    if (is_over_ || Clock::now() >= end_) return false;
    return wish_.only || wish_.connections == 0 || number < wish_.connections;
  }

  const CampaignWish wish_;
  std::ostream& out_;
  std::function<void(faults::Ground&)> disturbance_;
  faults::Ground ground_;
  faults::Room room_;
  Target target_;
  Tally tally_;
  Clock::time_point end_;
  std::atomic<std::uint64_t> next_{0};
  std::atomic<std::size_t> running_{0};
  std::atomic<bool> is_over_{false};
  std::vector<std::string> violations_;
};

}  // namespace

std::vector<std::string> run_campaign(const CampaignWish& wish, std::ostream& out,
                                      const std::function<void(faults::Ground&)>& disturbance) {
  Campaign campaign(wish, out, disturbance);
  return campaign.run();
}

}  // namespace oberih::garbage
