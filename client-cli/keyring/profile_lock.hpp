// SPDX-License-Identifier: Apache-2.0
// Commands of one profile that send take turns: an entry names the sender's one before it, and two
// at once would break each other's chain.
#pragma once

#include <filesystem>

#include "protocol/base/result.hpp"

namespace oberih::client {

class ProfileLock {
 public:
  /// Waits for its turn. Refusal: local_state_broken.
  static Result<ProfileLock> take(const std::filesystem::path& profile_folder);

  ProfileLock(ProfileLock&& other) noexcept;
  ProfileLock& operator=(ProfileLock&&) = delete;
  ~ProfileLock();

 private:
  explicit ProfileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace oberih::client
