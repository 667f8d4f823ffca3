// SPDX-License-Identifier: Apache-2.0
// Exports: files from anybody. An input is a list of files as a folder would hold them; heads,
// queries and names are read by themselves, too.
#include "protocol/base/byte_reader.hpp"
#include "protocol/evidence/verify_export.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/known_objects.hpp"

namespace oberih::fuzz {
namespace {

constexpr std::size_t fuzzed_files = 64;

/// `vec(name) || vec(bytes)` each.
class FuzzedFiles final : public evidence::ExportFiles {
 public:
  static std::optional<FuzzedFiles> parse(ByteView input) {
    FuzzedFiles parsed;
    ByteReader reader(input);
    while (!reader.failed() && !reader.at_end() && parsed.contents_.size() < fuzzed_files) {
      const std::string name(as_text(reader.vec(input.size())));
      parsed.contents_[name] = to_bytes(reader.vec(input.size()));
    }
    if (!reader.complete()) return std::nullopt;
    for (const auto& [name, bytes] : parsed.contents_)
      parsed.files_.push_back({name, bytes.size()});
    return parsed;
  }
  const std::vector<evidence::ExportFile>& files() const override { return files_; }
  Result<> read(const evidence::ExportFile& file, std::uint64_t offset,
                std::span<std::uint8_t> out) const override {
    const Bytes& bytes = contents_.at(file.name);
    require(offset + out.size() <= bytes.size(), "nothing is read that is not there");
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
    return {};
  }

 private:
  std::map<std::string, Bytes> contents_;
  std::vector<evidence::ExportFile> files_;
};

}  // namespace

bool judge(ByteView input) {
  if (const auto head = evidence::parse_export_head(input)) {
    require(equal(evidence::encode_export_head(*head), input), "a head has one form");
    return true;
  }
  if (const auto query = evidence::parse_export_query(input)) {
    require(equal(evidence::encode_export_query(*query), input), "a query has one form");
    return true;
  }
  if (const auto names = input.empty() ? evidence::parse_exported_names(Bytes{1})
                                       : evidence::parse_exported_names(input)) {
    require(equal(evidence::encode_exported_names(*names), input), "names have one form");
    return true;
  }
  const auto files = FuzzedFiles::parse(input);
  if (!files) return false;
  const auto genesis = sealing::genesis_hash(sealing::encode_genesis_content(known_genesis()));
  require(!evidence::verify_export(*files, genesis),
          "no question of an auditor is in the corpus: nothing of it can be an export");
  return true;
}

}  // namespace oberih::fuzz
