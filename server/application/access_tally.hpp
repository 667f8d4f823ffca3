// SPDX-License-Identifier: Apache-2.0
// Who consulted what, on its way into the journal: sessions by device; history, leaves and
// attachments by device and channel, each added up over a minute and written at its end. Bounded in
// memory and in leaves; no answer waits for it. Live delivery is none of this: receipts say that.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "protocol/sealing/access_leaf.hpp"
#include "protocol/wire/replies.hpp"
#include "server/application/recorder.hpp"

namespace oberih::application {

class AccessTally {
 public:
  static constexpr std::uint64_t window_ms = 60'000;
  /// A session's first leaf comes at its minute's end; while it lasts, another each hour: a server
  /// that dies takes no more than an hour of it along, and a day of it costs two dozen leaves.
  static constexpr std::uint64_t session_ms = 3'600'000;
  static constexpr std::size_t default_windows = 16'384;  // of all devices and channels, at once

  /// `report` takes a sentence for the operator's log.
  AccessTally(Recorder& recorder, const Clock& clock, const SteadyClock& steady,
              std::function<void(const std::string&)> report,
              std::size_t most_windows = default_windows);

  // Any thread.
  /// Items of a channel from the answer to a read, or from catching up. No items: nothing.
  void note_history(const Origin& origin, const ChannelId& channel, const wire::ItemPage& page);
  /// REQUIRES: count leaves from `first_index` on, one at least.
  void note_leaves(const Origin& origin, std::uint64_t first_index, std::uint32_t count);
  void note_attachment(const Origin& origin, const ChannelId& channel, std::uint32_t chunk);
  void session_began(const Origin& origin);
  void session_ended(const Origin& origin);

  /// To be called every second or so: writes the minutes that are over, and what could not be
  /// written before.
  void close_windows();
  /// Before the recorder stops: all of them, over or not.
  void close_all();
  std::size_t open_windows() const;

 private:
  struct Line;
  struct State;
  class LineUnit;
  void note(const Origin& origin, sealing::AccessWhat what, const ChannelId& channel,
            std::uint64_t from, std::uint64_t to, std::uint32_t count);
  void close(bool all);
  void submit(Line line);

  Recorder& recorder_;
  const Clock& clock_;
  const SteadyClock& steady_;
  const std::function<void(const std::string&)> report_;
  const std::shared_ptr<State> state_;  // units in the recorder's queue hold it too
};

}  // namespace oberih::application
