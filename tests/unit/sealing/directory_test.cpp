// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/directory.hpp"

#include "world.hpp"

namespace oberih::sealing {
namespace {

using journal::LeafKind;

class DirectoryTest : public testing::Test {
 protected:
  std::string certify(const DeviceCertificate& certificate, const crypto::Signer& certifier,
                      const crypto::Signer& possessor) {
    return outcome(world_.append(World::certify(certificate, certifier, possessor),
                                 LeafKind::device_certificate));
  }
  /// By whoever should certify it.
  std::string certify(const TestAgency& agency, const TestDevice& device) {
    return certify(device.certificate, world_.certifier_of(agency, device.certificate.role),
                   device.signer);
  }
  std::string revoke(const TestDevice& device, const TestDevice& signer) {
    return outcome(world_.append(World::revocation(device, signer.id(), signer.signer),
                                 LeafKind::device_revocation));
  }

  World world_;
};

TEST_F(DirectoryTest, begins_with_a_genesis_and_has_one) {
  Directory empty;
  EXPECT_TRUE(empty.is_empty());
  const TestDevice device = world_.prepare(world_.police(), Role::agency_admin);
  const Bytes body =
      World::certify(device.certificate, world_.police().root, device.signer);
  EXPECT_EQ(outcome(empty.judge(LeafKind::device_certificate, body, 1, world_.now_ms)),
            "malformed_object");
  EXPECT_EQ(outcome(empty.judge(LeafKind::genesis, world_.genesis_body(), 1, world_.now_ms)),
            "id_taken");
  EXPECT_EQ(outcome(world_.directory.judge(LeafKind::genesis, world_.genesis_body(), 0,
                                           world_.now_ms)),
            "id_taken");
  EXPECT_EQ(world_.directory.genesis_hash(),
            genesis_hash(encode_genesis_content(world_.genesis())));
}

TEST_F(DirectoryTest, refuses_kinds_it_does_not_understand) {
  for (LeafKind kind : {LeafKind::channel_record, LeafKind::entry, LeafKind::refusal})
    EXPECT_EQ(outcome(world_.directory.judge(kind, Bytes{1}, 50, world_.now_ms)),
              "malformed_object");
}

TEST_F(DirectoryTest, root_certifies_administrators_and_nobody_else) {
  TestDevice investigator = world_.prepare(world_.police(), Role::investigator);
  investigator.certificate.certifier_device = {};
  EXPECT_EQ(certify(investigator.certificate, world_.police().root, investigator.signer),
            "not_certifier");
  TestDevice administrator = world_.prepare(world_.police(), Role::agency_admin);
  administrator.certificate.certifier_device = world_.admin_of(world_.police()).id();
  EXPECT_EQ(certify(administrator.certificate, world_.admin_of(world_.police()).signer,
                    administrator.signer),
            "not_certifier");
  administrator.certificate.certifier_device = {};
  EXPECT_EQ(certify(world_.police(), administrator), "accepted");
}

TEST_F(DirectoryTest, administrator_certifies_own_agency_only) {
  TestDevice device = world_.prepare(world_.police(), Role::investigator);
  device.certificate.certifier_device = world_.admin_of(world_.court()).id();
  EXPECT_EQ(certify(device.certificate, world_.admin_of(world_.court()).signer, device.signer),
            "not_certifier");
  device.certificate.certifier_device = made_of<DeviceId>(9'999);
  EXPECT_EQ(certify(device.certificate, world_.admin_of(world_.police()).signer, device.signer),
            "not_certifier");
  const TestDevice& officer = world_.enrol(world_.police(), Role::supervisor);
  device.certificate.certifier_device = officer.id();
  EXPECT_EQ(certify(device.certificate, officer.signer, device.signer), "not_certifier");
  device.certificate.agency = made_of<AgencyId>(99);
  EXPECT_EQ(certify(device.certificate, officer.signer, device.signer), "not_certifier");
}

TEST_F(DirectoryTest, revoked_or_expired_administrator_certifies_nobody) {
  const TestDevice device = world_.prepare(world_.police(), Role::investigator);
  world_.now_ms = World::ends_ms + 1;
  EXPECT_EQ(certify(world_.police(), device), "certificate_expired");
  world_.now_ms = World::begins_ms - 1;
  EXPECT_EQ(certify(world_.police(), device), "certificate_expired");
  world_.now_ms = World::begins_ms;
  world_.revoke(world_.admin_of(world_.police()));
  EXPECT_EQ(certify(world_.police(), device), "device_revoked");
}

TEST_F(DirectoryTest, agency_certifies_only_roles_of_its_kind) {
  const auto try_role = [&](TestAgency& agency, Role role) {
    return certify(agency, world_.prepare(agency, role));
  };
  EXPECT_EQ(try_role(world_.police(), Role::judge), "role_not_allowed");
  EXPECT_EQ(try_role(world_.police(), Role::auditor), "role_not_allowed");
  EXPECT_EQ(try_role(world_.ngo(), Role::prosecutor), "role_not_allowed");
  EXPECT_EQ(try_role(world_.court(), Role::judge), "accepted");
  EXPECT_EQ(try_role(world_.oversight(), Role::auditor), "accepted");
  EXPECT_EQ(try_role(world_.ngo(), Role::supervisor), "accepted");
}

TEST_F(DirectoryTest, wants_both_signatures_under_their_own_labels) {
  const TestDevice device = world_.prepare(world_.police(), Role::investigator);
  const crypto::Signer& admin = world_.admin_of(world_.police()).signer;
  EXPECT_EQ(certify(device.certificate, world_.police().root, device.signer), "bad_signature");
  EXPECT_EQ(certify(device.certificate, admin, admin), "bad_signature");
  const Bytes content = encode_certificate_content(device.certificate);
  const Bytes confused = encode_certificate_body(
      {content, admin.sign("device-pop", content), device.signer.sign("device-cert", content)});
  EXPECT_EQ(outcome(world_.append(confused, LeafKind::device_certificate)), "bad_signature");
  EXPECT_EQ(certify(world_.police(), device), "accepted");
}

TEST_F(DirectoryTest, refuses_keys_of_low_order) {
  TestDevice device = world_.prepare(world_.police(), Role::investigator);
  device.certificate.hpke_key = {};
  EXPECT_EQ(certify(world_.police(), device), "unacceptable_key");
  device = world_.prepare(world_.police(), Role::investigator);
  device.certificate.signature_key = {};
  EXPECT_EQ(certify(world_.police(), device), "unacceptable_key");
}

TEST_F(DirectoryTest, ids_and_keys_belong_to_their_first_bearer_for_ever) {
  const TestDevice& first = world_.enrol(world_.police(), Role::investigator);
  const auto with = [&](auto change) {
    TestDevice second = world_.prepare(world_.prosecution(), Role::prosecutor);
    change(second.certificate);
    return certify(world_.prosecution(), second);
  };
  EXPECT_EQ(with([&](DeviceCertificate& c) { c.device = first.id(); }), "id_taken");
  EXPECT_EQ(with([&](DeviceCertificate& c) { c.hpke_key = first.certificate.hpke_key; }),
            "id_taken");
  EXPECT_EQ(with([&](DeviceCertificate& c) { c.tls_spki = first.certificate.tls_spki; }),
            "id_taken");
  EXPECT_EQ(with([&](DeviceCertificate& c) { c.tls_spki = world_.genesis().server_spki; }),
            "id_taken");
  EXPECT_EQ(with([&](DeviceCertificate& c) { c.person = first.certificate.person; }), "id_taken");
  TestDevice same_key = world_.prepare(world_.prosecution(), Role::prosecutor);
  same_key.certificate.signature_key = first.certificate.signature_key;
  EXPECT_EQ(certify(same_key.certificate, world_.admin_of(world_.prosecution()).signer,
                    first.signer),
            "id_taken");
  world_.revoke(first);
  EXPECT_EQ(with([&](DeviceCertificate& c) { c.tls_spki = first.certificate.tls_spki; }),
            "id_taken");
}

TEST_F(DirectoryTest, roots_key_is_no_device_key) {
  TestDevice device = world_.prepare(world_.police(), Role::investigator);
  device.certificate.signature_key = world_.police().root.public_key();
  EXPECT_EQ(certify(device.certificate, world_.admin_of(world_.police()).signer,
                    world_.police().root),
            "id_taken");
}

TEST_F(DirectoryTest, person_may_have_several_devices) {
  const TestDevice& first = world_.enrol(world_.police(), Role::investigator);
  const TestDevice& second =
      world_.enrol(world_.police(), Role::investigator, first.certificate.person);
  EXPECT_NE(first.id(), second.id());
  EXPECT_EQ(world_.directory.find_device_by_spki(second.certificate.tls_spki)->certificate.device,
            second.id());
}

TEST_F(DirectoryTest, renewal_repeats_everything_and_ends_later) {
  const TestDevice& device = world_.enrol(world_.police(), Role::investigator);
  const crypto::Signer& admin = world_.admin_of(world_.police()).signer;
  const auto renew = [&](auto change) {
    DeviceCertificate renewal = device.certificate;
    renewal.not_after_ms += 1'000;
    change(renewal);
    return certify(renewal, admin, device.signer);
  };
  EXPECT_EQ(renew([](DeviceCertificate& c) { c.not_after_ms -= 1'000; }), "id_taken");
  EXPECT_EQ(renew([](DeviceCertificate& c) { c.role = Role::supervisor; }), "id_taken");
  EXPECT_EQ(renew([](DeviceCertificate& c) { c.person.bytes[0] ^= 1; }), "id_taken");
  EXPECT_EQ(renew([](DeviceCertificate& c) { c.tls_spki.bytes[0] ^= 1; }), "id_taken");
  EXPECT_EQ(renew([&](DeviceCertificate& c) {
              c.hpke_key = world_.prepare(world_.police(), Role::liaison).certificate.hpke_key;
            }),
            "id_taken");
  EXPECT_EQ(renew([](DeviceCertificate&) {}), "accepted");
  world_.revoke(device);
  EXPECT_EQ(renew([](DeviceCertificate& c) { c.not_after_ms += 1'000; }), "device_revoked");
}

TEST_F(DirectoryTest, renewal_takes_nothing_back_from_what_was) {
  const TestDevice& device = world_.enrol(world_.police(), Role::investigator);
  const std::uint64_t before = world_.next_index;
  DeviceCertificate renewal = device.certificate;
  renewal.not_before_ms = World::ends_ms - 10;
  renewal.not_after_ms = World::ends_ms + 1'000;
  EXPECT_EQ(certify(renewal, world_.admin_of(world_.police()).signer, device.signer), "accepted");
  EXPECT_TRUE(world_.directory.is_active(device.id(), before - 1, world_.now_ms));
  EXPECT_TRUE(world_.directory.is_active(device.id(), before + 5, world_.now_ms));
  EXPECT_TRUE(world_.directory.is_active(device.id(), before + 5, World::ends_ms + 500));
  EXPECT_EQ(world_.directory.standing(device.id(), before - 1, World::ends_ms + 500),
            Standing::expired);
}

TEST_F(DirectoryTest, standing_follows_index_and_time) {
  const std::uint64_t certified = world_.next_index;
  const TestDevice& device = world_.enrol(world_.police(), Role::investigator);
  const auto standing = [&](std::uint64_t index, Milliseconds ms) {
    return world_.directory.standing(device.id(), index, ms);
  };
  EXPECT_EQ(standing(certified - 1, world_.now_ms), Standing::unknown);
  EXPECT_EQ(standing(certified + 1, World::begins_ms - 1), Standing::not_yet_valid);
  EXPECT_EQ(standing(certified + 1, World::begins_ms), Standing::active);
  EXPECT_EQ(standing(certified + 1, World::ends_ms), Standing::active);
  EXPECT_EQ(standing(certified + 1, World::ends_ms + 1), Standing::expired);
  const std::uint64_t revoked = world_.next_index;
  world_.revoke(device);
  EXPECT_EQ(standing(revoked - 1, world_.now_ms), Standing::active);
  EXPECT_EQ(standing(revoked, world_.now_ms), Standing::revoked);
  EXPECT_EQ(standing(revoked + 1, world_.now_ms), Standing::revoked);
  EXPECT_EQ(world_.directory.standing(made_of<DeviceId>(9'999), revoked, world_.now_ms),
            Standing::unknown);
  EXPECT_EQ(world_.directory.revocations(), 1u);
}

TEST_F(DirectoryTest, administrators_and_supervisors_of_the_agency_revoke) {
  TestDevice& supervisor = world_.enrol(world_.police(), Role::supervisor);
  TestDevice& officer = world_.enrol(world_.police(), Role::investigator);
  TestDevice& colleague = world_.enrol(world_.police(), Role::investigator);
  TestDevice& stranger = world_.enrol(world_.court(), Role::supervisor);
  EXPECT_EQ(revoke(officer, colleague), "not_certifier");
  EXPECT_EQ(revoke(officer, officer), "not_certifier");
  EXPECT_EQ(revoke(officer, stranger), "not_certifier");
  EXPECT_EQ(revoke(officer, supervisor), "accepted");
  EXPECT_EQ(revoke(officer, supervisor), "device_revoked");
  EXPECT_EQ(revoke(colleague, world_.admin_of(world_.police())), "accepted");
  world_.revoke(supervisor);
  TestDevice& third = world_.enrol(world_.police(), Role::investigator);
  EXPECT_EQ(revoke(third, supervisor), "device_revoked");
}

TEST_F(DirectoryTest, revocation_names_the_devices_agency_and_is_signed) {
  TestDevice& officer = world_.enrol(world_.police(), Role::investigator);
  TestDevice pretended = world_.prepare(world_.court(), Role::judge);
  pretended.certificate.device = officer.id();
  EXPECT_EQ(outcome(world_.append(World::revocation(pretended, {}, world_.court().root),
                                  LeafKind::device_revocation)),
            "not_certifier");
  EXPECT_EQ(outcome(world_.append(World::revocation(officer, {}, world_.court().root),
                                  LeafKind::device_revocation)),
            "bad_signature");
  const TestDevice unknown = world_.prepare(world_.police(), Role::investigator);
  EXPECT_EQ(outcome(world_.append(World::revocation(unknown, {}, world_.police().root),
                                  LeafKind::device_revocation)),
            "unknown_device");
}

TEST_F(DirectoryTest, chain_of_leaves_has_no_gap_and_never_goes_back) {
  Directory directory;
  const auto leaf = [&](LeafKind kind, const Bytes& body, Milliseconds server_ms) {
    return journal::encode_leaf({kind, server_ms, {}, directory.count() + 1,
                                 directory.newest_leaf(), body});
  };
  const Bytes genesis = leaf(LeafKind::genesis, world_.genesis_body(), 5);
  EXPECT_EQ(outcome(directory.apply_leaf(genesis, 0)), "accepted");
  EXPECT_EQ(directory.newest_leaf(), journal::leaf_hash(genesis));
  EXPECT_EQ(outcome(directory.apply_leaf(genesis, 0)), "verification_failed");

  const TestDevice device = world_.prepare(world_.police(), Role::agency_admin);
  DeviceCertificate certificate = device.certificate;
  certificate.certifier_device = {};
  const Bytes body = World::certify(certificate, world_.police().root, device.signer);
  const Bytes good = leaf(LeafKind::device_certificate, body, 5);
  EXPECT_EQ(outcome(directory.apply_leaf(leaf(LeafKind::device_certificate, body, 4), 1)),
            "verification_failed");
  EXPECT_EQ(outcome(directory.apply_leaf(good, 0)), "verification_failed");
  const Bytes gap = journal::encode_leaf(
      {LeafKind::device_certificate, 5, {}, 3, directory.newest_leaf(), body});
  EXPECT_EQ(outcome(directory.apply_leaf(gap, 1)), "verification_failed");
  const Bytes fork = journal::encode_leaf(
      {LeafKind::device_certificate, 5, {}, 2, made_of<Digest>(1), body});
  EXPECT_EQ(outcome(directory.apply_leaf(fork, 1)), "verification_failed");
  EXPECT_EQ(directory.count(), 1u);
  EXPECT_EQ(outcome(directory.apply_leaf(good, 7)), "accepted");
  EXPECT_EQ(directory.count(), 2u);
  EXPECT_EQ(directory.newest_index(), 7u);
}

TEST_F(DirectoryTest, refused_leaf_changes_nothing) {
  const std::size_t devices = world_.directory.devices().size();
  const TestDevice device = world_.prepare(world_.police(), Role::judge);
  EXPECT_EQ(certify(world_.police(), device), "role_not_allowed");
  EXPECT_EQ(world_.directory.devices().size(), devices);
  EXPECT_EQ(world_.directory.find_device(device.id()), nullptr);
  EXPECT_EQ(world_.directory.find_device_by_spki(device.certificate.tls_spki), nullptr);
}

}  // namespace
}  // namespace oberih::sealing
