// SPDX-License-Identifier: Apache-2.0
#include "server/application/access_tally.hpp"

#include <algorithm>
#include <deque>
#include <limits>
#include <tuple>
#include <utility>

#include "protocol/base/byte_reader.hpp"
#include "protocol/crypto/random_bytes.hpp"

namespace oberih::application {
namespace {

using sealing::AccessWhat;

std::uint32_t counted(std::uint64_t count) {
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(count, std::numeric_limits<std::uint32_t>::max()));
}

/// From the header of a leaf of a chain, which needs no parsing.
std::uint64_t sequence_of(const wire::ChannelItem& item) {
  ByteReader reader(item.leaf);
  reader.take(1 + 1 + 8 + 32);
  return reader.u64();
}

}  // namespace

/// What one leaf will say.
struct AccessTally::Line {
  Origin origin;
  AccessWhat what{};
  ChannelId channel;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::uint64_t count = 0;
  Milliseconds since_ms = 0;
};

/// INVARIANT: windows, sessions and unwritten lines together are never more than `most`.
struct AccessTally::State {
  using Key = std::tuple<DeviceId, AccessWhat, ChannelId>;
  struct Window {
    Line line;
    std::uint64_t opened_ms = 0;
  };
  struct Session {
    Line line;                 // `to` of the newest end, while nothing is open
    std::uint64_t due_ms = 0;  // by the steady clock
    std::size_t open = 0;
  };

  explicit State(std::size_t most_windows) : most(most_windows) {}
  std::size_t held() const { return windows.size() + sessions.size() + unwritten.size(); }
  bool is_full() const { return held() >= most; }

  const std::size_t most;
  mutable std::mutex mutex;
  std::map<Key, Window> windows;
  std::map<DeviceId, Session> sessions;
  std::deque<Line> unwritten;  // that the recorder refused: the database is away, or busy
  std::uint64_t left_out = 0;
};

class AccessTally::LineUnit final : public Unit {
 public:
  LineUnit(Line line, std::shared_ptr<State> state)
      : Unit(line.origin), line_(std::move(line)), state_(std::move(state)) {}

  std::size_t size_bytes() const override { return 256; }

  Result<wire::Appended> judge(BatchView& batch) override {
    return batch.stage_access(
        line_.channel, {line_.what, line_.origin.device, line_.from, line_.to, counted(line_.count),
                        line_.since_ms, crypto::random_id<sealing::LeafSalt>()});
  }

  void answer(Result<wire::Appended> outcome) override {
    if (outcome) return;
    std::lock_guard lock(state_->mutex);
    if (state_->is_full())
      ++state_->left_out;
    else
      state_->unwritten.push_back(line_);
  }

 private:
  const Line line_;
  const std::shared_ptr<State> state_;
};

AccessTally::AccessTally(Recorder& recorder, const Clock& clock, const SteadyClock& steady,
                         std::function<void(const std::string&)> report, std::size_t most_windows)
    : recorder_(recorder),
      clock_(clock),
      steady_(steady),
      report_(std::move(report)),
      state_(std::make_shared<State>(most_windows)) {}

void AccessTally::note_history(const Origin& origin, const ChannelId& channel,
                               const wire::ItemPage& page) {
  if (page.items.empty()) return;
  note(origin, AccessWhat::history, channel, sequence_of(page.items.front()),
       sequence_of(page.items.back()), counted(page.items.size()));
}

void AccessTally::note_leaves(const Origin& origin, std::uint64_t first_index,
                              std::uint32_t count) {
  note(origin, AccessWhat::leaves, {}, first_index, first_index + count - 1, count);
}

void AccessTally::note_attachment(const Origin& origin, const ChannelId& channel,
                                  std::uint32_t chunk) {
  note(origin, AccessWhat::attachment, channel, chunk, chunk, 1);
}

void AccessTally::note(const Origin& origin, AccessWhat what, const ChannelId& channel,
                       std::uint64_t from, std::uint64_t to, std::uint32_t count) {
  Line line{origin, what, channel, from, to, count, clock_.now_ms()};
  {
    std::lock_guard lock(state_->mutex);
    const State::Key key{origin.device, what, channel};
    if (const auto found = state_->windows.find(key); found != state_->windows.end()) {
      Line& known = found->second.line;
      known.from = std::min(known.from, from);
      known.to = std::max(known.to, to);
      known.count += count;
      return;
    }
    if (!state_->is_full()) {
      state_->windows.emplace(key, State::Window{std::move(line), steady_.elapsed_ms()});
      return;
    }
  }
  // No room to add it up: it gets a leaf of its own. The recorder's queue is bounded, too.
  submit(std::move(line));
}

void AccessTally::session_began(const Origin& origin) {
  const Milliseconds now = clock_.now_ms();
  std::lock_guard lock(state_->mutex);
  const auto found = state_->sessions.find(origin.device);
  if (found != state_->sessions.end()) {
    ++found->second.open;
    ++found->second.line.count;
  } else if (state_->is_full()) {
    ++state_->left_out;
  } else {
    state_->sessions.emplace(origin.device,
                             State::Session{{origin, AccessWhat::session, {}, now, now, 1, now},
                                            steady_.elapsed_ms() + window_ms,
                                            1});
  }
}

void AccessTally::session_ended(const Origin& origin) {
  std::lock_guard lock(state_->mutex);
  const auto found = state_->sessions.find(origin.device);
  if (found == state_->sessions.end() || found->second.open == 0) return;
  --found->second.open;
  found->second.line.to = std::max(found->second.line.from, clock_.now_ms());
}

void AccessTally::close_windows() { close(false); }
void AccessTally::close_all() { close(true); }

void AccessTally::close(bool all) {
  const std::uint64_t elapsed = steady_.elapsed_ms();
  const Milliseconds now = clock_.now_ms();
  std::deque<Line> lines;
  std::uint64_t left_out = 0;
  {
    std::lock_guard lock(state_->mutex);
    lines.swap(state_->unwritten);
    for (auto each = state_->windows.begin(); each != state_->windows.end();) {
      const bool is_over = all || elapsed - each->second.opened_ms >= window_ms;
      if (is_over) lines.push_back(std::move(each->second.line));
      each = is_over ? state_->windows.erase(each) : std::next(each);
    }
    for (auto each = state_->sessions.begin(); each != state_->sessions.end();) {
      State::Session& session = each->second;
      // Whoever has gone is written at the minute's end, not an hour later.
      const bool is_over = all || elapsed >= session.due_ms ||
                           (session.open == 0 && now >= session.line.to + window_ms);
      if (!is_over) {
        ++each;
        continue;
      }
      if (session.open > 0) session.line.to = std::max(session.line.from, now);
      lines.push_back(session.line);
      if (session.open == 0 || all) {
        each = state_->sessions.erase(each);
        continue;
      }
      session.line.from = session.line.since_ms = session.line.to;
      session.line.count = session.open;
      session.due_ms = elapsed + session_ms;
      ++each;
    }
    left_out = std::exchange(state_->left_out, 0);
  }
  if (left_out > 0)
    report_(std::to_string(left_out) +
            " accesses are not in the journal: too many devices read at once.");
  for (Line& line : lines) submit(std::move(line));
}

void AccessTally::submit(Line line) {
  recorder_.submit(std::make_unique<LineUnit>(std::move(line), state_));
}

std::size_t AccessTally::open_windows() const {
  std::lock_guard lock(state_->mutex);
  return state_->windows.size() + state_->sessions.size();
}

}  // namespace oberih::application
