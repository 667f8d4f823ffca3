// SPDX-License-Identifier: Apache-2.0
// What the witness desk needs from outside: the way to a witness, and a place for cosignatures.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "protocol/base/result.hpp"
#include "protocol/sealing/genesis.hpp"

namespace oberih::application {

struct WitnessReply {
  unsigned status = 0;
  std::string content_type;
  std::string body;
};

/// Asks a witness of the directory over a connection that its TLS key proves. Calls return at once;
/// `done` runs once, on any thread, within the link's own time limit. Refusals: not_connected (also
/// where no address is known), wrong_server, malformed_object.
class WitnessLink {
 public:
  using Done = std::function<void(Result<WitnessReply>)>;
  virtual ~WitnessLink() = default;
  virtual void add_checkpoint(const sealing::Witness& witness, const std::string& body,
                              Done done) = 0;
  /// The newest note that it has cosigned.
  virtual void read_witnessed(const sealing::Witness& witness, Done done) = 0;
};

/// One witness's word for one checkpoint.
struct StoredCosignature {
  std::uint64_t size = 0;
  std::string witness;  // name
  std::uint64_t cosigned_s = 0;
  std::string line;
};

/// Called by the desk's thread only; blocking. Throws std::runtime_error.
class CosignatureArchive {
 public:
  virtual ~CosignatureArchive() = default;
  /// Durable when it returns. What is stored already is harmless.
  virtual void store(const std::vector<StoredCosignature>& cosignatures) = 0;
  /// Of the newest checkpoints that have any: the note as the journal signed it, with all stored
  /// lines, each witness's newest alone; descending by size, at most `most`.
  virtual std::vector<std::string> load_newest_notes(std::size_t most) = 0;
};

}  // namespace oberih::application
