// SPDX-License-Identifier: Apache-2.0
#include "tests/load/prepared_posts.hpp"

#include <cstring>
#include <exception>
#include <thread>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/encoding/base64url.hpp"
#include "protocol/sealing/message_text.hpp"
#include "protocol/sealing/sealed_entry.hpp"
#include "protocol/wire/rpc_frame.hpp"
#include "tests/load/history_writer.hpp"
#include "tests/load/web_socket_frame.hpp"

namespace oberih::load {

PostIdentity identity_of(std::string_view ciphertext_text) {
  std::uint64_t first = 0, second = 0;
  std::memcpy(&first, ciphertext_text.data(), 8);
  std::memcpy(&second, ciphertext_text.data() + 8, 8);
  return (first * 0x9E3779B97F4A7C15ull) ^ second;
}

EntryContent say_something(std::size_t bytes) {
  return {
      EntryType::message,
      {},
      require(sealing::encode_message_text({sealing::MessageWhat::text, std::string(bytes, 'x')}),
              "a text")};
}

SenderChain::SenderChain(const Member& member, const Channel& channel,
                         const application::SignedCheckpoint& quoted, NextContent next)
    : member_(&member),
      channel_(&channel),
      next_(std::move(next)),
      log_size_(quoted.size),
      log_root_(quoted.root) {}

wire::EntryPost SenderChain::seal_next(std::size_t bytes) {
  EntryContent content = next_(bytes);
  sealing::EntryHeader header;
  header.type = content.type;
  header.channel = channel_->id;
  header.epoch = 1;
  header.channel_head = channel_->head;
  header.sender = member_->device();
  header.sender_seq = ++sender_seq_;
  header.sender_prev = previous_;
  header.log_size = log_size_;
  header.log_root = log_root_;
  header.client_ms = wall_clock_ms();
  header.message_id = crypto::random_id<MessageId>();
  header.facts = std::move(content.facts);
  auto sealed = require(
      sealing::seal_entry(header, content.text.view(), channel_->message_key, *member_->signer),
      "sealing");
  previous_ = sealing::message_hash(sealed.entry);
  return {std::move(sealed.entry.header), sealed.entry.salt, sealed.entry.commitment,
          std::move(sealed.ciphertext), sealed.entry.signature};
}

PreparedPost SenderChain::prepare_next(std::size_t bytes, std::uint64_t number) {
  const wire::EntryPost post = seal_next(bytes);
  const std::string ciphertext =
      encoding::encode_base64url(ByteView(post.ciphertext).first(identity_letters));
  return {number, identity_of(ciphertext),
          masked_text_frame(
              wire::encode_request(number, wire::EntryPost::method, wire::encode_params(post)))};
}

void lay_entries(HistoryWriter& history, Channel& channel, std::vector<SenderChain>& chains,
                 std::uint64_t count, std::size_t bytes) {
  const std::size_t threads =
      std::min<std::size_t>(chains.size(), std::max(1U, std::thread::hardware_concurrency()));
  std::vector<std::exception_ptr> failures(threads);
  std::vector<std::jthread> workers;
  for (std::size_t i = 0; i < threads; ++i)
    workers.emplace_back([&, i] {
      try {
        // A chain is one thread's alone: its entries must arrive in its order.
        std::size_t at = i;
        for (std::uint64_t left = count / threads + (i < count % threads); left > 0; --left) {
          history.append(chains[at].member(), chains[at].seal_next(bytes));
          at = at + threads < chains.size() ? at + threads : i;
        }
      } catch (...) {
        failures[i] = std::current_exception();
      }
    });
  workers.clear();
  for (const auto& failure : failures)
    if (failure) std::rethrow_exception(failure);
  history.wait();
  channel.newest_seq += count;
}

}  // namespace oberih::load
