// SPDX-License-Identifier: Apache-2.0
#include "protocol/evidence/export_file_names.hpp"

#include <algorithm>
#include <array>

#include "protocol/journal/tile.hpp"

namespace oberih::evidence {
namespace {

constexpr std::array always = {export_name::manifest,   export_name::readme, export_name::head,
                               export_name::checkpoint, export_name::names,  export_name::texts};
constexpr std::array of_a_part = {export_name::selection, export_name::proof};
constexpr std::array of_some = {export_name::leaf_hashes, export_name::proof, export_name::anchors};

Refusal file_fault(std::string why) { return refuse(RefusalCode::proof_invalid, std::move(why)); }

/// The one that stands in the way, where there are more files than expected.
std::string name_of_stranger(const ExportFiles& files) {
  for (const ExportFile& file : files.files())
    if (!is_export_file_name(file.name)) return file.name;
  return "one of the files";
}

}  // namespace

bool is_export_file_name(std::string_view name) {
  return std::find(always.begin(), always.end(), name) != always.end() ||
         std::find(of_some.begin(), of_some.end(), name) != of_some.end() ||
         name.starts_with("leaves/");
}

Result<> check_file_names(const ExportFiles& files, ExportForm form, std::uint64_t size) {
  std::uint64_t expected = 0;
  std::string missing;
  const auto expect = [&](std::string_view name) {
    ++expected;
    if (missing.empty() && files.find(name) == nullptr) missing = name;
  };
  for (const std::string_view name : always) expect(name);
  if (form != ExportForm::whole) {
    for (const std::string_view name : of_a_part) expect(name);
    if (form == ExportForm::selection) expect(export_name::anchors);
  } else {
    expect(export_name::leaf_hashes);
    const std::uint64_t bundles = (size - 1) / journal::tile_width + 1;
    if (bundles > files.files().size())
      return file_fault("bundles of leaves are missing: the checkpoint is of " +
                        std::to_string(size) + " leaves");
    for (std::uint64_t number = 0; number < bundles; ++number)
      expect(export_bundle_name(number, journal::tile_width_at(0, number, size)));
  }
  if (!missing.empty()) return file_fault(missing + " is missing");
  if (expected == files.files().size()) return {};
  return file_fault(name_of_stranger(files) + " does not belong to such an export");
}

}  // namespace oberih::evidence
