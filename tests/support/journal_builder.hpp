// SPDX-License-Identifier: Apache-2.0
// A journal made by honest hands, without a server: genesis, certificates, a channel of two
// agencies, sealed entries, checkpoints; as the batches that a store takes. What tests then tamper
// with.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "protocol/journal/checkpoint.hpp"
#include "protocol/journal/merkle_tree.hpp"
#include "protocol/sealing/alert.hpp"
#include "protocol/sealing/asked_entry.hpp"
#include "protocol/sealing/epoch_keys.hpp"
#include "protocol/sealing/key_wrap.hpp"
#include "protocol/sealing/sealed_entry.hpp"
#include "protocol/sealing/task_events.hpp"
#include "protocol/sealing/task_rules.hpp"
#include "server/application/ports.hpp"

namespace oberih::test {

struct TestDevice {
  sealing::DeviceCertificate certificate;
  SignatureSecretKey signature_key;
  HpkeSecretKey hpke_key;
};

class JournalBuilder {
 public:
  /// Genesis and the certificates of two investigators and a prosecutor are in the first batch.
  JournalBuilder();

  const TestDevice& investigator() const { return *investigator_; }
  const TestDevice& colleague() const { return *colleague_; }  // the same agency
  const TestDevice& prosecutor() const { return *prosecutor_; }
  journal::NoteVerifier journal_key() const;
  const Digest& genesis_hash() const { return directory_.genesis_hash(); }
  std::uint64_t size() const { return frontier_.size(); }

  /// An ordinary channel of the investigator's, with the prosecutor added by a second record.
  ChannelId open_channel();
  /// Appends a sealed message; `message_id` zero: a random one. Returns its index.
  std::uint64_t post(const ChannelId& channel, const TestDevice& sender, const std::string& text,
                     const MessageId& message_id = {});
  /// The same with facts; with the rows of what it asks for, or acknowledges.
  std::uint64_t post_with(const ChannelId& channel, const TestDevice& sender, EntryType type,
                          const Bytes& facts);
  std::uint64_t leave(const ChannelId& channel, const TestDevice& sender);
  /// An action on a task, with the rows that it changes. Version 0: that of the slot as it is.
  /// Judged: only what the rules permit; else it stands in the journal all the same.
  enum class Judged { yes, no };
  std::uint64_t act_on_task(const ChannelId& channel, const TestDevice& sender,
                            sealing::TaskFacts facts, Judged judged = Judged::yes,
                            const std::string& text = "sealed");
  /// An event of the server, with what it makes of the task where it may stand.
  std::uint64_t announce(const ChannelId& channel, const sealing::ServerEvent& event);
  /// A missing step, with what it makes of the entry where it may stand, and the alerts behind it.
  enum class Told { yes, no };
  std::uint64_t announce(const ChannelId& channel, const sealing::MissingStep& event,
                         Told told = Told::yes);
  /// Of the entry at that place, for these people.
  sealing::MissingStep silence(const ChannelId& channel, std::uint64_t channel_seq,
                               EvidenceStep step, std::vector<const TestDevice*> people) const;
  /// A leaf of kind 7 with any body, judged by nobody.
  std::uint64_t administer(const ChannelId& channel, const Bytes& body);
  /// A leaf of no chain with any body, judged by nobody.
  std::uint64_t append_unchained(journal::LeafKind kind, const ChannelId& channel,
                                 const Bytes& body) {
    return append_leaf({kind, 0, channel, 0, {}, body}).index;
  }
  /// One of kind 13.
  std::uint64_t refuse(const ChannelId& channel, const Bytes& body);
  /// Judged by nobody too, with its row.
  std::uint64_t append_alert(const sealing::Alert& alert);
  std::uint64_t append_alert(const sealing::SilenceAlert& alert);
  std::uint64_t append_receipt(const sealing::SignedReceipt& receipt);
  Digest leaf_hash_at(const ChannelId& channel, std::uint64_t channel_seq) const {
    return channels_.at(channel).leaf_hashes.at(channel_seq - 1);
  }
  Milliseconds server_ms() const { return server_ms_; }
  void pass(Milliseconds ms) { server_ms_ += ms; }
  /// What was appended since the last take, with the head after it.
  application::Batch take_batch();
  /// Of the present size. Remembered: later entries and records quote it.
  application::StoredCheckpoint sign_checkpoint();

 private:
  struct Channel {
    sealing::ChannelState state;
    std::vector<Digest> leaf_hashes;  // by channel_seq - 1
    EpochKey epoch_key;
    std::map<TaskId, sealing::TaskPointer> tasks;
    std::map<std::uint64_t, sealing::AskedEntry> asked;  // by channel_seq
  };

  const TestDevice& certify(const AgencyId& agency, const SignatureSecretKey& root, Role role,
                            const std::string& name, const TestDevice* certifier);
  void append_record(Channel& channel, sealing::ChannelRecord record, const TestDevice& author,
                     const EpochKey& key, const Bytes& prev_box);
  std::uint64_t append_entry(Channel& channel, const TestDevice& sender, EntryType type,
                             const std::string& text, const MessageId& message_id,
                             const Bytes& facts = {});
  application::JournalRow& append_leaf(journal::Leaf leaf);
  const application::JournalRow& append_event(Channel& channel, const ChannelId& id, Bytes body);
  void put_asked(const ChannelId& id, const sealing::AskedEntry& asked);
  void put_wakes(const ChannelId& channel, const sealing::Task& task);
  sealing::ChannelRecord begin_record(const Channel& channel, const TestDevice& author) const;

  journal::NoteSigner signer_;
  sealing::Directory directory_;
  std::map<ChannelId, Channel> channels_;
  std::vector<std::unique_ptr<TestDevice>> devices_;
  const TestDevice* investigator_ = nullptr;
  const TestDevice* colleague_ = nullptr;
  const TestDevice* prosecutor_ = nullptr;
  journal::MerkleFrontier frontier_;
  Milliseconds server_ms_ = 1'790'000'000'000;
  std::uint64_t quoted_size_ = 0;
  Digest quoted_root_ = journal::empty_root();
  application::Batch batch_;
};

}  // namespace oberih::test
