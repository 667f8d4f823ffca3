// SPDX-License-Identifier: Apache-2.0
// Records and entries of every channel: signatures, rules, wraps, ciphertexts and projections,
// judged by the same ChannelState as on the server and at the clients.
#pragma once

#include <array>
#include <map>
#include <tuple>
#include <unordered_map>

#include "protocol/journal/leaf.hpp"
#include "protocol/sealing/alert.hpp"
#include "protocol/sealing/channel_state.hpp"
#include "protocol/sealing/entry_references.hpp"
#include "protocol/sealing/proposal_rules.hpp"
#include "protocol/sealing/receipt_rules.hpp"
#include "server/storage/check_cursor.hpp"
#include "server/storage/check_report.hpp"
#include "server/storage/hearing_checker.hpp"
#include "server/storage/silence_checker.hpp"
#include "server/storage/task_checker.hpp"

namespace oberih::storage {

class ChannelChecker {
 public:
  ChannelChecker(CheckCursor& cursor, const sealing::Directory& directory, CheckReport& report)
      : cursor_(cursor),
        directory_(directory),
        report_(report),
        silence_(directory, report),
        hearings_(directory, report) {}

  /// A leaf of any kind but the directory's. `in_chain`: it continues its channel's chain.
  void check(const StoredLeaf& row, const journal::Leaf& leaf, const Digest& leaf_hash,
             bool in_chain);
  /// The root of a stored checkpoint, verified or not: its own finding says so. Entries may quote
  /// it.
  void remember_root(std::uint64_t size, const Digest& root);
  /// After the last leaf: what the tables of projections hold.
  void compare_projections();
  std::size_t channels() const { return channels_.size(); }

 private:
  struct Channel {
    sealing::ChannelState state;
    bool is_judged = true;  // false: a leaf of it is broken, nothing after it can be judged
    // The newest leaf hashes, by channel_seq modulo their number: what entries usually have seen.
    std::array<std::pair<std::uint64_t, Digest>, 32> recent{};
    std::map<std::pair<DeviceId, sealing::ReceiptStep>, std::uint64_t> told;  // by receipts
  };

  void check_record(const StoredLeaf& row, const journal::Leaf& leaf, const Digest& leaf_hash,
                    Channel& channel);
  void check_proposal(const StoredLeaf& row, const journal::Leaf& leaf, const Digest& leaf_hash);
  void check_receipt(const StoredLeaf& row, const journal::Leaf& leaf);
  void check_alert(const StoredLeaf& row, const journal::Leaf& leaf);
  void compare_alerts();
  void check_wraps(const StoredLeaf& row, const sealing::ChannelRecord& record);
  void check_entry(const StoredLeaf& row, const journal::Leaf& leaf, const Digest& leaf_hash,
                   Channel& channel);
  void check_server_event(const StoredLeaf& row, const journal::Leaf& leaf, const Digest& leaf_hash,
                          Channel& channel);
  void pass_over_alerts() {
    silence_.pass_over_alerts();
    hearings_.pass_over_alerts();
  }
  /// What it says: of a task, of a hearing, or of people who are silent.
  Result<void> judge_server_event(const journal::Leaf& leaf, const sealing::Place& place,
                                  const Channel& channel);
  /// What the rules of the channel do not ask: what the entry names, and what it does to a task or
  /// a hearing.
  Result<void> judge_what_it_says(const Channel& channel, const sealing::EntryHeader& header,
                                  const Digest& message_hash, const sealing::Place& place);
  void check_projection(const StoredLeaf& row, const journal::Leaf& leaf,
                        const sealing::EntryHeader& header, const Digest& message_hash);
  void check_ciphertext(const StoredLeaf& row, const sealing::SealedEntry& entry, EntryType type);
  void check_quote(std::uint64_t index, std::uint64_t log_size, const Digest& log_root);
  /// Reports a refusal of the rules; the rest of the channel cannot be judged.
  void stop_judging(Channel& channel, std::uint64_t index, const std::string& what,
                    const Refusal& refusal);
  std::optional<Digest> leaf_hash_at(const Channel& channel, const ChannelId& id,
                                     std::uint64_t channel_seq);
  const SignaturePublicKey* find_key(const DeviceId& device) const;

  CheckCursor& cursor_;
  const sealing::Directory& directory_;
  CheckReport& report_;
  std::unordered_map<ChannelId, Channel, FixedBytesHash> channels_;
  sealing::ProposalBook proposals_;
  TaskChecker tasks_;
  SilenceChecker silence_;
  HearingChecker hearings_;
  std::map<std::uint64_t, application::AlertRow> alerts_;  // by index
  std::map<std::tuple<ChannelId, TaskId, std::uint16_t>, Milliseconds> alerted_ms_;
  std::array<std::pair<std::uint64_t, Digest>, 1024> roots_{};  // by size modulo their number
};

}  // namespace oberih::storage
