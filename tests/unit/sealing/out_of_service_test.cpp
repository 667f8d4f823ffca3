// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/out_of_service.hpp"

#include <functional>

#include "malformed_input.hpp"
#include "protocol/encoding/hex.hpp"
#include "world.hpp"

namespace oberih::sealing {
namespace {

using journal::LeafKind;

OutOfService known_interval() {
  return {made_of<AgencyId>(1),
          made_of<IntervalId>(2),
          1,
          {},
          false,
          OutOfServiceReason::blackout,
          1'000,
          2'000,
          made_of<DeviceId>(3)};
}

TEST(OutOfService, has_fixed_bytes) {
  const Bytes content = encode_out_of_service_content(known_interval());
  EXPECT_EQ(encoding::encode_hex(content),
            "01"
            "000000010000000000000000000000a5"
            "000000020000000000000000000000a5"
            "0000000000000001"
            "0000000000000000000000000000000000000000000000000000000000000000"
            "00"
            "01"
            "00000000000003e8"
            "00000000000007d0"
            "000000030000000000000000000000a5");
  EXPECT_EQ(encoding::encode_hex(out_of_service_hash(content)),
            "2943250bdbee0c256fb6b6c4953152f8981b7cd3c87f35bc0038e7d072a39f16");
}

TEST(OutOfService, is_parsed_strictly) {
  const Bytes content = encode_out_of_service_content(known_interval());
  expect_strict(content, parse_out_of_service_content);
  expect_strict(encode_out_of_service_body({content, {}}), parse_out_of_service_body, false);
}

TEST(OutOfService, refuses_nonsense) {
  const auto with = [](const std::function<void(OutOfService&)>& change) {
    OutOfService interval = known_interval();
    change(interval);
    return outcome_of(parse_out_of_service_content(encode_out_of_service_content(interval)));
  };
  EXPECT_EQ(with([](OutOfService&) {}), "accepted");
  EXPECT_EQ(with([](OutOfService& i) { i.to_ms = 0; }), "accepted") << "until further notice";
  EXPECT_EQ(with([](OutOfService& i) { i.to_ms = i.from_ms; }), "malformed_object");
  EXPECT_EQ(with([](OutOfService& i) { i.to_ms = i.from_ms - 1; }), "malformed_object");
  EXPECT_EQ(with([](OutOfService& i) { i.id = {}; }), "malformed_object");
  EXPECT_EQ(with([](OutOfService& i) { i.signer = {}; }), "malformed_object");
  EXPECT_EQ(with([](OutOfService& i) { i.version = 0; }), "malformed_object");
  EXPECT_EQ(with([](OutOfService& i) { i.version = 2; }), "malformed_object");
  EXPECT_EQ(with([](OutOfService& i) { i.previous = made_of<Digest>(1); }), "malformed_object");
  EXPECT_EQ(with([](OutOfService& i) { i.is_withdrawn = true; }), "malformed_object")
      << "withdrawn before it was declared";
  for (int reason : {0, 7, 255})
    EXPECT_EQ(with([&](OutOfService& i) { i.reason = static_cast<OutOfServiceReason>(reason); }),
              "malformed_object");
  Bytes state = encode_out_of_service_content(known_interval());
  state[1 + 16 + 16 + 8 + 32] = 2;
  EXPECT_FALSE(parse_out_of_service_content(state)) << "neither declared nor withdrawn";
}

TEST(OutOfService, reasons_have_words) {
  for (std::uint8_t number = 1; number <= 6; ++number) {
    const auto reason = static_cast<OutOfServiceReason>(number);
    EXPECT_EQ(find_out_of_service_reason(name_of(reason)), reason);
  }
  EXPECT_EQ(find_out_of_service_reason("holiday"), std::nullopt);
  EXPECT_EQ(find_out_of_service_reason(""), std::nullopt);
}

class DirectoryOutOfServiceTest : public testing::Test {
 protected:
  OutOfService declared(std::uint32_t number = 60) {
    OutOfService interval = known_interval();
    interval.agency = world_.police().agency.id;
    interval.id = made_of<IntervalId>(number);
    return interval;
  }
  OutOfService next(OutOfService interval) {
    const OutOfServiceInForce* newest = world_.directory.find_out_of_service(interval.id);
    interval.version = newest->interval.version + 1;
    interval.previous = newest->hash;
    return interval;
  }
  std::string append(OutOfService interval, const TestDevice& signer,
                     std::string_view label = "out-of-service") {
    interval.signer = signer.id();
    const Bytes content = encode_out_of_service_content(interval);
    return outcome(
        world_.append(encode_out_of_service_body({content, signer.signer.sign(label, content)}),
                      LeafKind::out_of_service));
  }
  std::string append(const OutOfService& interval) { return append(interval, admin_); }
  std::size_t excuses_at(Milliseconds ms) {
    return world_.directory.out_of_service_at(world_.police().agency.id, ms, UINT64_MAX).size();
  }

