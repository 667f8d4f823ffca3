// SPDX-License-Identifier: Apache-2.0
// Makes the files of an export out of the leaves of a whole journal, which lie in some folder
// already. It writes no manifest: that names the hashes of all files, and comes last.
#pragma once

#include "protocol/evidence/export_report.hpp"

namespace oberih::evidence {

/// Where the files of an export go.
class ExportSink {
 public:
  virtual ~ExportSink() = default;
  /// Behind what the file holds already; makes it, also for no bytes. Refusal: local_state_broken.
  virtual Result<> append(std::string_view name, ByteView bytes) = 0;
};

/// A bundle of leaves at a time, from the first on, as a server gives them: writes them and their
/// hashes.
class BundleWriter {
 public:
  explicit BundleWriter(ExportSink& sink) : sink_(sink) {}
  /// `width` below 256 for the last one alone. Refusal: malformed_object.
  Result<> take(ByteView bundle, unsigned width);
  /// One that lies there already, of 256 leaves: writes its hashes alone. Refusal: the same.
  Result<> recall(ByteView bundle);
  const std::vector<Digest>& newest_hashes() const { return hashes_; }  // of the last bundle

 private:
  Result<> hash(ByteView bundle, unsigned width);
  Result<> write_hashes();

  ExportSink& sink_;
  std::uint64_t number_ = 0;
  std::vector<Digest> hashes_;
};

/// Head, checkpoint, names and texts beside the leaves of a whole journal. Texts ascend by index.
Result<> write_export_frame(ExportSink& sink, const ExportHead& head, std::string_view note,
                            const std::vector<ExportedName>& names);

/// Out of the bundles of a whole journal of `size` leaves, what the query of the head asks for,
/// with the proof of it. Everything of the journal is judged first. Refusals: proof_invalid;
/// not_found where nothing fits.
Result<> write_selection(const ExportFiles& whole, std::uint64_t size, const Digest& genesis_hash,
                         const ExportHead& head, ExportSink& sink);

}  // namespace oberih::evidence
