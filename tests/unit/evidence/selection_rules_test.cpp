// SPDX-License-Identifier: Apache-2.0
// Which channels a selection shows, and that nobody puts in another one. Each attack has its
// control run: the same steps without the attack verify.
#include "protocol/sealing/unit_mark.hpp"
#include "tests/unit/evidence/export_world.hpp"

namespace oberih::evidence {
namespace {

/// The hearing's channel, which the prosecutor joined by "Order 417", and the prosecutor's own,
/// which has no mandate.
class CaseWorld : public ExportWorld {
 public:
  void change(const sealing::Change& change) {
    sealing::TestChannel drafts(world);
    drafts.policy = replay->state().policy();
    drafts.state = replay->state();
    append_record(drafts.follow(clerk, sealing::RecordOp::change, change).record);
  }
  Milliseconds time_of_joining() const {
    for (const Bytes& bytes : leaves) {
      const journal::Leaf leaf = journal::parse_leaf(bytes).value();
      if (leaf.channel_id == hearing_channel() && leaf.channel_seq == 2) return leaf.server_ms;
    }
    throw std::logic_error("nobody joined");
  }
};

class SelectedChannels : public testing::Test {
 protected:
  static ExportQuery of_case(std::string number, Milliseconds to_ms = 0) {
    return {{}, {}, 0, to_ms, std::move(number)};
  }
  /// The channels of an export that verifies; nothing where none fits.
  std::vector<ChannelId> channels_of(const ExportQuery& query) {
    const ExportHead head{ExportForm::selection, query, scene.ask(query)};
    MemoryExport made;
    const auto written =
        write_selection(scene.bundles(), scene.leaves.size(), scene.genesis(), head, made);
    if (!written) {
      EXPECT_EQ(written.error().code, RefusalCode::not_found);
      return {};
    }
    scene.finish(made, head);
    const auto report = verify_export(made, scene.genesis());
    EXPECT_TRUE(report) << words_of(report);
    std::vector<ChannelId> channels;
    if (report)
      for (const auto& [id, channel] : report->channels) channels.push_back(id);
    return channels;
  }
  /// What is said of an export for `asked` that holds what fits `held`.
  std::string verify(const ExportQuery& asked, const ExportQuery& held) {
    const std::uint64_t index = scene.ask(asked);
    MemoryExport made;
    EXPECT_TRUE(write_selection(scene.bundles(), scene.leaves.size(), scene.genesis(),
                                {ExportForm::selection, held, index}, made));
    scene.finish(made, {ExportForm::selection, asked, index});
    return words_of(verify_export(made, scene.genesis()));
  }
  static bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
  }

