// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/agent.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "client-cli/keyring/agent_socket.hpp"
#include "client-cli/keyring/private_file.hpp"
#include "client-cli/keyring/undumpable_process.hpp"
#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"

namespace oberih::client {
namespace {

using Clock = std::chrono::steady_clock;

void limit_waiting(int socket) {
  timeval two_seconds{2, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &two_seconds, sizeof two_seconds);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &two_seconds, sizeof two_seconds);
}

/// The agent's whole life, in the forked process.
class Agent {
 public:
  Agent(int listener, const SymmetricKey& key, Clock::duration idle_limit)
      : listener_(listener), key_(key.copy()), idle_limit_(idle_limit) {
    use();
  }

  void run() {
    while (!ended_ && Clock::now() < locks_at_) {
      pollfd waiting{listener_, POLLIN, 0};
      auto left = std::chrono::ceil<std::chrono::milliseconds>(locks_at_ - Clock::now());
      int ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
      if (ready < 0 && errno != EINTR) return;
      if (ready > 0 && (waiting.revents & POLLIN) == 0) return;  // no socket, no use
      if (ready > 0) serve_one();
    }
  }

 private:
  void use() { locks_at_ = Clock::now() + idle_limit_; }

  void serve_one() {
    int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    limit_waiting(socket);
    char question = 0;
    if (peer_is_same_user(socket) && ::recv(socket, &question, 1, 0) == 1)
      answer(socket, static_cast<AgentQuestion>(question));
    ::close(socket);
  }

  void answer(int socket, AgentQuestion question) {
    switch (question) {
      case AgentQuestion::key:
        use();
        (void)::send(socket, key_.view().data(), key_.view().size(), MSG_NOSIGNAL);
        return;
      case AgentQuestion::touch:
        use();
        return send_seconds(socket);
      case AgentQuestion::status:
        return send_seconds(socket);
      case AgentQuestion::lock:
        ended_ = true;
        locks_at_ = Clock::now();
        return send_seconds(socket);
    }
  }

  void send_seconds(int socket) {
    auto left = std::chrono::duration_cast<std::chrono::seconds>(locks_at_ - Clock::now());
    Bytes bytes =
        ByteWriter().u64(static_cast<std::uint64_t>(std::max<long>(0, left.count()))).take();
    (void)::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  int listener_;
  SymmetricKey key_;
  Clock::duration idle_limit_;
  Clock::time_point locks_at_;
  bool ended_ = false;
};

/// Asks one question; the answer has exactly `size` bytes or there is none.
std::optional<SecretBuffer> ask(const std::filesystem::path& profile_folder, AgentQuestion question,
                                std::size_t size) {
  AgentAddress place(profile_folder);
  int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return std::nullopt;
  limit_waiting(socket);
  SecretBuffer answer(size);
  bool answered =
      ::connect(socket, reinterpret_cast<const sockaddr*>(&place.address()),
                sizeof place.address()) == 0 &&
      peer_is_same_user(socket) && ::send(socket, &question, 1, MSG_NOSIGNAL) == 1 &&
      ::recv(socket, answer.writable().data(), size, MSG_WAITALL) == static_cast<ssize_t>(size);
  ::close(socket);
  if (!answered) return std::nullopt;
  return answer;
}

std::optional<std::chrono::seconds> ask_seconds(const std::filesystem::path& profile_folder,
                                                AgentQuestion question) {
  std::optional<SecretBuffer> answer = ask(profile_folder, question, 8);
  if (!answer) return std::nullopt;
  return std::chrono::seconds(ByteReader(answer->view()).u64());
}

Result<int> listen_at(const AgentAddress& place, const std::filesystem::path& profile_folder) {
  int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) return file_refusal(profile_folder, errno);
  place.remove();
  mode_t before = ::umask(0177);  // the socket is born 0600
  int bound =
      ::bind(listener, reinterpret_cast<const sockaddr*>(&place.address()), sizeof place.address());
  int error_number = errno;
  ::umask(before);
  if (bound == 0 && ::listen(listener, 16) == 0) return listener;
  ::close(listener);
  return file_refusal(profile_folder / "agent.socket", error_number);
}

/// Nothing of the command that started it stays open: a script waiting for the end of a pipe would
/// wait for the agent.
void close_all_but(int one, int other) {
  const auto low = static_cast<unsigned>(std::min(one, other));
  const auto high = static_cast<unsigned>(std::max(one, other));
  if (low > 3) ::close_range(3, low - 1, 0);
  if (high > low + 1) ::close_range(low + 1, high - 1, 0);
  ::close_range(high + 1, ~0U, 0);
}

void leave_the_terminal() {
  ::setsid();
  (void)::chdir("/");
  int nothing = ::open("/dev/null", O_RDWR);
  for (int standard : {0, 1, 2}) ::dup2(nothing, standard);
  if (nothing > 2) ::close(nothing);
  ::signal(SIGHUP, SIG_IGN);
  ::signal(SIGINT, SIG_IGN);
}

}  // namespace

Result<> start_agent(const std::filesystem::path& profile_folder, const SymmetricKey& unlocking_key,
                     std::chrono::minutes idle_limit) {
  stop_agent(profile_folder);
  AgentAddress place(profile_folder);
  Result<int> listener = listen_at(place, profile_folder);
  if (!listener) return listener.error();
  pid_t child = ::fork();
  if (child < 0) return file_refusal(profile_folder, errno);
  if (child == 0) {
    // A second fork, so that the agent is nobody's child and leaves no zombie.
    if (::fork() != 0) ::_exit(0);
    leave_the_terminal();
    close_all_but(*listener, place.folder());
    make_process_undumpable();
    {
      Agent agent(*listener, unlocking_key, idle_limit);
      keep_memory_out_of_swap();
      agent.run();
    }
    place.remove();
    ::_exit(0);
  }
  ::close(*listener);
  ::waitpid(child, nullptr, 0);
  return {};
}

std::optional<SymmetricKey> key_from_agent(const std::filesystem::path& profile_folder) {
  std::optional<SecretBuffer> answer = ask(profile_folder, AgentQuestion::key, 32);
  if (!answer) return std::nullopt;
  SymmetricKey key;
  std::copy(answer->view().begin(), answer->view().end(), key.writable().begin());
  return key;
}

bool touch_agent(const std::filesystem::path& profile_folder) {
  return ask_seconds(profile_folder, AgentQuestion::touch).has_value();
}

std::optional<std::chrono::seconds> agent_time_left(const std::filesystem::path& profile_folder) {
  return ask_seconds(profile_folder, AgentQuestion::status);
}

bool stop_agent(const std::filesystem::path& profile_folder) {
  bool stopped = ask_seconds(profile_folder, AgentQuestion::lock).has_value();
  // Gone when nobody answers: a new agent may now take its place without losing its socket.
  for (int i = 0; stopped && i < 100 && agent_time_left(profile_folder); ++i) ::usleep(10'000);
  return stopped;
}

}  // namespace oberih::client
