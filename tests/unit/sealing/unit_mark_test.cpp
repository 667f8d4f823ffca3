// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/unit_mark.hpp"

#include "world.hpp"

namespace oberih::sealing {
namespace {

const UnitId first = made_of<UnitId>(1);
const UnitId second = made_of<UnitId>(2);

TEST(UnitMark, comes_back_as_it_went) {
  for (const std::string text : {"", "Постанова 417/1", "Order [5]", "a "})
    for (const std::vector<UnitId>& units :
         {std::vector<UnitId>{}, std::vector{first}, std::vector{first, second}}) {
      const MarkedMandate marked = read_unit_marks(with_unit_marks(text, units));
      EXPECT_EQ(marked.text, text);
      EXPECT_EQ(marked.units, units);
    }
}

TEST(UnitMark, has_a_fixed_form) {
  EXPECT_EQ(with_unit_marks("Order 5", {first}), "Order 5 [unit 000000010000000000000000000000a5]");
  EXPECT_EQ(with_unit_marks("", {first}), "[unit 000000010000000000000000000000a5]");
}

TEST(UnitMark, counts_whole_and_at_the_end_alone) {
  const std::string good = with_unit_marks("Order 5", {first});
  for (const std::string mandate :
       {good + " ", good + ".", " " + with_unit_marks("", {first}),
        "x" + with_unit_marks("", {first}), good.substr(0, good.size() - 1),
        std::string("Order [unit 00000001]"),
        std::string("Order [unit 000000010000000000000000000000A5]"),
        std::string("Order  [UNIT 000000010000000000000000000000a5]")})
    EXPECT_TRUE(read_unit_marks(mandate).units.empty()) << mandate;
}

TEST(UnitMark, units_that_do_not_ascend_are_none) {
  for (const std::vector<UnitId>& units : {std::vector{second, first}, std::vector{first, first}}) {
    const std::string mandate = with_unit_marks("Order", units);
    EXPECT_TRUE(read_unit_marks(mandate).units.empty());
    EXPECT_EQ(read_unit_marks(mandate).text, mandate);
  }
}

}  // namespace
}  // namespace oberih::sealing
