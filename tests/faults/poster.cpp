// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/poster.hpp"

#include <stdexcept>
#include <thread>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/message_text.hpp"
#include "protocol/sealing/sealed_entry.hpp"

namespace oberih::faults {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds posting_patience{60};
constexpr std::chrono::seconds reply_timeout{15};

/// Refusals that a fault explains: the same entry is sent again. All others would be wrong.
bool may_try_again(RefusalCode code) {
  return code == RefusalCode::not_connected || code == RefusalCode::unavailable ||
         code == RefusalCode::server_busy || code == RefusalCode::clock_unreliable;
}

}  // namespace

Poster::Poster(socket::EventLoop& loop, const Room& room, const Member& member, Ledger& ledger,
               std::uint64_t seed)
    : room_(room),
      member_(member),
      ledger_(ledger),
      signer_(member.signature.secret_key),
      connection_(loop),
      random_(seed) {
  connection_.set_reply_timeout(reply_timeout);
}

void Poster::run(const std::function<bool()>& is_over) {
  // A poster that was killed may have sent its last intent: only the server knows.
  if (!ledger_.intents().empty()) {
    const Intent last = ledger_.intents().back();
    const auto outcome = ledger_.outcomes().find(last.sender_seq);
    if (outcome == ledger_.outcomes().end() || !outcome->second.acknowledged) settle(last, true);
  }
  while (!is_over()) {
    settle(seal_next(), false);
    pause(room_.longest_pause_ms);
  }
}

const Intent& Poster::seal_next() {
  sealing::EntryHeader header;
  header.type = EntryType::message;
  header.channel = room_.channel;
  header.epoch = 1;
  header.channel_head = room_.channel_head;
  header.sender = member_.device;
  header.sender_seq = ledger_.intents().size() + 1;
  if (!ledger_.intents().empty()) header.sender_prev = ledger_.intents().back().message_hash;
  header.log_size = room_.checkpoint.size;
  header.log_root = room_.checkpoint.root;
  header.client_ms = wall_clock_ms();
  header.message_id = crypto::random_id<MessageId>();
  const std::size_t length = room_.text_bytes != 0 ? room_.text_bytes : 1 + random_() % 600;
  const auto text =
      require(sealing::encode_message_text({sealing::MessageWhat::text, std::string(length, 'x')}));
  auto sealed = require(sealing::seal_entry(header, text.view(), room_.message_key, signer_));
  ledger_.intend({header.sender_seq,
                  header.message_id,
                  sealing::message_hash(sealed.entry),
                  {sealed.entry.header, sealed.entry.salt, sealed.entry.commitment,
                   std::move(sealed.ciphertext), sealed.entry.signature}});
  return ledger_.intents().back();
}

void Poster::settle(const Intent& intent, bool may_be_stored) {
  for (const auto deadline = Clock::now() + posting_patience; Clock::now() < deadline;) {
    if (!is_connected()) {
      pause(40);
      continue;
    }
    if (may_be_stored && random_() % 2 == 0 && find(intent)) return;
    const auto reply = connection_.call(intent.request);
    if (reply) {
      ledger_.acknowledge(intent.sender_seq, *reply, false);
      // Now and then it asks although it knows: both answers must say the same.
      if (random_() % 16 == 0) find(intent);
      return;
    }
    if (!may_try_again(reply.error().code))
      throw std::runtime_error("entry " + std::to_string(intent.sender_seq) +
                               " is refused: " + std::string(refusal_row(reply.error().code).name) +
                               ' ' + reply.error().detail);
    if (reply.error().code == RefusalCode::clock_unreliable ||
        reply.error().code == RefusalCode::server_busy) {
      ledger_.note_refused(intent.sender_seq);
    } else {
      ledger_.note_unknown(intent.sender_seq);
      may_be_stored = true;
    }
    pause(40);
  }
  throw std::runtime_error("entry " + std::to_string(intent.sender_seq) +
                           " had no answer for a minute");
}

bool Poster::is_connected() {
  // Where two servers may serve, everybody goes to and fro between them.
  if (connection_.is_open() && (room_.second_port == 0 || random_() % 8 != 0)) return true;
  client::ServerAddress server = room_.server;
  if (room_.second_port != 0 && random_() % 2 == 0) server.port = room_.second_port;
  return connection_.open(server, room_.server_spki, member_.identity(), 0).has_value();
}

bool Poster::find(const Intent& intent) {
  const auto found = connection_.call(wire::EntryFind{room_.channel, {intent.message_id}});
  if (!found) return false;
  if (found->entries.empty()) {
    const auto outcome = ledger_.outcomes().find(intent.sender_seq);
    if (outcome != ledger_.outcomes().end() && outcome->second.acknowledged)
      throw std::runtime_error("entry " + std::to_string(intent.sender_seq) +
                               " is acknowledged and then not found");
    ledger_.note_absent(intent.sender_seq);
    return false;
  }
  if (found->entries.at(0).message_hash != intent.message_hash)
    throw std::runtime_error("entry.find answers with another entry");
  ledger_.acknowledge(intent.sender_seq, found->entries.at(0).appended, true);
  return true;
}

void Poster::pause(unsigned longest_ms) {
  std::this_thread::sleep_for(std::chrono::microseconds(random_() % (longest_ms * 1000 + 1)));
}

}  // namespace oberih::faults
