// SPDX-License-Identifier: Apache-2.0
#include "protocol/evidence/service_proof.hpp"

#include <cstdlib>

#include "witnessed_world.hpp"

namespace oberih::evidence {
namespace {

class ServiceProofTest : public testing::Test {
 protected:
  ServiceProofTest() {
    journal_.schedule();
    journal_.acknowledge();
    journal_.serve_the_witness();
  }

  Result<ServiceReport> verify(const ServiceProof& proof) const {
    return verify_service_proof(proof, journal_.genesis());
  }
  Result<ServiceReport> verify_file(ByteView bytes) const {
    const Result<ServiceProof> proof = parse_service_proof(bytes);
    if (!proof) return proof.error();
    return verify(*proof);
  }
  /// What somebody who may change the file alone makes of it.
  template <class Spoil>
  std::string spoilt(Spoil spoil) const {
    ServiceProof proof = journal_.prove();
    spoil(proof);
    const Result<ServiceReport> report = verify(proof);
    return report ? "accepted" : report.error().detail;
  }

  JournalWorld journal_;
};

TEST_F(ServiceProofTest, says_who_was_served_when_and_how_proven) {
  const Result<ServiceReport> report = verify_file(encode_service_proof(journal_.prove()));
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->origin, "oberih.example/journal");
  EXPECT_EQ(report->size, journal_.leaves.size());
  EXPECT_EQ(report->hearing->version, 1u);
  EXPECT_EQ(report->notice.name, "Clerk of the court");
  ASSERT_TRUE(report->summons);
  EXPECT_EQ(report->summons->case_number, "757/1/27");

  ASSERT_EQ(report->lines.size(), 2u);
  const ServiceLine& prosecutor = report->lines[0];
  EXPECT_EQ(prosecutor.service.answer, sealing::AcknowledgementKind::understood);
  ASSERT_TRUE(prosecutor.answer);
  EXPECT_EQ(prosecutor.answer->device, journal_.prosecutor.id());
  EXPECT_EQ(prosecutor.answer->name, "Prosecutor");
  EXPECT_EQ(prosecutor.answer->words, "I will be there");
  EXPECT_FALSE(prosecutor.served);

  const ServiceLine& witness = report->lines[1];
  ASSERT_TRUE(witness.called);
  EXPECT_EQ(witness.called->name, "Witness");
  EXPECT_EQ(witness.service.way, sealing::ServiceWay::signature);
  ASSERT_TRUE(witness.served);
  EXPECT_EQ(witness.served->device, journal_.clerk.id());
  EXPECT_EQ(witness.served->words, "handed over");
  EXPECT_FALSE(witness.answer);
}

TEST_F(ServiceProofTest, says_less_where_texts_and_names_are_kept_back) {
  ServiceProof proof = journal_.prove();
  proof.texts.clear();
  proof.names.clear();
  const Result<ServiceReport> report = verify(proof);
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_FALSE(report->summons);
  EXPECT_FALSE(report->lines[1].called);
  EXPECT_TRUE(report->lines[1].served);
  EXPECT_FALSE(report->lines[1].served->name);
}

TEST_F(ServiceProofTest, is_not_spoilt_by_a_remark_that_says_nothing) {
  journal_.acknowledge(SecretBuffer(as_bytes("\x07 no remark")));
  const Result<ServiceReport> report = verify(journal_.prove());
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->lines[0].service.answer, sealing::AcknowledgementKind::understood);
  ASSERT_TRUE(report->lines[0].answer);
  EXPECT_FALSE(report->lines[0].answer->words);
  EXPECT_TRUE(report->summons);
}

TEST_F(ServiceProofTest, fails_with_one_flipped_bit_anywhere) {
  Bytes file = encode_service_proof(journal_.prove());
  // Each byte, with OBERIH_EVERY_BYTE in the environment: half a minute. Else one of seven.
  const std::size_t stride = std::getenv("OBERIH_EVERY_BYTE") == nullptr ? 7 : 1;
  for (std::size_t at = 0; at < file.size(); at += stride) {
    const auto bit = static_cast<std::uint8_t>(1u << (at * 5 % 8));
    file[at] ^= bit;
    EXPECT_FALSE(verify_file(file)) << "bit " << int{bit} << " of byte " << at;
    file[at] ^= bit;
  }
  EXPECT_TRUE(verify_file(file));
}

TEST_F(ServiceProofTest, fails_where_it_is_cut_short_or_longer) {
  const Bytes file = encode_service_proof(journal_.prove());
  for (std::size_t size = 0; size < file.size(); size += 7)
    EXPECT_FALSE(parse_service_proof(ByteView(file).first(size))) << size;
  Bytes longer = file;
  longer.push_back(0);
  EXPECT_FALSE(parse_service_proof(longer));
}

TEST_F(ServiceProofTest, is_of_the_pinned_journal_alone) {
  const Result<ServiceReport> report =
      verify_service_proof(journal_.prove(), sealing::made_of<Digest>(1));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().detail, "it comes from another journal than the pinned one");
}

