// SPDX-License-Identifier: Apache-2.0
// A recorder over the in-memory journal, with units that need no keys: their leaves are staged
// unjudged.
#pragma once

#include <condition_variable>
#include <mutex>

#include "protocol/crypto/random_bytes.hpp"
#include "server/application/recorder.hpp"
#include "tests/support/memory_store.hpp"

namespace oberih::application {

class ManualClock final : public Clock, public SteadyClock {
 public:
  Milliseconds now_ms() const override { return wall_ms; }
  std::uint64_t elapsed_ms() const override { return steady_ms; }
  void pass(std::uint64_t ms) {
    wall_ms += ms;
    steady_ms += ms;
  }
  std::atomic<Milliseconds> wall_ms{1'800'000'000'000};
  std::atomic<std::uint64_t> steady_ms{1'000};
};

class RecordingListener final : public CommitListener {
 public:
  void on_commit(CommittedBatch batch) override {
    std::lock_guard lock(mutex_);
    batches_.push_back(batch);
  }
  void on_checkpoint(const std::string& note) override {
    std::lock_guard lock(mutex_);
    notes_.push_back(note);
  }
  std::vector<CommittedBatch> batches() const {
    std::lock_guard lock(mutex_);
    return batches_;
  }
  std::vector<std::uint64_t> channel_sequences() const {
    std::vector<std::uint64_t> sequences;
    for (const CommittedBatch& batch : batches())
      for (const CommittedItem& item : batch.items) sequences.push_back(item.channel_seq);
    return sequences;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<CommittedBatch> batches_;
  std::vector<std::string> notes_;
};

/// Answers by the number under which units were submitted.
class Answers {
 public:
  void put(std::size_t number, Result<wire::Appended> answer) {
    std::lock_guard lock(mutex_);
    given_.emplace(number, std::move(answer));
    order_.push_back(number);
    news_.notify_all();
  }
  Result<wire::Appended> wait(std::size_t number) {
    std::unique_lock lock(mutex_);
    news_.wait(lock, [&] { return given_.contains(number); });
    return given_.at(number);
  }
  RefusalCode wait_refusal(std::size_t number) {
    auto answer = wait(number);
    if (answer) throw std::runtime_error("it was not refused");
    return answer.error().code;
  }
  std::vector<std::size_t> order() const {
    std::lock_guard lock(mutex_);
    return order_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable news_;
  std::map<std::size_t, Result<wire::Appended>> given_;
  std::vector<std::size_t> order_;
};

class TestUnit final : public Unit {
 public:
  using Judge = std::function<Result<wire::Appended>(BatchView&)>;
  TestUnit(Judge judge, Answers& answers, std::size_t number, std::size_t bytes)
      : Unit({}), judge_(std::move(judge)), answers_(answers), number_(number), bytes_(bytes) {}
  std::size_t size_bytes() const override { return bytes_; }
  Result<wire::Appended> judge(BatchView& batch) override { return judge_(batch); }
  void answer(Result<wire::Appended> outcome) override {
    answers_.put(number_, std::move(outcome));
  }

 private:
  Judge judge_;
  Answers& answers_;
  std::size_t number_;
  std::size_t bytes_;
};

/// Stands in the way of the recorder's thread until it is opened.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    reached_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void wait_until_reached() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return reached_; });
  }
  void open() {
    std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool reached_ = false;
  bool open_ = false;
};

inline TestUnit::Judge creation(const ChannelId& channel, const DeviceId& member) {
  return [channel, member](BatchView& batch) -> Result<wire::Appended> {
    sealing::ChannelRecord record;
    record.op = sealing::RecordOp::create;
    record.channel = channel;
    record.seq = batch.channel(channel).record_seq() + 1;
    record.epoch = record.seq;
    record.roster = {{member, {}, RosterRole::admin, 0}};
    record.policy = {ChannelKind::ordinary, 1, History::full};
    record.author = member;
    const sealing::SignedRecord signed_record{sealing::encode_record_content(record), {}, {}};
    return batch.stage_record(record, signed_record, {}, {});
  };
}

inline TestUnit::Judge posting(const ChannelId& channel, const DeviceId& sender,
                               const MessageId& id = crypto::random_id<MessageId>()) {
  return [channel, sender, id](BatchView& batch) -> Result<wire::Appended> {
    const sealing::SenderHead head = batch.load_sender(channel, sender);
    if (batch.asks_for_every_id() && batch.load_entry(sender, id))
      return refuse(RefusalCode::message_id_reused);
    sealing::EntryHeader header;
    header.type = EntryType::message;
    header.channel = channel;
    header.sender = sender;
    header.sender_seq = head.sender_seq + 1;
    header.sender_prev = head.message_hash;
    header.message_id = id;
    sealing::SealedEntry entry;
    entry.header = sealing::encode_header(header);
    entry.salt = crypto::random_id<Salt>();
    return batch.stage_entry(header, entry, sealing::message_hash(entry), Bytes{1, 2, 3});
  };
}

inline TestUnit::Judge refusing(RefusalCode code) {
  return [code](BatchView&) -> Result<wire::Appended> { return refuse(code); };
}

/// One server process over a journal.
struct Process {
  explicit Process(test::MemoryJournal& shared, ManualClock& clock_, RecorderSettings settings = {},
                   CheckpointSigner* signer = nullptr)
      : clock(clock_),
        store(shared),
        recorder(store, view, clock, clock, listener, signer, std::move(settings)) {}

  void start() {
    if (auto started = recorder.start(); !started) throw std::runtime_error(started.error().detail);
  }
  std::size_t submit(TestUnit::Judge judge, std::size_t bytes = 100) {
    const std::size_t number = submitted++;
    recorder.submit(std::make_unique<TestUnit>(std::move(judge), answers, number, bytes));
    return number;
  }
  Result<wire::Appended> run(TestUnit::Judge judge) {
    return answers.wait(submit(std::move(judge)));
  }
  std::uint64_t newest_seq(const ChannelId& channel) const {
    auto facts = view.find_channel(channel);
    return facts ? facts->newest_seq : 0;
  }

  ManualClock& clock;
  test::MemoryStore store;
  JournalView view;
  RecordingListener listener;
  Answers answers;
  std::size_t submitted = 0;
  Recorder recorder;  // last: its thread ends before the rest does
};

}  // namespace oberih::application
