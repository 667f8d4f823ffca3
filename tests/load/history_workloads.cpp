// SPDX-License-Identifier: Apache-2.0
// W5 and W6: what a long history costs.
#include <cstdio>
#include <optional>

#include "protocol/wire/rpc_frame.hpp"
#include "tests/load/posting.hpp"
#include "tests/load/workloads.hpp"

namespace oberih::load {
namespace {

constexpr std::uint32_t page_entries = 100;
constexpr std::size_t short_text_bytes = 64;  // of entries that nobody reads: disk is finite
constexpr std::uint64_t readable_entries = 200;

/// A member who asks for the latest page again and again.
class PageReader final : public LoadClient::Counter {
 public:
  PageReader(Stage& stage, const Channel& channel)
      : stage_(stage),
        channel_(channel),
        client_(loop_, *this, *channel.members[0], channel, LoadClient::Habit::only_greets) {
    connect_all(loop_, {&client_}, stage.port(), 1);
  }

  Measures run(double seconds) {
    latencies_.clear();
    items_ = lost_ = doubled_ = 0;
    const CpuSeconds before = stage_.cpu();
    const auto start = Clock::now();
    while (Clock::now() < start + of_seconds(seconds)) read_page();
    Measures measures;
    measures.deliv_s = static_cast<double>(items_) / seconds_between(start, Clock::now());
    measures.lost = static_cast<double>(lost_);
    measures.doubled = static_cast<double>(doubled_);
    write_cpu(measures, before, stage_.cpu(), static_cast<double>(items_));
    latencies_.write_to(measures);
    return measures;
  }

 private:
  void read_page() {
    wire::ChannelRead request;
    request.channel = channel_.id;
    request.limit = page_entries;
    request.latest = true;
    const std::string frame = masked_text_frame(
        wire::encode_request(++last_id_, wire::ChannelRead::method, wire::encode_params(request)));
    const auto start = Clock::now();
    client_.send(frame);
    if (!loop_.run([this] { return answered_id_ == last_id_; }, std::chrono::seconds(60)))
      throw std::runtime_error("a page does not come");
    latencies_.add(answered_at_ - start);
  }

  void on_reply(LoadClient&, std::uint64_t id, std::string_view frame) override {
    answered_at_ = Clock::now();
    answered_id_ = id;
    std::uint64_t wanted = channel_.newest_seq - page_entries + 1;
    scan_items(frame, [&](const SeenItem& item) {
      if (item.channel_seq < wanted) return void(++doubled_);
      lost_ += item.channel_seq - wanted;
      wanted = item.channel_seq + 1;
      ++items_;
    });
    lost_ += channel_.newest_seq + 1 - wanted;
  }

  Stage& stage_;
  const Channel& channel_;
  EventLoop loop_;
  LoadClient client_;
  Latencies latencies_;
  Clock::time_point answered_at_;
  std::uint64_t last_id_ = first_free_request_id;
  std::uint64_t answered_id_ = 0;
  std::uint64_t items_ = 0;
  std::uint64_t lost_ = 0;
  std::uint64_t doubled_ = 0;
};

/// A channel with a long past.
struct Archive {
  explicit Archive(Stage& stage) : channel(*stage.open_channels(1, people_in_channel)[0]) {
    for (const Member* member : channel.members)
      chains.emplace_back(*member, channel, stage.checkpoint());
  }
  void lay(Stage& stage, std::uint64_t count, std::size_t bytes) {
    const auto start = Clock::now();
    lay_entries(stage.history(), channel, chains, count, bytes);
    std::fprintf(stderr, "  laid %s entries in %.1f s\n", with_commas(count).c_str(),
                 seconds_between(start, Clock::now()));
  }

  Channel& channel;
  std::vector<SenderChain> chains;
};

}  // namespace

std::vector<Row> run_latest_page(const Options& options) {
  Stage stage;
  Archive archive(stage);
  archive.lay(stage, options.scaled(1'000'000, 1'000), text_bytes);
  stage.start_server();
  PageReader reader(stage, archive.channel);
  Row row{"W5", "latest 100 of 1,000,000", {}};
  reader.run(std::min(1.0, options.seconds));
  for (unsigned run = 0; run < options.runs; ++run) row.runs.push_back(reader.run(options.seconds));
  return {row};
}

namespace {

constexpr std::size_t outstanding_posts = 64;
constexpr double longest_growth_run_seconds = 3;  // posts of W1 make the small journals grow

/// A journal of one size with its server, people who post, and one who reads.
struct Site {
  explicit Site(std::uint64_t leaves)
      : archive(stage), channels(stage.open_channels(1, people_in_channel)) {
    const std::uint64_t present = stage.history().size() + readable_entries;
    if (leaves > present) archive.lay(stage, leaves - present, short_text_bytes);
    archive.lay(stage, readable_entries, text_bytes);
  }
  void open() {
    stage.start_server();
    posting.emplace(stage, channels);
    reader.emplace(stage, archive.channel);
    reader->run(1);
  }

  Stage stage;
  Archive archive;
  std::vector<Channel*> channels;
  std::optional<Posting> posting;
  std::optional<PageReader> reader;
};

}  // namespace

std::vector<Row> run_growth(const Options& options) {
  std::vector<std::unique_ptr<Site>> sites;
  std::vector<Row> posts, pages;
  for (const std::uint64_t size : options.sizes) {
    sites.push_back(std::make_unique<Site>(options.scaled(size, 1'000)));
    posts.push_back({"W6", with_commas(size) + " leaves, W1 1 channel of 10", {}});
    pages.push_back({"W6", with_commas(size) + " leaves, W5 latest 100", {}});
  }
  for (const auto& site : sites) site->open();
  // In turn, so that a machine that others slow down slows all sizes alike.
  const double seconds = std::min(options.seconds, longest_growth_run_seconds);
  for (unsigned run = 0; run < options.runs; ++run)
    for (std::size_t i = 0; i < sites.size(); ++i) {
      posts[i].runs.push_back(sites[i]->posting->run_closed(outstanding_posts, seconds));
      pages[i].runs.push_back(sites[i]->reader->run(seconds));
    }
  posts.insert(posts.end(), pages.begin(), pages.end());
  return posts;
}

}  // namespace oberih::load
