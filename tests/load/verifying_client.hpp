// SPDX-License-Identifier: Apache-2.0
// A member with the client's own library: it verifies every leaf, record, entry and checkpoint and
// opens every text, as `oberih message follow` does. All the other workloads only count.
#pragma once

#include "client-cli/verification/channel_history.hpp"
#include "client-cli/verification/client_session.hpp"
#include "tests/load/prepared_posts.hpp"

namespace oberih::load {

class VerifyingClient {
 public:
  /// `folder`: of a profile that does not exist yet.
  VerifyingClient(const Member& member, const Channel& channel, const Digest& genesis_hash,
                  std::uint16_t port, const std::filesystem::path& folder);

  /// Connects, verifies what lies in the channel, opens it. Throws where something is refused.
  void catch_up();
  /// Called when an entry that came is verified and opened.
  using OnVerified = std::function<void(PostIdentity)>;
  /// The same, and goes on with what comes until `is_over`.
  void follow(const std::atomic<bool>& is_over, OnVerified on_verified = {});

  /// Newest sequence verified and opened. Any thread.
  std::uint64_t newest_seq() const { return newest_seq_; }
  /// Texts opened. Any thread.
  std::uint64_t opened() const { return opened_; }

 private:
  void take(const client::Event& event);
  void open_new();

  socket::EventLoop loop_{1};
  client::ClientSession session_;
  client::VerifiedChannel channel_;
  client::ChannelHistory history_;
  OnVerified on_verified_;
  std::atomic<std::uint64_t> newest_seq_ = 0;
  std::atomic<std::uint64_t> opened_ = 0;
};

}  // namespace oberih::load
