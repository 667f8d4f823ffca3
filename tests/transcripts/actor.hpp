// SPDX-License-Identifier: Apache-2.0
// A person of a play with one device: real keys, real sealing, and a client's distrust. What the
// server sends is taken only when it verifies.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "protocol/crypto/hpke.hpp"
#include "protocol/crypto/signature.hpp"
#include "protocol/sealing/asked_entry.hpp"
#include "protocol/sealing/channel_state.hpp"
#include "protocol/sealing/directory_checkpoint.hpp"
#include "protocol/sealing/entry_references.hpp"
#include "protocol/sealing/epoch_keys.hpp"
#include "protocol/sealing/hearing_event.hpp"
#include "protocol/sealing/hearing_rules.hpp"
#include "protocol/sealing/hearing_text.hpp"
#include "protocol/sealing/key_wrap.hpp"
#include "protocol/sealing/proposal_rules.hpp"
#include "protocol/sealing/receipt.hpp"
#include "protocol/sealing/task_events.hpp"
#include "protocol/sealing/task_rules.hpp"
#include "protocol/wire/replies.hpp"
#include "protocol/wire/requests.hpp"

namespace oberih::transcripts {

inline constexpr Milliseconds hour_ms = 3600ull * 1000;
inline constexpr Milliseconds day_ms = 24 * hour_ms;

/// An agency's offline root.
struct Root {
  explicit Root(std::string agency_name, AgencyKind kind);
  sealing::Agency agency;
  crypto::Signer signer;

 private:
  Root(std::string agency_name, AgencyKind kind, const crypto::SignatureKeyPair& keys);
};

class Conversation {
 public:
  sealing::ChannelState state;
  std::vector<std::string> unread;  // texts of others, in order
  sealing::SenderHead own;          // this device's chain, as far as it was accepted or seen
  std::map<TaskId, sealing::TaskPointer> tasks;
  std::vector<sealing::ServerEvent> said_by_server;    // in order
  std::map<std::uint64_t, sealing::AskedEntry> asked;  // by channel_seq
  std::vector<sealing::MissingStep> silence;           // said by the server, in order
  std::map<HearingId, sealing::HearingPointer> hearings;
  std::vector<sealing::HearingEvent> said_of_hearings;  // by the server, in order

 private:
  friend class Actor;
  struct Epoch {
    Digest key_commitment;
    std::uint64_t previous = 0;
    Bytes prev_box;
    std::unique_ptr<EpochKey> key;
  };
  struct Sealed {
    std::uint64_t epoch = 0;
    bool is_own = false;
    sealing::SealedEntry entry;
    Bytes ciphertext;
  };
  std::map<std::uint64_t, Epoch> epochs_;
  std::vector<Digest> leaf_hashes_;                           // by channel_seq - 1
  std::vector<std::optional<sealing::PlacedEntry>> entries_;  // the same
  std::vector<Sealed> unopened_;
};

struct MessageOptions {
  std::uint64_t skip = 0;               // leave out so many numbers of the own chain
  std::optional<MessageId> message_id;  // instead of a fresh one
  bool forge_signature = false;
  std::optional<EntryType> type;  // instead of a message
  Bytes facts = {};
  Bytes body = {};  // instead of a text
};

class Actor {
 public:
  Actor(std::string name, const AgencyId& agency, Role role, Milliseconds now_ms);

  const std::string& name() const { return name_; }
  const sealing::DeviceCertificate& certificate() const { return certificate_; }
  const DeviceId& device() const { return certificate_.device; }
  /// What certify() is going to say: another TLS key, another validity.
  sealing::DeviceCertificate& draft() { return certificate_; }
  /// Signed by an administrator, or by a root where `certifier` is null.
  wire::DirectoryAppend certify(const Actor* certifier, const crypto::Signer& signer);
  wire::DirectoryAppend revoke(const Actor& other) const;
  const crypto::Signer& signer() const { return *signer_; }

  // -- what the server sends ----------------------------------------------------------------------
  Result<void> take_directory(const wire::DirectoryPage& page);
  Result<void> take_checkpoint(const std::string& note);
  Result<void> take_item(const ChannelId& channel, const wire::ChannelItem& item);
  const sealing::Directory& directory() const { return directory_; }
  std::uint64_t directory_count() const { return directory_.count(); }
  Conversation& conversation(const ChannelId& channel) { return conversations_[channel]; }

