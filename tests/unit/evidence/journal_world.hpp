// SPDX-License-Identifier: Apache-2.0
// A journal with true leaves, signatures and tree, as a server would have written it: a directory,
// a hearing channel of a court and a prosecution, and somebody's messages in between.
#pragma once

#include "protocol/evidence/channel_replay.hpp"
#include "protocol/evidence/service_proof.hpp"
#include "protocol/journal/batch_proof.hpp"
#include "protocol/journal/checkpoint.hpp"
#include "protocol/sealing/refusal_leaf.hpp"
#include "protocol/sealing/remark_text.hpp"
#include "tests/unit/sealing/world.hpp"

namespace oberih::evidence {

class JournalWorld {
 public:
  JournalWorld()
      : clerk(prepared(world.court(), Role::court_clerk, "Clerk of the court")),
        prosecutor(prepared(world.prosecution(), Role::prosecutor, "Prosecutor")) {
    world.journal_signer = crypto::Signer(journal_seed);
    append_directory(journal::LeafKind::genesis, world.genesis_body());
    for (const sealing::TestDevice* admin : world.admins) enrol(*admin, agency_of(*admin).root);
    for (const sealing::TestDevice* device : {&clerk, &prosecutor})
      enrol(*device, world.admin_of(agency_of(*device)).signer);
    append(leaf_of(journal::LeafKind::refusal,  // of no chain
                   sealing::encode_refusal_leaf({clerk.id(), "channel.append", {}, 32021, 1, now_ms,
                                                 sealing::made_of<sealing::LeafSalt>(7)})));
    found_channel();
  }

  // -- what people do ----------------------------------------------------------------------------

  /// Summons the prosecutor and somebody without an account.
  void schedule() {
    sealing::HearingFacts facts;
    facts.hearing = hearing;
    facts.verb = sealing::HearingVerb::schedule;
    facts.notice.proceeding = sealing::made_of<ProceedingId>(7);
    facts.notice.court = world.court().agency.id;
    facts.notice.start = {{2027, 3, 4}, 10, 0};
    facts.notice.minutes = 60;
    facts.notice.answer_by_ms = moment_of(facts.notice.start) - 3 * 86'400'000ull;
    facts.notice.addressees = {
        {sealing::AddresseeKind::person, prosecutor.certificate.agency,
         prosecutor.certificate.person.bytes},
        {sealing::AddresseeKind::no_account, {}, sealing::made_of<PersonId>(70).bytes}};
    sealing::HearingText text;
    text.verb = facts.verb;
    text.summons = {"Judge",
                    "Court",
                    "Street 1",
                    "+380",
                    "757/1/27",
                    "Room 3",
                    "Hearing",
                    "A fine",
                    "Illness",
                    {{sealing::ProceduralStatus::prosecutor, 0, "", ""},
                     {sealing::ProceduralStatus::witness, 0, "Witness", "Street 2"}}};
    notice_seq = post(clerk, EntryType::hearing, sealing::encode_hearing_facts(facts),
                      sealing::encode_hearing_text(text).value());
  }
  void acknowledge(const SecretBuffer& remark = sealing::encode_remark("I will be there").value()) {
    const ReplayedEntry& notice = *replay->find_entry(notice_seq);
    const Bytes facts = sealing::encode_acknowledgement_facts(
        {{}, notice.reference, sealing::AcknowledgementKind::understood});
    post(prosecutor, EntryType::acknowledgement, facts, remark);
  }
  void serve_the_witness() {
    sealing::HearingFacts facts;
    facts.hearing = hearing;
    facts.verb = sealing::HearingVerb::record_service;
    facts.expected_version = 1;
    facts.addressee = 1;
    facts.way = sealing::ServiceWay::signature;
    facts.done_ms = now_ms;
    sealing::HearingText text;
    text.verb = facts.verb;
    text.words = "handed over";
    post(clerk, EntryType::hearing, sealing::encode_hearing_facts(facts),
         sealing::encode_hearing_text(text).value());
  }

  // -- what an honest client makes of it
  // -----------------------------------------------------------

  ServiceProof prove() const {
    ServiceProof proof;
    proof.hearing = hearing;
    proof.note = journal::sign_checkpoint(
        {world.genesis().origin, leaves.size(), journal::merkle_root(hashes), directory.count(),
         directory.newest_leaf()},
        {world.genesis().origin, crypto::Signer(journal_seed)});
    journal::BatchProofMaker maker(leaves.size());
    for (std::uint64_t index = 0; index < leaves.size(); ++index) {
      const journal::Leaf leaf = journal::parse_leaf(leaves[index]).value();
      const bool is_directory = journal::is_directory_kind(leaf.kind);
      if (!is_directory && leaf.channel_id != replay->state().channel()) continue;
      (is_directory ? proof.directory : proof.channel).push_back({index, leaves[index]});
      maker.add(index, journal::prove_inclusion(index, hashes));
      const ReplayedEntry* entry = is_directory ? nullptr : replay->find_entry(leaf.channel_seq);
      if (entry != nullptr)
        proof.texts.push_back({leaf.channel_seq, ciphertexts.at(leaf.channel_seq),
                               sealing::entry_prk(entry->entry, message_key)});
    }
    proof.hashes = maker.make();
    for (const sealing::TestDevice* device : {&clerk, &prosecutor})
      proof.names.push_back(
          {device->id(), names.at(device->id()).first, names.at(device->id()).second});
    std::sort(proof.names.begin(), proof.names.end(),
              [](const auto& a, const auto& b) { return a.device < b.device; });
    return proof;
  }
  Digest genesis() const { return sealing::genesis_hash(encode_genesis_content(world.genesis())); }

