// SPDX-License-Identifier: Apache-2.0
// What an export proves, and that every change of it is found and named. Each attack has its
// control run: the same steps without the attack verify.
#include <array>

#include "protocol/encoding/base64.hpp"
#include "tests/unit/evidence/export_world.hpp"
#include "tests/unit/evidence/witnessed_world.hpp"

namespace oberih::evidence {
namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

class VerifyExport : public testing::Test {
 protected:
  std::string verify(const MemoryExport& files) {
    return words_of(verify_export(files, scene.genesis()));
  }
  ExportWorld scene;
};

// -- what is honest -------------------------------------------------------------------------------

TEST_F(VerifyExport, a_whole_journal_verifies_and_says_what_is_in_it) {
  const MemoryExport files = scene.export_whole();
  const Result<ExportReport> report = verify_export(files, scene.genesis());
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->size, scene.leaves.size());
  EXPECT_EQ(report->leaves, scene.leaves.size());
  EXPECT_EQ(report->channels.size(), 2U);
  EXPECT_EQ(report->question.auditor, scene.auditor.id());
  EXPECT_EQ(report->audit_count, 1U);
  EXPECT_TRUE(report->cosigners.names.empty());
  const ChannelReport& channel = report->channels.at(scene.hearing_channel());
  EXPECT_EQ(channel.newest_seq, 4U);
  EXPECT_EQ(channel.stays.size(), 2U);
  EXPECT_EQ(channel.receipts.size(), 1U);
  EXPECT_EQ(report->devices.at(scene.clerk.id()).name, "Clerk of the court");
  EXPECT_EQ(report->access.size(), 1U);
}

TEST_F(VerifyExport, a_selection_shows_its_channel_whole_and_no_other) {
  const MemoryExport files = scene.export_selection({scene.hearing_channel(), {}, 0, 0});
  const Result<ExportReport> report = verify_export(files, scene.genesis());
  ASSERT_TRUE(report) << report.error().detail;
  ASSERT_EQ(report->channels.size(), 1U);
  EXPECT_EQ(report->channels.begin()->second.newest_seq, 4U);
  EXPECT_LT(report->leaves, scene.leaves.size());
  EXPECT_EQ(report->size, scene.leaves.size());
}

TEST_F(VerifyExport, a_person_s_selection_shows_the_channels_they_ever_sat_in) {
  const auto channels_of = [this](const sealing::TestDevice& device) {
    const auto report = verify_export(scene.export_selection({{}, device.certificate.person, 0, 0}),
                                      scene.genesis());
    return report ? report->channels.size() : 0;
  };
  EXPECT_EQ(channels_of(scene.prosecutor), 2U);
  EXPECT_EQ(channels_of(scene.clerk), 1U);
}

TEST_F(VerifyExport, a_period_ends_channels_where_it_ends) {
  const Milliseconds end = scene.now_ms - 2'500;  // before the prosecutor's own channel
  const auto report = verify_export(scene.export_selection({{}, {}, 1, end}), scene.genesis());
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->channels.size(), 1U);
}

TEST_F(VerifyExport, texts_open_with_their_own_key) {
  MemoryExport files = scene.export_whole();
  EXPECT_TRUE(files.append(export_name::texts, encode_exported_text(scene.text_of(4))));
  const auto report = verify_export(files, scene.genesis());
  ASSERT_TRUE(report) << report.error().detail;
  ASSERT_EQ(report->texts, 1U);
  EXPECT_EQ(report->channels.at(scene.hearing_channel()).texts.front().words, "I will be there");
}

// -- the administrator of the database ------------------------------------------------------------

/// Leaves are changed after they were signed, the hashes beside them are not.
MemoryExport with_changed_leaves(ExportWorld& scene, std::vector<Bytes> leaves) {
  MemoryExport files = scene.export_whole();
  leaves.push_back(scene.leaves.back());  // the question, which came last
  std::erase_if(files.contents, [](const auto& file) { return file.first.starts_with("leaves/"); });
  EXPECT_TRUE(files.append(export_bundle_name(0, static_cast<unsigned>(leaves.size())),
                           journal::encode_entry_bundle(leaves)));
  return files;
}

TEST_F(VerifyExport, control_nothing_changed) {
  EXPECT_EQ(verify(with_changed_leaves(scene, scene.leaves)), "verified");
}

TEST_F(VerifyExport, a_row_that_was_updated_is_named) {
  std::vector<Bytes> leaves = scene.leaves;
  leaves[10].back() ^= 1;
  EXPECT_TRUE(contains(verify(with_changed_leaves(scene, leaves)), "leaf 10 ("));
}

