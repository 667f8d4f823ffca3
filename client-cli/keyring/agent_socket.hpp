// SPDX-License-Identifier: Apache-2.0
// The private socket between commands and the agent of a profile: where it lies, and the few bytes
// that are spoken on it. Linux limits socket paths to 107 bytes, so it is reached by its folder.
#pragma once

#include <sys/un.h>

#include <filesystem>

namespace oberih::client {

// ON THE SOCKET: one byte asks.
enum class AgentQuestion : char {
  key = 'K',     // answered by the 32 bytes of the unlocking key; counts as use
  touch = 'T',   // answered by u64 seconds left; counts as use
  status = 'S',  // answered by u64 seconds left
  lock = 'L',    // answered by u64 0; the agent ends
};

/// Opens the folder and names the socket through it; the address is good while the object lives.
class AgentAddress {
 public:
  explicit AgentAddress(const std::filesystem::path& profile_folder);
  AgentAddress(const AgentAddress&) = delete;
  AgentAddress& operator=(const AgentAddress&) = delete;
  ~AgentAddress();

  const sockaddr_un& address() const { return address_; }
  void remove() const;  // the socket's file
  int folder() const { return folder_; }

 private:
  int folder_;
  sockaddr_un address_{};
};

/// Whether the other end runs under our own user.
bool peer_is_same_user(int socket);

}  // namespace oberih::client
