// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/governance.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "world.hpp"

namespace oberih::sealing {
namespace {

using journal::LeafKind;

class GovernanceTest : public testing::Test {
 protected:
  Governance change(GovernanceChange what) const {
    Governance governance;
    governance.previous = world_.directory.governance_head();
    governance.change = what;
    return governance;
  }
  Governance admission(const TestAgency& agency) const {
    Governance governance = change(GovernanceChange::admit_agency);
    governance.agency = agency.agency;
    return governance;
  }
  Governance replacement(const TestAgency& agency, const crypto::Signer& new_root) const {
    Governance governance = change(GovernanceChange::replace_root);
    governance.replacement.agency = agency.agency.id;
    governance.replacement.new_root_key = new_root.public_key();
    return governance;
  }
  static TestAgency newcomer(std::uint32_t number = 6) {
    crypto::Signer root = new_signer();
    Agency agency{made_of<AgencyId>(number), AgencyKind::ngo, "Mriya", root.public_key()};
    return {agency, std::move(root)};
  }

  using Signers = std::vector<const TestAgency*>;
  static SignedGovernance sign(const Governance& governance, const Signers& roots,
                               const crypto::Signer* new_key = nullptr) {
    SignedGovernance signed_governance{encode_governance_content(governance), {}, {}};
    for (const TestAgency* agency : roots)
      signed_governance.signatures.push_back(
          {agency->agency.id, agency->root.sign("governance", signed_governance.content)});
    if (new_key != nullptr)
      signed_governance.new_key_signature = new_key->sign("governance", signed_governance.content);
    return signed_governance;
  }
  std::string append(const SignedGovernance& governance) {
    return outcome(world_.append(encode_governance_body(governance), LeafKind::governance));
  }
  std::string append(const Governance& governance, const Signers& roots,
                     const crypto::Signer* new_key = nullptr) {
    return append(sign(governance, roots, new_key));
  }
  Signers two() { return {&world_.police(), &world_.prosecution()}; }

