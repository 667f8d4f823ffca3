// SPDX-License-Identifier: Apache-2.0
#include "protocol/encoding/case_folding.hpp"

#include <gtest/gtest.h>

namespace oberih::encoding {
namespace {

TEST(CaseFolding, makes_case_no_difference) {
  EXPECT_EQ(fold_case("ВІДДІЛ Їжак"), "відділ їжак");
  EXPECT_EQ(fold_case("Unit FIVE"), "unit five");
  EXPECT_EQ(fold_case("Straße"), "strasse");
  EXPECT_EQ(fold_case(""), "");
}

TEST(CaseFolding, composes) { EXPECT_EQ(fold_case("И\u0306"), "й"); }

TEST(CaseFolding, refuses_what_is_no_text) { EXPECT_EQ(fold_case("\xff"), std::nullopt); }

}  // namespace
}  // namespace oberih::encoding
