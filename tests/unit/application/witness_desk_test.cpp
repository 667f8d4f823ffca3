// SPDX-License-Identifier: Apache-2.0
#include "server/application/witness_desk.hpp"

#include <gtest/gtest.h>

#include "witness_stage.hpp"

namespace oberih::application {
namespace {

using Manner = FakeWitness::Manner;
using What = WitnessNews::What;

class Witnessing : public testing::Test {
 protected:
  std::uint64_t witnessed_size() const {
    const auto witnessed = stage_.view.witnessed();
    return witnessed ? witnessed->size : 0;
  }
  /// After the pause that a failure brings.
  void next_round() {
    stage_.clock.pass(120'000);
    for (auto& [name, witness] : stage_.witnesses) witness.now_s = stage_.clock.now_ms() / 1000;
    stage_.desk.hold_round();
  }
  /// What is refused while one witness misbehaves is reached when it is honest again.
  void expect_refused_while(FakeWitness& witness, Manner manner) {
    stage_.grow_to(5);
    witness.manner = manner;
    stage_.desk.hold_round();
    EXPECT_EQ(witnessed_size(), 0u);
    EXPECT_GE(stage_.told(What::failed), 1u);
    witness.manner = Manner::honest;
    witness.size = 0;
    next_round();
    EXPECT_EQ(witnessed_size(), 5u) << "the control";
    EXPECT_EQ(stage_.told(What::answers), 1u);
  }

  WitnessStage stage_;
};

TEST_F(Witnessing, newest_checkpoint_gets_its_cosignatures_and_is_published_with_them) {
  stage_.grow_to(5);
  ASSERT_TRUE(stage_.desk.hold_round());
  EXPECT_EQ(witnessed_size(), 5u);
  EXPECT_EQ(stage_.archive.stored.size(), 3u);
  const std::string note = stage_.view.checkpoint()->note;
  EXPECT_EQ(note, stage_.view.witnessed()->note);
  const auto opened = sealing::open_witnessed(note, *stage_.view.directory(),
                                              sealing::witness_rules(*stage_.view.directory()));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->cosignatures.size(), 3u);
  EXPECT_EQ(stage_.told(What::quorum_reached), 1u);
  EXPECT_FALSE(stage_.desk.hold_round()) << "nothing has changed";
}

TEST_F(Witnessing, proof_is_made_from_the_size_that_a_witness_has) {
  stage_.grow_to(5);
  stage_.desk.hold_round();
  stage_.grow_to(12);
  stage_.desk.hold_round();
  EXPECT_EQ(witnessed_size(), 12u);
  EXPECT_EQ(stage_.court().asked, 2u) << "without a detour";
}

TEST_F(Witnessing, witness_that_lags_gets_the_proof_that_it_lacks) {
  stage_.grow_to(5);
  stage_.desk.hold_round();
  stage_.grow_to(9);
  stage_.court().manner = Manner::down;
  stage_.desk.hold_round();
  EXPECT_EQ(witnessed_size(), 5u);
  stage_.grow_to(17);
  stage_.court().manner = Manner::honest;
  next_round();
  EXPECT_EQ(witnessed_size(), 17u);
}

TEST_F(Witnessing, server_that_does_not_know_asks_and_proves_from_there) {
  stage_.note_over(20);
  stage_.court().size = 7;
  journal::MerkleFrontier tree;
  for (std::size_t i = 0; i < 7; ++i) tree.append(stage_.leaves[i]);
  stage_.court().root = tree.root();
  stage_.grow_to(20);
  stage_.desk.hold_round();
  EXPECT_EQ(stage_.court().asked, 2u);
  EXPECT_EQ(witnessed_size(), 20u);
}

TEST_F(Witnessing, too_few_cosignatures_are_no_quorum) {
  expect_refused_while(stage_.court(), Manner::down);
}
TEST_F(Witnessing, one_witness_twice_counts_once) {
  stage_.police().manner = Manner::twice;
  expect_refused_while(stage_.court(), Manner::down);
}
TEST_F(Witnessing, copied_key_id_is_no_second_witness) {
  stage_.grow_to(5);
  const std::string note = stage_.note_over(5);
  const std::string text = note.substr(0, note.find("\n\n") + 1);
  stage_.police().copied_line = stage_.court().line(text, stage_.police().keys.secret_key);
  stage_.police().manner = Manner::copied_key_id;
  expect_refused_while(stage_.court(), Manner::down);
}
TEST_F(Witnessing, signature_over_another_text_is_refused) {
  expect_refused_while(stage_.ngo(), Manner::false_signature);
}
TEST_F(Witnessing, signature_by_another_key_is_refused) {
  expect_refused_while(stage_.ngo(), Manner::other_key);
}
TEST_F(Witnessing, witness_that_comes_back_empty_is_told_of) {
  expect_refused_while(stage_.court(), Manner::empty);
  stage_.grow_to(9);
  stage_.court().size = 0;  // its operator let it begin anew
  next_round();
  EXPECT_EQ(stage_.told(What::lost_state), 1u);
  EXPECT_EQ(witnessed_size(), 9u);
}
TEST_F(Witnessing, split_view_is_refused_by_the_witness_and_told) {
  expect_refused_while(stage_.court(), Manner::split);
}

TEST_F(Witnessing, witness_with_a_wrong_clock_does_not_count) {
  stage_.grow_to(5);
  stage_.court().now_s += 3'600;
  stage_.desk.hold_round();
  EXPECT_EQ(witnessed_size(), 0u);
  EXPECT_EQ(stage_.told(What::failed), 1u);
}

TEST_F(Witnessing, number_alone_stops_no_server_but_a_signed_checkpoint_does) {
  stage_.grow_to(5);
  stage_.court().manner = Manner::claims_more;
  stage_.desk.hold_round();
  EXPECT_FALSE(stage_.desk.fault()) << "anybody can say a number";
  stage_.court().manner = Manner::shows_more;
  stage_.court().shown_note = stage_.note_over(12);
  next_round();
  ASSERT_TRUE(stage_.desk.fault());
  EXPECT_NE(stage_.desk.fault()->find("restored to an older state"), std::string::npos);
}

TEST_F(Witnessing, who_does_not_answer_is_asked_less_and_less_often) {
  stage_.grow_to(5);
  stage_.court().manner = Manner::down;
  stage_.desk.hold_round();
  const unsigned asked = stage_.court().asked;
  EXPECT_FALSE(stage_.desk.hold_round()) << "it has its pause";
  stage_.clock.pass(1'000);
  EXPECT_TRUE(stage_.desk.hold_round());
  stage_.clock.pass(1'000);
  EXPECT_FALSE(stage_.desk.hold_round()) << "twice as long now";
  EXPECT_EQ(stage_.court().asked, asked + 1);
  EXPECT_EQ(stage_.told(What::failed), 1u) << "the same reason is told once";
}

TEST_F(Witnessing, checkpoint_that_stays_is_cosigned_anew_after_a_while) {
  stage_.grow_to(5);
  stage_.desk.hold_round();
  const Milliseconds before = stage_.view.witnessed()->at_ms;
  stage_.clock.pass(stage_.settings().refresh_ms);
  next_round();
  EXPECT_GT(stage_.view.witnessed()->at_ms, before);
  EXPECT_EQ(stage_.archive.stored.size(), 6u);
}

TEST_F(Witnessing, database_that_is_away_loses_no_cosignature) {
  stage_.grow_to(5);
  stage_.archive.is_away = true;
  stage_.desk.hold_round();
  EXPECT_EQ(witnessed_size(), 5u);
  EXPECT_EQ(stage_.told(What::desk), 1u);
  stage_.archive.is_away = false;
  stage_.grow_to(6);
  stage_.desk.hold_round();
  EXPECT_EQ(stage_.archive.stored.size(), 3u) << "the newest of each";
}

/// The desk of the process that is started after another was killed.
class NextDesk {
 public:
  explicit NextDesk(WitnessStage& stage)
      : desk(stage.view, stage.reader, stage.link, stage.archive, stage.listener, stage.clock,
             stage.clock, stage.settings(), [](const WitnessNews&) {}) {}
  WitnessDesk desk;
};

TEST_F(Witnessing, killed_between_signature_and_witnesses_the_next_process_asks_them) {
  stage_.grow_to(5);
  EXPECT_EQ(witnessed_size(), 0u);
  NextDesk next(stage_);
  next.desk.hold_round();
  EXPECT_EQ(witnessed_size(), 5u);
}

TEST_F(Witnessing, killed_between_witnesses_and_publication_it_gets_their_word_again) {
  stage_.grow_to(5);
  stage_.archive.is_away = true;
  stage_.desk.hold_round();
  ASSERT_EQ(stage_.court().size, 5u) << "they have cosigned";
  stage_.view.publish(WitnessedNote{});
  ASSERT_EQ(witnessed_size(), 0u) << "and nobody has heard of it";
  stage_.archive.is_away = false;
  NextDesk next(stage_);
  next.desk.hold_round();
  EXPECT_EQ(witnessed_size(), 5u);
  EXPECT_EQ(stage_.archive.stored.size(), 3u);
}

TEST_F(Witnessing, after_a_restart_the_stored_ones_count) {
  stage_.grow_to(5);
  stage_.desk.hold_round();
  stage_.archive.notes = {stage_.view.witnessed()->note};
  stage_.view.publish(WitnessedNote{});
  stage_.desk.start();
  EXPECT_EQ(witnessed_size(), 5u);
  stage_.desk.stop();
}

}  // namespace
}  // namespace oberih::application
