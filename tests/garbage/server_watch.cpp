// SPDX-License-Identifier: Apache-2.0
#include "tests/garbage/server_watch.hpp"

#include <signal.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "tests/garbage/line.hpp"

namespace oberih::garbage {
namespace {

// 16 connections at once may each hold a message of 256 KiB, what JSON makes of it (some 20 times
// that for an array of empty arrays) and an outbox of 1 MiB: some 110 MiB, of which the allocator
// keeps a part. A leak of one connection's buffers would exceed it within some thousand.
// Sanitizers keep freed memory and shadow all of it.
constexpr std::size_t most_growth_mebibytes = OBERIH_IS_SANITIZED ? 1536 : 192;

constexpr std::chrono::seconds patience{30};

/// Lines of the log at level error, and what a process says when it dies.
void find_complaints(const std::string& text, const std::string& where,
                     std::vector<std::string>& found) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    for (const char* mark : {"\"level\":\"error\"", "Sanitizer", "runtime error:", "terminate",
                             "Assertion", "assertion"})
      if (line.find(mark) != std::string::npos) {
        found.push_back(where + ": " + line.substr(0, 300));
        break;
      }
}

}  // namespace

ServerWatch::ServerWatch(faults::Ground& ground) : ground_(ground) {
  resident_at_first_ = resident_mebibytes();
}

std::size_t ServerWatch::resident_mebibytes() const {
  std::ifstream status("/proc/" + std::to_string(ground_.deployment().server().id()) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6)) / 1024;
  return 0;
}

std::size_t ServerWatch::growth_mebibytes() const {
  const std::size_t now = resident_mebibytes();
  return now > resident_at_first_ ? now - resident_at_first_ : 0;
}

/// Also those that the peer has reset and the server never closed; the database's are Unix sockets.
std::size_t ServerWatch::tcp_sockets() const {
  const std::string process = "/proc/" + std::to_string(ground_.deployment().server().id());
  const std::string unix_sockets = test::read_file(process + "/net/unix");
  std::size_t count = 0;
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator(process + "/fd", gone)) {
    const std::string link = std::filesystem::read_symlink(entry.path(), gone);
    if (!link.starts_with("socket:[")) continue;
    const std::string inode = " " + link.substr(8, link.size() - 9);
    if (unix_sockets.find(inode) == std::string::npos) ++count;
  }
  return count;
}

std::vector<std::string> ServerWatch::look(socket::EventLoop& loop, const faults::Room& room,
                                           const faults::Member& honest) {
  std::vector<std::string> found;
  find_complaints(ground_.deployment().server().output(), "server's output", found);
  find_complaints(test::read_file(ground_.deployment().server_log()), "server's log", found);
  if (!ground_.deployment().server().is_running()) {
    found.push_back("the server's process ended");
    return found;
  }
  if (growth_mebibytes() > most_growth_mebibytes)
    found.push_back("the server grew by " + std::to_string(growth_mebibytes()) + " MiB");
  client::ServerConnection connection(loop);
  for (const auto deadline = Clock::now() + patience;;) {
    const auto hello = connection.open(room.server, room.server_spki, honest.identity(), 0);
    if (hello && connection.call(wire::CheckpointRead{})) return found;
    if (Clock::now() > deadline) break;
  }
  found.push_back("the server does not answer an honest member");
  return found;
}

std::vector<std::string> ServerWatch::look_for_leftovers() const {
  constexpr std::size_t listener = 1;
  for (const auto deadline = Clock::now() + patience; Clock::now() < deadline;) {
    if (tcp_sockets() <= listener) return {};
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return {"the server keeps " + std::to_string(tcp_sockets() - listener) +
          " connections of people who have left"};
}

std::vector<std::string> ServerWatch::stop() {
  std::vector<std::string> found;
  const int code = ground_.deployment().stop_server(SIGTERM);
  if (code != 0) found.push_back("the server ended with code " + std::to_string(code));
  find_complaints(ground_.deployment().server().output(), "server's output", found);
  return found;
}

}  // namespace oberih::garbage
