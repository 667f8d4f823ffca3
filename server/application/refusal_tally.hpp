// SPDX-License-Identifier: Apache-2.0
// Refusals of a rule or permission, on their way into the journal: of each device and code, the
// minute's first at once, and at its end how many there were. Bounded in memory and in leaves,
// whatever comes; no answer waits for it. What is malformed or too much is no refusal of a rule.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "protocol/sealing/refusal_leaf.hpp"
#include "server/application/recorder.hpp"

namespace oberih::application {

/// What was asked for, as far as the journal says it.
struct RefusedRequest {
  std::string_view method;  // of a static string
  std::optional<EntryType> type;
  ChannelId channel;  // zero: none
};

/// Whether a refusal by this code stands in the journal: a rule or a permission said no.
bool is_recorded(RefusalCode code);

class RefusalTally {
 public:
  static constexpr std::uint64_t window_ms = 60'000;
  static constexpr std::size_t default_windows = 4'096;  // of all devices and codes, at once

  /// `report` takes a sentence for the operator's log.
  RefusalTally(Recorder& recorder, const Clock& clock, const SteadyClock& steady,
               std::function<void(const std::string&)> report,
               std::size_t most_windows = default_windows);

  /// Any thread, also the recorder's. After the answer was given.
  void note(const Origin& origin, const RefusedRequest& request, RefusalCode code);
  /// To be called every few seconds: writes the counts of minutes that are over, and what could not
  /// be written before.
  void close_windows();
  /// Before the recorder stops: the counts of all minutes, over or not.
  void close_all();
  std::size_t open_windows() const;

 private:
  struct Line;
  struct State;
  class LineUnit;
  void close(bool all);
  void submit(Line line);

  Recorder& recorder_;
  const Clock& clock_;
  const SteadyClock& steady_;
  const std::function<void(const std::string&)> report_;
  const std::shared_ptr<State> state_;  // units in the recorder's queue hold it too
};

}  // namespace oberih::application
