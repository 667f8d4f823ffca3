// SPDX-License-Identifier: Apache-2.0
// What an export of the journal is made of: a folder, or the same files in one archive. Names and
// bytes of its files; what they prove is verify_export's business. Bytes: docs/protocol.md,
// section 25.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"
#include "protocol/base/timestamp.hpp"

namespace oberih::evidence {

// ON DISK: names of files. Bundles of a whole journal and the leaves of a selection lie in leaves/.
namespace export_name {
inline constexpr std::string_view manifest = "manifest.json";
inline constexpr std::string_view readme = "README.txt";
inline constexpr std::string_view head = "export";
inline constexpr std::string_view checkpoint = "checkpoint";
inline constexpr std::string_view leaf_hashes = "leaf_hashes";    // of a whole journal
inline constexpr std::string_view selection = "leaves/selected";  // of a selection
inline constexpr std::string_view proof = "proof";                // of a selection
inline constexpr std::string_view anchors = "anchors";            // of a selection
inline constexpr std::string_view names = "names";
inline constexpr std::string_view texts = "texts";
}  // namespace export_name

enum class ExportForm : std::uint8_t {  // ON DISK
  whole = 1,
  selection = 2,
  excerpt = 3,  // of one channel, by a member: its chain, and nothing that stands beside it
};

/// What is asked for; all zero: the whole journal. Several that are set all have to fit.
struct ExportQuery {
  ChannelId channel;
  PersonId person;            // the channels on whose roster a device of theirs ever stood
  Milliseconds from_ms = 0;   // the channels in which something stands from then on
  Milliseconds to_ms = 0;     // and of them what stands before that; 0: no end
  std::string case_number{};  // the channels of which a mandate names it

  bool is_whole() const { return *this == ExportQuery{}; }
  /// That channel, whole, and nothing else: what members may ask for.
  bool is_of_one_channel() const {
    return !channel.is_zero() && *this == ExportQuery{channel, {}, 0, 0};
  }
  bool operator==(const ExportQuery&) const = default;
};
Bytes encode_export_query(const ExportQuery& query);
/// Refusal: malformed_object.
Result<ExportQuery> parse_export_query(ByteView bytes);

struct ExportHead {
  ExportForm form{};
  ExportQuery query;
  std::uint64_t question_index = 0;  // of the leaf that recorded the question
};
Bytes encode_export_head(const ExportHead& head);
/// Refusal: malformed_object.
Result<ExportHead> parse_export_head(ByteView bytes);

/// `leaves/x001/067`, `leaves/002.p/17`: the bundle of leaves [256 * number, ...).
std::string export_bundle_name(std::uint64_t number, unsigned width);

/// Whose device: the certificate holds the hash of it.
struct ExportedName {
  DeviceId device;
  NameSalt salt;
  std::string name;
};
Bytes encode_exported_names(const std::vector<ExportedName>& names);  // ascending by device
/// Refusal: malformed_object, also where they do not ascend.
Result<std::vector<ExportedName>> parse_exported_names(ByteView bytes);

/// What opens one entry and no other.
struct ExportedText {
  std::uint64_t index = 0;  // of the entry, in the journal
  Bytes ciphertext;
  SymmetricKey prk;
};
Bytes encode_exported_text(const ExportedText& text);

/// A leaf of a selection or an excerpt.
Bytes encode_selected_leaf(std::uint64_t index, ByteView leaf);

// -- the files, wherever they lie -----------------------------------------------------------------

struct ExportFile {
  std::string name;
  std::uint64_t size = 0;
};

class ExportFiles {
 public:
  virtual ~ExportFiles() = default;
  /// Ascending by name, none twice.
  virtual const std::vector<ExportFile>& files() const = 0;
  /// Fills `out` from that place on; all of it lies in the file. Refusal: unreadable.
  virtual Result<> read(const ExportFile& file, std::uint64_t offset,
                        std::span<std::uint8_t> out) const = 0;

  const ExportFile* find(std::string_view name) const;
  /// Refusal: proof_invalid where it is missing or longer than that.
  Result<Bytes> read_whole(std::string_view name, std::size_t max_bytes) const;
};

/// Reads a file of many records from its beginning, a piece at a time.
class ExportStream {
 public:
  ExportStream(const ExportFiles& files, const ExportFile& file) : files_(files), file_(file) {}

  bool at_end() const { return place_ == file_.size; }
  /// The next `size` bytes; they stay until the next call. Refusal: proof_invalid where the file is
  /// shorter.
  Result<ByteView> take(std::size_t size);
  Result<std::uint64_t> u64();
  /// `vec(x)` of at most `max_bytes`.
  Result<ByteView> vec(std::size_t max_bytes);

 private:
  const ExportFiles& files_;
  const ExportFile& file_;
  std::uint64_t place_ = 0;   // of the next byte that take() gives
  std::uint64_t loaded_ = 0;  // place of the first byte of buffer_
  Bytes buffer_;
};

/// Nothing behind the last one.
Result<std::optional<ExportedText>> read_exported_text(ExportStream& stream);

}  // namespace oberih::evidence
