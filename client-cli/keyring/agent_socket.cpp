// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/agent_socket.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>

namespace oberih::client {

AgentAddress::AgentAddress(const std::filesystem::path& profile_folder)
    : folder_(::open(profile_folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
  address_.sun_family = AF_UNIX;
  std::snprintf(address_.sun_path, sizeof address_.sun_path, "/proc/self/fd/%d/agent.socket",
                folder_);
}

AgentAddress::~AgentAddress() {
  if (folder_ >= 0) ::close(folder_);
}

void AgentAddress::remove() const { ::unlinkat(folder_, "agent.socket", 0); }

bool peer_is_same_user(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
         peer.uid == ::geteuid();
}

}  // namespace oberih::client
