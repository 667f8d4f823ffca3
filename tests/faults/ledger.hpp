// SPDX-License-Identifier: Apache-2.0
// What one poster meant to post and what it was told, on disk before the next step: a poster that
// is killed goes on from here, and the judge of a run believes nothing else.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "protocol/base/ids.hpp"
#include "protocol/wire/replies.hpp"
#include "protocol/wire/requests.hpp"

namespace oberih::faults {

struct Intent {
  std::uint64_t sender_seq = 0;
  MessageId message_id;
  Digest message_hash;
  wire::EntryPost request;
};

struct Outcome {
  std::optional<wire::Appended> acknowledged;  // by a reply or by entry.find
  unsigned unknown = 0;                        // how often no answer came
  unsigned found = 0;                          // asked afterwards: it was there
  unsigned absent = 0;                         // asked afterwards: it was not
  unsigned refused = 0;                        // for now: server_busy, clock_unreliable
  bool is_contradicted = false;                // two acknowledgements that differ
};

class Ledger {
 public:
  /// Files STEM.intents, STEM.outcomes (acknowledgements) and STEM.notes (all else); what they hold
  /// already is read.
  explicit Ledger(std::filesystem::path stem);
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  void intend(const Intent& intent);
  void acknowledge(std::uint64_t sender_seq, const wire::Appended& appended, bool was_found);
  void note_unknown(std::uint64_t sender_seq);
  void note_absent(std::uint64_t sender_seq);
  void note_refused(std::uint64_t sender_seq);

  const std::vector<Intent>& intents() const { return intents_; }
  const std::map<std::uint64_t, Outcome>& outcomes() const { return outcomes_; }
  /// Bytes; grows with every acknowledgement, also of a poster in another process.
  static std::uintmax_t progress(const std::filesystem::path& stem);

 private:
  void read_intents();
  void read_outcomes(const char* ending);
  void take_outcome(std::uint64_t sender_seq, const std::string& what, std::istream& rest);
  void write_line(int file, std::string line);

  std::filesystem::path stem_;
  int intents_file_ = -1;
  int outcomes_file_ = -1;
  int notes_file_ = -1;
  std::vector<Intent> intents_;
  std::map<std::uint64_t, Outcome> outcomes_;
};

}  // namespace oberih::faults