TEST_F(ServiceProofTest, holds_the_directory_up_to_its_checkpoint) {
  EXPECT_EQ(spoilt([](ServiceProof& proof) { proof.directory.clear(); }), "it holds no directory");
  EXPECT_EQ(spoilt([](ServiceProof& proof) { proof.directory.pop_back(); }),
            "its directory is not the one of its checkpoint");
}

TEST_F(ServiceProofTest, leaves_no_leaf_of_the_channel_out) {
  EXPECT_NE(spoilt([](ServiceProof& proof) { proof.channel.erase(proof.channel.begin() + 1); }),
            "accepted");
  EXPECT_EQ(spoilt([](ServiceProof& proof) { proof.channel.clear(); }),
            "it holds no leaf of the hearing's channel");
}

TEST_F(ServiceProofTest, puts_no_leaf_to_another_place) {
  EXPECT_EQ(spoilt([](ServiceProof& proof) { proof.channel.back().index += 1; }),
            "verification_failed, a leaf lies outside of the tree");
  EXPECT_EQ(spoilt([](ServiceProof& proof) {
              std::swap(proof.channel.back().index, proof.channel.front().index);
            }),
            "verification_failed, the inclusion proof leads to another root");
}

TEST_F(ServiceProofTest, takes_no_key_of_another_entry) {
  EXPECT_NE(spoilt([](ServiceProof& proof) { std::swap(proof.texts[0].prk, proof.texts[1].prk); }),
            "accepted");
  EXPECT_NE(spoilt([](ServiceProof& proof) {
              std::swap(proof.texts[0].ciphertext, proof.texts[1].ciphertext);
              std::swap(proof.texts[0].prk, proof.texts[1].prk);
            }),
            "accepted");
}

TEST_F(ServiceProofTest, takes_no_other_name_for_a_device) {
  EXPECT_EQ(spoilt([](ServiceProof& proof) { proof.names[0].name = "Somebody else"; }),
            "a name is not the one of the certificate");
  EXPECT_EQ(spoilt([](ServiceProof& proof) { proof.names.push_back({}); }),
            "a name is not the one of the certificate");
}

TEST_F(ServiceProofTest, bears_no_signature_that_nobody_knows) {
  EXPECT_EQ(spoilt([](ServiceProof& proof) {
              proof.note += journal::sign_note_line(
                  journal::parse_note(proof.note)->text,
                  {"witness.example", crypto::Signer(SignatureSecretKey{})});
            }),
            "its checkpoint bears other signatures than the journal's and its witnesses'");
}

// -- the witnesses of a proof ---------------------------------------------------------------------

class WitnessedProof : public testing::Test {
 protected:
  WitnessedProof() { journal_.schedule(); }

  Result<ServiceReport> verify_with(const std::string& lines) const {
    ServiceProof proof = journal_.prove();
    proof.note += lines;
    return verify_service_proof(proof, journal_.genesis());
  }
  std::string line(std::size_t witness, std::uint64_t at_s) const {
    return journal_.line(witness, journal_.prove().note, at_s);
  }

  Witnessed<JournalWorld> journal_;
};

TEST_F(WitnessedProof, control_names_its_witnesses_and_since_when) {
  const auto report = verify_with(line(0, 1'790'000'000) + line(1, 1'790'000'030));
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->cosigners.names, (std::vector<std::string>{"witness.0", "witness.1"}));
  EXPECT_EQ(report->cosigners.known, 2U);
  EXPECT_EQ(report->cosigners.quorum_s, 1'790'000'000U);
}

TEST_F(WitnessedProof, says_that_none_or_too_few_have_cosigned) {
  const auto none = verify_with("");
  ASSERT_TRUE(none) << none.error().detail;
  EXPECT_TRUE(none->cosigners.names.empty());
  EXPECT_EQ(none->cosigners.known, 2U);
  const auto one = verify_with(line(1, 1'790'000'000));
  ASSERT_TRUE(one) << one.error().detail;
  EXPECT_EQ(one->cosigners.names, std::vector<std::string>{"witness.1"});
  EXPECT_FALSE(one->cosigners.quorum_s);
}

TEST_F(WitnessedProof, fails_with_a_line_twice_or_of_another_checkpoint) {
  EXPECT_FALSE(verify_with(line(0, 1'790'000'000) + line(0, 1'790'000'030)));
  std::string other = journal_.prove().note;
  other.insert(0, "x");
  EXPECT_FALSE(verify_with(journal_.line(0, other, 1'790'000'000)));
}

TEST_F(WitnessedProof, fails_with_one_flipped_bit_in_a_cosignature) {
  const std::string lines = line(0, 1'790'000'000) + line(1, 1'790'000'030);
  for (std::size_t at = 0; at < lines.size(); ++at) {
    std::string flipped = lines;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at * 5 % 7)));
    EXPECT_FALSE(verify_with(flipped)) << at;
  }
}

TEST_F(ServiceProofTest, names_another_hearing_than_the_channel_holds) {
  EXPECT_EQ(spoilt([](ServiceProof& proof) { proof.hearing = sealing::made_of<HearingId>(5); }),
            "its channel holds no such hearing");
}

}  // namespace
}  // namespace oberih::evidence
