// SPDX-License-Identifier: Apache-2.0
// A small world for tests: agencies with roots, people with devices, a directory that knows them,
// and a channel that is driven record by record and entry by entry.
#pragma once

#include <gtest/gtest.h>

#include <deque>

#include "protocol/base/byte_writer.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/crypto/hpke.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/crypto/signature.hpp"
#include "protocol/journal/merkle_tree.hpp"
#include "protocol/sealing/channel_state.hpp"

namespace oberih::sealing {

inline constexpr RosterRole admin = RosterRole::admin;
inline constexpr RosterRole member = RosterRole::member;
inline constexpr RosterRole reader = RosterRole::read_only;

/// Readable failures: the code's name, or "accepted".
inline std::string outcome(const Result<void>& result) {
  return result ? "accepted" : std::string(refusal_row(result.error().code).name);
}
template <class T>
std::string outcome_of(const Result<T>& result) {
  return result ? "accepted" : std::string(refusal_row(result.error().code).name);
}

/// Distinct bytes that are the same in every run.
template <class Fixed>
Fixed made_of(std::uint32_t number) {
  Fixed value;
  for (std::size_t i = 0; i < 4; ++i)
    value.bytes[i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
  value.bytes.back() = 0xA5;
  return value;
}

struct TestDevice {
  DeviceCertificate certificate;
  crypto::Signer signer;
  HpkeSecretKey hpke_secret;

  const DeviceId& id() const { return certificate.device; }
  RosterLine line(RosterRole role, Milliseconds ends_ms = 0) const {
    return {id(), certificate.hpke_key, role, ends_ms};
  }
};

struct TestAgency {
  Agency agency;
  crypto::Signer root;
};

inline crypto::Signer new_signer() {
  return crypto::Signer(crypto::random_secret<SignatureSecretKey>());
}

class World {
 public:
  static constexpr Milliseconds begins_ms = 1'700'000'000'000;
  static constexpr Milliseconds ends_ms = 1'900'000'000'000;

  World() {
    const auto found = [&](std::uint32_t number, AgencyKind kind, const char* name) {
      crypto::Signer root = new_signer();
      Agency agency{made_of<AgencyId>(number), kind, name, root.public_key()};
      agencies.push_back(TestAgency{agency, std::move(root)});
    };
    found(1, AgencyKind::police, "Police");
    found(2, AgencyKind::prosecution, "Prosecution");
    found(3, AgencyKind::court, "Court");
    found(4, AgencyKind::ngo, "Dawn");
    found(5, AgencyKind::oversight, "Oversight");
    EXPECT_EQ(outcome(directory.apply(journal::LeafKind::genesis, genesis_body(), 0, now_ms)),
              "accepted");
    for (TestAgency& agency : agencies) admins.push_back(&enrol(agency, Role::agency_admin));
  }

  Genesis genesis() const {
    Genesis genesis;
    genesis.origin = "oberih.example/journal";
    genesis.journal_key = journal_signer.public_key();
    genesis.server_spki = made_of<Digest>(77);
    genesis.created_ms = begins_ms;
    genesis.governance_quorum = 2;
    for (const TestAgency& agency : agencies) genesis.agencies.push_back(agency.agency);
    return genesis;
  }

  Bytes genesis_body() const {
    SignedGenesis signed_genesis{encode_genesis_content(genesis()), {}};
    for (const TestAgency& agency : agencies)
      signed_genesis.signatures.push_back(
          {agency.agency.id, agency.root.sign("genesis", signed_genesis.content)});
    return encode_genesis_body(signed_genesis);
  }

  TestAgency& police() { return agencies[0]; }
  TestAgency& prosecution() { return agencies[1]; }
  TestAgency& court() { return agencies[2]; }
  TestAgency& ngo() { return agencies[3]; }
  TestAgency& oversight() { return agencies[4]; }
  TestDevice& admin_of(const TestAgency& agency) {
    return *admins[static_cast<std::size_t>(&agency - agencies.data())];
  }

  /// Keys and ids of a device that the directory does not know yet.
  TestDevice prepare(const TestAgency& agency, Role role, std::optional<PersonId> person = {}) {
    const std::uint32_t number = ++devices_made_;
    crypto::HpkeKeyPair hpke = crypto::generate_hpke_keys();
    DeviceCertificate certificate;
    certificate.agency = agency.agency.id;
    certificate.person = person.value_or(made_of<PersonId>(1'000 + number));
    certificate.device = made_of<DeviceId>(2'000 + number);
    certificate.role = role;
    certificate.name_hash = made_of<Digest>(number);
    certificate.hpke_key = hpke.public_key;
    certificate.tls_spki = made_of<Digest>(3'000 + number);
    certificate.not_before_ms = begins_ms;
    certificate.not_after_ms = ends_ms;
    crypto::Signer signer = new_signer();
    certificate.signature_key = signer.public_key();
    if (role != Role::agency_admin && !admins.empty())
      certificate.certifier_device = admin_of(agency).id();
    return {certificate, std::move(signer), std::move(hpke.secret_key)};
  }

  static Bytes certify(const DeviceCertificate& certificate, const crypto::Signer& certifier,
                       const crypto::Signer& possessor) {
    const Bytes content = encode_certificate_content(certificate);
    return encode_certificate_body(
        {content, certifier.sign("device-cert", content), possessor.sign("device-pop", content)});
  }

  const crypto::Signer& certifier_of(const TestAgency& agency, Role role) {
    return role == Role::agency_admin ? agency.root : admin_of(agency).signer;
  }

  Result<void> append(const Bytes& body, journal::LeafKind kind) {
    return directory.apply(kind, body, next_index++, now_ms);
  }

  TestDevice& enrol(const TestAgency& agency, Role role, std::optional<PersonId> person = {}) {
    devices.push_back(prepare(agency, role, person));
    TestDevice& device = devices.back();
    const Bytes body = certify(device.certificate, certifier_of(agency, role), device.signer);
    EXPECT_EQ(outcome(append(body, journal::LeafKind::device_certificate)), "accepted");
    return device;
  }

  static Bytes revocation(const TestDevice& device, const DeviceId& signer_device,
                          const crypto::Signer& signer) {
    const Bytes content =
        encode_revocation_content({device.certificate.agency, device.id(), 3, signer_device});
    return encode_revocation_body({content, signer.sign("device-revoke", content)});
  }

  void revoke(const TestDevice& device) {
    for (const TestAgency& agency : agencies) {
      if (agency.agency.id != device.certificate.agency) continue;
      EXPECT_EQ(outcome(append(revocation(device, {}, agency.root),
                               journal::LeafKind::device_revocation)),
                "accepted");
    }
  }

  crypto::Signer journal_signer = new_signer();
  std::vector<TestAgency> agencies;
  std::deque<TestDevice> devices;
  std::vector<TestDevice*> admins;  // of each agency, in the same order
  Directory directory;
  std::uint64_t next_index = 1;
  Milliseconds now_ms = begins_ms + 1'000;

 private:
  std::uint32_t devices_made_ = 0;
};

/// A channel that is driven by hand: drafts follow the state and can be spoiled before they are
/// judged.
class TestChannel {
 public:
  explicit TestChannel(World& world) : world_(world) {}

  struct Draft {
    ChannelRecord record;
    std::vector<Approval> approvals;
  };

  ChannelPolicy policy{ChannelKind::ordinary, 2, History::full};

  Draft create(const TestDevice& author, Roster roster) {
    std::sort(roster.begin(), roster.end(), by_device);
    Draft draft;
    draft.record.op = RecordOp::create;
    draft.record.seq = 1;
    draft.record.epoch = 1;
    draft.record.prev_record = crypto::random_id<Digest>();
    draft.record.roster = std::move(roster);
    draft.record.policy = policy;
    finish(draft.record, author);
    draft.record.channel = derive_channel_id(draft.record);
    return draft;
  }

  /// A record that follows the state and does what the change says.
  Draft follow(const TestDevice& author, RecordOp op, const Change& change = {}) {
    Draft draft;
    ChannelRecord& record = draft.record;
    record.op = op;
    record.channel = state.channel();
    record.seq = state.record_seq() + 1;
    record.prev_record = state.head();
    record.change = change;
    record.roster = applied(change);
    record.policy = change.policy.value_or(state.policy());
    finish(record, author);
    const bool new_epoch = op == RecordOp::change || op == RecordOp::rotate;
    record.epoch = state.epoch() + (new_epoch ? 1 : 0);
    if (new_epoch && state.policy().history == History::full) {
      record.prev_epoch = state.epoch();
      record.prev_box_hash = made_of<Digest>(9);
    }
    if (!new_epoch) {
      record.key_commitment = state.key_commitment();
      record.message_key_commitment = state.message_key_commitment();
      if (op == RecordOp::close || (change.grant && change.grant->ends_ms == 0))
        record.wraps_root = journal::empty_root();
    }
    return draft;
  }

  Approval approve(const Draft& draft, const TestDevice& approver, std::uint8_t item = 0,
                   Milliseconds expires_ms = World::ends_ms) {
    Approval approval{item, crypto::random_id<ApprovalId>(), expires_ms, approver.id(), {}};
    const Bytes bytes = encode_change_items(draft.record.change).at(item);
    approval.signature =
        approver.signer.sign("approval", approval_content(approval, draft.record.channel, bytes));
    return approval;
  }

  Draft approved_by(Draft draft, const std::vector<const TestDevice*>& approvers) {
    for (const TestDevice* approver : approvers)
      draft.approvals.push_back(approve(draft, *approver));
    return draft;
  }

  Place place() const { return {world_.next_index, state.newest_seq() + 1, world_.now_ms}; }

  Result<void> judge(const Draft& draft) const {
    const SignedRecord signed_record{encode_record_content(draft.record), {}, draft.approvals};
    return state.judge_record(draft.record, signed_record, world_.directory, place());
  }

  /// Judged, and applied when accepted.
  std::string append(const Draft& draft) {
    const Result<void> judged = judge(draft);
    if (!judged) return outcome(judged);
    const SignedRecord signed_record{encode_record_content(draft.record), {}, draft.approvals};
    const Digest leaf = take_leaf();
    state.apply_record(draft.record, signed_record, world_.directory, place(), leaf);
    world_.next_index += 1;
    return "accepted";
  }

  /// The next entry of a device, as it should be.
  EntryHeader entry(const TestDevice& sender, EntryType type = EntryType::message) const {
    const SenderHead head = state.sender_head(sender.id());
    EntryHeader header;
    header.type = type;
    header.channel = state.channel();
    header.epoch = state.epoch();
    header.channel_head = state.head();
    header.sender = sender.id();
    header.sender_seq = head.sender_seq + 1;
    header.sender_prev = head.message_hash;
    header.seen_seq = state.newest_seq();
    header.seen_hash = state.newest_leaf();
    header.log_size = head.log_size;
    header.message_id = crypto::random_id<MessageId>();
    return header;
  }

  Result<void> judge(const EntryHeader& header) const {
    return state.judge_entry(header, world_.directory, place(),
                             [&](std::uint64_t seq) -> std::optional<Digest> {
                               if (seq == 0 || seq > leaves.size()) return std::nullopt;
                               return leaves[seq - 1];
                             });
  }

  std::string post(const EntryHeader& header) {
    const Result<void> judged = judge(header);
    if (!judged) return outcome(judged);
    const Digest leaf = take_leaf();
    state.apply_entry(header, crypto::sha256(encode_header(header)), world_.directory, place(),
                      leaf);
    world_.next_index += 1;
    return "accepted";
  }

  ChannelState state;
  std::vector<Digest> leaves;  // of the channel, by channel_seq - 1

 private:
  static bool by_device(const RosterLine& a, const RosterLine& b) { return a.device < b.device; }

  Digest take_leaf() {
    leaves.push_back(made_of<Digest>(5'000 + static_cast<std::uint32_t>(leaves.size())));
    return leaves.back();
  }

  void finish(ChannelRecord& record, const TestDevice& author) const {
    record.author = author.id();
    record.key_commitment = crypto::random_id<Digest>();
    record.message_key_commitment = crypto::random_id<Digest>();
    record.wraps_root = crypto::random_id<Digest>();
    record.client_ms = world_.now_ms;
    record.log_size = state.sender_head(author.id()).log_size;
  }

  Roster applied(const Change& change) const {
    Roster roster;
    for (const RosterLine& line : state.roster()) {
      const bool removed =
          change.remove &&
          std::count(change.remove->devices.begin(), change.remove->devices.end(), line.device) > 0;
      const RosterLine* altered =
          change.alter ? find_line(change.alter->lines, line.device) : nullptr;
      if (!removed) roster.push_back(altered ? *altered : line);
    }
    if (change.add) roster.insert(roster.end(), change.add->lines.begin(), change.add->lines.end());
    std::sort(roster.begin(), roster.end(), by_device);
    return roster;
  }

  World& world_;
};

// -- changes in few words -------------------------------------------------------------------------

inline Change adding(Roster lines) {
  std::sort(lines.begin(), lines.end(),
            [](const RosterLine& a, const RosterLine& b) { return a.device < b.device; });
  Change change;
  change.add = LinesItem{"Order 417", std::move(lines)};
  return change;
}

inline Change removing(std::vector<DeviceId> devices) {
  std::sort(devices.begin(), devices.end());
  Change change;
  change.remove = RemoveItem{"no longer on the case", std::move(devices)};
  return change;
}

inline Change altering(RosterLine line) {
  Change change;
  change.alter = LinesItem{"Order 418", {line}};
  return change;
}

inline Change closing() {
  Change change;
  change.close_reason = "judgment";
  return change;
}

inline Change setting(const ChannelPolicy& policy) {
  Change change;
  change.policy = policy;
  return change;
}

inline Change granting(const TestDevice& auditor, std::uint64_t first, std::uint64_t last,
                       Milliseconds ends_ms = World::ends_ms) {
  Change change;
  change.grant = GrantItem{
      made_of<GrantId>(1), auditor.id(), auditor.certificate.hpke_key, first, last, ends_ms,
      "Order 5/2027"};
  return change;
}

}  // namespace oberih::sealing
