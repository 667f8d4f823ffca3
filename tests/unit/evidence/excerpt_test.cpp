// SPDX-License-Identifier: Apache-2.0
// What a member's excerpt of a channel proves, and what a member cannot make of it. Each attack has
// its control run: the same steps without the attack verify.
#include "tests/unit/evidence/export_world.hpp"

namespace oberih::evidence {
namespace {

class Excerpt : public testing::Test {
 protected:
  std::string verify(const MemoryExport& files) {
    return words_of(verify_export(files, scene.genesis()));
  }
  static bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
  }
  static void relabel(MemoryExport& files, ExportForm form) {
    ExportHead head = parse_export_head(files.contents.at(std::string(export_name::head))).value();
    head.form = form;
    files.contents[std::string(export_name::head)] = encode_export_head(head);
    files.contents.erase(std::string(export_name::anchors));
    if (form == ExportForm::selection) files.contents[std::string(export_name::anchors)] = {};
  }
  ExportWorld scene;
};

TEST_F(Excerpt, shows_the_chain_of_its_channel_whole_and_nothing_beside_it) {
  MemoryExport files = scene.export_excerpt(scene.prosecutor);
  EXPECT_TRUE(files.append(export_name::texts, encode_exported_text(scene.text_of(4))));
  const Result<ExportReport> report = verify_export(files, scene.genesis());
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->head.form, ExportForm::excerpt);
  EXPECT_EQ(report->question.auditor, scene.prosecutor.id());
  EXPECT_EQ(report->devices.count(scene.prosecutor.id()), 1U);
  ASSERT_EQ(report->channels.size(), 1U);
  const ChannelReport& channel = report->channels.at(scene.hearing_channel());
  EXPECT_EQ(channel.newest_seq, 4U);
  EXPECT_EQ(channel.stays.size(), 2U);
  EXPECT_TRUE(channel.receipts.empty());
  ASSERT_EQ(channel.texts.size(), 1U);
  EXPECT_EQ(channel.texts.front().words, "I will be there");
}

TEST_F(Excerpt, is_made_by_nobody_who_never_sat_in_the_channel) {
  EXPECT_EQ(verify(scene.export_excerpt(scene.clerk)), "verified");
  EXPECT_TRUE(holds(verify(scene.export_excerpt(scene.auditor)), "never sat in the channel"));
}

TEST_F(Excerpt, is_no_auditor_s_export_and_the_other_way_round) {
  MemoryExport excerpt = scene.export_excerpt(scene.prosecutor);
  relabel(excerpt, ExportForm::selection);
  EXPECT_TRUE(holds(verify(excerpt), "who asked is no auditor")) << verify(excerpt);
  MemoryExport selection = scene.export_selection({scene.hearing_channel(), {}, 0, 0});
  EXPECT_EQ(verify(selection), "verified");
  relabel(selection, ExportForm::excerpt);  // it holds the receipts, too
  EXPECT_TRUE(holds(verify(selection), "belongs to no excerpt")) << verify(selection);
}

// A receipt that is there proves nothing of those that are not: none is shown.
TEST_F(Excerpt, takes_no_leaf_that_stands_beside_the_chain) {
  const MemoryExport files = scene.export_excerpt(scene.prosecutor, [](const journal::Leaf& leaf) {
    return leaf.kind == journal::LeafKind::access && !leaf.channel_id.is_zero();
  });
  EXPECT_TRUE(holds(verify(files), "belongs to no excerpt")) << verify(files);
  const MemoryExport other = scene.export_excerpt(scene.prosecutor, [&](const journal::Leaf& leaf) {
    return leaf.channel_id == scene.other_channel;
  });
  EXPECT_TRUE(holds(verify(other), "belongs to no excerpt")) << verify(other);
}

TEST_F(Excerpt, misses_no_leaf_and_bears_no_changed_bit) {
  const MemoryExport whole = scene.export_excerpt(scene.prosecutor);
  ASSERT_EQ(verify(whole), "verified");
  MemoryExport cut = whole;
  const ExportFile* file = whole.find(export_name::selection);
  ExportStream stream(whole, *file);
  std::vector<Bytes> leaves;
  while (!stream.at_end()) {
    const std::uint64_t index = stream.u64().value();
    leaves.push_back(encode_selected_leaf(index, stream.vec(limits::leaf_bytes).value()));
  }
  for (std::size_t missing = 0; missing < leaves.size(); ++missing) {
    Bytes& content = cut.contents[std::string(export_name::selection)];
    content.clear();
    for (std::size_t i = 0; i < leaves.size(); ++i)
      if (i != missing) content.insert(content.end(), leaves[i].begin(), leaves[i].end());
    EXPECT_NE(verify(cut), "verified") << "without leaf " << missing;
  }
  MemoryExport changed = whole;
  Bytes& content = changed.contents[std::string(export_name::selection)];
  for (std::size_t place = 3; place < content.size(); place += 97) {
    content[place] ^= 1;
    EXPECT_NE(verify(changed), "verified") << place;
    content[place] ^= 1;
  }
}

TEST_F(Excerpt, is_of_one_channel_and_of_no_period) {
  ExportQuery query;
  query.channel = scene.hearing_channel();
  const ExportHead head{ExportForm::excerpt, query, 1};
  EXPECT_TRUE(parse_export_head(encode_export_head(head)));
  for (const ExportQuery& other :
       {ExportQuery{}, ExportQuery{query.channel, {}, 1, 0}, ExportQuery{query.channel, {}, 0, 9},
        ExportQuery{query.channel, scene.clerk.certificate.person, 0, 0}})
    EXPECT_FALSE(parse_export_head(encode_export_head({ExportForm::excerpt, other, 1})));
}

}  // namespace
}  // namespace oberih::evidence
