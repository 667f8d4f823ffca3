// SPDX-License-Identifier: Apache-2.0
// The journal of journal_world.hpp with an auditor who exports it, and exports that lie in memory,
// so that tests can change what they like.
#pragma once

#include "protocol/base/byte_reader.hpp"
#include "protocol/evidence/export_maker.hpp"
#include "protocol/evidence/verify_export.hpp"
#include "protocol/journal/batch_proof.hpp"
#include "protocol/journal/tile.hpp"
#include "tests/unit/evidence/journal_world.hpp"

namespace oberih::evidence {

/// Files in memory: sink and source in one.
class MemoryExport final : public ExportSink, public ExportFiles {
 public:
  Result<> append(std::string_view name, ByteView bytes) override {
    Bytes& content = contents[std::string(name)];
    content.insert(content.end(), bytes.begin(), bytes.end());
    return {};
  }
  const std::vector<ExportFile>& files() const override {
    list_.clear();
    for (const auto& [name, bytes] : contents) list_.push_back({name, bytes.size()});
    return list_;
  }
  Result<> read(const ExportFile& file, std::uint64_t offset,
                std::span<std::uint8_t> out) const override {
    const Bytes& bytes = contents.at(file.name);
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
    return {};
  }

  std::map<std::string, Bytes> contents;

 private:
  mutable std::vector<ExportFile> list_;
};

class ExportWorld : public JournalWorld {
 public:
  ExportWorld() : auditor(prepared(world.oversight(), Role::auditor, "Auditor")) {
    enrol(auditor, world.admin_of(world.oversight()).signer);
    schedule();
    acknowledge();
    receive(prosecutor, 3);
    append(leaf_of(
        journal::LeafKind::access,
        sealing::encode_access_leaf({sealing::AccessWhat::session, prosecutor.id(), now_ms, now_ms,
                                     1, now_ms, sealing::made_of<sealing::LeafSalt>(9)})));
    second_channel();
  }

  /// The question into the journal; its index.
  std::uint64_t ask(const ExportQuery& query) { return ask(query, auditor); }
  std::uint64_t ask(const ExportQuery& query, const sealing::TestDevice& asker) {
    const sealing::AuditQuestion question{sealing::AuditWhat::export_, asker.id(), leaves.size(),
                                          encode_export_query(query), now_ms};
    journal::Leaf leaf =
        leaf_of(journal::LeafKind::audit_query,
                sealing::encode_audit_body(sealing::sign_audit_question(question, asker.signer)));
    leaf.channel_id = query.channel;
    append(std::move(leaf));
    return leaves.size() - 1;
  }

  std::string sign() const {
    return journal::sign_checkpoint(
        {world.genesis().origin, leaves.size(), journal::merkle_root(hashes), directory.count(),
         directory.newest_leaf()},
        {world.genesis().origin, crypto::Signer(journal_seed)});
  }