TEST_F(VerifyExport, two_leaves_that_were_swapped_are_named) {
  std::vector<Bytes> leaves = scene.leaves;
  std::swap(leaves[9], leaves[10]);
  EXPECT_TRUE(contains(verify(with_changed_leaves(scene, leaves)), "leaf 9 ("));
}

TEST_F(VerifyExport, a_row_that_was_deleted_is_found) {
  std::vector<Bytes> leaves = scene.leaves;
  leaves.erase(leaves.begin() + 10);
  EXPECT_TRUE(contains(verify(with_changed_leaves(scene, leaves)), "is missing"));
}

TEST_F(VerifyExport, a_row_that_was_deleted_and_made_up_for_is_named) {
  std::vector<Bytes> leaves = scene.leaves;
  leaves.erase(leaves.begin() + 10);
  leaves.insert(leaves.begin() + 15, scene.leaves[15]);
  EXPECT_TRUE(contains(verify(with_changed_leaves(scene, leaves)), "leaf 10 ("));
}

TEST_F(VerifyExport, a_row_that_was_inserted_is_named) {
  std::vector<Bytes> leaves = scene.leaves;
  leaves.insert(leaves.begin() + 10, scene.leaves[9]);
  leaves.erase(leaves.end() - 1);
  EXPECT_TRUE(contains(verify(with_changed_leaves(scene, leaves)), "leaf 10 ("));
}

// The same administrator makes the hashes anew: then the signed root betrays the change.
TEST_F(VerifyExport, hashes_made_anew_do_not_reach_the_signed_root) {
  MemoryExport files = scene.export_whole();
  Bytes& hashes = files.contents.at("leaf_hashes");
  std::vector<Bytes> leaves = scene.leaves;
  // Of no chain and without a signature: nothing else shows the change.
  const std::size_t access = leaves.size() - 3;
  ASSERT_EQ(journal::parse_leaf(leaves[access])->kind, journal::LeafKind::access);
  leaves[access].back() ^= 1;
  const Digest hash = journal::leaf_hash(leaves[access]);
  std::copy(hash.bytes.begin(), hash.bytes.end(),
            hashes.begin() + static_cast<std::ptrdiff_t>(Digest::size * access));
  for (auto& [name, bytes] : files.contents)
    if (name.starts_with("leaves/")) bytes = journal::encode_entry_bundle(leaves);
  EXPECT_TRUE(contains(verify(files), "another root")) << verify(files);
}

TEST_F(VerifyExport, a_tail_that_was_dropped_is_found) {
  MemoryExport files = scene.export_whole();
  std::vector<Bytes> leaves(scene.leaves.begin(), scene.leaves.end() - 2);
  for (auto& [name, bytes] : files.contents)
    if (name.starts_with("leaves/")) bytes = journal::encode_entry_bundle(leaves);
  EXPECT_NE(verify(files), "verified");
}

// -- the server that shows less -------------------------------------------------------------------

/// The selection's leaves with their places, to be changed and put back with a true proof.
struct Shown {
  std::vector<std::pair<std::uint64_t, Bytes>> leaves;
};
Shown shown_in(const MemoryExport& files) {
  Shown shown;
  ByteReader reader(files.contents.at("leaves/selected"));
  while (!reader.at_end() && !reader.failed()) {
    const std::uint64_t index = reader.u64();
    shown.leaves.push_back({index, to_bytes(reader.vec(limits::leaf_bytes))});
  }
  return shown;
}
void put_back(MemoryExport& files, const Shown& shown, const ExportWorld& scene) {
  ByteWriter writer, proof;
  journal::BatchProofMaker maker(scene.leaves.size());
  for (const auto& [index, leaf] : shown.leaves) {
    writer.u64(index).vec(leaf);
    maker.add(index, journal::prove_inclusion(index, scene.hashes));
  }
  for (const Digest& hash : maker.make()) proof.raw(hash);
  files.contents["leaves/selected"] = writer.take();
  files.contents["proof"] = proof.take();
}
bool is_entry_at(const std::pair<std::uint64_t, Bytes>& shown, std::uint64_t channel_seq) {
  const auto leaf = journal::parse_leaf(shown.second);
  return leaf && leaf->kind == journal::LeafKind::entry && leaf->channel_seq == channel_seq;
}

