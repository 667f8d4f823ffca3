// SPDX-License-Identifier: Apache-2.0
#include "client-cli/archive/export_archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>

namespace oberih::client {
namespace {

constexpr std::uint64_t block_bytes = 512;  // of tar
constexpr std::size_t members_at_most = 4'000'000;
constexpr std::size_t copied_bytes = 256 * 1024;
constexpr std::size_t type_place = 156;  // of a ustar header: what kind of member it is

struct CloseArchive {
  void operator()(archive* opened) const { archive_free(opened); }
};
using ArchivePointer = std::unique_ptr<archive, CloseArchive>;
struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};
using EntryPointer = std::unique_ptr<archive_entry, FreeEntry>;

Refusal bad_archive(std::string why) {
  return refuse(RefusalCode::proof_invalid, "the archive: " + std::move(why));
}

std::uint64_t padded(std::uint64_t bytes) {
  return (bytes + block_bytes - 1) / block_bytes * block_bytes;
}

/// Where its members lie, one behind the other and nothing between.
class MemberScan {
 public:
  MemberScan(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}

  Result<> run();
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> members;  // offset, size

 private:
  Result<> take(archive* opened, archive_entry* entry);
  Result<> check_header(std::uint64_t at, const std::string& name) const;
  Result<> require_zeros(std::uint64_t from, std::uint64_t to, const std::string& where) const;

  int descriptor_;
  std::uint64_t size_;
  std::uint64_t end_ = 0;  // of the member before
};

Result<> MemberScan::run() {
  const ArchivePointer opened(archive_read_new());
  archive_read_support_format_tar(opened.get());  // and no compression
  if (archive_read_open_fd(opened.get(), descriptor_, copied_bytes) != ARCHIVE_OK)
    return bad_archive("it is no tar");
  while (true) {
    archive_entry* entry = nullptr;
    const int outcome = archive_read_next_header(opened.get(), &entry);
    if (outcome == ARCHIVE_EOF) break;
    if (outcome != ARCHIVE_OK)
      return bad_archive("it is damaged or cut short behind byte " + std::to_string(end_));
    OBERIH_TRY(take(opened.get(), entry));
  }
  if (members.empty()) return bad_archive("it is empty");
  if (size_ < end_ + 2 * block_bytes) return bad_archive("it is cut short: its end is missing");
  return require_zeros(end_, size_, "behind its last member");
}

Result<> MemberScan::take(archive* opened, archive_entry* entry) {
  const char* text = archive_entry_pathname(entry);
  const std::string name = text == nullptr ? "" : text;
  if (!is_plain_name(name))
    return bad_archive(
        "a member has a name that no export has, such as an absolute path or one "
        "that leads out of the folder");
  if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr ||
      archive_entry_symlink(entry) != nullptr)
    return bad_archive(name + " is a link or a device, and no file");
  if (archive_entry_mtime(entry) != 0 || archive_entry_uid(entry) != 0 ||
      archive_entry_gid(entry) != 0)
    return bad_archive(name + " bears an owner or a date: nobody vouches for them");
  if (archive_entry_size_is_set(entry) == 0 || archive_entry_size(entry) < 0)
    return bad_archive(name + " has no size");
  const auto header = static_cast<std::uint64_t>(archive_read_header_position(opened));
  const auto bytes = static_cast<std::uint64_t>(archive_entry_size(entry));
  if (header != end_) return bad_archive("something lies before " + name);
  OBERIH_TRY(check_header(header, name));
  const std::uint64_t begin = header + block_bytes;
  if (bytes > size_ || begin > size_ - bytes || padded(bytes) > size_ - begin)
    return bad_archive("it is cut short within " + name + ", or that says a size too large");
  end_ = begin + padded(bytes);
  OBERIH_TRY(require_zeros(begin + bytes, end_, "behind " + name));
  if (members.size() == members_at_most) return bad_archive("it has too many members");
  if (!members.emplace(name, std::pair(begin, bytes)).second)
    return bad_archive(name + " is in it twice");
  return {};
}

