// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace oberih::client {
namespace {

/// A descriptor that is closed when it goes.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

Result<> write_all(int descriptor, ByteView content, const std::filesystem::path& file) {
  while (!content.empty()) {
    ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return file_refusal(file, errno);
    content = content.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::filesystem::path> write_temporary(const std::filesystem::path& file, ByteView content,
                                              FileAccess access) {
  std::string name = file.string() + ".XXXXXX";
  Descriptor descriptor(::mkostemp(name.data(), O_CLOEXEC));  // mode 0600
  if (!descriptor.is_open()) return file_refusal(file, errno);
  Result<> written = write_all(descriptor.number(), content, file);
  if (written && access == FileAccess::everybody && ::fchmod(descriptor.number(), 0644) != 0)
    written = file_refusal(file, errno);
  if (written && ::fsync(descriptor.number()) != 0) written = file_refusal(file, errno);
  if (!written) {
    ::unlink(name.c_str());
    return written.error();
  }
  return std::filesystem::path(name);
}

}  // namespace

Result<> sync_folder_of(const std::filesystem::path& file) {
  std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.is_open() || ::fsync(descriptor.number()) != 0)
    return file_refusal(folder, errno);
  return {};
}

Refusal file_refusal(const std::filesystem::path& file, int error_number) {
  return refuse(RefusalCode::local_state_broken,
                file.string() + ": " + std::strerror(error_number));
}

Result<> make_private_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (folder.has_parent_path()) std::filesystem::create_directories(folder.parent_path(), error);
  if (::mkdir(folder.c_str(), 0700) == 0) return sync_folder_of(folder);
  if (errno != EEXIST) return file_refusal(folder, errno);
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) return file_refusal(folder, errno);
  if (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid()) return file_refusal(folder, EACCES);
  if ((status.st_mode & 0777) != 0700 && ::chmod(folder.c_str(), 0700) != 0)
    return file_refusal(folder, errno);
  return {};
}

Result<Bytes> read_whole_file(const std::filesystem::path& file, std::size_t max_bytes) {
  Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor.is_open()) return file_refusal(file, errno);
  Bytes content;
  std::uint8_t block[4096];
  while (true) {
    ssize_t got = ::read(descriptor.number(), block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_refusal(file, errno);
    if (got == 0) return content;
    content.insert(content.end(), block, block + got);
    if (content.size() > max_bytes) return file_refusal(file, EFBIG);
  }
}

Result<> replace_file(const std::filesystem::path& file, ByteView content, FileAccess access) {
  Result<std::filesystem::path> temporary = write_temporary(file, content, access);
  if (!temporary) return temporary.error();
  if (::rename(temporary->c_str(), file.c_str()) != 0) {
    Refusal refusal = file_refusal(file, errno);
    ::unlink(temporary->c_str());
    return refusal;
  }
  return sync_folder_of(file);
}

Result<> create_file(const std::filesystem::path& file, ByteView content, FileAccess access) {
  Result<std::filesystem::path> temporary = write_temporary(file, content, access);
  if (!temporary) return temporary.error();
  // link(), because rename() would replace what is there.
  int linked = ::link(temporary->c_str(), file.c_str());
  int error_number = errno;
  ::unlink(temporary->c_str());
  if (linked != 0) return file_refusal(file, error_number);
  return sync_folder_of(file);
}

}  // namespace oberih::client
