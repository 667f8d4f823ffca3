// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/device_certificate.hpp"

#include "malformed_input.hpp"
#include "world.hpp"

namespace oberih::sealing {
namespace {

TEST(DeviceCertificateTest, comes_back_as_it_went_and_is_strict) {
  World world;
  const DeviceCertificate certificate =
      world.prepare(world.police(), Role::investigator).certificate;
  const Bytes content = encode_certificate_content(certificate);
  Result<DeviceCertificate> back = parse_certificate_content(content);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->role, Role::investigator);
  EXPECT_EQ(encode_certificate_content(*back), content);
  expect_strict(content, parse_certificate_content);
}

TEST(DeviceCertificateTest, refuses_an_unknown_role) {
  World world;
  const DeviceCertificate certificate = world.prepare(world.court(), Role::judge).certificate;
  Bytes content = encode_certificate_content(certificate);
  content[1 + 4 * 16 + 4] = 'J';
  EXPECT_FALSE(parse_certificate_content(content));
}

TEST(DeviceCertificateTest, refuses_a_validity_that_ends_before_it_begins) {
  World world;
  DeviceCertificate certificate = world.prepare(world.court(), Role::judge).certificate;
  certificate.not_after_ms = certificate.not_before_ms;
  EXPECT_FALSE(parse_certificate_content(encode_certificate_content(certificate)));
  certificate.not_after_ms = certificate.not_before_ms - 1;
  EXPECT_FALSE(parse_certificate_content(encode_certificate_content(certificate)));
}

TEST(DeviceCertificateTest, refuses_the_ids_that_stand_for_nobody) {
  World world;
  DeviceCertificate certificate = world.prepare(world.court(), Role::judge).certificate;
  certificate.device = {};
  EXPECT_FALSE(parse_certificate_content(encode_certificate_content(certificate)));
  certificate = world.prepare(world.court(), Role::judge).certificate;
  certificate.person = {};
  EXPECT_FALSE(parse_certificate_content(encode_certificate_content(certificate)));
}

TEST(DeviceCertificateTest, body_is_strict) {
  expect_strict(encode_certificate_body({Bytes(5, 1), {}, {}}), parse_certificate_body, false);
}

TEST(DeviceRevocationTest, comes_back_as_it_went_and_is_strict) {
  const Bytes content =
      encode_revocation_content({made_of<AgencyId>(1), made_of<DeviceId>(2), 3, {}});
  Result<DeviceRevocation> back = parse_revocation_content(content);
  ASSERT_TRUE(back);
  EXPECT_EQ(encode_revocation_content(*back), content);
  expect_strict(content, parse_revocation_content);
  expect_strict(encode_revocation_body({content, {}}), parse_revocation_body, false);
}

TEST(DeviceRevocationTest, refuses_unknown_reasons) {
  for (std::uint8_t reason : {0, 6, 255})
    EXPECT_FALSE(parse_revocation_content(
        encode_revocation_content({made_of<AgencyId>(1), made_of<DeviceId>(2), reason, {}})));
}

TEST(NameHash, depends_on_salt_and_name) {
  const NameSalt salt = made_of<NameSalt>(1);
  EXPECT_EQ(name_hash(salt, "Оксана"), name_hash(salt, "Оксана"));
  EXPECT_NE(name_hash(salt, "Оксана"), name_hash(salt, "Оксано"));
  EXPECT_NE(name_hash(salt, "Оксана"), name_hash(made_of<NameSalt>(2), "Оксана"));
}

}  // namespace
}  // namespace oberih::sealing