  World world_;
};

TEST_F(GovernanceTest, every_change_has_one_form_and_trailing_bytes_are_refused) {
  TestAgency agency = newcomer();
  std::vector<Governance> all{admission(agency), replacement(world_.police(), agency.root)};
  all[1].replacement.is_compromised = true;
  all[1].replacement.disowned = {made_of<DeviceId>(1), made_of<DeviceId>(2)};
  for (const GovernanceChange what :
       {GovernanceChange::journal_key, GovernanceChange::server_key, GovernanceChange::witnesses,
        GovernanceChange::quorum, GovernanceChange::continuation}) {
    Governance governance = change(what);
    governance.journal_key = agency.agency.root_key;
    governance.server_spki = made_of<Digest>(5);
    governance.witnesses = {{"witness.example/dawn", agency.agency.root_key, made_of<Digest>(6),
                             world_.ngo().agency.id}};
    governance.witness_quorum = {{1, {AgencyKind::ngo}}};
    governance.quorum = 3;
    governance.continuation = {12, made_of<Digest>(1), 10, made_of<Digest>(2)};
    all.push_back(governance);
  }
  for (const Governance& governance : all) {
    Bytes content = encode_governance_content(governance);
    Result<Governance> parsed = parse_governance_content(content);
    ASSERT_TRUE(parsed) << name_of(governance.change) << parsed.error().detail;
    EXPECT_EQ(encode_governance_content(*parsed), content);
    content.push_back(0);
    EXPECT_EQ(outcome_of(parse_governance_content(content)), "malformed_object");
    content.resize(content.size() - 2);
    EXPECT_EQ(outcome_of(parse_governance_content(content)), "malformed_object");
  }
}

TEST_F(GovernanceTest, unknown_version_unknown_change_and_nonsense_are_refused) {
  Governance governance = change(GovernanceChange::quorum);
  governance.quorum = 2;
  const Bytes good = encode_governance_content(governance);
  const auto spoilt = [&](std::size_t at, std::uint8_t value) {
    Bytes content = good;
    content[at] = value;
    return outcome_of(parse_governance_content(content));
  };
  EXPECT_EQ(spoilt(0, 2), "malformed_object");
  for (const std::uint8_t what : {0, 8, 255}) EXPECT_EQ(spoilt(33, what), "malformed_object");
  EXPECT_EQ(spoilt(34, 0), "malformed_object") << "a quorum of nobody";
  governance = change(GovernanceChange::continuation);
  governance.continuation = {10, {}, 10, {}};
  EXPECT_EQ(outcome_of(parse_governance_content(encode_governance_content(governance))),
            "malformed_object");
  governance = replacement(world_.police(), new_signer());
  governance.replacement.disowned = {made_of<DeviceId>(1)};
  EXPECT_EQ(outcome_of(parse_governance_content(encode_governance_content(governance))),
            "malformed_object")
      << "disowned without a compromised root";
  governance.replacement.is_compromised = true;
  governance.replacement.disowned = {made_of<DeviceId>(2), made_of<DeviceId>(1)};
  EXPECT_EQ(outcome_of(parse_governance_content(encode_governance_content(governance))),
            "malformed_object");
  governance.replacement.disowned.clear();
  governance.replacement.new_root_key = {};
  EXPECT_EQ(outcome_of(parse_governance_content(encode_governance_content(governance))),
            "unacceptable_key");
}

TEST_F(GovernanceTest, admitted_agency_certifies_its_people_from_then_on) {
  TestAgency agency = newcomer();
  EXPECT_EQ(append(admission(agency), two(), &agency.root), "accepted");
  ASSERT_NE(world_.directory.find_agency(agency.agency.id), nullptr);
  TestDevice admin = world_.prepare(agency, Role::agency_admin);
  EXPECT_EQ(outcome(world_.append(World::certify(admin.certificate, agency.root, admin.signer),
                                  LeafKind::device_certificate)),
            "accepted");
  const auto& history = world_.directory.governance_history();
  ASSERT_EQ(history.size(), 1u);
  EXPECT_EQ(history[0].signers,
            (std::vector{world_.police().agency.id, world_.prosecution().agency.id}));
  EXPECT_EQ(append(admission(agency), two(), &agency.root), "id_taken");
  TestAgency same_id = newcomer();
  EXPECT_EQ(append(admission(same_id), two(), &same_id.root), "id_taken");
}

TEST_F(GovernanceTest, quorum_of_roots_in_force_must_sign_and_the_new_key_too) {
  TestAgency agency = newcomer();
  const Governance governance = admission(agency);
  EXPECT_EQ(append(governance, {}, &agency.root), "approval_required");
  EXPECT_EQ(append(governance, {&world_.police()}, &agency.root), "approval_required");
  EXPECT_EQ(append(governance, two()), "bad_signature") << "without the new root";
  EXPECT_EQ(append(governance, two(), &world_.court().root), "bad_signature");
  TestAgency unknown = newcomer(7);
  EXPECT_EQ(append(governance, {&world_.police(), &unknown}, &agency.root), "not_certifier");
  EXPECT_EQ(append(governance, {&world_.police(), &agency}, &agency.root), "not_certifier")
      << "who is to be admitted does not vote on it";
  EXPECT_EQ(append(governance, two(), &agency.root), "accepted");
}

TEST_F(GovernanceTest, signature_twice_or_of_another_key_or_label_does_not_count) {
  Governance governance = change(GovernanceChange::quorum);
  governance.quorum = 3;
  EXPECT_EQ(append(governance, {&world_.police(), &world_.police()}), "malformed_object");
  EXPECT_EQ(append(governance, {&world_.prosecution(), &world_.police()}), "malformed_object")
      << "roots that do not ascend";
  SignedGovernance forged = sign(governance, two());
  forged.signatures[1].signature = world_.court().root.sign("governance", forged.content);
  EXPECT_EQ(append(forged), "bad_signature");
  forged.signatures[1].signature = world_.prosecution().root.sign("genesis", forged.content);
  EXPECT_EQ(append(forged), "bad_signature") << "a label that was confused";
  SignedGovernance superfluous = sign(governance, two(), &world_.court().root);
  EXPECT_EQ(append(superfluous), "bad_signature") << "there is no new key";
  EXPECT_EQ(append(governance, two()), "accepted");
  EXPECT_EQ(world_.directory.governance_quorum(), 3);
  governance = change(GovernanceChange::quorum);
  governance.quorum = 2;
  EXPECT_EQ(append(governance, two()), "approval_required") << "the new quorum is in force";
}

TEST_F(GovernanceTest, leaves_form_one_chain_from_the_genesis) {
  Governance first = change(GovernanceChange::quorum);
  first.quorum = 2;
  first.previous = made_of<Digest>(1);
  EXPECT_EQ(append(first, two()), "verification_failed");
  first.previous = world_.directory.genesis_hash();
  const SignedGovernance signed_first = sign(first, two());
  EXPECT_EQ(append(signed_first), "accepted");
  EXPECT_EQ(append(signed_first), "verification_failed") << "replayed";
  EXPECT_EQ(world_.directory.governance_head(), governance_hash(signed_first.content));
  Governance second = change(GovernanceChange::quorum);
  second.quorum = 2;
  EXPECT_EQ(append(second, two()), "accepted");
}

TEST_F(GovernanceTest, replaced_root_counts_no_more_and_the_new_one_does) {
  crypto::Signer new_root = new_signer();
  const Governance governance = replacement(world_.police(), new_root);
  EXPECT_EQ(append(governance, {&world_.prosecution(), &world_.court()}, &new_root),
            "approval_required")
      << "the old root signs, where it is not compromised";
  EXPECT_EQ(append(governance, two(), &new_root), "accepted");

  TestDevice admin = world_.prepare(world_.police(), Role::agency_admin);
  const auto certify = [&](const crypto::Signer& root) {
    return outcome(world_.append(World::certify(admin.certificate, root, admin.signer),
                                 LeafKind::device_certificate));
  };
  EXPECT_EQ(certify(world_.police().root), "bad_signature");
  EXPECT_EQ(certify(new_root), "accepted");
  Governance next = change(GovernanceChange::quorum);
  next.quorum = 1;
  EXPECT_EQ(append(next, two()), "bad_signature") << "an old root after its replacement";
  Governance back = replacement(world_.police(), world_.police().root);
  EXPECT_EQ(append(back, two(), &world_.police().root), "id_taken") << "keys never come back";
}

TEST_F(GovernanceTest, compromised_root_does_not_sign_and_what_it_certified_is_disowned) {
  TestDevice& false_admin = world_.enrol(world_.police(), Role::agency_admin);
  TestDevice& false_officer = world_.enrol(world_.police(), Role::investigator);
  TestDevice& officer = world_.enrol(world_.police(), Role::investigator);
  TestDevice& stranger = world_.enrol(world_.court(), Role::judge);
  crypto::Signer new_root = new_signer();
  Governance governance = replacement(world_.police(), new_root);
  governance.replacement.is_compromised = true;
  governance.replacement.disowned = {stranger.id()};
  const Signers others{&world_.prosecution(), &world_.court()};
  EXPECT_EQ(append(governance, others, &new_root), "not_certifier") << "another agency's device";
  governance.replacement.disowned = {made_of<DeviceId>(9'999)};
  EXPECT_EQ(append(governance, others, &new_root), "unknown_device");
  governance.replacement.disowned = {false_admin.id(), false_officer.id()};
  EXPECT_EQ(append(governance, two(), &new_root), "not_certifier") << "the compromised root votes";
  const std::uint64_t revocations = world_.directory.revocations();
  const std::uint64_t index = world_.next_index;
  EXPECT_EQ(append(governance, others, &new_root), "accepted");

  const auto standing = [&](const TestDevice& device, std::uint64_t at) {
    return world_.directory.standing(device.id(), at, world_.now_ms);
  };
  EXPECT_EQ(standing(false_admin, index), Standing::revoked);
  EXPECT_EQ(standing(false_officer, index), Standing::revoked);
  EXPECT_EQ(standing(false_officer, index - 1), Standing::active) << "what was, stays judged so";
  EXPECT_EQ(standing(officer, index), Standing::active);
  EXPECT_EQ(world_.directory.revocations(), revocations + 2);
}

TEST_F(GovernanceTest, journal_key_signs_from_the_next_size_on) {
  crypto::Signer new_key = new_signer();
  Governance governance = change(GovernanceChange::journal_key);
  governance.journal_key = new_key.public_key();
  EXPECT_EQ(append(governance, two()), "bad_signature") << "the new key signs too";
  const std::uint64_t index = world_.next_index;
  EXPECT_EQ(append(governance, two(), &new_key), "accepted");
  const SignaturePublicKey& old_key = world_.journal_signer.public_key();
  EXPECT_EQ(world_.directory.journal_key(), new_key.public_key());
  EXPECT_EQ(world_.directory.journal_key_at(index), old_key);
  EXPECT_EQ(world_.directory.journal_key_at(index + 1), new_key.public_key());
  EXPECT_EQ(world_.directory.genesis().journal_key, old_key) << "the genesis stays what it was";
  governance = change(GovernanceChange::journal_key);
  governance.journal_key = old_key;
  EXPECT_EQ(append(governance, two(), &world_.journal_signer), "id_taken");
}

TEST_F(GovernanceTest, server_key_changes_and_never_comes_back) {
  Governance governance = change(GovernanceChange::server_key);
  governance.server_spki = world_.admin_of(world_.court()).certificate.tls_spki;
  EXPECT_EQ(append(governance, two()), "id_taken") << "a device's key";
  governance.server_spki = made_of<Digest>(78);
  EXPECT_EQ(append(governance, two()), "accepted");
  EXPECT_EQ(world_.directory.server_spki(), made_of<Digest>(78));
  governance = change(GovernanceChange::server_key);
  governance.server_spki = world_.genesis().server_spki;
  EXPECT_EQ(append(governance, two()), "id_taken");
}

TEST_F(GovernanceTest, witnesses_are_of_agencies_and_have_their_own_keys) {
  Governance governance = change(GovernanceChange::witnesses);
  crypto::Signer key = new_signer();
  governance.witnesses = {
      {"witness.example/dawn", key.public_key(), made_of<Digest>(6), made_of<AgencyId>(99)}};
  governance.witness_quorum = {{1, {AgencyKind::ngo}}};
  EXPECT_EQ(append(governance, two()), "malformed_object") << "of no agency";
  governance.witnesses[0].agency = world_.ngo().agency.id;
  governance.witnesses[0].key = world_.police().agency.root_key;
  EXPECT_EQ(append(governance, two()), "id_taken");
  governance.witnesses[0].key = key.public_key();
  EXPECT_EQ(append(governance, two()), "accepted");
  governance.previous = world_.directory.governance_head();
  governance.witness_quorum = {};
  EXPECT_EQ(append(governance, two()), "accepted") << "a witness that stays keeps its key";
  EXPECT_EQ(world_.directory.witnesses().size(), 1u);
}

TEST_F(GovernanceTest, continuation_stands_exactly_where_the_journal_ends) {
  Governance governance = change(GovernanceChange::continuation);
  governance.continuation = {world_.next_index + 9, made_of<Digest>(1), world_.next_index + 1,
                             made_of<Digest>(2)};
  EXPECT_EQ(append(governance, two()), "malformed_object");
  governance.continuation.new_size = world_.next_index;
  EXPECT_EQ(append(governance, two()), "accepted");
}

TEST_F(GovernanceTest, refused_leaf_changes_nothing) {
  const Digest head = world_.directory.governance_head();
  TestAgency agency = newcomer();
  EXPECT_NE(append(admission(agency), {}, &agency.root), "accepted");
  EXPECT_EQ(world_.directory.governance_head(), head);
  EXPECT_EQ(world_.directory.find_agency(agency.agency.id), nullptr);
  EXPECT_TRUE(world_.directory.governance_history().empty());
  EXPECT_EQ(append(admission(agency), two(), &agency.root), "accepted")
      << "the key was not taken by the refused one";
}

}  // namespace
}  // namespace oberih::sealing
