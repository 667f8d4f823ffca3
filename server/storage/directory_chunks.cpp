// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "server/storage/chunk_stores.hpp"
#include "server/storage/sql_text.hpp"

namespace oberih::storage {

using application::AttachmentRow;

namespace {

std::string whole_name(const sealing::ContentId& content) { return to_hex(content.view()); }
std::string part_name(const sealing::ContentId& content) { return whole_name(content) + ".part"; }

[[noreturn]] void fail(const std::string& what) {
  if (errno == ENOSPC || errno == EDQUOT)
    throw application::AttachmentStoreFull("the disk of the attachments is full");
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

off_t place_of(std::uint32_t number) {
  return static_cast<off_t>(number) *
         static_cast<off_t>(sealing::sealed_chunk_bytes(sealing::attachment_bytes_at_most, 0));
}

}  // namespace

/// An open file that closes itself. Only regular files with one name are touched.
class DirectoryChunks::File {
 public:
  File(int directory, const std::string& name, int flags)
      : number_(::openat(directory, name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, 0600)) {
    struct stat status {};
    if (number_ < 0) {
      // A symbolic link is nothing of ours.
      if (errno != ENOENT && errno != ELOOP) fail("an attachment's file cannot be opened");
      return;
    }
    if (::fstat(number_, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 1) return;
    ::close(number_);
    throw std::runtime_error("an attachment's file is no regular file of its own");
  }
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool is_open() const { return number_ >= 0; }

  std::uint64_t size() const {
    struct stat status {};
    if (::fstat(number_, &status) != 0) fail("an attachment's file cannot be looked at");
    return static_cast<std::uint64_t>(status.st_size);
  }
  void write(off_t at, ByteView bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::pwrite(number_, bytes.data(), bytes.size(), at);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("an attachment cannot be written");
      at += written;
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    if (::fdatasync(number_) != 0) fail("an attachment cannot be synced");
  }
  /// Shorter where the file ends.
  Bytes read(off_t at, std::size_t size) const {
    Bytes bytes(size);
    std::size_t done = 0;
    while (done < size) {
      const ssize_t got =
          ::pread(number_, bytes.data() + done, size - done, at + static_cast<off_t>(done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail("an attachment cannot be read");
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    bytes.resize(done);
    return bytes;
  }

 private:
  int number_;
};

DirectoryChunks::DirectoryChunks(const std::string& path)
    : directory_(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) {
  if (directory_ < 0) fail(path);
}

DirectoryChunks::~DirectoryChunks() { ::close(directory_); }

void DirectoryChunks::sync_directory() const {
  if (::fsync(directory_) != 0) fail("the directory of the attachments cannot be synced");
}

void DirectoryChunks::put(const AttachmentRow& row, std::uint32_t number, ByteView chunk) {
  // The first chunk alone makes the file: one that is gone must not come back with a hole.
  const File part(directory_, part_name(row.content), O_RDWR | (number == 0 ? O_CREAT : 0));
  if (part.is_open()) {
    part.write(place_of(number), chunk);
    if (number == 0) sync_directory();
    return;
  }
  // finish() was the last before a crash.
  const File whole(directory_, whole_name(row.content), O_RDWR);
  if (!whole.is_open()) throw application::ChunksLost("an attachment's file is gone");
  whole.write(place_of(number), chunk);
}

void DirectoryChunks::finish(const AttachmentRow& row) {
  const std::string part = part_name(row.content), whole = whole_name(row.content);
  {
    const File file(directory_, part, O_RDWR);
    if (!file.is_open() && File(directory_, whole, O_RDONLY).is_open()) return;
    if (!file.is_open() || file.size() != sealing::sealed_attachment_bytes(row.padded_bytes))
      throw application::ChunksLost("an attachment's file is gone or cut");
  }
  if (::renameat(directory_, part.c_str(), directory_, whole.c_str()) != 0)
    fail("an attachment cannot be given its name");
  sync_directory();
}

std::optional<Bytes> DirectoryChunks::load(const AttachmentRow& row, std::uint32_t number) {
  const std::size_t size = sealing::sealed_chunk_bytes(row.padded_bytes, number);
  for (const std::string& name : {whole_name(row.content), part_name(row.content)}) {
    const File file(directory_, name, O_RDONLY);
    if (!file.is_open()) continue;
    Bytes chunk = file.read(place_of(number), size);
    if (chunk.empty()) return std::nullopt;
    return chunk;
  }
  return std::nullopt;
}

void DirectoryChunks::remove(const sealing::ContentId& content) {
  for (const std::string& name : {part_name(content), whole_name(content)})
    if (::unlinkat(directory_, name.c_str(), 0) != 0 && errno != ENOENT)
      fail("an attachment cannot be removed");
  sync_directory();
}

}  // namespace oberih::storage
