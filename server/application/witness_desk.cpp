// SPDX-License-Identifier: Apache-2.0
#include "server/application/witness_desk.hpp"

#include <algorithm>

#include "protocol/base/limits.hpp"
#include "protocol/journal/witness_request.hpp"
#include "protocol/sealing/directory_checkpoint.hpp"
#include "server/application/gathered.hpp"
#include "server/application/witness_words.hpp"

namespace oberih::application {
namespace {

constexpr std::size_t most_stored_notes = 64;  // looked through at start for one with a quorum

}  // namespace

WitnessDesk::WitnessDesk(JournalView& view, JournalReader& reader, WitnessLink& link,
                         CosignatureArchive& archive, CommitListener& listener, const Clock& clock,
                         const SteadyClock& steady, WitnessDeskSettings settings, Tell tell)
    : view_(view),
      reader_(reader),
      link_(link),
      archive_(archive),
      listener_(listener),
      clock_(clock),
      steady_(steady),
      settings_(settings),
      tell_(std::move(tell)) {}

WitnessDesk::~WitnessDesk() { stop(); }

void WitnessDesk::start() {
  const DirectoryPointer directory = view_.directory();
  const sealing::WitnessRules rules = sealing::witness_rules(*directory);
  for (const std::string& note : archive_.load_newest_notes(most_stored_notes)) {
    const auto witnessed = sealing::open_witnessed(note, *directory, rules);
    if (!witnessed || !witnessed->quorum_s) continue;
    view_.publish(WitnessedNote{witnessed->checkpoint.size, note, *witnessed->quorum_s * 1000});
    break;
  }
  thread_ = std::thread([this] { run(); });
}

void WitnessDesk::stop() {
  {
    std::lock_guard lock(mutex_);
    is_stopping_ = true;
    woken_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

std::optional<std::string> WitnessDesk::fault() const {
  std::lock_guard lock(mutex_);
  return fault_;
}

void WitnessDesk::run() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      woken_.wait_for(lock, std::chrono::milliseconds(settings_.poll_ms),
                      [this] { return is_stopping_; });
      if (is_stopping_) return;
    }
    hold_round();
  }
}

bool WitnessDesk::hold_round() {
  std::optional<SignedCheckpoint> newest = view_.checkpoint();
  const std::vector<sealing::Witness> witnesses = view_.directory()->witnesses();
  if (!newest || witnesses.empty()) return false;
  newest->note = journal_line_alone(newest->note);
  if (lines_size_ != newest->size) {
    lines_.clear();
    lines_size_ = newest->size;
  }
  std::vector<Participant> participants = choose(*newest, witnesses);
  if (participants.empty()) return false;
  participants = take_replies(participants, ask(participants, *newest), *newest);
  // Once more, by the sizes that they have named; who is wrong again waits.
  if (!participants.empty()) {
    const auto again = take_replies(participants, ask(participants, *newest), *newest);
    for (const Participant& each : again)
      note_failure(each.witness, "It names another size each time it is asked.");
  }
  publish(*newest);
  return true;
}

std::vector<WitnessDesk::Participant> WitnessDesk::choose(
    const SignedCheckpoint& newest, const std::vector<sealing::Witness>& witnesses) {
  std::vector<Participant> chosen;
  const std::uint64_t now = steady_.elapsed_ms();
  std::erase_if(standings_, [&](const auto& each) {
    return std::ranges::find(witnesses, each.first, &sealing::Witness::name) == witnesses.end();
  });
  for (const sealing::Witness& witness : witnesses) {
    const Standing& standing = standings_[witness.name];
    const bool is_fresh = standing.cosigned_size == newest.size &&
                          now < standing.cosigned_at_ms + settings_.refresh_ms;
    if (!is_fresh && now >= standing.next_try_ms)
      chosen.push_back({witness, std::min(standing.known_size, newest.size)});
  }
  return chosen;
}

