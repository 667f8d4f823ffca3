// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/follower.hpp"

#include <stdexcept>

#include "protocol/journal/leaf.hpp"
#include "protocol/sealing/sealed_entry.hpp"

namespace oberih::faults {
namespace {

constexpr std::chrono::seconds patience{60};

}  // namespace

Follower::Follower(socket::EventLoop& loop, const Room& room, const Member& member,
                   std::uint64_t seed)
    : loop_(loop), room_(room), member_(member), random_(seed), connection_(loop) {
  connection_.set_reply_timeout(std::chrono::seconds(15));
  thread_ = std::thread([this] { run(); });
}

Follower::~Follower() {
  gives_up_ = true;
  if (thread_.joinable()) thread_.join();
}

void Follower::finish(std::uint64_t newest_seq) {
  until_ = newest_seq;
  thread_.join();
}

void Follower::run() {
  try {
    auto deadline = std::chrono::steady_clock::time_point::max();
    while (seen_.size() < until_ && !gives_up_) {
      if (until_ != UINT64_MAX && deadline == std::chrono::steady_clock::time_point::max())
        deadline = std::chrono::steady_clock::now() + patience;
      if (std::chrono::steady_clock::now() > deadline)
        throw std::runtime_error("a follower has " + std::to_string(seen_.size()) + " of " +
                                 std::to_string(until_) + " items after a minute");
      follow();
      if (!connection_.is_open())
        std::this_thread::sleep_for(std::chrono::milliseconds(random_() % 40));
    }
  } catch (const std::exception& failure) {
    violation_ = failure.what();
  }
  connection_.close();
}

/// On one connection, for some time.
void Follower::follow() {
  if (!connection_.is_open()) {
    client::ServerAddress server = room_.server;
    if (room_.second_port != 0 && random_() % 2 == 0) server.port = room_.second_port;
    if (!connection_.open(server, room_.server_spki, member_.identity(), 0)) return;
    if (!connection_.call(wire::ChannelFollow{room_.channel, seen_.size()})) {
      connection_.close();
      return;
    }
    ++connections_;
  }
  while (seen_.size() < until_ && !gives_up_) {
    const auto event = connection_.next_event(std::chrono::milliseconds(100));
    if (!event) break;
    if (const auto* item = std::get_if<wire::ItemEvent>(&*event)) take(item->item);
  }
  if (!seen_.empty() && random_() % 4 == 0) read_again();
}

void Follower::take(const wire::ChannelItem& item) {
  const auto leaf = require(journal::parse_leaf(item.leaf));
  const std::string at = " at sequence " + std::to_string(leaf.channel_seq);
  if (leaf.channel_id != room_.channel) throw std::runtime_error("an item of another channel");
  if (leaf.channel_seq <= seen_.size()) throw std::runtime_error("a follower got a double" + at);
  if (leaf.channel_seq != seen_.size() + 1) throw std::runtime_error("a follower got a gap" + at);
  if (leaf.prev_leaf != (seen_.empty() ? Digest{} : seen_.back()))
    throw std::runtime_error("the chain of leaves is broken" + at);
  if (leaf.server_ms < newest_ms_) throw std::runtime_error("server_ms falls" + at);
  newest_ms_ = leaf.server_ms;
  seen_.push_back(journal::leaf_hash(item.leaf));
  if (leaf.kind != journal::LeafKind::entry) return;
  const auto header =
      require(sealing::parse_header(require(sealing::parse_entry_body(leaf.body)).header));
  if (header.sender_seq != ++sender_seq_[header.sender])
    throw std::runtime_error("a sender's chain is broken" + at);
}

/// What was delivered live and what is read later must be the same.
void Follower::read_again() {
  const std::uint64_t after = random_() % seen_.size();
  const auto page = connection_.call(wire::ChannelRead{room_.channel, after, 20, false});
  if (!page) return;
  std::uint64_t seq = after;
  for (const wire::ChannelItem& item : page->items) {
    if (require(journal::parse_leaf(item.leaf)).channel_seq != ++seq)
      throw std::runtime_error("a page has a gap after " + std::to_string(after));
    if (seq <= seen_.size() && journal::leaf_hash(item.leaf) != seen_[seq - 1])
      throw std::runtime_error("read and delivered differ at sequence " + std::to_string(seq));
  }
}

}  // namespace oberih::faults
