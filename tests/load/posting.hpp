// SPDX-License-Identifier: Apache-2.0
// People who post in channels and follow them, each with a connection: as fast as answers come
// (closed loop), or by the clock (open loop).
#pragma once

#include "tests/load/ledger.hpp"
#include "tests/load/options.hpp"
#include "tests/load/stage.hpp"

namespace oberih::load {

class Posting final : public LoadClient::Counter {
 public:
  /// What the member at that place of a channel says; nothing: texts.
  using SayOf = std::function<NextContent(const Channel& channel, std::size_t place)>;

  /// Whether neighbours in a channel (the first and the second, and so on) answer one another: then
  /// nobody posts by the clock before the other's last is acknowledged.
  enum class Neighbours { strangers, answer_one_another };

  /// The stage's server runs. Connects everybody.
  Posting(Stage& stage, const std::vector<Channel*>& channels, const SayOf& say_of = {},
          Neighbours neighbours = Neighbours::strangers);

  /// So many posts outstanding at all times, until the time is over.
  Measures run_closed(std::size_t outstanding, double seconds);
  /// One post every 1/rate seconds, by everybody in turn.
  Measures run_open(double posts_per_second, double seconds);
  /// For a run that is no row's, such as a first one that warms up: its figures are dropped, but
  /// what it lost or doubled is counted in the next run.
  void leave_out(const Measures& measures);
  /// When the post was to be sent, of the newest run.
  Clock::time_point due_of(PostIdentity identity) const { return ledger_.due_of(identity); }
  std::size_t senders() const { return senders_.size(); }
  /// How often somebody who did not keep up was cut, and came back, in all runs.
  std::uint64_t cuts() const { return cuts_; }

 private:
  /// What rates are counted over. An open loop's begins after a quarter of its time, when as much
  /// comes out of the server as goes in.
  struct Window {
    Clock::time_point start;
    std::uint64_t acknowledged = 0;
    std::uint64_t delivered = 0;
  };
  struct Sender {
    std::unique_ptr<LoadClient> client;
    SenderChain chain;
    std::size_t readers;
    std::deque<PreparedPost> ready;
    const LoadClient* answers = nullptr;  // the neighbour, where they answer one another
  };

  void on_reply(LoadClient& client, std::uint64_t id, std::string_view frame) override;
  void on_item(LoadClient&, const SeenItem& item) override {
    ledger_.note_delivered(item.identity);
  }
  void on_doubled(LoadClient&) override { ledger_.note_doubled(); }
  void on_cut(LoadClient&) override { ++cuts_; }

  /// At least so many ready posts for each of the first `senders`, on all processors.
  void prepare(std::size_t senders, std::size_t posts_each);
  void post(Sender& sender, Clock::time_point due);
  Measures closed_window(std::size_t outstanding, double seconds);
  void settle();
  void finish(const CpuSeconds& before, Measures& measures);
  Window open_window() const;
  void close_window(const Window& window, Measures& measures) const;

  Stage& stage_;
  EventLoop loop_;
  Ledger ledger_;
  std::vector<Sender> senders_;  // the first of every channel, then the second of every channel
  std::unordered_map<const LoadClient*, std::size_t> sender_of_;
  double guessed_rate_ = 3'000;  // acknowledged posts a second, to know how many to prepare
  Measures left_out_;
  std::uint64_t cuts_ = 0;
  bool is_posting_ = false;  // an answer brings the next post
  bool ran_out_ = false;
};

/// Connects, a few handshakes at a time. Throws where somebody is not ready in time.
void connect_all(EventLoop& loop, const std::vector<LoadClient*>& clients, std::uint16_t port,
                 std::size_t at_once);

}  // namespace oberih::load
