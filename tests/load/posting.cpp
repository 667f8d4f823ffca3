// SPDX-License-Identifier: Apache-2.0
#include "tests/load/posting.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>
#include <utility>

namespace oberih::load {
namespace {

constexpr std::size_t handshakes_at_once = 32;
constexpr auto patience = std::chrono::seconds(60);

}  // namespace

void connect_all(EventLoop& loop, const std::vector<LoadClient*>& clients, std::uint16_t port,
                 std::size_t at_once) {
  std::vector<LoadClient*> connecting;
  auto next = clients.begin();
  const auto all_ready = [&] {
    std::erase_if(connecting, [](const LoadClient* client) { return client->is_ready(); });
    while (next != clients.end() && connecting.size() < at_once) {
      (*next)->open(port, (*next)->channel().newest_seq);
      connecting.push_back(*next++);
    }
    return connecting.empty();
  };
  if (!loop.run(all_ready, patience + std::chrono::milliseconds(10) * clients.size()))
    throw std::runtime_error("clients cannot connect");
}

Posting::Posting(Stage& stage, const std::vector<Channel*>& channels, const SayOf& say_of,
                 Neighbours neighbours)
    : stage_(stage) {
  std::map<std::pair<const Channel*, std::size_t>, std::size_t> sender_at;
  const std::size_t largest = std::ranges::max(channels, {}, [](const Channel* channel) {
                                return channel->members.size();
                              })->members.size();
  for (std::size_t place = 0; place < largest; ++place)
    for (const Channel* channel : channels) {
      if (place >= channel->members.size()) continue;
      const Member& member = *channel->members[place];
      senders_.push_back(
          {std::make_unique<LoadClient>(loop_, *this, member, *channel, LoadClient::Habit::follows),
           SenderChain(member, *channel, stage.checkpoint(),
                       say_of ? say_of(*channel, place) : say_something),
           channel->members.size(),
           {}});
      sender_at[{channel, place}] = senders_.size() - 1;
      sender_of_[senders_.back().client.get()] = senders_.size() - 1;
    }
  if (neighbours == Neighbours::answer_one_another)
    for (const auto& [channel_and_place, at] : sender_at)
      if (const auto other =
              sender_at.find({channel_and_place.first, channel_and_place.second ^ 1});
          other != sender_at.end())
        senders_[at].answers = senders_[other->second].client.get();
  std::vector<LoadClient*> clients;
  for (const Sender& sender : senders_) clients.push_back(sender.client.get());
  connect_all(loop_, clients, stage.port(), handshakes_at_once);
}

void Posting::prepare(std::size_t senders, std::size_t posts_each) {
  std::vector<std::uint64_t> first_numbers;
  for (std::size_t i = 0; i < senders; ++i) {
    const std::size_t have = senders_[i].ready.size();
    first_numbers.push_back(have < posts_each ? ledger_.reserve(posts_each - have) : 0);
  }
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
    threads.emplace_back([&] {
      for (std::size_t at = next++; at < senders; at = next++)
        for (std::uint64_t number = first_numbers[at]; senders_[at].ready.size() < posts_each;)
          senders_[at].ready.push_back(senders_[at].chain.prepare_next(text_bytes, number++));
    });
}

void Posting::post(Sender& sender, Clock::time_point due) {
  if (sender.ready.empty()) {
    is_posting_ = false;
    ran_out_ = true;
    return;
  }
  ledger_.note_sent(sender.ready.front(), sender.readers, due);
  sender.client->post(std::move(sender.ready.front()));
  sender.ready.pop_front();
}

void Posting::on_reply(LoadClient& client, std::uint64_t id, std::string_view) {
  ledger_.note_acknowledged(id);
  if (is_posting_) post(senders_[sender_of_.at(&client)], Clock::now());
}

void Posting::settle() {
  loop_.run([this] { return ledger_.is_settled(); }, patience);
}

Posting::Window Posting::open_window() const {
  return {Clock::now(), ledger_.acknowledged(), ledger_.delivered()};
}

void Posting::close_window(const Window& window, Measures& measures) const {
  const double seconds = seconds_between(window.start, Clock::now());
  measures.posts_s = static_cast<double>(ledger_.acknowledged() - window.acknowledged) / seconds;
  measures.deliv_s = static_cast<double>(ledger_.delivered() - window.delivered) / seconds;
}

void Posting::finish(const CpuSeconds& before, Measures& measures) {
  settle();
  write_cpu(measures, before, stage_.cpu(), static_cast<double>(ledger_.delivered()));
  ledger_.write_to(measures);
  *measures.lost += std::exchange(left_out_.lost, {}).value_or(0);
  *measures.doubled += std::exchange(left_out_.doubled, {}).value_or(0);
}

void Posting::leave_out(const Measures& measures) { left_out_ = measures; }

Measures Posting::closed_window(std::size_t outstanding, double seconds) {
  const std::size_t active = std::min(outstanding, senders_.size());
  const double posts = guessed_rate_ * seconds + static_cast<double>(outstanding);
  prepare(active, static_cast<std::size_t>(posts / static_cast<double>(active)) + 2);
  ledger_.begin_run();
  const CpuSeconds before = stage_.cpu();
  const Window window = open_window();
  is_posting_ = true;
  ran_out_ = false;
  for (std::size_t i = 0; i < outstanding; ++i) post(senders_[i % active], Clock::now());
  loop_.run([this] { return ran_out_; }, of_seconds(seconds));
  is_posting_ = false;
  Measures measures;
  close_window(window, measures);
  finish(before, measures);
  return measures;
}

Measures Posting::run_closed(std::size_t outstanding, double seconds) {
  // A window that ran out of posts tells the rate: prepare more and begin again.
  const Measures warm = closed_window(outstanding, std::min(0.5, seconds));
  leave_out(warm);
  guessed_rate_ = std::max(guessed_rate_, warm.posts_s.value_or(0) * 1.5);
  for (;;) {
    Measures measures = closed_window(outstanding, seconds);
    if (!ran_out_) return measures;
    leave_out(measures);
    guessed_rate_ *= 1.5;
  }
}

Measures Posting::run_open(double posts_per_second, double seconds) {
  const auto posts = static_cast<std::size_t>(posts_per_second * seconds);
  prepare(senders_.size(), posts / senders_.size() + 1);
  ledger_.begin_run();
  const CpuSeconds before = stage_.cpu();
  const auto start = Clock::now();
  Window window;
  for (std::size_t i = 0; i < posts; ++i) {
    const auto due = start + of_seconds(static_cast<double>(i) / posts_per_second);
    while (Clock::now() < due) loop_.turn(due);
    if (i == posts / 4) window = open_window();
    Sender& sender = senders_[i % senders_.size()];
    const auto may_post = [&sender] { return !sender.answers || sender.answers->is_answered(); };
    // What it waits is counted: a post's time runs from when it was due.
    if (!may_post()) loop_.run(may_post, patience);
    post(sender, due);
  }
  const auto end = start + of_seconds(seconds);
  while (Clock::now() < end) loop_.turn(end);
  Measures measures;
  close_window(window, measures);
  finish(before, measures);
  return measures;
}

}  // namespace oberih::load
