// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/audit_filter.hpp"

#include <gtest/gtest.h>

#include "malformed_input.hpp"

namespace oberih::sealing {
namespace {

AuditFilter of_everything() {
  AuditFilter filter;
  filter.from_ms = 1'000;
  filter.to_ms = 2'000;
  filter.person = PersonId{{1}};
  filter.device = DeviceId{{2}};
  filter.agency = AgencyId{{3}};
  filter.role = Role::judge;
  filter.channel = ChannelId{{4}};
  filter.kind = journal::LeafKind::entry;
  filter.type = 2;
  filter.task = TaskId{{5}};
  filter.hearing = HearingId{{6}};
  filter.handling = 2;
  filter.refusal = 32'020;
  return filter;
}

/// Filters that ask for one thing each, out of one that asks for everything.
std::vector<AuditFilter> of_one_thing_each() {
  const AuditFilter all = of_everything();
  std::vector<AuditFilter> filters(12);
  filters[0].from_ms = all.from_ms;
  filters[1].to_ms = all.to_ms;
  filters[2].person = all.person;
  filters[3].device = all.device;
  filters[4].agency = all.agency;
  filters[5].role = all.role;
  filters[6].channel = all.channel;
  filters[7].kind = all.kind;
  filters[8].task = all.task;
  filters[9].hearing = all.hearing;
  filters[10].handling = all.handling;
  filters[11].refusal = all.refusal;
  return filters;
}

TEST(AuditFilter, comes_back_as_it_was_written) {
  std::vector<AuditFilter> filters = of_one_thing_each();
  filters.push_back(of_everything());
  filters.push_back({});
  for (const AuditFilter& filter : filters) {
    const Result<AuditFilter> back = parse_audit_filter(encode_audit_filter(filter));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, filter);
  }
}

TEST(AuditFilter, is_written_as_the_protocol_says) {
  AuditFilter filter;
  filter.role = Role::auditor;
  filter.refusal = 32'020;
  EXPECT_EQ(encode_audit_filter(filter), (Bytes{1, 2, 6, 11, 13, 125, 20}));
  EXPECT_EQ(encode_audit_filter({}), (Bytes{1, 0}));
}

TEST(AuditFilter, refuses_what_is_cut_short_or_too_long) {
  expect_strict(encode_audit_filter(of_everything()), parse_audit_filter);
}

TEST(AuditFilter, refuses_fields_that_come_twice_in_disorder_or_from_nowhere) {
  for (const Bytes& bytes :
       {Bytes{1, 2, 8, 5, 8, 5}, Bytes{1, 2, 8, 5, 6, 1}, Bytes{1, 1, 0, 1}, Bytes{1, 1, 14, 1},
        Bytes{1, 1, 8, 99}, Bytes{1, 1, 6, 0}, Bytes{1, 1, 6, 12}, Bytes{1, 1, 12, 0},
        Bytes{1, 1, 12, 255}, Bytes{1, 1, 13, 0, 0}, Bytes{1, 2, 8, 5}, Bytes{1, 0, 8, 5}})
    EXPECT_FALSE(parse_audit_filter(bytes)) << bytes.size();
}

TEST(AuditFilter, refuses_what_can_fit_nothing) {
  AuditFilter filter;
  filter.type = 1;  // of no kind
  EXPECT_FALSE(parse_audit_filter(encode_audit_filter(filter)));
  filter.kind = journal::LeafKind::channel_record;
  EXPECT_FALSE(parse_audit_filter(encode_audit_filter(filter)));
  filter.kind = journal::LeafKind::access;
  EXPECT_TRUE(parse_audit_filter(encode_audit_filter(filter)));
  filter = {};
  filter.from_ms = filter.to_ms = 5;
  EXPECT_FALSE(parse_audit_filter(encode_audit_filter(filter)));
  filter = {};
  filter.device = DeviceId{};
  EXPECT_FALSE(parse_audit_filter(encode_audit_filter(filter)));
}

TEST(AuditFilter, fits_where_all_that_it_asks_for_does) {
  const AuditFilter all = of_everything();
  const LeafFacts facts{
      journal::LeafKind::entry, 2, *all.device, *all.task, *all.hearing, 2, 32'020};
  const LeafActor actor{*all.person, *all.agency, *all.role};
  const auto fits_one = [&](const AuditFilter& filter, Milliseconds ms = 1'500) {
    return fits(filter, ms, *all.channel, facts, actor);
  };
  EXPECT_TRUE(fits_one(all));
  EXPECT_TRUE(fits_one({}));
  EXPECT_TRUE(fits_one(all, 1'000));
  EXPECT_FALSE(fits_one(all, 999));
  EXPECT_FALSE(fits_one(all, 2'000));
  for (const AuditFilter& filter : of_one_thing_each()) {
    EXPECT_TRUE(fits_one(filter));
    const bool about_time = filter.from_ms || filter.to_ms;
    EXPECT_EQ(fits(filter, 1'500, ChannelId{{9}},
                   {journal::LeafKind::refusal, 0, DeviceId{{9}}, {}, {}, 0, 0},
                   LeafActor{PersonId{{9}}, AgencyId{{9}}, Role::prosecutor}),
              about_time);
    EXPECT_EQ(fits(filter, 1'500, {}, {}, std::nullopt), about_time);
  }
}

TEST(LeafFacts, every_role_has_its_number_for_ever) {
  EXPECT_EQ(number_of(Role::investigator), 1);
  EXPECT_EQ(number_of(Role::auditor), 11);
  for (std::uint8_t number = 1; number <= 11; ++number)
    EXPECT_EQ(number_of(*role_of(number)), number);
  EXPECT_FALSE(role_of(0));
  EXPECT_FALSE(role_of(12));
}

}  // namespace
}  // namespace oberih::sealing
