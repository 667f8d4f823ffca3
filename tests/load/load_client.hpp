// SPDX-License-Identifier: Apache-2.0
// A member with one connection: says hello, follows its channel, and holds every item that comes
// against the one before.
#pragma once

#include <deque>

#include "tests/load/item_scan.hpp"
#include "tests/load/prepared_posts.hpp"
#include "tests/load/web_socket_pipe.hpp"

namespace oberih::load {

class LoadClient final : WebSocketPipe::Owner {
 public:
  /// Who counts. One thread.
  class Counter {
   public:
    virtual void on_ready(LoadClient&) {}
    virtual void on_item(LoadClient&, const SeenItem&) {}
    /// An item that had come before, or comes after a later one. What a gap leaves out is lost: the
    /// counter misses it at the end.
    virtual void on_doubled(LoadClient&) {}
    /// The server cut a reader that did not keep up. The client comes back and resumes.
    virtual void on_cut(LoadClient&) {}
    virtual void on_reply(LoadClient&, std::uint64_t id, std::string_view frame) = 0;

   protected:
    ~Counter() = default;
  };
  enum class Habit { follows, only_greets };

  LoadClient(EventLoop& loop, Counter& counter, const Member& member, const Channel& channel,
             Habit habit);

  /// Connects and follows what comes after `after_seq`.
  void open(std::uint16_t port, std::uint64_t after_seq);
  void close() { pipe_.close(); }
  void send(std::string_view masked_frame) { pipe_.send(masked_frame); }
  /// Sends it, again after a cut, until it is answered.
  void post(PreparedPost prepared);

  bool is_ready() const { return is_ready_ && pipe_.is_open(); }
  /// No post waits for its answer.
  bool is_answered() const { return unanswered_.empty(); }
  std::uint64_t newest_seq() const { return newest_seq_; }
  const Channel& channel() const { return channel_; }

 private:
  void on_open() override;
  void on_text(std::string_view text) override;
  void on_end(std::uint16_t close_code, const std::string& why) override;
  void take_item(const SeenItem& item);
  void take_own_reply(std::uint64_t id);

  Counter& counter_;
  EventLoop& loop_;
  const Channel& channel_;
  const Habit habit_;
  WebSocketPipe pipe_;
  std::deque<PreparedPost> unanswered_;
  std::uint16_t port_ = 0;
  std::uint64_t newest_seq_ = 0;
  bool is_ready_ = false;
};

/// Ids below are the client's own; posts and reads have higher ones.
inline constexpr std::uint64_t first_free_request_id = 1'000;

}  // namespace oberih::load
