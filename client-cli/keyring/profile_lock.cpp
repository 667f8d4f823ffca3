// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/profile_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "client-cli/keyring/private_file.hpp"

namespace oberih::client {

Result<ProfileLock> ProfileLock::take(const std::filesystem::path& profile_folder) {
  std::filesystem::path file = profile_folder / "sending.lock";
  int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return file_refusal(file, errno);
  while (::flock(descriptor, LOCK_EX) != 0) {
    if (errno == EINTR) continue;
    int error_number = errno;
    ::close(descriptor);
    return file_refusal(file, error_number);
  }
  return ProfileLock(descriptor);
}

ProfileLock::ProfileLock(ProfileLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

ProfileLock::~ProfileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace oberih::client