  // -- what the person does -----------------------------------------------------------------------
  wire::ChannelAppend create_channel(ChannelKind kind, Milliseconds now_ms,
                                     ChannelId* channel) const;
  /// A rotate; a change where `change` is not empty. Applies the items to the roster itself.
  wire::ChannelAppend change_channel(const ChannelId& channel, const sealing::Change& change,
                                     const std::vector<Actor*>& approvers, Milliseconds now_ms);
  wire::ChannelAppend close_channel(const ChannelId& channel, const std::vector<Actor*>& approvers,
                                    Milliseconds now_ms);
  /// What was proposed, with the approvals that were collected for it.
  wire::ChannelAppend carry_out(const sealing::WaitingProposal& waiting, Milliseconds now_ms);
  wire::ChannelAppend give_grant(const sealing::WaitingProposal& waiting, Milliseconds now_ms);
  /// Texts of what an auditor was given and can open, in order.
  Result<std::vector<std::string>> open_granted(const ChannelId& channel,
                                                const std::vector<wire::ChannelItem>& items) const;
  wire::EntryPost post(const ChannelId& channel, const std::string& text, Milliseconds now_ms,
                       const MessageOptions& options = {});
  wire::EntryPost act_on_task(const ChannelId& channel, const sealing::TaskFacts& facts,
                              const std::string& title, const std::string& words,
                              Milliseconds now_ms);
  wire::EntryPost act_on_hearing(const ChannelId& channel, const sealing::HearingFacts& facts,
                                 const sealing::HearingText& text, Milliseconds now_ms);
  /// How far the person came: up to the newest leaf that was verified.
  sealing::SignedReceipt receipt(const ChannelId& channel, sealing::ReceiptStep step,
                                 Milliseconds now_ms);
  /// Verified as a client does: the signature, and the leaf that stands there.
  Result<sealing::Receipt> take_receipt(const ChannelId& channel, const wire::DirectoryLeaf& leaf);
  /// What the server answered to a post: the own chain goes on from there.
  void note_accepted(const ChannelId& channel, const wire::EntryPost& request);
  /// Lines of revoked devices and of people who left: whoever sends next removes them.
  std::vector<DeviceId> due_lines(const ChannelId& channel, Milliseconds now_ms);
  sealing::RosterLine line(RosterRole role) const {
    return {device(), certificate_.hpke_key, role, 0};
  }

 private:
  sealing::ChannelRecord next_record(const Conversation& conversation, Milliseconds now_ms) const;
  wire::ChannelAppend seal_record(sealing::ChannelRecord record, const Conversation* conversation,
                                  const std::vector<Actor*>& approvers) const;
  wire::ChannelAppend sign_record(const sealing::ChannelRecord& record,
                                  const std::vector<Actor*>& approvers) const;
  sealing::Approval approve(const sealing::ChannelRecord& record, std::size_t item) const;
  Result<void> take_record(Conversation& conversation, const journal::Leaf& leaf,
                           const sealing::Place& place, const wire::ChannelItem& item);
  Result<void> take_entry(Conversation& conversation, const journal::Leaf& leaf,
                          const sealing::Place& place, const wire::ChannelItem& item);
  Result<void> take_task(Conversation& conversation, const sealing::EntryHeader& header,
                         const sealing::Place& place);
  /// An entry about a hearing, or an acknowledgement that may be an answer to one.
  Result<void> take_hearing(Conversation& conversation, const sealing::EntryHeader& header,
                            const Digest& hash, const sealing::Place& place,
                            const sealing::EntryAt& entries);
  Result<void> take_hearing_event(Conversation& conversation, const journal::Leaf& leaf,
                                  const sealing::Place& place);
  Result<void> take_silence(Conversation& conversation, const journal::Leaf& leaf,
                            const sealing::Place& place);
  /// What the entry asks for, or acknowledges of what asked; before it is applied.
  void take_asked(Conversation& conversation, const sealing::EntryHeader& header,
                  const Digest& hash, const sealing::Place& place);
  Result<void> take_server_event(Conversation& conversation, const journal::Leaf& leaf,
                                 const sealing::Place& place, const Digest& leaf_hash);
  Result<void> open_what_can_be_opened(Conversation& conversation, const ChannelId& channel);

  std::string name_;
  std::unique_ptr<crypto::Signer> signer_;
  crypto::HpkeKeyPair hpke_;
  sealing::DeviceCertificate certificate_;
  sealing::NameCard name_card_;
  sealing::Directory directory_;
  journal::Checkpoint checkpoint_;
  std::map<ChannelId, Conversation> conversations_;
};

}  // namespace oberih::transcripts
