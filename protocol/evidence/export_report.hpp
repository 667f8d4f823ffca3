// SPDX-License-Identifier: Apache-2.0
// What a verified export says. Of each fact it is known which kind it is: signed by a device, or
// the server's own word. That something stands at its index, before the checkpoint was signed, is
// proven of everything here; every `server_ms` is asserted by the server alone.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/evidence/cosigners.hpp"
#include "protocol/evidence/export_format.hpp"
#include "protocol/sealing/access_leaf.hpp"
#include "protocol/sealing/audit_leaf.hpp"
#include "protocol/sealing/channel_record.hpp"
#include "protocol/sealing/receipt.hpp"

namespace oberih::evidence {

inline constexpr std::size_t listed_at_most = 10'000;  // of what is no state: the count is whole
inline constexpr std::size_t authorities_at_most = 1'000;  // told apart; the rest has no name
inline constexpr std::size_t text_bytes_at_most = 16 * 1024 * 1024;

struct Moment {
  std::uint64_t index = 0;
  Milliseconds server_ms = 0;
};

/// A device on a channel's roster. Signed by the authors of the records.
struct Stay {
  DeviceId device;
  RosterRole role{};
  std::uint64_t first_epoch = 0;  // the first of which it got the key; under full history all
  Moment from;
  std::optional<Moment> to{};
  Milliseconds ends_ms = 0;  // 0: no end
};

/// What people read of the mandate of lines in a record. Signed by the record's author.
struct MandateFact {
  std::string mandate;
  Moment said;
};

struct GrantFact {
  sealing::GrantItem item;
  Moment said;
};

/// How far a device has come, by its own receipt.
struct ReceiptFact {
  std::uint64_t channel_seq = 0;
  Moment said;
  Milliseconds client_ms = 0;  // by the device's clock
};

/// The server's word, added up.
struct AccessFact {
  std::uint64_t leaves = 0;
  std::uint64_t from = 0;  // the least and the greatest of all
  std::uint64_t to = 0;
  std::uint64_t count = 0;
  Moment first, last;
};
using AccessFacts = std::map<std::pair<DeviceId, sealing::AccessWhat>, AccessFact>;

struct TextFact {
  std::uint64_t channel_seq = 0;
  DeviceId sender;
  EntryType type{};
  Moment said;
  std::optional<std::string> words{};  // nothing: sealed in a form that this program does not know
};

/// An outside authority's word: the first `size` leaves existed at `at_ms`.
struct AnchorFact {
  Moment said;  // the token's leaf
  std::uint64_t size = 0;
  Milliseconds at_ms = 0;       // by the authority's clock
  std::uint32_t authority = 0;  // place in ExportReport::authorities
};

struct ChannelReport {
  ChannelId id;
  ChannelKind kind{};
  History history{};
  bool is_closed = false;
  std::uint64_t newest_seq = 0;  // complete from 1 to this one
  Moment first, newest;
  std::uint64_t records = 0;
  std::uint64_t events = 0;                   // of the server
  std::array<std::uint64_t, 16> entries{};    // by type
  std::map<DeviceId, std::uint64_t> senders;  // entries of each
  std::vector<Stay> stays;
  std::optional<MandateFact> case_named{};  // the first that names the case that is looked for
  std::vector<GrantFact> grants;
  std::map<std::pair<DeviceId, sealing::ReceiptStep>, ReceiptFact> receipts;
  AccessFacts access;
  std::uint64_t refusals = 0;
  std::vector<TextFact> texts;
  std::optional<AnchorFact> existed_by{};  // of all that is shown of it; the earliest
};

struct AuditFact {
  Moment said;
  sealing::AuditWhat what{};
  DeviceId auditor;
  ChannelId channel;  // zero: none
  std::uint64_t size = 0;
  bool is_of_leaves = false;  // a reading that asked for no content
};

struct DeviceFact {
  PersonId person;
  AgencyId agency;
  Role role{};
  std::optional<std::uint64_t> revoked_index{};
  std::optional<std::string> name{};  // where it is disclosed
};

struct ExportReport {
  ExportHead head;
  Digest genesis;
  std::string origin;
  std::uint64_t size = 0;  // of the checkpoint
  Digest root;
  SignaturePublicKey journal_key;  // that signed the checkpoint
  std::uint64_t directory_count = 0;
  std::uint64_t leaves = 0;               // in the export
  std::array<std::uint64_t, 16> kinds{};  // leaves of each kind
  std::uint64_t not_understood = 0;       // leaves in forms that this program does not know
  std::vector<AnchorFact> anchors;        // all, in their order, each over this journal
  std::vector<std::string> authorities;   // as their certificates name them
  bool are_authorities_judged = false;    // else anybody may have made the tokens
  std::uint64_t refusals = 0;             // that the server counts, in and outside of channels
  Cosigners cosigners;
  std::uint64_t quotes = 0;  // checkpoints that devices quote, all of this tree; whole journals
  sealing::AuditQuestion question;
  Moment asked;
  std::map<ChannelId, ChannelReport> channels;
  AccessFacts access;  // outside of channels
  std::vector<AuditFact> audits;
  std::uint64_t audit_count = 0;
  std::uint64_t texts = 0;
  std::map<DeviceId, DeviceFact> devices;
  std::map<AgencyId, std::string> agencies;
  Milliseconds newest_ms = 0;
};

/// Who had got a key of the channel when the server's clock showed `by_ms`; 0: ever. What they kept
/// they may read for ever; which part of it is theirs, the epochs of a Stay say.
std::vector<const Stay*> readers_by(const ChannelReport& channel, Milliseconds by_ms);

}  // namespace oberih::evidence