  World world_;
  TestDevice& admin_ = world_.admin_of(world_.police());
};

TEST_F(DirectoryOutOfServiceTest, administrators_and_supervisors_of_the_agency_declare) {
  const TestDevice& supervisor = world_.enrol(world_.police(), Role::supervisor);
  const TestDevice& officer = world_.enrol(world_.police(), Role::investigator);
  EXPECT_EQ(append(declared(), officer), "not_in_charge");
  EXPECT_EQ(append(declared(), world_.admin_of(world_.court())), "not_in_charge");
  EXPECT_EQ(append(declared(), admin_, "unit"), "bad_signature");
  EXPECT_EQ(append(declared(), supervisor), "accepted");
  world_.revoke(supervisor);
  EXPECT_EQ(append(next(declared()), supervisor), "device_revoked");
  EXPECT_EQ(append(next(declared())), "accepted");
}

TEST_F(DirectoryOutOfServiceTest, versions_follow_one_another_and_the_id_is_the_agencys) {
  ASSERT_EQ(append(declared()), "accepted");
  EXPECT_EQ(append(declared()), "stale_version");
  OutOfService other = next(declared());
  other.previous = made_of<Digest>(9);
  EXPECT_EQ(append(other), "stale_version");
  other = next(declared());
  other.version = 3;
  EXPECT_EQ(append(other), "stale_version");
  other = next(declared());
  other.agency = world_.court().agency.id;
  EXPECT_EQ(append(other, world_.admin_of(world_.court())), "id_taken");
}

TEST_F(DirectoryOutOfServiceTest, is_declared_open_then_ended_corrected_and_withdrawn) {
  OutOfService interval = declared();
  interval.to_ms = 0;
  ASSERT_EQ(append(interval), "accepted");
  const std::uint64_t declared_index = world_.next_index - 1;
  EXPECT_EQ(excuses_at(999), 0u);
  EXPECT_EQ(excuses_at(1'000), 1u);
  EXPECT_EQ(excuses_at(999'999), 1u);
  interval.to_ms = 5'000;
  ASSERT_EQ(append(next(interval)), "accepted");
  EXPECT_EQ(excuses_at(4'999), 1u);
  EXPECT_EQ(excuses_at(5'000), 0u);
  interval.from_ms = 500;
  ASSERT_EQ(append(next(interval)), "accepted");
  EXPECT_EQ(excuses_at(500), 1u);
  interval.is_withdrawn = true;
  ASSERT_EQ(append(next(interval)), "accepted");
  EXPECT_EQ(excuses_at(500), 0u);
  const AgencyId police = world_.police().agency.id;
  EXPECT_EQ(world_.directory.out_of_service_at(police, 999'999, declared_index).size(), 1u)
      << "as it was known then";
  EXPECT_EQ(world_.directory.out_of_service_at(police, 999'999, declared_index - 1).size(), 0u);
  ASSERT_EQ(world_.directory.out_of_service_of(police).size(), 1u);
  EXPECT_TRUE(world_.directory.out_of_service_of(police)[0]->interval.is_withdrawn);
  EXPECT_TRUE(world_.directory.out_of_service_of(world_.court().agency.id).empty());
}

TEST_F(DirectoryOutOfServiceTest, refused_interval_changes_nothing) {
  EXPECT_EQ(append(declared(), world_.admin_of(world_.court())), "not_in_charge");
  EXPECT_EQ(world_.directory.find_out_of_service(declared().id), nullptr);
  EXPECT_TRUE(world_.directory.out_of_service_of(world_.police().agency.id).empty());
}

}  // namespace
}  // namespace oberih::sealing