std::vector<std::optional<journal::ProofPath>> WitnessDesk::read_proofs(
    const std::vector<Participant>& participants, std::uint64_t size) {
  std::vector<std::optional<journal::ProofPath>> proofs(participants.size());
  std::vector<ProofWish> wishes;
  for (std::size_t i = 0; i < participants.size(); ++i) {
    const std::uint64_t old_size = participants[i].old_size;
    if (old_size == 0 || old_size == size)
      proofs[i].emplace();
    else
      wishes.push_back({ProofWish::What::consistency, old_size, size});
  }
  if (wishes.empty()) return proofs;
  Gathered<Result<std::vector<journal::ProofPath>>> gathered(1);
  reader_.read_proofs({}, wishes, gathered.slot(0));
  auto answers = gathered.wait_for(std::chrono::milliseconds(settings_.round_ms),
                                   [this] { return is_stopping(); });
  if (!answers[0] || !*answers[0] || (**answers[0]).size() != wishes.size()) return proofs;
  std::size_t next = 0;
  for (auto& proof : proofs)
    if (!proof) proof = std::move((**answers[0])[next++]);
  return proofs;
}

WitnessDesk::Replies WitnessDesk::ask(const std::vector<Participant>& participants,
                                      const SignedCheckpoint& newest) {
  const auto proofs = read_proofs(participants, newest.size);
  Gathered<Result<WitnessReply>> gathered(participants.size());
  for (std::size_t i = 0; i < participants.size(); ++i) {
    const auto done = gathered.slot(i);
    if (!proofs[i] || proofs[i]->size() > journal::most_proof_lines)
      done(refuse(RefusalCode::unavailable, "The proof for it cannot be read now."));
    else
      link_.add_checkpoint(
          participants[i].witness,
          journal::format_add_checkpoint({participants[i].old_size, *proofs[i], newest.note}),
          done);
  }
  return gathered.wait_for(std::chrono::milliseconds(settings_.round_ms),
                           [this] { return is_stopping(); });
}

std::vector<WitnessDesk::Participant> WitnessDesk::take_replies(
    const std::vector<Participant>& participants, Replies replies, const SignedCheckpoint& newest) {
  std::vector<Participant> again;
  for (std::size_t i = 0; i < participants.size(); ++i) {
    const Participant& participant = participants[i];
    if (!replies[i]) {
      note_failure(participant.witness, "It does not answer in time.");
    } else if (!*replies[i]) {
      note_failure(participant.witness, reason_of(replies[i]->error()));
    } else if ((**replies[i]).status == 200) {
      take_line(participant, **replies[i], newest);
    } else if ((**replies[i]).status == 409 &&
               (**replies[i]).content_type == journal::tlog_size_type) {
      if (auto once_more = take_size(participant, **replies[i], newest))
        again.push_back(std::move(*once_more));
    } else {
      note_failure(participant.witness, "It refuses (" + std::to_string((**replies[i]).status) +
                                            "): " + first_line((**replies[i]).body));
    }
  }
  return again;
}

void WitnessDesk::take_line(const Participant& participant, const WitnessReply& reply,
                            const SignedCheckpoint& newest) {
  const auto taken = sealing::take_witness_line(newest.note, reply.body, participant.witness);
  if (!taken)
    return note_failure(participant.witness,
                        "Its cosignature does not verify: " + reason_of(taken.error()));
  const std::uint64_t now_s = clock_.now_ms() / 1000;
  const std::uint64_t skew_s = limits::clock_skew_ms / 1000;
  if (taken->cosigned_s > now_s + skew_s || taken->cosigned_s + skew_s < now_s)
    return note_failure(participant.witness,
                        "Its clock differs by more than five minutes from ours.");
  Standing& standing = standings_[participant.witness.name];
  standing.known_size = newest.size;
  standing.cosigned_size = newest.size;
  standing.cosigned_at_ms = steady_.elapsed_ms();
  lines_[participant.witness.name] = taken->line;
  std::erase_if(unstored_, [&](const StoredCosignature& each) {
    return each.witness == participant.witness.name;
  });
  unstored_.push_back({newest.size, participant.witness.name, taken->cosigned_s, taken->line});
  note_success(participant.witness);
}

std::optional<WitnessDesk::Participant> WitnessDesk::take_size(const Participant& participant,
                                                               const WitnessReply& reply,
                                                               const SignedCheckpoint& newest) {
  const auto size = journal::parse_tlog_size(reply.body);
  if (!size) {
    note_failure(participant.witness, "It answers with a size that is none.");
    return std::nullopt;
  }
  if (*size > newest.size) {
    look_ahead(participant, *size);
    return std::nullopt;
  }
  Standing& standing = standings_[participant.witness.name];
  if (*size < standing.known_size)
    tell({WitnessNews::What::lost_state, participant.witness.name,
          "It had cosigned " + std::to_string(standing.known_size) + " leaves and knows of " +
              std::to_string(*size) + "."});
  standing.known_size = *size;
  return Participant{participant.witness, *size};
}

