// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace oberih::runtime {
namespace {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

Refusal broken(const std::string& path, const std::string& why) {
  return refuse(RefusalCode::local_state_broken, path + ": " + why);
}

Refusal broken_by_system(const std::string& path) { return broken(path, std::strerror(errno)); }

Result<SecretBuffer> read_whole(int file, const std::string& path, std::size_t max_bytes) {
  struct stat status {};
  if (fstat(file, &status) != 0) return broken_by_system(path);
  if (!S_ISREG(status.st_mode)) return broken(path, "is not a regular file");
  if (static_cast<std::size_t>(status.st_size) > max_bytes) return broken(path, "is too large");
  SecretBuffer content(static_cast<std::size_t>(status.st_size));
  std::size_t done = 0;
  while (done < content.size()) {
    ssize_t got = ::read(file, content.writable().data() + done, content.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return broken_by_system(path);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  content.shrink_to(done);
  return content;
}

Result<void> write_whole(int file, ByteView content, const std::string& path) {
  while (!content.empty()) {
    ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return broken_by_system(path);
    content = content.subspan(static_cast<std::size_t>(written));
  }
  if (::fsync(file) != 0) return broken_by_system(path);
  return {};
}

std::string directory_of(const std::string& path) {
  std::size_t slash = path.rfind('/');
  if (slash == path.npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<void> sync_directory_of(const std::string& path) {
  std::string name = directory_of(path);
  Descriptor directory(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open() || ::fsync(directory.number()) != 0) return broken_by_system(name);
  return {};
}

}  // namespace

Result<void> require_private_directory(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0)
    return broken(path,
                  "there is no such directory, or it cannot be reached. Make it with mode 0700 "
                  "for the user that runs oberihd ('install -d -m 0700').");
  if (!S_ISDIR(status.st_mode)) return broken(path, "is not a directory");
  if (status.st_uid != ::geteuid())
    return broken(path, "belongs to another user than the one that runs oberihd");
  if ((status.st_mode & 077) != 0)
    return broken(path, "is open to other users; 'chmod 0700' it and see who could read the keys");
  return {};
}

Result<void> make_private_directory(const std::string& path) {
  if (!file_exists(path)) {
    std::error_code error;
    std::filesystem::create_directories(directory_of(path), error);
    if (error) return broken(directory_of(path), error.message());
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return broken_by_system(path);
  }
  return require_private_directory(path);
}

Result<SecretBuffer> read_secret_file(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.is_open()) return broken_by_system(path);
  struct stat status {};
  if (fstat(file.number(), &status) != 0) return broken_by_system(path);
  if (status.st_uid != ::geteuid())
    return broken(path, "belongs to another user than the one that runs oberihd");
  if ((status.st_mode & 077) != 0)
    return broken(path,
                  "holds a secret and is open to other users; 'chmod 0600' it, and consider "
                  "whether the key is still secret");
  return read_whole(file.number(), path, 64 * 1024);
}

Result<std::string> read_public_file(const std::string& path, std::size_t max_bytes) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return broken_by_system(path);
  auto content = read_whole(file.number(), path, max_bytes);
  if (!content) return content.error();
  return std::string(as_text(content->view()));
}

Result<void> write_file(const std::string& path, ByteView content, Overwrite overwrite,
                        Audience audience) {
  if (overwrite == Overwrite::no && file_exists(path))
    return broken(path, "exists already and is not overwritten");
  std::string fresh = path + ".new";
  ::unlink(fresh.c_str());
  {
    Descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.is_open()) return broken_by_system(fresh);
    if (audience == Audience::everybody && ::fchmod(file.number(), 0644) != 0)
      return broken_by_system(fresh);
    OBERIH_TRY(write_whole(file.number(), content, fresh));
  }
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return broken_by_system(path);
  return sync_directory_of(path);
}

bool file_exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

}  // namespace oberih::runtime