TEST_F(VerifyExport, control_a_selection_that_is_put_back_verifies) {
  MemoryExport files = scene.export_selection({scene.hearing_channel(), {}, 0, 0});
  put_back(files, shown_in(files), scene);
  EXPECT_EQ(verify(files), "verified");
}

TEST_F(VerifyExport, one_entry_that_is_hidden_is_missed) {
  MemoryExport files = scene.export_selection({scene.hearing_channel(), {}, 0, 0});
  Shown shown = shown_in(files);
  EXPECT_EQ(std::erase_if(shown.leaves, [](const auto& each) { return is_entry_at(each, 3); }), 1U);
  put_back(files, shown, scene);
  EXPECT_TRUE(contains(verify(files), "sequence 4")) << verify(files);
  EXPECT_TRUE(contains(verify(files), "missing before it"));
}

TEST_F(VerifyExport, a_revocation_that_is_left_out_of_the_directory_is_missed) {
  scene.revoke(scene.clerk);
  MemoryExport files = scene.export_selection({scene.hearing_channel(), {}, 0, 0});
  EXPECT_EQ(verify(files), "verified");
  Shown shown = shown_in(files);
  EXPECT_EQ(std::erase_if(shown.leaves,
                          [](const auto& each) {
                            return journal::parse_leaf(each.second)->kind ==
                                   journal::LeafKind::device_revocation;
                          }),
            1U);
  put_back(files, shown, scene);
  EXPECT_TRUE(contains(verify(files), "a revocation or the like was left out")) << verify(files);
}

TEST_F(VerifyExport, an_order_that_was_changed_inside_a_batch_is_named) {
  MemoryExport files = scene.export_selection({scene.hearing_channel(), {}, 0, 0});
  Shown shown = shown_in(files);
  const auto third = std::find_if(shown.leaves.begin(), shown.leaves.end(),
                                  [](const auto& each) { return is_entry_at(each, 3); });
  std::iter_swap(third, third + 1);
  ByteWriter writer;
  for (const auto& [index, leaf] : shown.leaves) writer.u64(index).vec(leaf);
  files.contents["leaves/selected"] = writer.take();
  EXPECT_TRUE(contains(verify(files), "sequence 4")) << verify(files);
}

// -- the export itself is changed -----------------------------------------------------------------

TEST_F(VerifyExport, the_genesis_of_another_journal_is_refused) {
  const MemoryExport files = scene.export_whole();
  EXPECT_TRUE(contains(words_of(verify_export(files, sealing::made_of<Digest>(5))),
                       "another journal than the pinned one"));
}

TEST_F(VerifyExport, the_key_of_another_entry_opens_nothing) {
  MemoryExport files = scene.export_whole();
  ExportedText text = scene.text_of(4);
  text.prk = std::move(scene.text_of(3).prk);
  EXPECT_TRUE(files.append(export_name::texts, encode_exported_text(text)));
  EXPECT_TRUE(contains(verify(files), "does not open")) << verify(files);
}

TEST_F(VerifyExport, a_ciphertext_of_another_entry_opens_nothing) {
  MemoryExport files = scene.export_whole();
  ExportedText text = scene.text_of(4);
  text.ciphertext = scene.text_of(3).ciphertext;
  EXPECT_TRUE(files.append(export_name::texts, encode_exported_text(text)));
  EXPECT_TRUE(contains(verify(files), "does not open"));
}

TEST_F(VerifyExport, texts_out_of_order_are_refused) {
  MemoryExport files = scene.export_whole();
  EXPECT_TRUE(files.append(export_name::texts, encode_exported_text(scene.text_of(4))));
  EXPECT_TRUE(files.append(export_name::texts, encode_exported_text(scene.text_of(3))));
  EXPECT_TRUE(contains(verify(files), "order"));
}

TEST_F(VerifyExport, a_name_that_no_certificate_bears_is_refused) {
  MemoryExport files = scene.export_whole();
  files.contents.at("names").back() ^= 1;
  EXPECT_TRUE(contains(verify(files), "names"));
}

TEST_F(VerifyExport, another_question_than_the_one_recorded_is_refused) {
  MemoryExport files = scene.export_selection({scene.hearing_channel(), {}, 0, 0});
  ExportHead head = *parse_export_head(files.contents.at("export"));
  head.query.to_ms = 5'000'000'000'000;
  files.contents["export"] = encode_export_head(head);
  EXPECT_TRUE(contains(verify(files), "something else was asked for")) << verify(files);
}