  CaseWorld scene;
  const ExportQuery everything{{}, {}, 1, 0};
};

TEST_F(SelectedChannels, for_a_case_are_the_channels_of_which_a_mandate_names_it) {
  const std::vector<ChannelId> hearing{scene.hearing_channel()};
  EXPECT_EQ(channels_of(everything).size(), 2U);
  for (const char* number : {"417", "Order 417", "ORDER", "order 417"})
    EXPECT_EQ(channels_of(of_case(number)), hearing) << number;
  for (const char* number : {"41", "17", "4170", "1417", "417/1", "rder 417", "418"})
    EXPECT_TRUE(channels_of(of_case(number)).empty()) << number;
}

TEST_F(SelectedChannels, mandates_of_later_lines_and_of_altered_ones_name_cases_too) {
  scene.change(sealing::altering(scene.prosecutor.line(RosterRole::read_only)));
  EXPECT_EQ(channels_of(of_case("418")).size(), 1U);
  EXPECT_EQ(channels_of(of_case("417")).size(), 1U);
}

TEST_F(SelectedChannels, marks_of_units_are_no_words_of_a_mandate) {
  scene.change(sealing::removing({scene.prosecutor.id()}));
  sealing::Change change = sealing::adding({scene.prosecutor.line(RosterRole::member)});
  change.add->mandate = sealing::with_unit_marks("Order 419", {UnitId{{7}}});
  scene.change(change);
  EXPECT_EQ(channels_of(of_case("419")).size(), 1U);
  EXPECT_TRUE(channels_of(of_case("unit")).empty());
}

TEST_F(SelectedChannels, must_fit_all_that_is_asked_for) {
  ExportQuery query = of_case("417");
  query.person = scene.clerk.certificate.person;
  EXPECT_EQ(channels_of(query).size(), 1U);
  query.person = scene.auditor.certificate.person;
  EXPECT_TRUE(channels_of(query).empty());
  query = of_case("417");
  query.channel = scene.other_channel;
  EXPECT_TRUE(channels_of(query).empty());
  query = of_case("417");
  query.from_ms = scene.now_ms + 1'000'000;
  EXPECT_TRUE(channels_of(query).empty());
}

// What names the case stands before the period's end, or who verifies does not see it.
TEST_F(SelectedChannels, for_a_period_name_the_case_before_its_end) {
  EXPECT_TRUE(channels_of(of_case("417", scene.time_of_joining())).empty());
  EXPECT_EQ(channels_of(of_case("417", scene.time_of_joining() + 1)).size(), 1U);
}

TEST_F(SelectedChannels, for_a_case_stand_alone_without_what_is_in_no_channel) {
  const auto report = verify_export(scene.export_selection(of_case("417")), scene.genesis());
  ASSERT_TRUE(report) << words_of(report);
  EXPECT_TRUE(report->access.empty());
  EXPECT_EQ(report->audit_count, 1U) << "the question itself";
  EXPECT_EQ(report->head.query.case_number, "417");
}

TEST_F(SelectedChannels, are_reported_with_the_mandate_that_names_the_case) {
  const auto report = verify_export(scene.export_selection(of_case("417")), scene.genesis());
  ASSERT_TRUE(report) << words_of(report);
  const auto& named = report->channels.at(scene.hearing_channel()).case_named;
  ASSERT_TRUE(named);
  EXPECT_EQ(named->mandate, "Order 417");
  EXPECT_EQ(named->said.server_ms, scene.time_of_joining());
  const auto other = verify_export(scene.export_whole(), scene.genesis());
  EXPECT_FALSE(other->channels.at(scene.hearing_channel()).case_named) << "none was asked for";
}

// -- whoever puts in more -------------------------------------------------------------------------

TEST_F(SelectedChannels, control_what_was_asked_for_verifies) {
  EXPECT_EQ(verify(of_case("417"), of_case("417")), "verified");
  EXPECT_EQ(verify(everything, everything), "verified");
}

TEST_F(SelectedChannels, none_of_another_case_is_put_in) {
  EXPECT_TRUE(contains(verify(of_case("417"), everything), "no mandate in it names the case"));
  EXPECT_TRUE(contains(verify(of_case("4170"), of_case("417")), "no mandate in it names the case"));
}

TEST_F(SelectedChannels, none_is_put_in_where_the_person_never_sat) {
  ExportQuery query;
  query.person = scene.clerk.certificate.person;
  EXPECT_TRUE(contains(verify(query, everything), "never sat in it"));
}

TEST_F(SelectedChannels, none_is_put_in_beside_the_channel_that_was_asked_for) {
  const ExportQuery query{scene.hearing_channel(), {}, 0, 0};
  EXPECT_TRUE(contains(verify(query, everything), "another one than was asked for"));
}

TEST_F(SelectedChannels, another_case_than_the_one_recorded_is_refused) {
  MemoryExport files = scene.export_selection(of_case("417"));
  ExportHead head = *parse_export_head(files.contents.at("export"));
  head.query.case_number = "Order 417";
  files.contents["export"] = encode_export_head(head);
  EXPECT_TRUE(
      contains(words_of(verify_export(files, scene.genesis())), "something else was asked for"));
}

}  // namespace
}  // namespace oberih::evidence