  /// What a server gives: the leaves as they are now, changed or not, signed or not.
  MemoryExport bundles() const {
    MemoryExport whole;
    BundleWriter writer(whole);
    for (std::size_t first = 0; first < leaves.size(); first += 256) {
      const std::size_t width = std::min<std::size_t>(256, leaves.size() - first);
      EXPECT_TRUE(writer.take(journal::encode_entry_bundle(std::span(leaves).subspan(first, width)),
                              static_cast<unsigned>(width)));
    }
    return whole;
  }
  MemoryExport export_whole() {
    const ExportHead head{ExportForm::whole, {}, ask({})};
    MemoryExport made = bundles();
    finish(made, head);
    return made;
  }
  MemoryExport export_selection(const ExportQuery& query) {
    const ExportHead head{ExportForm::selection, query, ask(query)};
    MemoryExport made;
    const auto written = write_selection(bundles(), leaves.size(), genesis(), head, made);
    EXPECT_TRUE(written) << written.error().detail;
    finish(made, head);
    return made;
  }
  /// What a member makes of the hearing's channel; `beside` says what else is put in.
  MemoryExport export_excerpt(
      const sealing::TestDevice& asker,
      const std::function<bool(const journal::Leaf&)>& beside = [](const auto&) { return false; }) {
    ExportQuery query;
    query.channel = hearing_channel();
    const ExportHead head{ExportForm::excerpt, query, ask(query, asker)};
    MemoryExport made;
    journal::BatchProofMaker maker(leaves.size());
    for (std::uint64_t index = 0; index < leaves.size(); ++index) {
      const journal::Leaf leaf = journal::parse_leaf(leaves[index]).value();
      const bool is_of_the_chain = leaf.channel_id == query.channel && leaf.channel_seq != 0;
      if (!is_of_the_chain && !journal::is_directory_kind(leaf.kind) &&
          index != head.question_index && !beside(leaf))
        continue;
      EXPECT_TRUE(made.append(export_name::selection, encode_selected_leaf(index, leaves[index])));
      maker.add(index, journal::prove_inclusion(index, hashes));
    }
    EXPECT_TRUE(made.append(export_name::proof, {}));
    for (const Digest& hash : maker.make())
      EXPECT_TRUE(made.append(export_name::proof, hash.bytes));
    finish(made, head);
    return made;
  }
  void finish(MemoryExport& made, const ExportHead& head) const {
    std::vector<ExportedName> shown;
    for (const auto& [device, name] : names) shown.push_back({device, name.first, name.second});
    EXPECT_TRUE(write_export_frame(made, head, sign(), shown));
    EXPECT_TRUE(made.append(export_name::manifest, as_bytes("{}")));
    EXPECT_TRUE(made.append(export_name::readme, as_bytes("Read me.")));
  }
  /// The entry's text at that sequence of the hearing's channel.
  ExportedText text_of(std::uint64_t channel_seq) const {
    const ReplayedEntry& entry = *replay->find_entry(channel_seq);
    return {entry.place.index, ciphertexts.at(channel_seq),
            sealing::entry_prk(entry.entry, message_key)};
  }
  ChannelId hearing_channel() const { return replay->state().channel(); }

  void receive(const sealing::TestDevice& device, std::uint64_t channel_seq) {
    sealing::Receipt receipt{hearing_channel(),
                             device.id(),
                             sealing::ReceiptStep::delivered,
                             channel_seq,
                             *replay->leaf_hash_at(channel_seq),
                             now_ms};
    journal::Leaf leaf =
        leaf_of(journal::LeafKind::access,
                sealing::encode_receipt_body(sealing::sign_receipt(receipt, device.signer)));
    leaf.channel_id = hearing_channel();
    append(std::move(leaf));
  }

  void revoke(const sealing::TestDevice& device) {
    const Bytes content =
        sealing::encode_revocation_content({device.certificate.agency, device.id(), 1, DeviceId{}});
    append_directory(journal::LeafKind::device_revocation,
                     sealing::encode_revocation_body(
                         {content, agency_of(device).root.sign("device-revoke", content)}));
  }

  sealing::TestDevice auditor;
  ChannelId other_channel;

 private:
  /// A channel of the prosecutor's alone, which no selection of the hearing's shows.
  void second_channel() {
    sealing::TestChannel drafts(world);
    drafts.policy = {ChannelKind::ordinary, 1, History::full};
    const sealing::ChannelRecord record =
        drafts.create(prosecutor, {prosecutor.line(RosterRole::admin)}).record;
    other_channel = record.channel;
    const Bytes content = sealing::encode_record_content(record);
    journal::Leaf leaf =
        leaf_of(journal::LeafKind::channel_record,
                sealing::encode_record_body(
                    {content, prosecutor.signer.sign("channel-record", content), {}}));
    leaf.channel_id = record.channel;
    leaf.channel_seq = 1;
    append(std::move(leaf));
  }
};

inline std::string words_of(const Result<ExportReport>& report) {
  return report ? "verified" : report.error().detail;
}

}  // namespace oberih::evidence
