// SPDX-License-Identifier: Apache-2.0
#include "server/application/anchor_desk.hpp"

#include <algorithm>
#include <stdexcept>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/encoding/utf8.hpp"
#include "server/application/gathered.hpp"

namespace oberih::application {
namespace {

constexpr std::chrono::milliseconds anchor_poll{500};

class AnchorUnit final : public Unit {
 public:
  AnchorUnit(sealing::AnchorLeaf leaf, std::function<void(Result<wire::Appended>)> done)
      : Unit({}), leaf_(std::move(leaf)), done_(std::move(done)) {}

  std::size_t size_bytes() const override { return leaf_.token.size() + 128; }
  Result<wire::Appended> judge(BatchView& batch) override { return batch.stage_anchor(leaf_); }
  void answer(Result<wire::Appended> outcome) override { done_(std::move(outcome)); }

 private:
  const sealing::AnchorLeaf leaf_;
  std::function<void(Result<wire::Appended>)> done_;
};

std::string words_of(const Refusal& refusal) {
  return refusal.detail.empty() ? std::string(refusal_row(refusal.code).sentence)
                                : encoding::printable(refusal.detail);
}

}  // namespace

AnchorDesk::AnchorDesk(JournalView& view, Recorder& recorder, TimestampLink& link,
                       const Clock& clock, const SteadyClock& steady, std::string ca_pem,
                       AnchorDeskSettings settings, Tell tell)
    : view_(view),
      recorder_(recorder),
      link_(link),
      clock_(clock),
      steady_(steady),
      ca_pem_(std::move(ca_pem)),
      settings_(settings),
      tell_(std::move(tell)) {}

AnchorDesk::~AnchorDesk() { stop(); }

/// A leaf that cannot be read is `oberihd check`'s to name: here it is as if there were none.
void AnchorDesk::load_newest(AnchorArchive& archive) {
  if (const std::optional<Bytes> stored = archive.load_newest_anchor()) {
    const auto leaf = journal::parse_leaf(*stored);
    const auto anchor =
        leaf ? sealing::parse_anchor_leaf(leaf->body) : Result<sealing::AnchorLeaf>(leaf.error());
    if (anchor) {
      const auto stamped = sealing::read_anchor(*anchor, std::nullopt);
      anchored_size_ = anchor->size;
      anchored_ms_ = stamped ? stamped->at_ms : leaf->server_ms;
    }
  }
  waiting_ms_ = archive.load_signed_ms(anchored_size_);
}

void AnchorDesk::resume(AnchorArchive& archive) {
  try {
    load_newest(archive);
  } catch (const std::runtime_error& error) {
    if (tell_) tell_({false, 0, error.what(), 0});
  }
  const Milliseconds now = clock_.now_ms();
  // A token from the future is a clock's fault: then it is due now.
  const std::uint64_t age = anchored_ms_ <= now ? now - anchored_ms_ : settings_.interval_ms;
  next_ms_ = steady_.elapsed_ms() + (age < settings_.interval_ms ? settings_.interval_ms - age : 0);
  publish();
}

void AnchorDesk::publish() {
  view_.publish(AnchoredHead{anchored_size_, anchored_ms_, failures_ == 0 ? 0 : waiting_ms_});
}

void AnchorDesk::start(AnchorArchive& archive) {
  resume(archive);
  thread_ = std::thread([this] { run(); });
}

void AnchorDesk::stop() {
  {
    std::lock_guard lock(mutex_);
    is_stopping_ = true;
    woken_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void AnchorDesk::run() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      woken_.wait_for(lock, anchor_poll, [this] { return is_stopping_; });
      if (is_stopping_) return;
    }
    look();
  }
}

bool AnchorDesk::look() {
  const std::optional<SignedCheckpoint> newest = view_.checkpoint();
  if (!newest || newest->size <= anchored_size_) return false;
  if (waiting_ms_ == 0) waiting_ms_ = clock_.now_ms();
  if (steady_.elapsed_ms() < next_ms_) return false;
  const auto checkpoint = journal::read_unverified_checkpoint(newest->note);
  if (!checkpoint) return false;  // it is our own: it is one
  note(anchor(*checkpoint));
  return true;
}

Result<AnchorNews> AnchorDesk::anchor(const journal::Checkpoint& checkpoint) {
  const Digest hash = sealing::anchored_hash(checkpoint);
  const Bytes request = crypto::make_timestamp_request(hash);
  Gathered<Result<Bytes>> answered(1);
  link_.stamp(request, answered.slot(0));
  auto answers = answered.wait_for(std::chrono::milliseconds(settings_.answer_ms),
                                   [this] { return is_stopping(); });
  if (!answers[0]) return refuse(RefusalCode::not_connected, "The authority does not answer.");
  if (!*answers[0]) return answers[0]->error();
  Result<Bytes> token = crypto::take_timestamp_token(**answers[0], request);
  if (!token) return token.error();
  // Before it stands in the journal for ever: who pays for time-stamps wants ones that hold.
  const Result<crypto::Timestamp> stamped = crypto::verify_timestamp_token(*token, hash, ca_pem_);
  if (!stamped) return stamped.error();
  const sealing::AnchorLeaf leaf{checkpoint.size, hash, std::move(*token),
                                 crypto::random_id<sealing::LeafSalt>()};
  Gathered<Result<wire::Appended>> committed(1);
  recorder_.submit(std::make_unique<AnchorUnit>(leaf, committed.slot(0)));
  auto outcomes = committed.wait_for(std::chrono::milliseconds(settings_.answer_ms),
                                     [this] { return is_stopping(); });
  if (!outcomes[0]) return refuse(RefusalCode::unavailable, "The token is not written yet.");
  if (!*outcomes[0]) return outcomes[0]->error();
  return AnchorNews{true, checkpoint.size, encoding::printable(stamped->authority), stamped->at_ms};
}

void AnchorDesk::note(const Result<AnchorNews>& outcome) {
  if (outcome) {
    next_ms_ = steady_.elapsed_ms() + settings_.interval_ms;
    failures_ = 0;
    anchored_size_ = outcome->size;
    anchored_ms_ = outcome->since_ms;
    waiting_ms_ = 0;
    told_reason_.clear();
    publish();
    if (tell_) tell_(*outcome);
    return;
  }
  next_ms_ = steady_.elapsed_ms() + std::min(settings_.longest_pause_ms,
                                             settings_.first_pause_ms << std::min(failures_, 16U));
  ++failures_;
  publish();
  const std::string reason = words_of(outcome.error());
  if (reason == told_reason_) return;
  told_reason_ = reason;
  if (tell_) tell_({false, 0, reason, waiting_ms_});
}

}  // namespace oberih::application
