// SPDX-License-Identifier: Apache-2.0
// W4 and W7: people who only are there, and people who all come back at once.
#include "tests/load/load_client.hpp"
#include "tests/load/posting.hpp"
#include "tests/load/stage.hpp"
#include "tests/load/workloads.hpp"

namespace oberih::load {
namespace {

constexpr std::size_t spare_files = 300;  // database, log, library files

/// Everybody of these channels, following.
class Crowd final : public LoadClient::Counter {
 public:
  explicit Crowd(const std::vector<Channel*>& channels) {
    for (const Channel* channel : channels)
      for (const Member* member : channel->members)
        clients_.push_back(std::make_unique<LoadClient>(loop_, *this, *member, *channel,
                                                        LoadClient::Habit::follows));
  }
  std::size_t size() const { return clients_.size(); }

  void connect_gently(std::uint16_t port) {
    std::vector<LoadClient*> clients;
    for (const auto& client : clients_) clients.push_back(client.get());
    connect_all(loop_, clients, port, 32);
  }
  void rest(double seconds) {
    loop_.run([] { return false; }, of_seconds(seconds));
  }

  /// All at once, to fetch everything behind the channel's first leaf.
  Measures storm(std::uint16_t port, std::uint64_t entries_each) {
    latencies_.clear();
    items_ = doubled_ = done_ = 0;
    newest_ = 1 + entries_each;
    start_ = Clock::now();
    for (const auto& client : clients_) client->open(port, 1);
    loop_.run([this] { return done_ == clients_.size(); }, std::chrono::seconds(120));
    const double seconds = seconds_between(start_, Clock::now());
    Measures measures;
    measures.deliv_s = static_cast<double>(items_) / seconds;
    measures.lost = static_cast<double>(clients_.size() * entries_each - items_);
    measures.doubled = static_cast<double>(doubled_);
    latencies_.write_to(measures);
    leave();
    return measures;
  }
  void leave() {
    for (const auto& client : clients_) client->close();
  }
  double items() const { return static_cast<double>(items_); }

 private:
  void on_reply(LoadClient&, std::uint64_t, std::string_view) override {}
  void on_doubled(LoadClient&) override { ++doubled_; }
  void on_item(LoadClient& client, const SeenItem&) override {
    ++items_;
    if (client.newest_seq() != newest_) return;
    latencies_.add(Clock::now() - start_);
    ++done_;
  }

  EventLoop loop_;
  std::vector<std::unique_ptr<LoadClient>> clients_;
  Clock::time_point start_;
  Latencies latencies_;
  std::uint64_t newest_ = 0;
  std::uint64_t items_ = 0;
  std::uint64_t doubled_ = 0;
  std::size_t done_ = 0;
};

Row measure_idle(const Options& options, std::size_t connections) {
  const std::size_t channels = options.scaled(connections / people_in_channel, 2);
  require_open_files(channels * people_in_channel + spare_files);
  Stage stage;
  Crowd crowd(stage.open_channels(channels, people_in_channel));
  Row row{"W4", with_commas(connections) + " connections", {}};
  for (unsigned run = 0; run < options.runs; ++run) {
    stage.stop_server();  // what an earlier run left in its heap would flatter the next
    stage.start_server();
    const double before_kib = stage.server_kib();
    const CpuSeconds before = stage.cpu();
    crowd.connect_gently(stage.port());
    crowd.rest(std::min(2.0, options.seconds));
    Measures measures;
    measures.kib_per_conn = (stage.server_kib() - before_kib) / static_cast<double>(crowd.size());
    write_cpu(measures, before, stage.cpu(), 0);
    row.runs.push_back(measures);
    crowd.leave();
  }
  return row;
}

}  // namespace

std::vector<Row> run_idle_connections(const Options& options) {
  return {measure_idle(options, 2'000), measure_idle(options, 10'000)};
}

std::vector<Row> run_reconnect_storm(const Options& options) {
  constexpr std::uint64_t entries_each = 50;
  const std::size_t channels = options.scaled(200, 2);
  require_open_files(channels * people_in_channel + spare_files);
  Stage stage;
  const auto opened = stage.open_channels(channels, people_in_channel);
  for (Channel* channel : opened) {
    std::vector<SenderChain> chains;
    for (const Member* member : channel->members)
      chains.emplace_back(*member, *channel, stage.checkpoint());
    lay_entries(stage.history(), *channel, chains, entries_each, text_bytes);
  }
  stage.start_server();
  Crowd crowd(opened);
  Row row{"W7", "2,000 clients, 50 entries each", {}};
  for (unsigned run = 0; run < options.runs; ++run) {
    const CpuSeconds before = stage.cpu();
    Measures measures = crowd.storm(stage.port(), entries_each);
    write_cpu(measures, before, stage.cpu(), crowd.items());
    row.runs.push_back(measures);
    crowd.rest(std::min(1.0, options.seconds));  // the server sees that they have gone
  }
  return {row};
}

}  // namespace oberih::load
