// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/hearing_book.hpp"

#include <gtest/gtest.h>

namespace oberih::client {
namespace {

class Summons : public testing::Test {
 protected:
  Summons() {
    notice.addressees = {{sealing::AddresseeKind::person, agency, {1}},
                         {sealing::AddresseeKind::person, agency, {2}},
                         {sealing::AddresseeKind::no_account, {}, {3}}};
    notice.through_centre = {1};
    summons.called = {{sealing::ProceduralStatus::prosecutor, 0, {}, {}},
                      {sealing::ProceduralStatus::victim, 0, {}, {}},
                      {sealing::ProceduralStatus::witness, 0, "Іваненко", "Одеса"}};
  }
  const AgencyId agency{{7}};
  sealing::HearingNotice notice;
  sealing::SummonsText summons;
};

TEST_F(Summons, fits_where_it_names_whom_the_facts_call) { EXPECT_TRUE(fits(summons, notice)); }

TEST_F(Summons, does_not_fit_where_somebody_is_left_out_or_added) {
  summons.called.pop_back();
  EXPECT_FALSE(fits(summons, notice));
  summons.called.resize(4);
  EXPECT_FALSE(fits(summons, notice));
}

TEST_F(Summons, does_not_fit_where_who_has_no_account_has_no_name) {
  summons.called[2].name.clear();
  EXPECT_FALSE(fits(summons, notice));
}

TEST_F(Summons, does_not_fit_where_it_names_who_is_told_through_the_centre) {
  summons.called[1].name = "Марія";
  EXPECT_FALSE(fits(summons, notice));
  summons.called[1].name.clear();
  summons.called[1].address = "прихисток";
  EXPECT_FALSE(fits(summons, notice));
}

}  // namespace
}  // namespace oberih::client
