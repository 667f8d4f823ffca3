// SPDX-License-Identifier: Apache-2.0
#include "client-cli/archive/export_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unordered_set>

#include "client-cli/archive/open_file.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/evidence/export_file_names.hpp"
#include "protocol/journal/tile.hpp"

namespace oberih::client {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t name_bytes_at_most = 100;  // of a ustar header without a prefix
constexpr int depth_at_most = 10;
constexpr std::size_t files_at_most = 4'000'000;  // a thousand million leaves
constexpr std::size_t bundle_bytes_at_most = journal::tile_width * (2 + limits::leaf_bytes);

Refusal unreadable(const std::string& name, std::string why) {
  return refuse(RefusalCode::proof_invalid, name + ": " + std::move(why));
}

/// Nobody's own files are removed because they lie where an export works.
Result<> require_export_names(const ExportFolder& files, const fs::path& folder) {
  for (const evidence::ExportFile& file : files.files())
    if (!evidence::is_export_file_name(file.name))
      return refuse(RefusalCode::usage,
                    folder.string() + " is there, and " + file.name + " in it is of no export");
  return {};
}

}  // namespace

bool is_plain_name(std::string_view name) {
  if (name.empty() || name.size() > name_bytes_at_most || name.back() == '/') return false;
  for (const char c : name)
    if (c <= ' ' || c > '~' || c == '\\') return false;
  for (std::string_view rest = name; !rest.empty();) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const std::string_view word = rest.substr(0, slash);
    if (word.empty() || word == "." || word == "..") return false;
    rest.remove_prefix(std::min(slash + 1, rest.size()));
  }
  return true;
}

Result<> read_at(int descriptor, std::uint64_t offset, std::span<std::uint8_t> out,
                 const std::string& name) {
  while (!out.empty()) {
    const ssize_t got = ::pread(descriptor, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(name, std::strerror(errno));
    if (got == 0) return unreadable(name, "it is shorter than it was");
    offset += static_cast<std::uint64_t>(got);
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

Result<ExportFolder> ExportFolder::open(const fs::path& folder) {
  std::error_code error;
  ExportFolder opened;
  opened.folder_ = folder;
  fs::recursive_directory_iterator each(folder, error);  // follows no link
  if (error) return refuse(RefusalCode::usage, folder.string() + ": " + error.message());
  for (; each != fs::recursive_directory_iterator(); each.increment(error)) {
    const std::string name = each->path().lexically_relative(folder).generic_string();
    const fs::file_status status = each->symlink_status(error);
    if (error) return unreadable(name, error.message());
    if (each.depth() > depth_at_most || !is_plain_name(name))
      return refuse(RefusalCode::proof_invalid, "it holds a name that no export has");
    if (status.type() == fs::file_type::directory) continue;
    if (status.type() != fs::file_type::regular)
      return unreadable(name, "it is a link or a device, and no file");
    if (opened.files_.size() == files_at_most)
      return refuse(RefusalCode::proof_invalid, "it holds too many files");
    opened.files_.push_back({name, each->file_size(error)});
    if (error) return unreadable(name, error.message());
  }
  if (error) return refuse(RefusalCode::usage, folder.string() + ": " + error.message());
  std::sort(opened.files_.begin(), opened.files_.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return opened;
}

Result<> ExportFolder::read(const evidence::ExportFile& file, std::uint64_t offset,
                            std::span<std::uint8_t> out) const {
  const OpenFile opened(::open((folder_ / file.name).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!opened.is_open()) return unreadable(file.name, std::strerror(errno));
  return read_at(opened.number(), offset, out, file.name);
}

Result<FolderSink> FolderSink::create(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0) return FolderSink(folder);
  return refuse(RefusalCode::usage, folder.string() + ": " + std::strerror(errno));
}

Result<> FolderSink::append(std::string_view name, ByteView bytes) {
  const fs::path file = folder_ / name;
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  const OpenFile opened(
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!opened.is_open())
    return refuse(RefusalCode::local_state_broken, file.string() + ": " + std::strerror(errno));
  while (!bytes.empty()) {
    const ssize_t written = ::write(opened.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0)
      return refuse(RefusalCode::local_state_broken, file.string() + ": " + std::strerror(errno));
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<> remove_unfinished(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(fs::symlink_status(folder, error))) return {};
  const Result<ExportFolder> files = ExportFolder::open(folder);
  if (!files) return refuse(RefusalCode::usage, folder.string() + ": " + files.error().detail);
  OBERIH_TRY(require_export_names(*files, folder));
  if (fs::remove_all(folder, error); error)
    return refuse(RefusalCode::local_state_broken, folder.string() + ": " + error.message());
  return {};
}

// A power cut may leave a file short, or full of zeros: then it does not parse.
Result<KeptLeaves> keep_whole_bundles(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return refuse(RefusalCode::usage, folder.string() + ": " + std::strerror(errno));
  Result<ExportFolder> files = ExportFolder::open(folder);
  if (!files) return files.error();
  OBERIH_TRY(require_export_names(*files, folder));
  KeptLeaves kept;
  std::unordered_set<std::string> names;
  while (true) {
    std::string name = evidence::export_bundle_name(kept.bundles, journal::tile_width);
    const Result<Bytes> bundle = files->read_whole(name, bundle_bytes_at_most);
    if (!bundle || !journal::parse_entry_bundle(*bundle, journal::tile_width)) break;
    names.insert(std::move(name));
    ++kept.bundles;
  }
  for (const evidence::ExportFile& file : files->files())
    if (!names.contains(file.name) && ::unlink((folder / file.name).c_str()) != 0)
      return refuse(RefusalCode::local_state_broken,
                    (folder / file.name).string() + ": " + std::strerror(errno));
  Result<ExportFolder> rest = ExportFolder::open(folder);
  if (!rest) return rest.error();
  kept.files = std::move(*rest);
  return kept;
}

Result<> publish(const fs::path& made, const fs::path& name) {
  const auto broken = [&] {
    return refuse(RefusalCode::local_state_broken, name.string() + ": " + std::strerror(errno));
  };
  {
    const OpenFile opened(::open(made.c_str(), O_RDONLY | O_CLOEXEC));
    if (!opened.is_open() || ::syncfs(opened.number()) != 0) return broken();
  }
  std::error_code error;
  if (fs::exists(fs::symlink_status(name, error)))
    return refuse(RefusalCode::usage, name.string() + " is there already");
  if (fs::rename(made, name, error); error)
    return refuse(RefusalCode::local_state_broken, name.string() + ": " + error.message());
  const fs::path parent = name.has_parent_path() ? name.parent_path() : fs::path(".");
  const OpenFile opened(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.is_open() || ::fsync(opened.number()) != 0) return broken();
  return {};
}

}  // namespace oberih::client
