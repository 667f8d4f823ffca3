// SPDX-License-Identifier: Apache-2.0
// What it costs an auditor to read everything, with the real programs under the limits that they
// are shipped with: a server gets so many messages by so many devices at once; then the whole
// journal is exported, and every leaf is asked for by audit.find, as text and as JSON. Seconds, and
// the peak of memory (VmHWM) of client and server.
//
//   oberih-reading-bench [LEAVES]
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <thread>

#include "client-cli/verification/entry_sender.hpp"
#include "client-cli/verification/record_sender.hpp"
#include "tests/support/crew.hpp"

namespace oberih::test {
namespace {

constexpr std::size_t writers = 4;

std::uint64_t peak_kib(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6));
  return 0;
}

/// From here on the peak counts anew.
void forget_peak(pid_t process) {
  std::ofstream("/proc/" + std::to_string(process) + "/clear_refs") << "5";
}

class ReadingBench {
 public:
  explicit ReadingBench(std::uint64_t leaves)
      : deployment_({{"auditor", "oversight", "auditor", "Аудиторка"}}, {},
                    "oberih-quick-passphrase",
                    {{"police", "Поліція"}, {"oversight", "Уповноважений"}}),
        leaves_(leaves) {}

  void fill() {
    Crew crew(deployment_);
    const auto began = std::chrono::steady_clock::now();
    std::vector<CrewMember*> members;
    for (std::size_t i = 0; i < writers; ++i)
      members.push_back(&crew.enrol("police", Role::investigator));
    std::vector<std::thread> threads;
    for (CrewMember* member : members)
      threads.emplace_back([this, member] { write(*member, leaves_ / writers); });
    for (std::thread& thread : threads) thread.join();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::printf("%s leaves written in %.0f s\n",
                deployment_.sql("SELECT size FROM journal_head").out.c_str(), took.count());
  }

  void measure(const std::string& name, const std::vector<std::string>& arguments) {
    const pid_t server = deployment_.server().id();
    forget_peak(server);
    const std::uint64_t before = peak_kib(server);
    const auto began = std::chrono::steady_clock::now();
    const auto client = deployment_.oberih_in_background("auditor", arguments, "out");
    std::uint64_t peak = 0;
    while (client->is_running()) {
      peak = std::max(peak, peak_kib(client->id()));
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::printf(
        "%-28s %8.1f s   client %6.1f MiB   server %6.1f MiB (at rest %.1f)   %ju bytes\n",
        name.c_str(), took.count(), static_cast<double>(peak) / 1024,
        static_cast<double>(peak_kib(server)) / 1024, static_cast<double>(before) / 1024,
        static_cast<std::uintmax_t>(std::filesystem::file_size(deployment_.folder() / "out")));
    std::fflush(stdout);
  }

  std::string file(const std::string& name) const { return deployment_.folder() / name; }
  Deployment& deployment() { return deployment_; }

 private:
  static void write(CrewMember& member, std::uint64_t posts) {
    require(member.session->connect());
    const ChannelId id = require(
        client::RecordSender(*member.session).create({ChannelKind::ordinary, History::full, 1}));
    client::VerifiedChannel channel = member.channel(id);
    require(member.session->pull(channel));
    const std::string text(200, 'x');
    for (std::uint64_t i = 0; i < posts; ++i) require(member.post(channel, text));
  }

  Deployment deployment_;
  std::uint64_t leaves_;
};

int run(std::uint64_t leaves) {
  ReadingBench bench(leaves);
  bench.fill();
  bench.measure("audit export --all", {"audit", "export", "--all", "--out", bench.file("whole")});
  bench.measure("audit export --all, tar",
                {"audit", "export", "--all", "--out", bench.file("whole.tar")});
  bench.measure("audit find --all", {"audit", "find", "--all"});
  bench.measure("audit find --all --json", {"audit", "find", "--all", "--json"});
  return 0;
}

}  // namespace
}  // namespace oberih::test

int main(int count, char** words) {
  try {
    return oberih::test::run(count > 1 ? std::stoull(words[1]) : 100'000);
  } catch (const std::exception& failure) {
    std::cerr << failure.what() << '\n';
    return 1;
  }
}
