// SPDX-License-Identifier: Apache-2.0
#include "tests/load/verifying_client.hpp"

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/encoding/base64url.hpp"

namespace oberih::load {
namespace {

client::Profile make_profile(const Digest& genesis_hash, std::uint16_t port,
                             const std::filesystem::path& folder) {
  client::Profile profile;
  profile.name = folder.filename();
  profile.folder = folder;
  profile.server = "127.0.0.1:" + std::to_string(port);
  profile.genesis_hash = genesis_hash;
  if (auto created = client::create_profile(profile); !created)
    throw std::runtime_error("a profile cannot be made: " + created.error().detail);
  return profile;
}

client::KeyRing make_ring(const Member& member) {
  client::KeyRing ring;
  ring.device = member.device();
  ring.signature_seed = member.signature_seed.copy();
  ring.hpke_secret = member.hpke_secret.copy();
  ring.storage_key = crypto::random_secret<SymmetricKey>();
  ring.tls_private_key_pem = SecretBuffer(member.tls.private_key_pem.view());
  ring.tls_certificate_pem = member.tls.certificate_pem;
  return ring;
}

void require_done(const Result<>& result, const char* what) {
  if (!result)
    throw std::runtime_error(std::string(what) + ": " +
                             std::string(refusal_row(result.error().code).name) + " " +
                             result.error().detail);
}

}  // namespace

VerifyingClient::VerifyingClient(const Member& member, const Channel& channel,
                                 const Digest& genesis_hash, std::uint16_t port,
                                 const std::filesystem::path& folder)
    : session_(loop_, make_profile(genesis_hash, port, folder), make_ring(member), {}),
      channel_(session_.open_channel(channel.id)),
      history_(session_.store(), channel_.keys(), channel.id) {}

void VerifyingClient::catch_up() {
  require_done(session_.connect(), "a verifying client does not connect");
  require_done(session_.pull(channel_), "what is in the channel does not verify");
  open_new();
}

void VerifyingClient::follow(const std::atomic<bool>& is_over, OnVerified on_verified) {
  on_verified_ = std::move(on_verified);
  catch_up();
  wire::ChannelFollow wish;
  wish.channel = channel_.id();
  wish.after_seq = channel_.state().newest_seq();
  require(session_.ask(wish), "following");
  while (!is_over) {
    if (const auto event = session_.connection().next_event(std::chrono::milliseconds(50)))
      take(*event);
    else if (!session_.connection().is_open())
      throw std::runtime_error("a verifying client was cut");
  }
}

void VerifyingClient::take(const client::Event& event) {
  if (const auto* item = std::get_if<wire::ItemEvent>(&event)) {
    require_done(session_.apply(channel_, {&item->item, 1}, item->directory_count),
                 "what came does not verify");
    open_new();
    if (on_verified_ && item->item.ciphertext)
      on_verified_(identity_of(encoding::encode_base64url(*item->item.ciphertext)));
  }
  if (const auto* checkpoint = std::get_if<wire::CheckpointEvent>(&event))
    require_done(session_.take_checkpoint(checkpoint->checkpoint), "a checkpoint does not verify");
}

void VerifyingClient::open_new() {
  history_.for_each(newest_seq_, [this](const client::HistoryItem& item) {
    if (item.what == client::HistoryItem::What::unreadable)
      throw std::runtime_error("a text does not open");
    if (item.what == client::HistoryItem::What::text) ++opened_;
    newest_seq_ = item.seq;
    return true;
  });
}

}  // namespace oberih::load