/// What libarchive read must be what stands in that very block: no extended header gives the member
/// another name or size.
Result<> MemberScan::check_header(std::uint64_t at, const std::string& name) const {
  std::array<std::uint8_t, block_bytes> block{};
  if (at + block_bytes > size_) return bad_archive("it is cut short before " + name);
  OBERIH_TRY(read_at(descriptor_, at, block, name));
  const std::string_view stands = as_text(ByteView(block).first(100));
  const bool is_plain = block[type_place] == '0' && stands.substr(0, stands.find('\0')) == name;
  return is_plain ? Result<>() : bad_archive(name + " has a header that no export has");
}

Result<> MemberScan::require_zeros(std::uint64_t from, std::uint64_t to,
                                   const std::string& where) const {
  Bytes block;
  for (std::uint64_t at = from; at < to; at += block.size()) {
    block.resize(std::min<std::uint64_t>(copied_bytes, to - at));
    OBERIH_TRY(read_at(descriptor_, at, block, where));
    if (std::any_of(block.begin(), block.end(), [](std::uint8_t byte) { return byte != 0; }))
      return bad_archive("something lies " + where);
  }
  return {};
}

Refusal not_written(const std::filesystem::path& file, const std::string& why) {
  return refuse(RefusalCode::local_state_broken, file.string() + ": " + why);
}

Result<> write_member(archive* opened, const evidence::ExportFiles& files,
                      const evidence::ExportFile& file, const std::filesystem::path& path) {
  const EntryPointer entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), file.name.c_str());
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.size));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0600);
  archive_entry_set_mtime(entry.get(), 0, 0);
  if (archive_write_header(opened, entry.get()) != ARCHIVE_OK)
    return not_written(path, archive_error_string(opened));
  Bytes piece;
  for (std::uint64_t at = 0; at < file.size; at += piece.size()) {
    piece.resize(std::min<std::uint64_t>(copied_bytes, file.size - at));
    OBERIH_TRY(files.read(file, at, piece));
    if (archive_write_data(opened, piece.data(), piece.size()) !=
        static_cast<la_ssize_t>(piece.size()))
      return not_written(path, archive_error_string(opened));
  }
  return {};
}

/// For people: what they shall read first lies first.
int rank_of(std::string_view name) {
  if (name == evidence::export_name::readme) return 0;
  if (name == evidence::export_name::manifest) return 1;
  return 2;
}

}  // namespace

Result<ExportArchive> ExportArchive::open(const std::filesystem::path& file) {
  OpenFile opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!opened.is_open() || ::fstat(opened.number(), &status) != 0)
    return refuse(RefusalCode::usage, file.string() + ": " + std::strerror(errno));
  if (!S_ISREG(status.st_mode)) return bad_archive("it is no file");
  MemberScan scan(opened.number(), static_cast<std::uint64_t>(status.st_size));
  OBERIH_TRY(scan.run());
  ExportArchive made(std::move(opened));
  for (const auto& [name, place] : scan.members) {
    made.files_.push_back({name, place.second});
    made.offsets_.push_back(place.first);
  }
  return made;
}

Result<> ExportArchive::read(const evidence::ExportFile& file, std::uint64_t offset,
                             std::span<std::uint8_t> out) const {
  const evidence::ExportFile* known = find(file.name);
  if (known == nullptr) return bad_archive(file.name + " is not in it");
  const std::uint64_t begin = offsets_[static_cast<std::size_t>(known - files_.data())];
  return read_at(file_.number(), begin + offset, out, file.name);
}

Result<> write_archive(const evidence::ExportFiles& files, const std::filesystem::path& file) {
  const OpenFile out(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!out.is_open())
    return refuse(RefusalCode::usage, file.string() + ": " + std::strerror(errno));
  const ArchivePointer opened(archive_write_new());
  archive_write_set_format_ustar(opened.get());
  archive_write_add_filter_none(opened.get());
  if (archive_write_open_fd(opened.get(), out.number()) != ARCHIVE_OK)
    return not_written(file, archive_error_string(opened.get()));
  std::vector<const evidence::ExportFile*> order;
  for (const evidence::ExportFile& each : files.files()) order.push_back(&each);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return rank_of(a->name) < rank_of(b->name);
  });
  for (const evidence::ExportFile* each : order)
    OBERIH_TRY(write_member(opened.get(), files, *each, file));
  if (archive_write_close(opened.get()) != ARCHIVE_OK || ::fsync(out.number()) != 0)
    return not_written(file, "it cannot be written to its end");
  return {};
}

}  // namespace oberih::client
