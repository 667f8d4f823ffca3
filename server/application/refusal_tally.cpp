// SPDX-License-Identifier: Apache-2.0
#include "server/application/refusal_tally.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "protocol/crypto/random_bytes.hpp"

namespace oberih::application {
namespace {

// Malformed input, the server's own state and the client's own words. Every other row of the table
// of refusals is a rule or a permission: a new one is recorded unless it is put here.
constexpr std::array not_recorded = {
    RefusalCode::malformed_frame,       RefusalCode::malformed_request,
    RefusalCode::unknown_method,        RefusalCode::invalid_parameters,
    RefusalCode::frame_too_large,       RefusalCode::unsupported_version,
    RefusalCode::hello_required,        RefusalCode::malformed_object,
    RefusalCode::server_busy,           RefusalCode::unavailable,
    RefusalCode::clock_unreliable,      RefusalCode::too_many_subscriptions,
    RefusalCode::attachment_store_full, RefusalCode::verification_failed,
    RefusalCode::cannot_open,           RefusalCode::locked,
    RefusalCode::wrong_passphrase,      RefusalCode::not_connected,
    RefusalCode::local_state_broken,    RefusalCode::usage,
    RefusalCode::wrong_server,
};

std::uint32_t bounded(std::uint64_t count) {
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(count, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace

bool is_recorded(RefusalCode code) {
  return std::find(not_recorded.begin(), not_recorded.end(), code) == not_recorded.end();
}

/// What one leaf will say.
struct RefusalTally::Line {
  Origin origin;
  RefusedRequest request;
  RefusalCode code{};
  std::uint64_t count = 0;
  Milliseconds since_ms = 0;
  bool is_first = false;
};

/// INVARIANT: windows and unwritten lines together are never more than `most`.
struct RefusalTally::State {
  using Key = std::pair<DeviceId, RefusalCode>;
  struct Window {
    Line line;  // with the count so far
    std::uint64_t opened_ms = 0;
    enum class First { waits, written, lost } first = First::waits;
  };

  explicit State(std::size_t most_windows) : most(most_windows) {}
  bool is_full() const { return windows.size() + unwritten.size() >= most; }

  const std::size_t most;
  mutable std::mutex mutex;
  std::map<Key, Window> windows;
  std::deque<Line> unwritten;  // counts that the recorder refused: the database is away, or busy
  std::uint64_t left_out = 0;
};

class RefusalTally::LineUnit final : public Unit {
 public:
  LineUnit(Line line, std::shared_ptr<State> state)
      : Unit(line.origin), line_(std::move(line)), state_(std::move(state)) {}

  std::size_t size_bytes() const override { return 256; }

  Result<wire::Appended> judge(BatchView& batch) override {
    sealing::RefusalLeaf leaf;
    leaf.device = line_.origin.device;
    leaf.method = line_.request.method;
    leaf.type = line_.request.type;
    leaf.code = static_cast<std::uint16_t>(-refusal_row(line_.code).number);
    leaf.count = bounded(line_.count);
    leaf.since_ms = line_.since_ms;
    leaf.salt = crypto::random_id<sealing::LeafSalt>();
    return batch.stage_refusal(line_.request.channel, leaf);
  }

  void answer(Result<wire::Appended> outcome) override {
    std::lock_guard lock(state_->mutex);
    if (line_.is_first) {
      const auto window = state_->windows.find({line_.origin.device, line_.code});
      using First = State::Window::First;
      if (window != state_->windows.end() && window->second.line.since_ms == line_.since_ms)
        window->second.first = outcome ? First::written : First::lost;
    } else if (!outcome && state_->is_full()) {
      state_->left_out += line_.count;
    } else if (!outcome) {
      state_->unwritten.push_back(line_);
    }
  }

 private:
  const Line line_;
  const std::shared_ptr<State> state_;
};

RefusalTally::RefusalTally(Recorder& recorder, const Clock& clock, const SteadyClock& steady,
                           std::function<void(const std::string&)> report, std::size_t most_windows)
    : recorder_(recorder),
      clock_(clock),
      steady_(steady),
      report_(std::move(report)),
      state_(std::make_shared<State>(most_windows)) {}

void RefusalTally::note(const Origin& origin, const RefusedRequest& request, RefusalCode code) {
  if (!is_recorded(code)) return;
  Line line{origin, request, code, 1, clock_.now_ms(), true};
  {
    std::lock_guard lock(state_->mutex);
    const State::Key key{origin.device, code};
    if (const auto window = state_->windows.find(key); window != state_->windows.end()) {
      ++window->second.line.count;
      return;
    }
    if (state_->is_full()) {
      ++state_->left_out;
      return;
    }
    state_->windows.emplace(key, State::Window{line, steady_.elapsed_ms(), {}});
  }
  // Outside of the lock: a full queue answers a unit on this very thread.
  submit(std::move(line));
}

void RefusalTally::close_windows() { close(false); }
void RefusalTally::close_all() { close(true); }

void RefusalTally::close(bool all) {
  using First = State::Window::First;
  std::deque<Line> lines;
  std::uint64_t left_out = 0;
  {
    std::lock_guard lock(state_->mutex);
    lines.swap(state_->unwritten);
    for (auto each = state_->windows.begin(); each != state_->windows.end();) {
      const State::Window& window = each->second;
      const bool is_over = steady_.elapsed_ms() - window.opened_ms >= window_ms;
      // Its first leaf is still on the way, and will be written or refused.
      const bool must_wait = window.first == First::waits && !all;
      if ((!is_over && !all) || must_wait) {
        ++each;
        continue;
      }
      if (window.line.count > 1 || window.first == First::lost) {
        lines.push_back(window.line);
        lines.back().is_first = false;
      }
      each = state_->windows.erase(each);
    }
    left_out = std::exchange(state_->left_out, 0);
  }
  if (left_out > 0)
    report_(std::to_string(left_out) +
            " refusals are not in the journal: too many devices were refused at once.");
  for (Line& line : lines) submit(std::move(line));
}

void RefusalTally::submit(Line line) {
  recorder_.submit(std::make_unique<LineUnit>(std::move(line), state_));
}

std::size_t RefusalTally::open_windows() const {
  std::lock_guard lock(state_->mutex);
  return state_->windows.size();
}

}  // namespace oberih::application
