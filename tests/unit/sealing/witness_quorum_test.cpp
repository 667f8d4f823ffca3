// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/witness_quorum.hpp"

#include "protocol/encoding/base64.hpp"
#include "protocol/journal/witness_request.hpp"
#include "world.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint64_t noon_s = 1'790'000'000;

/// A journal whose founders named four witnesses: two of police, prosecution or court, and one of
/// an NGO, must agree.
class WitnessQuorum : public testing::Test {
 protected:
  WitnessQuorum() {
    Genesis genesis = world_.genesis();
    genesis.journal_key = journal_.public_key;
    for (std::size_t i = 0; i < 4; ++i) {
      keys_.push_back(crypto::generate_signature_keys());
      genesis.witnesses.push_back({"witness." + std::to_string(i), keys_[i].public_key,
                                   made_of<Digest>(900 + static_cast<std::uint32_t>(i)),
                                   world_.agencies[i].agency.id});
    }
    genesis.witness_quorum = {{2, {AgencyKind::police, AgencyKind::prosecution, AgencyKind::court}},
                              {1, {AgencyKind::ngo, AgencyKind::working_group}}};
    SignedGenesis signed_genesis{encode_genesis_content(genesis), {}};
    for (const TestAgency& agency : world_.agencies)
      signed_genesis.signatures.push_back(
          {agency.agency.id, agency.root.sign("genesis", signed_genesis.content)});
    EXPECT_EQ(outcome(directory_.apply(journal::LeafKind::genesis,
                                       encode_genesis_body(signed_genesis), 0, World::begins_ms)),
              "accepted");
    note_ = journal::sign_checkpoint({genesis.origin, 5, made_of<Digest>(5), 1, made_of<Digest>(1)},
                                     {genesis.origin, crypto::Signer(journal_.secret_key)});
  }

  std::string text() const { return note_.substr(0, note_.find("\n\n") + 1); }
  std::string line_of(std::size_t witness, std::uint64_t at_s = noon_s) const {
    return signed_as(witness, witness, at_s);
  }
  /// With the name of one witness and the key of another.
  std::string signed_as(std::size_t name, std::size_t key, std::uint64_t at_s = noon_s) const {
    return journal::cosign_note_line(
        text(), {"witness." + std::to_string(name), crypto::Signer(keys_[key].secret_key)}, at_s);
  }
  /// Bears the key id of `name`, and is signed by `key`.
  std::string with_copied_key_id(std::size_t name, std::size_t key) const {
    const std::string true_line = line_of(name), false_line = line_of(key);
    const auto bytes_of = [](const std::string& line) {
      const std::string text = line.substr(line.rfind(' ') + 1);
      return encoding::decode_base64(text.substr(0, text.size() - 1)).value();
    };
    Bytes bytes = bytes_of(false_line);
    const Bytes id = bytes_of(true_line);
    std::copy(id.begin(), id.begin() + 4, bytes.begin());
    return "\xe2\x80\x94 witness." + std::to_string(name) + " " + encoding::encode_base64(bytes) +
           "\n";
  }
  Result<WitnessedCheckpoint> open(const std::string& lines) const {
    return open_witnessed(note_ + lines, directory_, witness_rules(directory_));
  }
  bool has_quorum(const std::string& lines) const {
    const auto opened = open(lines);
    EXPECT_TRUE(opened) << lines;
    return opened && opened->quorum_s.has_value();
  }

  World world_;
  std::vector<crypto::SignatureKeyPair> keys_;
  crypto::SignatureKeyPair journal_ = crypto::generate_signature_keys();
  Directory directory_;
  std::string note_;
};

TEST_F(WitnessQuorum, is_reached_by_as_many_of_each_group_as_were_agreed) {
  EXPECT_TRUE(has_quorum(line_of(0) + line_of(2) + line_of(3)));
  EXPECT_TRUE(has_quorum(line_of(0) + line_of(1) + line_of(2) + line_of(3)));
}

