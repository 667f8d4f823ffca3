// SPDX-License-Identifier: Apache-2.0
// A journal read again from its leaves, in their order, by somebody who holds no key, asks no
// server and no clock: the directory, all channels side by side, and what stands beside the chains.
// Either every leaf, or a selection that holds the whole directory and of each of its channels
// everything up to some place. That the leaves stand in the tree is the caller's to prove.
#pragma once

#include <memory>
#include <unordered_map>

#include "protocol/evidence/channel_replay.hpp"
#include "protocol/evidence/export_report.hpp"
#include "protocol/sealing/proposal_book.hpp"

namespace oberih::evidence {

class JournalReplay {
 public:
  /// A time-stamp that holds by itself. That it is over this journal is the caller's to compare:
  /// only who knows the root at that size can.
  struct Anchor {
    std::uint64_t index = 0;  // of the token's leaf
    std::uint64_t size = 0;   // at most the index
    Digest checkpoint_hash;
    std::uint64_t directory_count = 0;  // at that size
    Digest directory_leaf;
  };

  /// `timestamp_ca` (PEM): whom the authorities of time-stamps must stand under; without it who
  /// signed them is not judged.
  explicit JournalReplay(const Digest& genesis_hash, std::optional<std::string> timestamp_ca = {})
      : genesis_hash_(genesis_hash), timestamp_ca_(std::move(timestamp_ca)) {
    report_.are_authorities_judged = timestamp_ca_.has_value();
  }

  /// Before the first leaf: of each channel the first mandate that names this case is kept.
  void look_for_case(std::string case_number) { case_number_ = std::move(case_number); }

  /// The next leaf. Refusal: proof_invalid, which names the leaf, its channel and sequence, and
  /// what was expected there.
  Result<> take(std::uint64_t index, ByteView leaf_data);
  /// What take() took last; nullptr where that was no entry.
  const ReplayedEntry* taken_entry() const { return taken_entry_; }

  const sealing::Directory& directory() const { return directory_; }
  /// Checkpoints that devices quoted: size and root; each size once.
  const std::map<std::uint64_t, Digest>& quotes() const { return quotes_; }
  const std::vector<Anchor>& anchors() const { return anchors_; }
  /// What the leaves add up to; of those who signed or are named without their names.
  ExportReport& report() { return report_; }
  /// After the last leaf: fills in what is known of channels and devices only then.
  void finish();

 private:
  struct Channel {
    ChannelReplay replay;
    std::map<std::pair<DeviceId, sealing::ReceiptStep>, std::uint64_t> told;
  };

  Result<> take_leaf(const journal::Leaf& leaf, std::uint64_t index, ByteView leaf_data);
  Result<> take_directory(const journal::Leaf& leaf, std::uint64_t index, ByteView leaf_data);
  Result<> take_channel_leaf(const journal::Leaf& leaf, std::uint64_t index, ByteView leaf_data);
  Result<> take_access(const journal::Leaf& leaf, const Moment& said);
  Result<> take_receipt(const journal::Leaf& leaf, const Moment& said);
  Result<> take_administration(const journal::Leaf& leaf, std::uint64_t index, ByteView leaf_data);
  Result<> take_audit(const journal::Leaf& leaf, const Moment& said);
  Result<> take_refusal(const journal::Leaf& leaf);
  Result<> take_alert(const journal::Leaf& leaf);
  Result<> take_anchor(const journal::Leaf& leaf, const Moment& said);
  std::uint32_t place_of_authority(const std::string& name);
  void date_channels();
  Result<> take_quote(std::uint64_t index, std::uint64_t size, const Digest& root);
  void note_record(const sealing::ChannelRecord& record, ChannelReport& report, const Moment& said);
  void note_case(const sealing::Change& change, ChannelReport& report, const Moment& said);
  Channel* find_channel(const ChannelId& id);
  Result<SignaturePublicKey> key_of(const DeviceId& device) const;

  Digest genesis_hash_;
  std::optional<std::string> timestamp_ca_;
  std::string case_number_;  // empty: none is looked for
  sealing::Directory directory_;
  std::unordered_map<ChannelId, std::unique_ptr<Channel>, FixedBytesHash> channels_;
  sealing::ProposalBook proposals_;
  std::map<std::uint64_t, Digest> quotes_;
  std::vector<std::pair<std::uint64_t, Digest>> directory_leaves_;  // index and hash of each
  std::vector<Anchor> anchors_;
  std::map<std::string, std::uint32_t> authorities_;
  std::uint64_t next_index_ = 0;
  Milliseconds newest_ms_ = 0;
  const ReplayedEntry* taken_entry_ = nullptr;
  ExportReport report_;
};

}  // namespace oberih::evidence
