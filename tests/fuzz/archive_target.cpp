// SPDX-License-Identifier: Apache-2.0
// Archives from anybody, as libarchive reads them. What is accepted must be what a few lines of
// one's own find in the same bytes: no other name, size, content or member.
#include <sys/mman.h>
#include <unistd.h>

#include "client-cli/archive/export_archive.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace oberih::fuzz {
namespace {

constexpr std::size_t block_size = 512;
constexpr std::size_t size_place = 124;
constexpr std::size_t size_digits = 11;

/// A file in memory, written anew for each input.
std::string path_of(ByteView input) {
  static const int descriptor = ::memfd_create("archive", MFD_CLOEXEC);
  require(::ftruncate(descriptor, 0) == 0 && ::pwrite(descriptor, input.data(), input.size(), 0) ==
                                                 static_cast<ssize_t>(input.size()),
          "the test's file can be written");
  return "/proc/self/fd/" + std::to_string(descriptor);
}

bool is_empty(ByteView block) {
  return std::all_of(block.begin(), block.end(), [](std::uint8_t byte) { return byte == 0; });
}

std::uint64_t size_in(ByteView header) {
  std::uint64_t size = 0;
  for (const std::uint8_t digit : header.subspan(size_place, size_digits)) {
    if (digit == ' ' || digit == 0) continue;
    require(digit >= '0' && digit <= '7', "a size is in octal digits");
    size = size * 8 + (digit - '0');
  }
  return size;
}

}  // namespace

bool judge(ByteView input) {
  const auto opened = client::ExportArchive::open(path_of(input));
  if (!opened) return false;
  std::size_t members = 0, at = 0;
  for (; at + block_size <= input.size() && !is_empty(input.subspan(at, block_size)); ++members) {
    const ByteView header = input.subspan(at, block_size);
    const std::string_view field = as_text(header.first(100));
    const std::string name(field.substr(0, field.find('\0')));
    const evidence::ExportFile* file = opened->find(name);
    require(file != nullptr && client::is_plain_name(name), "each member is plain and listed");
    require(file->size == size_in(header), "a size is what stands in the header");
    at += block_size;
    require(file->size <= input.size() - at, "a member ends within the archive");
    Bytes content(file->size);
    require(opened->read(*file, 0, content).has_value(), "a member can be read to its end");
    require(equal(content, input.subspan(at, content.size())), "its content is what stands there");
    at += (content.size() + block_size - 1) / block_size * block_size;
  }
  require(members == opened->files().size(), "nothing else is in it");
  require(is_empty(input.subspan(at)), "nothing lies behind the last member");
  return true;
}

}  // namespace oberih::fuzz
