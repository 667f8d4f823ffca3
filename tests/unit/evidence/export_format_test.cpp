// SPDX-License-Identifier: Apache-2.0
// What is asked for has one form: a question of before is written as it was.
#include "protocol/evidence/export_format.hpp"

#include "protocol/base/byte_writer.hpp"
#include "protocol/sealing/audit_leaf.hpp"
#include "tests/unit/sealing/malformed_input.hpp"

namespace oberih::evidence {
namespace {

ExportQuery of_a_period() { return {{}, PersonId{{9}}, 1'800'000'000'000, 1'800'000'000'001}; }
ExportQuery of_a_case(std::string number) {
  ExportQuery query = of_a_period();
  query.case_number = std::move(number);
  return query;
}
/// As anybody may write it.
Bytes bytes_of_case(std::string_view number) {
  ByteWriter query;
  query.u8(2).raw(ChannelId{}).raw(PersonId{}).u64(0).u64(0).vec(number);
  return query.take();
}

TEST(ExportQuery, comes_back_as_it_was_written) {
  for (const ExportQuery& query :
       {ExportQuery{}, of_a_period(), of_a_case("ухвала № 417/2027-к")}) {
    const Result<ExportQuery> back = parse_export_query(encode_export_query(query));
    ASSERT_TRUE(back) << back.error().detail;
    EXPECT_EQ(*back, query);
  }
}

TEST(ExportQuery, without_a_case_is_written_as_before_there_were_cases) {
  const Bytes bytes = encode_export_query(of_a_period());
  EXPECT_EQ(bytes.size(), 1U + 32 + 16 + 8 + 8);
  EXPECT_EQ(bytes[0], 1);
  const Bytes with_case = encode_export_query(of_a_case("417"));
  EXPECT_EQ(with_case.size(), bytes.size() + 4 + 3);
  EXPECT_EQ(with_case[0], 2);
}

TEST(ExportQuery, refuses_what_is_cut_short_or_too_long) {
  sealing::expect_strict(encode_export_query(of_a_period()), parse_export_query);
  sealing::expect_strict(encode_export_query(of_a_case("417")), parse_export_query);
}

TEST(ExportQuery, has_a_case_that_a_person_could_type_or_none) {
  const std::string longest(sealing::export_case_bytes, '7');
  EXPECT_TRUE(parse_export_query(bytes_of_case(longest)));
  for (const std::string& number :
       {std::string(), longest + '7', std::string("417\n"), std::string("\u202e417"),
        std::string("и\u0306"), std::string("417\xff"), std::string("417\0", 4)})
    EXPECT_FALSE(parse_export_query(bytes_of_case(number))) << number;
}

TEST(ExportQuery, of_a_case_is_no_whole_journal_and_no_channel_alone) {
  EXPECT_FALSE((ExportQuery{{}, {}, 0, 0, "417"}.is_whole()));
  EXPECT_FALSE((ExportQuery{ChannelId{{7}}, {}, 0, 0, "417"}.is_of_one_channel()));
  EXPECT_TRUE((ExportQuery{ChannelId{{7}}, {}, 0, 0}.is_of_one_channel()));
}

TEST(ExportHead, of_a_case_is_a_selection_s_alone) {
  const std::string longest(sealing::export_case_bytes, '7');
  const ExportHead head{ExportForm::selection, of_a_case(longest), 9};
  const Result<ExportHead> back = parse_export_head(encode_export_head(head));
  ASSERT_TRUE(back) << back.error().detail;
  EXPECT_EQ(back->query, head.query);
  for (const ExportForm form : {ExportForm::whole, ExportForm::excerpt})
    EXPECT_FALSE(
        parse_export_head(encode_export_head({form, {ChannelId{{7}}, {}, 0, 0, "417"}, 9})));
}

}  // namespace
}  // namespace oberih::evidence
