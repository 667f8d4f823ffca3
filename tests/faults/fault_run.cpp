// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/fault_run.hpp"

#include <signal.h>

#include <iostream>
#include <mutex>
#include <stdexcept>

#include "tests/faults/poster.hpp"

namespace oberih::faults {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t poster_count = 4;
constexpr std::size_t follower_count = 3;

fs::path stem_of(const fs::path& folder, std::size_t poster) {
  return folder / ("poster-" + std::to_string(poster));
}

class Run {
 public:
  Run(Ground& ground, const FaultRow& fault, std::uint64_t seed, fs::path folder,
      const std::string& program)
      : ground_(ground), fault_(fault), random_(seed), folder_(std::move(folder)) {
    fs::create_directories(folder_);
    room_ = ground_.open_room();
    if (fault_.kind == FaultKind::slow_client) room_.text_bytes = 60'000;
    if (fault_.kind == FaultKind::second_server) room_.second_port = ground_.second_port();
    open_proxy();
    for (std::size_t i = 0; i < poster_count; ++i) {
      const fs::path credentials = folder_ / ("credentials-" + std::to_string(i));
      write_credentials(credentials, proxied_for_posters(), ground_.members()[i]);
      poster_processes_.push_back(
          {{program, "--post-as", credentials}, folder_ / ("poster.out" + std::to_string(i)), {}});
    }
  }

  ~Run() {
    is_over_ = true;
    for (std::thread& thread : posters_)
      if (thread.joinable()) thread.join();
  }

  Verdict play() {
    Scene scene{ground_, random_, poster_processes_, proxy_.get(),
                [this](unsigned outcomes) { wait_for_progress(outcomes); }};
    prepare_fault(fault_.kind, scene);
    start_people();
    for (unsigned number = 0; number < fault_.count; ++number) {
      wait_for_progress(8);
      scene.pause(0, 80);
      inject_fault(fault_.kind, scene);
    }
    ground_.make_whole();
    if (proxy_) proxy_->stop_cutting();
    wait_for_progress(8);
    finish_posters();
    return judge();
  }

 private:
  bool has_processes() const {
    return fault_.kind == FaultKind::client_kill || fault_.kind == FaultKind::client_pause;
  }
  const Room& proxied_for_posters() const {
    return fault_.kind == FaultKind::connection_cut ? proxied_room_ : room_;
  }

  void open_proxy() {
    const bool cuts = fault_.kind == FaultKind::connection_cut;
    if (!cuts && fault_.kind != FaultKind::slow_client) return;
    proxy_ = std::make_unique<CuttingProxy>(
        room_.server.port, cuts ? CuttingProxy::Cutting::by_chance : CuttingProxy::Cutting::never,
        random_());
    proxied_room_ = room_.through_port(proxy_->port());
  }

  void start_people() {
    for (std::size_t i = 0; i < follower_count; ++i) {
      const bool through_proxy = fault_.kind == FaultKind::connection_cut || (proxy_ && i == 0);
      followers_.push_back(
          std::make_unique<Follower>(ground_.loop(), through_proxy ? proxied_room_ : room_,
                                     ground_.members()[poster_count + i], random_()));
    }
    failures_.resize(poster_count);
    for (std::size_t i = 0; i < poster_count; ++i) {
      const std::uint64_t seed = random_();
      if (has_processes())
        poster_processes_[i].start();
      else
        posters_.emplace_back([this, i, seed] { post(i, seed); });
    }
  }

  void post(std::size_t number, std::uint64_t seed) {
    try {
      Ledger ledger(stem_of(folder_, number));
      Poster poster(ground_.loop(), proxied_for_posters(), ground_.members()[number], ledger, seed);
      poster.run([this] { return is_over_.load(); });
    } catch (const std::exception& failure) {
      std::lock_guard lock(failures_mutex_);
      failures_[number] = failure.what();
    }
  }

  /// Outcomes are lines of at least ten bytes.
  void wait_for_progress(unsigned outcomes) {
    const auto progress = [this] {
      std::uintmax_t all = 0;
      for (std::size_t i = 0; i < poster_count; ++i) all += Ledger::progress(stem_of(folder_, i));
      return all;
    };
    const std::uintmax_t until = progress() + outcomes * 85;
    const auto deadline = Clock::now() + std::chrono::seconds(60);
    while (progress() < until) {
      if (Clock::now() > deadline)
        throw std::runtime_error("nobody posts any more" + all_failures());
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  std::string all_failures() {
    std::lock_guard lock(failures_mutex_);
    std::string all;
    for (const std::string& failure : failures_)
      if (!failure.empty()) all += "; " + failure;
    return all;
  }

  void finish_posters() {
    is_over_ = true;
    for (std::thread& thread : posters_) thread.join();
    posters_.clear();
    if (!has_processes()) return;
    test::write_file(folder_ / "over", "");
    for (std::size_t i = 0; i < poster_count; ++i) {
      test::BackgroundProcess& process = *poster_processes_[i].process;
      for (int tries = 0; process.is_running() && tries < 7'000; ++tries)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      if (process.stop(SIGKILL) != 0) failures_[i] = process.output();
    }
  }

  Verdict judge() {
    HistoryChecker checker(ground_, room_);
    const std::uint64_t newest = checker.read_channel();
    for (std::size_t i = 0; i < poster_count; ++i)
      checker.compare_with(Ledger(stem_of(folder_, i)), ground_.members()[i]);
    for (const auto& follower : followers_) {
      follower->finish(newest);
      checker.compare_with(*follower);
    }
    checker.compare_with_database();
    checker.ask_oberihd_check();
    for (const std::string& failure : failures_)
      if (!failure.empty()) checker.verdict().violations.push_back(failure);
    return checker.verdict();
  }

  Ground& ground_;
  const FaultRow& fault_;
  std::mt19937_64 random_;
  fs::path folder_;
  Room room_, proxied_room_;
  std::unique_ptr<CuttingProxy> proxy_;
  std::vector<PosterProcess> poster_processes_;
  std::atomic<bool> is_over_{false};
  std::mutex failures_mutex_;
  std::vector<std::string> failures_;
  std::vector<std::thread> posters_;
  std::vector<std::unique_ptr<Follower>> followers_;
};

}  // namespace

Verdict run_faults(Ground& ground, const FaultRow& fault, std::uint64_t seed,
                   const fs::path& folder, const std::string& program) {
  try {
    Run run(ground, fault, seed, folder, program);
    return run.play();
  } catch (const std::exception& failure) {
    Verdict verdict;
    verdict.violations.push_back(failure.what());
    return verdict;
  }
}

int post_in_own_process(const fs::path& credentials) {
  try {
    Room room;
    Member member;
    read_credentials(credentials, room, member);
    const fs::path folder = credentials.parent_path();
    const std::string name = credentials.filename();
    Ledger ledger(stem_of(folder, std::stoul(name.substr(name.rfind('-') + 1))));
    socket::EventLoop loop(1);
    Poster poster(loop, room, member, ledger, std::random_device{}());
    poster.run([&folder] { return fs::exists(folder / "over"); });
    return 0;
  } catch (const std::exception& failure) {
    std::cout << failure.what() << std::endl;
    return 1;
  }
}

}  // namespace oberih::faults