  sealing::World world;  // of its directory nothing is used
  const SignatureSecretKey journal_seed = crypto::random_secret<SignatureSecretKey>();
  std::map<DeviceId, std::pair<NameSalt, std::string>> names;
  const HearingId hearing = sealing::made_of<HearingId>(91);
  sealing::TestDevice clerk, prosecutor;
  sealing::Directory directory;
  MessageKey message_key = crypto::random_secret<MessageKey>();
  std::optional<ChannelReplay> replay;
  std::vector<Bytes> leaves;
  std::vector<Digest> hashes;
  std::map<std::uint64_t, Bytes> ciphertexts;
  std::uint64_t notice_seq = 0;
  Milliseconds now_ms = sealing::World::begins_ms + 5'000;

 protected:
  sealing::TestDevice prepared(const sealing::TestAgency& agency, Role role,
                               const std::string& name) {
    sealing::TestDevice device = world.prepare(agency, role);
    const NameSalt salt = crypto::random_id<NameSalt>();
    device.certificate.name_hash = sealing::name_hash(salt, name);
    names[device.id()] = {salt, name};
    return device;
  }
  sealing::TestAgency& agency_of(const sealing::TestDevice& device) {
    for (sealing::TestAgency& agency : world.agencies)
      if (agency.agency.id == device.certificate.agency) return agency;
    throw std::logic_error("a device of no agency");
  }

  static journal::Leaf leaf_of(journal::LeafKind kind, Bytes body) {
    journal::Leaf leaf;
    leaf.kind = kind;
    leaf.body = std::move(body);
    return leaf;
  }
  void append(journal::Leaf leaf) {
    leaf.server_ms = now_ms += 1'000;
    leaves.push_back(journal::encode_leaf(leaf));
    hashes.push_back(journal::leaf_hash(leaves.back()));
  }
  void append_directory(journal::LeafKind kind, Bytes body) {
    journal::Leaf leaf = leaf_of(kind, std::move(body));
    leaf.channel_seq = directory.count() + 1;
    leaf.prev_leaf = directory.newest_leaf();
    append(std::move(leaf));
    EXPECT_EQ(sealing::outcome(directory.apply_leaf(leaves.back(), leaves.size() - 1)), "accepted");
  }
  void enrol(const sealing::TestDevice& device, const crypto::Signer& certifier) {
    append_directory(journal::LeafKind::device_certificate,
                     sealing::World::certify(device.certificate, certifier, device.signer));
  }
  void append_channel(journal::LeafKind kind, Bytes body) {
    journal::Leaf leaf = leaf_of(kind, std::move(body));
    leaf.channel_id = channel_id;
    leaf.channel_seq = replay->state().newest_seq() + 1;
    leaf.prev_leaf = replay->state().newest_leaf();
    append(std::move(leaf));
    EXPECT_EQ(sealing::outcome(replay->take(leaves.size() - 1, leaves.back())), "accepted");
  }

  void found_channel() {
    sealing::TestChannel drafts(world);
    drafts.policy = {ChannelKind::hearing, 1, History::full};
    const sealing::ChannelRecord first =
        drafts.create(clerk, {clerk.line(RosterRole::admin)}).record;
    channel_id = first.channel;
    replay.emplace(directory, channel_id);
    append_record(first);
    drafts.state = replay->state();
    append_record(drafts
                      .follow(clerk, sealing::RecordOp::change,
                              sealing::adding({prosecutor.line(RosterRole::member)}))
                      .record);
  }
  void append_record(const sealing::ChannelRecord& record) {
    const Bytes content = sealing::encode_record_content(record);
    append_channel(
        journal::LeafKind::channel_record,
        sealing::encode_record_body({content, clerk.signer.sign("channel-record", content), {}}));
  }

  std::uint64_t post(const sealing::TestDevice& sender, EntryType type, Bytes facts,
                     const SecretBuffer& text) {
    const sealing::ChannelState& state = replay->state();
    const sealing::SenderHead head = state.sender_head(sender.id());
    sealing::EntryHeader header;
    header.type = type;
    header.channel = channel_id;
    header.epoch = state.epoch();
    header.channel_head = state.head();
    header.sender = sender.id();
    header.sender_seq = head.sender_seq + 1;
    header.sender_prev = head.message_hash;
    header.seen_seq = state.newest_seq();
    header.seen_hash = state.newest_leaf();
    header.client_ms = now_ms;
    header.message_id = crypto::random_id<MessageId>();
    header.facts = std::move(facts);
    const auto sealed =
        sealing::seal_entry(header, text.view(), message_key, sender.signer).value();
    append_channel(journal::LeafKind::entry, sealing::encode_entry_body(sealed.entry));
    ciphertexts[state.newest_seq()] = sealed.ciphertext;
    return state.newest_seq();
  }

  ChannelId channel_id;
};

}  // namespace oberih::evidence
