// SPDX-License-Identifier: Apache-2.0
// Who is told that work is late: whom the unit's list names, and where it names nobody, the
// agency's supervisors.
#include "server/application/list_alerts.hpp"

#include "tests/unit/sealing/world.hpp"

namespace oberih::application {
namespace {

using sealing::TestDevice;
using sealing::UnitDuty;
using sealing::UnitLine;

class ListAlerts : public testing::Test {
 protected:
  UnitLine line(const TestDevice& device, UnitDuty duty, Milliseconds to_ms = 0,
                const PersonId& absent = {}) const {
    return {device.certificate.person, duty, absent, 0, to_ms};
  }
  void list(const sealing::TestAgency& agency, std::uint32_t number, std::vector<UnitLine> lines) {
    std::sort(lines.begin(), lines.end());
    const sealing::Unit unit{
        agency.agency.id, sealing::made_of<UnitId>(number), 1, {}, "Unit " + std::to_string(number),
        std::move(lines), world_.admin_of(agency).id()};
    const Bytes content = sealing::encode_unit_content(unit);
    const Bytes body =
        sealing::encode_unit_body({content, world_.admin_of(agency).signer.sign("unit", content)});
    ASSERT_EQ(sealing::outcome(world_.append(body, journal::LeafKind::unit)), "accepted");
  }
  /// "- 5": of no unit and of unit 5.
  std::string seen_by(const TestDevice& device, Milliseconds later_ms = 0) const {
    const sealing::DeviceCertificate& certificate = device.certificate;
    const domain::Caller caller{certificate.device, certificate.person, certificate.agency,
                                AgencyKind::police, certificate.role};
    std::string seen;
    const std::vector<UnitId> units =
        units_with_alerts_for(world_.directory, caller, world_.now_ms + later_ms);
    if (std::find(units.begin(), units.end(), UnitId{}) != units.end()) seen += "-";
    for (const std::uint32_t number : {5, 6})
      if (std::find(units.begin(), units.end(), sealing::made_of<UnitId>(number)) != units.end())
        seen += (seen.empty() ? "" : " ") + std::to_string(number);
    return seen;
  }

  sealing::World world_;
  const TestDevice& worker_ = world_.enrol(world_.police(), Role::investigator);
  const TestDevice& lead_ = world_.enrol(world_.police(), Role::investigator);
  const TestDevice& deputy_ = world_.enrol(world_.police(), Role::investigator);
  const TestDevice& chief_ = world_.enrol(world_.police(), Role::supervisor);
  const TestDevice& other_chief_ = world_.enrol(world_.prosecution(), Role::supervisor);
};

TEST_F(ListAlerts, go_to_whom_the_list_names_and_to_who_stands_in) {
  list(world_.police(), 5,
       {line(worker_, UnitDuty::member), line(lead_, UnitDuty::supervisor),
        line(deputy_, UnitDuty::deputy, world_.now_ms + 1'000, lead_.certificate.person)});
  EXPECT_EQ(seen_by(lead_), "5");
  EXPECT_EQ(seen_by(deputy_), "5");
  EXPECT_EQ(seen_by(deputy_, 1'000), "") << "the time is over";
  EXPECT_EQ(seen_by(worker_), "");
  EXPECT_EQ(seen_by(chief_), "-") << "the unit has a supervisor of its own";
}

TEST_F(ListAlerts, go_to_the_agencys_supervisors_where_the_list_names_nobody) {
  list(world_.police(), 5,
       {line(worker_, UnitDuty::member),
        line(deputy_, UnitDuty::deputy, 0, worker_.certificate.person)});
  list(world_.police(), 6,
       {line(worker_, UnitDuty::member), line(lead_, UnitDuty::supervisor, world_.now_ms + 1'000)});
  EXPECT_EQ(seen_by(chief_), "- 5");
  EXPECT_EQ(seen_by(chief_, 1'000), "- 5 6") << "nobody supervises any more";
  EXPECT_EQ(seen_by(lead_, 1'000), "");
  EXPECT_EQ(seen_by(deputy_), "") << "who stands in for a member does not answer for the unit";
  EXPECT_EQ(seen_by(worker_), "");
}

TEST_F(ListAlerts, never_go_to_another_agency) {
  list(world_.police(), 5, {line(worker_, UnitDuty::member)});
  EXPECT_EQ(seen_by(other_chief_), "-") << "of their own agency";
  list(world_.prosecution(), 6, {line(other_chief_, UnitDuty::supervisor)});
  EXPECT_EQ(seen_by(other_chief_), "- 6");
  EXPECT_EQ(seen_by(chief_), "- 5");
}

}  // namespace
}  // namespace oberih::application
