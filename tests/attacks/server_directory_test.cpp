// SPDX-License-Identifier: Apache-2.0
// A malicious server lies about who is who, and about how far the journal reaches: with the journal
// key in its hand, and with an agency's administrator at its side where that helps.
#include "protocol/crypto/certificate.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/encoding/base64.hpp"
#include "tests/attacks/server_attack.hpp"

namespace oberih::attacks {
namespace {

class ServerAttackOnDirectory : public ServerAttack {
 protected:
  /// A leaf at the end of the directory, with a checkpoint over it.
  void expect_leaf_refused(std::string_view why, const wire::DirectoryAppend& leaf) {
    expect_directory_refused(why, [&](auto& leaves) { leaves.push_back(directory_leaf_of(leaf)); });
  }
  Device newcomer(Role role = Role::investigator) {
    return new_device(scene().police().agency, role);
  }
  wire::DirectoryAppend certified_by_police(Device& device) {
    return certify(device, &scene().police_admin(), scene().police_admin().signer());
  }
};

wire::DirectoryLeaf& certificate_leaf_of(std::vector<wire::DirectoryLeaf>& leaves,
                                         const DeviceId& device) {
  for (wire::DirectoryLeaf& each : leaves) {
    const journal::Leaf leaf = leaf_of(each.leaf);
    if (leaf.kind != journal::LeafKind::device_certificate) continue;
    const auto body = sealing::parse_certificate_body(leaf.body).value();
    if (sealing::parse_certificate_content(body.content).value().device == device) return each;
  }
  throw std::logic_error("no such certificate");
}

TEST_F(ServerAttackOnDirectory, a_swapped_hpke_key_of_a_device_is_refused) {
  expect_directory_refused("bad_signature", [&](std::vector<wire::DirectoryLeaf>& leaves) {
    change_leaf(certificate_leaf_of(leaves, scene().odesa().id()).leaf, [&](journal::Leaf& leaf) {
      auto body = sealing::parse_certificate_body(leaf.body).value();
      auto certificate = sealing::parse_certificate_content(body.content).value();
      certificate.hpke_key =
          new_device(scene().police().agency, Role::investigator).certificate.hpke_key;
      body.content = sealing::encode_certificate_content(certificate);
      leaf.body = sealing::encode_certificate_body(body);
    });
  });
}

TEST_F(ServerAttackOnDirectory, a_certificate_signed_by_another_agency_is_refused) {
  Device ghost = newcomer();
  expect_leaf_refused("not_certifier", certify(ghost, &scene().prosecution_admin(),
                                               scene().prosecution_admin().signer()));
}

TEST_F(ServerAttackOnDirectory, a_certificate_signed_by_another_agencys_root_is_refused) {
  Device ghost = newcomer(Role::agency_admin);
  expect_leaf_refused("bad_signature", certify(ghost, nullptr, scene().prosecution().signer));
}

TEST_F(ServerAttackOnDirectory, a_ghost_device_that_nobody_certified_is_refused) {
  Device ghost = newcomer();
  expect_leaf_refused("bad_signature", certify(ghost, &scene().police_admin(), ghost.signer()));
}

TEST_F(ServerAttackOnDirectory, a_device_certified_by_a_colleague_is_refused) {
  Device ghost = newcomer();
  expect_leaf_refused("not_certifier", certify(ghost, &scene().taras(), scene().taras().signer()));
}

TEST_F(ServerAttackOnDirectory, a_judge_or_an_auditor_certified_by_the_police_is_refused) {
  for (const Role role : {Role::judge, Role::auditor}) {
    Device device = newcomer(role);
    expect_leaf_refused("role_not_allowed", certified_by_police(device));
  }
}

TEST_F(ServerAttackOnDirectory, a_device_id_used_again_is_refused) {
  Device ghost = newcomer();
  ghost.certificate.device = ghost.ring.device = scene().odesa().id();
  expect_leaf_refused("id_taken", certified_by_police(ghost));
}

TEST_F(ServerAttackOnDirectory, a_tls_key_used_again_is_refused) {
  Device ghost = newcomer();
  ghost.certificate.tls_spki = scene().odesa().certificate.tls_spki;
  expect_leaf_refused("id_taken", certified_by_police(ghost));
}

TEST_F(ServerAttackOnDirectory, a_tls_key_of_the_server_itself_is_refused) {
  Device ghost = newcomer();
  ghost.certificate.tls_spki = scene().server().spki();
  expect_leaf_refused("id_taken", certified_by_police(ghost));
}

TEST_F(ServerAttackOnDirectory, keys_of_low_order_are_not_enrolled) {
  for (const std::uint8_t first_byte : {0, 1}) {
    Device device = newcomer();
    device.certificate.hpke_key = {};
    device.certificate.hpke_key.bytes[0] = first_byte;
    expect_leaf_refused("unacceptable_key", certified_by_police(device));
  }
  Device device = newcomer();
  device.certificate.signature_key = {};
  device.certificate.signature_key.bytes[0] = 1;  // the neutral element
  expect_leaf_refused("unacceptable_key", certified_by_police(device));
}

TEST_F(ServerAttackOnDirectory, a_certificate_under_another_kind_of_signature_is_refused) {
  Device ghost = newcomer();
  ghost.certificate.certifier_device = scene().police_admin().id();
  const Bytes content = sealing::encode_certificate_content(ghost.certificate);
  const Signature other_label = scene().police_admin().signer().sign("device-revoke", content);
  expect_leaf_refused("bad_signature",
                      {journal::LeafKind::device_certificate,
                       sealing::encode_certificate_body(
                           {content, other_label, ghost.signer().sign("device-pop", content)}),
                       {}});
}

TEST_F(ServerAttackOnDirectory, a_revocation_by_another_agency_is_refused) {
  expect_leaf_refused("not_certifier", revoke(scene().oksana(), scene().prosecution_admin()));
}

TEST_F(ServerAttackOnDirectory, another_genesis_is_refused) {
  expect_directory_refused("pinned genesis", [&](std::vector<wire::DirectoryLeaf>& leaves) {
    change_leaf(leaves.front().leaf, [&](journal::Leaf& leaf) {
      auto body = sealing::parse_genesis_body(leaf.body).value();
      auto genesis = sealing::parse_genesis_content(body.content).value();
      const crypto::Signer own(crypto::random_secret<SignatureSecretKey>());
      genesis.agencies.front().root_key = own.public_key();
      body.content = sealing::encode_genesis_content(genesis);
      body.signatures.front().signature = own.sign("genesis", body.content);
      leaf.body = sealing::encode_genesis_body(body);
    });
  });
}

TEST_F(ServerAttackOnDirectory, a_leaf_left_out_in_the_middle_is_refused_for_what_it_carried) {
  // The administrator's certificate is gone: nobody has certified the others.
  expect_directory_refused("not_certifier", [&](std::vector<wire::DirectoryLeaf>& leaves) {
    const auto& gone = certificate_leaf_of(leaves, scene().police_admin().id());
    leaves.erase(leaves.begin() + (&gone - leaves.data()));
  });
}

TEST_F(ServerAttackOnDirectory, two_leaves_swapped_are_refused) {
  expect_directory_refused("not_certifier", [&](std::vector<wire::DirectoryLeaf>& leaves) {
    std::swap(certificate_leaf_of(leaves, scene().police_admin().id()).leaf,
              certificate_leaf_of(leaves, scene().oksana().id()).leaf);
  });
}

TEST_F(ServerAttackOnDirectory, somebody_on_the_way_without_the_servers_key_is_left) {
  auto own_key = crypto::generate_tls_identity();
  const socket::TlsIdentity shown{std::move(own_key.private_key_pem), own_key.certificate_pem};
  for (const bool is_attacked : {false, true}) {
    MaliciousServer server(scene().server().port(), scene().server_keys(),
                           is_attacked ? &shown : nullptr);
    auto newcomer_here = scene().member_of(server, scene().taras());
    const Result<> result = newcomer_here->connect();
    ASSERT_EQ(result.has_value(), !is_attacked) << outcome(result);
    if (is_attacked) {
      EXPECT_EQ(result.error().code, RefusalCode::wrong_server) << outcome(result);
      EXPECT_EQ(server.passed_on<wire::ChannelList>(), 0u);
    }
  }
}

// -- withheld -------------------------------------------------------------------------------------

TEST_F(ServerAttackOnDirectory, a_leaf_announced_and_not_shown_is_refused) {
  auto server = scene().malicious_server();
  auto unharmed = scene().member_of(*server, scene().taras());
  ASSERT_EQ(outcome(unharmed->connect()), "accepted");
  server->when<wire::DirectoryRead>([](const wire::DirectoryRead&, wire::DirectoryPage& page) {
    if (page.leaves.size() > 1 || page.directory_count > 6) page.leaves.clear();
  });
  auto victim = scene().member_of(*server, scene().taras());
  const Result<> result = victim->connect();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, RefusalCode::verification_failed) << outcome(result);
}

TEST_F(ServerAttackOnDirectory, a_revocation_withheld_is_proven_when_it_is_shown_after_all) {
  const auto lost = scene().enrol(scene().police(), Role::investigator);
  auto server = scene().malicious_server();
  auto unharmed = scene().member_of(*server, scene().taras());
  auto victim = scene().member_of(*server, scene().taras());
  ASSERT_EQ(outcome(unharmed->connect()), "accepted");
  ASSERT_EQ(outcome(victim->connect()), "accepted");
  const std::uint64_t before = victim->session().directory().count();
  const Digest newest_before = victim->session().directory().newest_leaf();
  scene().server().append(revoke(*lost, scene().police_admin()));
  auto honest = scene().honest_member(scene().oksana());
  do {
    honest = scene().honest_member(scene().oksana());
    ASSERT_EQ(outcome(honest->connect()), "accepted");
  } while (honest->session().directory().count() == before);
  auto newest = honest->session().verified_directory().newest_checkpoint();

  // The journal key signs that the directory ends before the revocation.
  const std::string origin = honest->session().directory().genesis().origin;
  const journal::Checkpoint lie{origin, newest->size, newest->root, before, newest_before};
  server->when<wire::SessionHello>([&](const wire::SessionHello&, wire::HelloReply& hello) {
    hello.directory_count = before;
    hello.checkpoint = server->sign(lie);
  });
  victim->session().connection().close();
  EXPECT_EQ(outcome(victim->connect()), "accepted") << "nothing contradicts it yet";
  EXPECT_TRUE(victim->session().directory().is_active(lost->id(), UINT64_MAX, wall_clock_ms()));

  server->be_honest();
  victim->session().connection().close();
  expect_caught(victim->connect(), "left out", *victim);
  // The control: who was never lied to takes the same leaf.
  unharmed->session().connection().close();
  EXPECT_EQ(outcome(unharmed->connect()), "accepted");
  EXPECT_FALSE(unharmed->session().directory().is_active(lost->id(), UINT64_MAX, wall_clock_ms()));
}

// -- checkpoints ----------------------------------------------------------------------------------

class ServerAttackOnCheckpoint : public ServerAttackOnDirectory {
 protected:
  /// A member who has accepted a checkpoint is told another one when coming again. The control is
  /// that it may come again when nobody lies.
  void expect_checkpoint_refused(
      std::string_view why,
      const std::function<std::string(MaliciousServer&, const journal::Checkpoint&)>& lie) {
    auto server = scene().malicious_server();
    auto victim = scene().member_of(*server, scene().taras());
    ASSERT_EQ(outcome(victim->connect()), "accepted");
    victim->session().connection().close();
    ASSERT_EQ(outcome(victim->connect()), "accepted") << "the control run fails";
    const auto known = victim->session().verified_directory().newest_checkpoint();
    ASSERT_TRUE(known);
    const auto opened = victim->session().verified_directory().open_checkpoint(known->note);
    server->when<wire::SessionHello>([&](const wire::SessionHello&, wire::HelloReply& hello) {
      hello.checkpoint = lie(*server, *opened);
    });
    victim->session().connection().close();
    expect_caught(victim->connect(), why, *victim);
    EXPECT_EQ(victim->session().verified_directory().newest_checkpoint()->root, known->root);
  }
};

TEST_F(ServerAttackOnCheckpoint, yesterdays_journal_restored_is_refused) {
  expect_checkpoint_refused("smaller", [](MaliciousServer& server, journal::Checkpoint checkpoint) {
    --checkpoint.size;
    checkpoint.root = crypto::random_id<Digest>();
    return server.sign(checkpoint);
  });
}

TEST_F(ServerAttackOnCheckpoint, a_second_root_for_one_size_is_refused) {
  expect_checkpoint_refused("two roots",
                            [](MaliciousServer& server, journal::Checkpoint checkpoint) {
                              checkpoint.root = crypto::random_id<Digest>();
                              return server.sign(checkpoint);
                            });
}

TEST_F(ServerAttackOnCheckpoint, a_directory_that_shrinks_is_refused) {
  expect_checkpoint_refused("directory",
                            [](MaliciousServer& server, journal::Checkpoint checkpoint) {
                              --checkpoint.directory_count;
                              return server.sign(checkpoint);
                            });
}

TEST_F(ServerAttackOnCheckpoint, a_copied_key_id_is_refused) {
  expect_checkpoint_refused(
      "bad_signature", [](MaliciousServer& server, const journal::Checkpoint& checkpoint) {
        // Signed by a stranger under the journal's name, with the key id of the true key.
        const std::string text = journal::format_checkpoint(checkpoint);
        const journal::NoteSigner stranger{
            server.journal_key().name, crypto::Signer(crypto::random_secret<SignatureSecretKey>())};
        journal::SignedNote own = journal::parse_note(server.sign(checkpoint)).value();
        journal::SignedNote false_note =
            journal::parse_note(journal::sign_checkpoint(checkpoint, stranger)).value();
        Bytes bytes = {static_cast<std::uint8_t>(own.signatures[0].key_id >> 24),
                       static_cast<std::uint8_t>(own.signatures[0].key_id >> 16),
                       static_cast<std::uint8_t>(own.signatures[0].key_id >> 8),
                       static_cast<std::uint8_t>(own.signatures[0].key_id)};
        bytes.insert(bytes.end(), false_note.signatures[0].bytes.begin(),
                     false_note.signatures[0].bytes.end());
        const std::string line =
            "— " + server.journal_key().name + " " + encoding::encode_base64(bytes) + "\n";
        return journal::join_note(text, std::span(&line, 1));
      });
}

TEST_F(ServerAttackOnCheckpoint, a_note_with_a_carriage_return_is_refused) {
  expect_checkpoint_refused("malformed_object",
                            [](MaliciousServer& server, const journal::Checkpoint& checkpoint) {
                              std::string note = server.sign(checkpoint);
                              return note.insert(note.find('\n'), 1, '\r');
                            });
}

TEST_F(ServerAttackOnCheckpoint, a_size_over_two_to_the_63_is_refused) {
  expect_checkpoint_refused(
      "malformed_object", [](MaliciousServer& server, const journal::Checkpoint& checkpoint) {
        std::string text = journal::format_checkpoint(checkpoint);
        const std::size_t at = text.find('\n') + 1;
        text.replace(at, text.find('\n', at) - at, "9223372036854775809");
        const std::string line = journal::sign_note_line(text, server.journal_key());
        return journal::join_note(text, std::span(&line, 1));
      });
}

}  // namespace
}  // namespace oberih::attacks
