// SPDX-License-Identifier: Apache-2.0
// Files on their way in and out, a piece at a time: never a whole attachment in memory.
#pragma once

#include <filesystem>

#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"

namespace oberih::client {

/// A regular file that is being attached.
class OutgoingFile {
 public:
  /// Refusal: usage (missing, unreadable, no regular file).
  static Result<OutgoingFile> open(const std::filesystem::path& file);
  OutgoingFile(OutgoingFile&& other) noexcept;
  OutgoingFile& operator=(OutgoingFile&&) = delete;
  ~OutgoingFile();

  std::uint64_t size() const { return size_; }
  /// Exactly `size` bytes. Refusal: local_state_broken, also where the file has become shorter.
  Result<SecretBuffer> read(std::uint64_t at, std::size_t size) const;

 private:
  OutgoingFile(int descriptor, std::uint64_t size, std::filesystem::path name)
      : descriptor_(descriptor), size_(size), name_(std::move(name)) {}
  int descriptor_;
  std::uint64_t size_;
  std::filesystem::path name_;
};

/// A file that gets its name only when it is whole. Mode 0600; gone where it is not finished.
class IncomingFile {
 public:
  enum class Replace { no, yes };
  /// Makes a temporary file in the folder of `target`. Refusal: usage.
  static Result<IncomingFile> create(const std::filesystem::path& target);
  IncomingFile(IncomingFile&& other) noexcept;
  IncomingFile& operator=(IncomingFile&&) = delete;
  ~IncomingFile();

  Result<> write(ByteView bytes);
  /// Synced, then named. Refusal: usage where the target exists and is not to be replaced.
  Result<> finish(Replace replace);

 private:
  IncomingFile(int descriptor, std::string temporary, std::filesystem::path target)
      : descriptor_(descriptor), temporary_(std::move(temporary)), target_(std::move(target)) {}
  int descriptor_;
  std::string temporary_;
  std::filesystem::path target_;
};

}  // namespace oberih::client
