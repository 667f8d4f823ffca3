// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/attached_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "client-cli/keyring/private_file.hpp"

namespace oberih::client {
namespace {

Refusal usage_refusal(const std::filesystem::path& file, const char* why) {
  return refuse(RefusalCode::usage, file.string() + ": " + why);
}

}  // namespace

Result<OutgoingFile> OutgoingFile::open(const std::filesystem::path& file) {
  // Not blocking: a named pipe is no file to attach, and must not be waited for.
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return usage_refusal(file, std::strerror(errno));
  OutgoingFile opened(descriptor, 0, file);
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return usage_refusal(file, std::strerror(errno));
  if (!S_ISREG(status.st_mode)) return usage_refusal(file, "is no regular file");
  opened.size_ = static_cast<std::uint64_t>(status.st_size);
  return opened;
}

OutgoingFile::OutgoingFile(OutgoingFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      name_(std::move(other.name_)) {}

OutgoingFile::~OutgoingFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<SecretBuffer> OutgoingFile::read(std::uint64_t at, std::size_t size) const {
  SecretBuffer part(size);
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::pread(descriptor_, part.writable().data() + done, size - done,
                                static_cast<off_t>(at + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_refusal(name_, errno);
    if (got == 0)
      return refuse(RefusalCode::local_state_broken,
                    name_.string() + ": it has become shorter while it was read");
    done += static_cast<std::size_t>(got);
  }
  return part;
}

Result<IncomingFile> IncomingFile::create(const std::filesystem::path& target) {
  const std::filesystem::path folder = target.has_parent_path() ? target.parent_path() : ".";
  std::string temporary = (folder / ".oberih-XXXXXX").string();
  const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);  // mode 0600
  if (descriptor < 0) return usage_refusal(folder, std::strerror(errno));
  return IncomingFile(descriptor, std::move(temporary), target);
}

IncomingFile::IncomingFile(IncomingFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      temporary_(std::exchange(other.temporary_, {})),
      target_(std::move(other.target_)) {}

IncomingFile::~IncomingFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<> IncomingFile::write(ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return file_refusal(target_, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<> IncomingFile::finish(Replace replace) {
  if (::fsync(descriptor_) != 0) return file_refusal(target_, errno);
  if (replace == Replace::yes) {
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) return file_refusal(target_, errno);
    temporary_.clear();
    return sync_folder_of(target_);
  }
  // link(), because rename() would replace what is there.
  if (::link(temporary_.c_str(), target_.c_str()) != 0) {
    if (errno == EEXIST) return usage_refusal(target_, "exists; --force replaces it");
    return file_refusal(target_, errno);
  }
  return sync_folder_of(target_);
}

}  // namespace oberih::client
