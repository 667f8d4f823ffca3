// SPDX-License-Identifier: Apache-2.0
#include "server/application/checkpoint_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

namespace oberih::application {
namespace {

class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags)
      : path_(path), number_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {
    if (number_ < 0) fail();
  }
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  void write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = ::write(number_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail();
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void sync() {
    if (::fsync(number_) != 0) fail();
  }

 private:
  [[noreturn]] void fail() const {
    throw std::system_error(errno, std::generic_category(), path_.string());
  }
  std::filesystem::path path_;
  int number_;
};

}  // namespace

void CheckpointFile::write(const std::string& note) {
  std::filesystem::path fresh = path_;
  fresh += ".new";
  {
    Descriptor file(fresh, O_WRONLY | O_CREAT | O_TRUNC);
    file.write(note);
    file.sync();
  }
  std::filesystem::rename(fresh, path_);
  // The rename is durable only with its directory.
  const std::filesystem::path folder = path_.has_parent_path() ? path_.parent_path() : ".";
  Descriptor(folder, O_RDONLY | O_DIRECTORY).sync();
}

std::optional<std::string> CheckpointFile::read() {
  if (!std::filesystem::exists(path_)) return std::nullopt;
  std::ifstream file(path_, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || text.str().empty())
    throw std::runtime_error("cannot read the checkpoint file " + path_.string());
  return text.str();
}

}  // namespace oberih::application