/// A number is no proof: only a checkpoint that this journal has signed is.
void WitnessDesk::look_ahead(const Participant& participant, std::uint64_t size) {
  const std::string& name = participant.witness.name;
  Gathered<Result<WitnessReply>> gathered(1);
  link_.read_witnessed(participant.witness, gathered.slot(0));
  auto replies = gathered.wait_for(std::chrono::milliseconds(settings_.round_ms),
                                   [this] { return is_stopping(); });
  const DirectoryPointer directory = view_.directory();
  const std::string claim = "It says that it has cosigned " + std::to_string(size) + " leaves";
  if (!replies[0] || !*replies[0] || (**replies[0]).status != 200)
    return note_failure(participant.witness, claim + ", and does not show them.");
  const auto opened = sealing::open_checkpoint((**replies[0]).body, *directory);
  if (!opened || opened->size <= view_.checkpoint()->size)
    return note_failure(participant.witness, claim + "; what it shows does not prove it.");
  if (sealing::is_in_lost_tail(*directory, opened->size))
    return note_failure(participant.witness,
                        "It has cosigned the tail that a continuation gave up. Its operator must "
                        "move its state away and begin with --accept-first.");
  const std::string sentence =
      "The witness " + name + " holds a checkpoint over " + std::to_string(opened->size) +
      " leaves, signed by this journal, which has fewer: the database was restored to an older "
      "state. Restore a newer one, or let the agencies sign a governance continuation ('oberihd "
      "directory lost-tail'); nothing is served until then.";
  tell({WitnessNews::What::is_ahead, name, sentence});
  std::lock_guard lock(mutex_);
  fault_ = sentence;
}

void WitnessDesk::note_failure(const sealing::Witness& witness, const std::string& reason) {
  Standing& standing = standings_[witness.name];
  const std::uint64_t pause = std::min(
      settings_.longest_pause_ms, settings_.first_pause_ms << std::min(standing.failures, 16U));
  standing.next_try_ms = steady_.elapsed_ms() + pause;
  ++standing.failures;
  if (standing.reason == reason) return;
  standing.reason = reason;
  tell({WitnessNews::What::failed, witness.name, reason});
}

void WitnessDesk::note_success(const sealing::Witness& witness) {
  Standing& standing = standings_[witness.name];
  standing.failures = 0;
  standing.next_try_ms = 0;
  if (!std::exchange(standing.reason, std::string()).empty())
    tell({WitnessNews::What::answers, witness.name, {}});
}

void WitnessDesk::publish(const SignedCheckpoint& newest) {
  try {
    if (!unstored_.empty()) archive_.store(unstored_);
    unstored_.clear();
    told_of_archive_ = false;
  } catch (const std::runtime_error& error) {
    // They stand in the note all the same; what is stored is for after a restart.
    if (!std::exchange(told_of_archive_, true)) tell({WitnessNews::What::desk, {}, error.what()});
  }
  std::string note = newest.note;
  for (const auto& [name, line] : lines_) note += line;
  const DirectoryPointer directory = view_.directory();
  const auto witnessed =
      sealing::open_witnessed(note, *directory, sealing::witness_rules(*directory));
  if (!witnessed) return tell({WitnessNews::What::desk, {}, reason_of(witnessed.error())});
  if (note != newest.note && view_.publish_cosigned(newest.size, note))
    listener_.on_checkpoint(note);
  if (witnessed->quorum_s) {
    const Milliseconds at_ms = std::min(*witnessed->quorum_s * 1000, clock_.now_ms());
    view_.publish(WitnessedNote{newest.size, note, at_ms});
  }
  if (directory->witness_quorum().empty() || has_quorum_ == witnessed->quorum_s.has_value()) return;
  has_quorum_ = witnessed->quorum_s.has_value();
  const std::optional<WitnessedNote> last = view_.witnessed();
  tell({*has_quorum_ ? WitnessNews::What::quorum_reached : WitnessNews::What::quorum_missing,
        {},
        {},
        last ? last->at_ms : 0});
}

}  // namespace oberih::application