TEST_F(WitnessQuorum, too_few_cosignatures_are_none) {
  EXPECT_FALSE(has_quorum(""));
  EXPECT_FALSE(has_quorum(line_of(0) + line_of(3))) << "one of the first group";
  EXPECT_FALSE(has_quorum(line_of(0) + line_of(1) + line_of(2))) << "none of the second";
}

TEST_F(WitnessQuorum, one_witness_twice_counts_once) {
  EXPECT_FALSE(has_quorum(line_of(0) + line_of(0, noon_s + 60) + line_of(3)));
  EXPECT_EQ(open(line_of(0) + line_of(0, noon_s + 60))->cosignatures.size(), 1u);
  EXPECT_EQ(quorum_time({{{"a", keys_[0].public_key, {}, {}}, {"b", keys_[0].public_key, {}, {}}},
                         {AgencyKind::police, AgencyKind::court},
                         {{2, {AgencyKind::police, AgencyKind::court}}}},
                        {{0, noon_s}, {1, noon_s}}),
            std::nullopt)
      << "one key under two names";
}

TEST_F(WitnessQuorum, copied_key_id_refuses_the_note) {
  const auto opened = open(line_of(0) + with_copied_key_id(1, 0) + line_of(3));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, RefusalCode::bad_signature);
  EXPECT_TRUE(has_quorum(line_of(0) + line_of(1) + line_of(3))) << "the control";
}

TEST_F(WitnessQuorum, unknown_keys_are_ignored_also_under_a_witness_name) {
  EXPECT_FALSE(has_quorum(line_of(0) + signed_as(1, 0) + line_of(3)));
  const std::string stranger =
      journal::cosign_note_line(text(), {"stranger", new_signer()}, noon_s);
  EXPECT_TRUE(has_quorum(stranger + line_of(0) + line_of(1) + line_of(3)));
}

TEST_F(WitnessQuorum, known_witness_that_fails_refuses_the_note) {
  std::string other = text();
  other[other.find("\n5\n") + 1] = '6';
  const std::string false_line =
      journal::cosign_note_line(other, {"witness.1", crypto::Signer(keys_[1].secret_key)}, noon_s);
  EXPECT_EQ(outcome_of(open(line_of(0) + line_of(2) + line_of(3) + false_line)), "bad_signature");
}

TEST_F(WitnessQuorum, known_signatures_alone_are_kept_and_each_once) {
  const std::string stranger =
      journal::cosign_note_line(text(), {"stranger", new_signer()}, noon_s);
  const auto kept = keep_known_signatures(
      note_ + stranger + line_of(1) + line_of(0) + line_of(0, noon_s + 60), directory_);
  ASSERT_TRUE(kept);
  EXPECT_EQ(*kept, note_ + line_of(0) + line_of(1));
  EXPECT_EQ(outcome_of(keep_known_signatures(note_ + with_copied_key_id(1, 0), directory_)),
            "bad_signature");
}

TEST_F(WitnessQuorum, time_is_that_of_the_last_one_needed) {
  const auto opened = open(line_of(0, noon_s + 30) + line_of(1, noon_s) + line_of(2, noon_s + 20) +
                           line_of(3, noon_s + 90));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->quorum_s, noon_s + 20);
}

TEST_F(WitnessQuorum, answer_is_taken_for_the_asked_witness_alone) {
  const Witness& first = directory_.witnesses()[0];
  const auto taken = take_witness_line(note_, line_of(1) + line_of(0), first);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->line, line_of(0));
  EXPECT_EQ(taken->cosigned_s, noon_s);
  EXPECT_EQ(outcome_of(take_witness_line(note_, line_of(1), first)), "verification_failed");
  EXPECT_EQ(outcome_of(take_witness_line(note_, with_copied_key_id(0, 1), first)), "bad_signature");
  EXPECT_EQ(outcome_of(take_witness_line(note_, "no line", first)), "malformed_object");
  EXPECT_EQ(outcome_of(take_witness_line(note_, line_of(0) + "\nold 5\n", first)),
            "malformed_object");
}

}  // namespace
}  // namespace oberih::sealing