TEST_F(VerifyExport, a_file_that_is_missing_or_too_many_is_named) {
  const MemoryExport honest = scene.export_whole();
  for (const auto& [name, bytes] : honest.contents) {
    MemoryExport files = honest;
    files.contents.erase(name);
    EXPECT_TRUE(contains(verify(files), name + " is missing")) << name << ": " << verify(files);
  }
  MemoryExport files = honest;
  files.contents["confession.txt"] = {};
  EXPECT_TRUE(contains(verify(files), "confession.txt does not belong")) << verify(files);
}

// Every bit counts: one in each file, at several places.
TEST_F(VerifyExport, one_bit_that_differs_is_found) {
  for (const MemoryExport& honest :
       {scene.export_whole(), scene.export_selection({scene.hearing_channel(), {}, 0, 0})}) {
    ASSERT_EQ(verify(honest), "verified");
    for (const auto& [name, bytes] : honest.contents) {
      if (name == export_name::manifest || name == export_name::readme) continue;
      for (std::size_t place = 0; place < bytes.size(); place += 1 + bytes.size() / 40) {
        MemoryExport files = honest;
        files.contents[name][place] ^= 1;
        EXPECT_NE(verify(files), "verified") << name << ", byte " << place;
      }
    }
  }
}

TEST_F(VerifyExport, a_file_that_is_cut_short_is_found) {
  const MemoryExport honest = scene.export_selection({scene.hearing_channel(), {}, 0, 0});
  for (const auto& [name, bytes] : honest.contents) {
    if (bytes.empty() || name == export_name::manifest || name == export_name::readme) continue;
    MemoryExport files = honest;
    files.contents[name].pop_back();
    EXPECT_NE(verify(files), "verified") << name;
  }
}

// -- the witnesses of an export -------------------------------------------------------------------

class WitnessedExport : public testing::Test {
 protected:
  /// What is reported of an export whose checkpoint bears these lines.
  template <class MakeLines>
  Result<ExportReport> report_with(const MakeLines& make_lines) {
    MemoryExport files = scene.export_whole();
    Bytes& note = files.contents.at("checkpoint");
    const std::string lines = make_lines(std::string(as_text(note)));
    note.insert(note.end(), lines.begin(), lines.end());
    return verify_export(files, scene.genesis());
  }
  Witnessed<ExportWorld> scene;
};

TEST_F(WitnessedExport, control_the_quorum_is_reported_with_its_time) {
  const auto report = report_with([&](const std::string& note) {
    return scene.line(0, note, 1'790'000'000) + scene.line(1, note, 1'790'000'030);
  });
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->cosigners.names, (std::vector<std::string>{"witness.0", "witness.1"}));
  EXPECT_EQ(report->cosigners.known, 2U);
  EXPECT_EQ(report->cosigners.quorum_s, 1'790'000'000U) << "what both vouch for";
}

TEST_F(WitnessedExport, too_few_cosignatures_are_called_no_quorum) {
  const auto report =
      report_with([&](const std::string& note) { return scene.line(1, note, 1'790'000'000); });
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->cosigners.names, std::vector<std::string>{"witness.1"});
  EXPECT_FALSE(report->cosigners.quorum_s);
}

TEST_F(WitnessedExport, one_witness_twice_is_called_no_quorum) {
  const auto report = report_with([&](const std::string& note) {
    return scene.line(0, note, 1'790'000'000) + scene.line(0, note, 1'790'000'030);
  });
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->cosigners.names.size(), 1U);
  EXPECT_FALSE(report->cosigners.quorum_s);
}

TEST_F(WitnessedExport, a_false_word_of_a_known_witness_refuses_the_export) {
  EXPECT_FALSE(report_with([&](const std::string& note) {
    return scene.line(0, note, 1'790'000'000) + scene.line(1, "another\n1\n\n", 1'790'000'000);
  }));
}

TEST_F(WitnessedExport, a_copied_key_id_refuses_the_export) {
  const auto bytes_of = [](const std::string& line) {
    const std::string text = line.substr(line.rfind(' ') + 1);
    return encoding::decode_base64(text.substr(0, text.size() - 1)).value();
  };
  EXPECT_FALSE(report_with([&](const std::string& note) {
    const std::string first = scene.line(0, note, 1'790'000'000);
    Bytes copied = bytes_of(first);  // its signature, under the key id of the other
    const Bytes id = bytes_of(scene.line(1, note, 1'790'000'000));
    std::copy_n(id.begin(), 4, copied.begin());
    return first + "\xe2\x80\x94 witness.1 " + encoding::encode_base64(copied) + "\n";
  }));
}

}  // namespace
}  // namespace oberih::evidence
