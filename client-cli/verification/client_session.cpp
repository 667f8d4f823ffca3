// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/client_session.hpp"

#include <thread>

namespace oberih::client {
namespace {

using std::chrono::milliseconds;

constexpr int most_repeats = 8;
// A checkpoint follows within a second, a proof within two.
constexpr milliseconds proof_promise{2'000};
constexpr milliseconds proof_retry{200};

}  // namespace

bool is_passing(const Refusal& refusal) {
  return refusal.code == RefusalCode::not_connected || refusal.code == RefusalCode::unavailable ||
         refusal.code == RefusalCode::server_busy;
}

ClientSession::ClientSession(socket::EventLoop& loop, Profile profile, KeyRing ring,
                             SessionSettings settings)
    : profile_(std::move(profile)),
      ring_(std::move(ring)),
      signer_(ring_.signature_seed),
      settings_(std::move(settings)),
      store_(profile_.folder, ring_.storage_key),
      directory_(store_, profile_.genesis_hash, profile_.folder),
      connection_(loop),
      guard_(store_, directory_, profile_.folder,
             {[this](const wire::ProofConsistency& request) { return ask_proof(request); },
              [this](const wire::ProofInclusion& request) { return ask_proof(request); }}),
      witnesses_(store_, directory_, guard_, profile_.folder) {}

bool ClientSession::wait(milliseconds delay) const {
  auto until = std::chrono::steady_clock::now() + delay;
  while (!is_cancelled()) {
    auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return true;
    std::this_thread::sleep_for(std::min(left, milliseconds(100)));
  }
  return false;
}

Result<> ClientSession::connect() {
  if (connection_.is_open()) return {};
  BackOff back_off;
  auto started = std::chrono::steady_clock::now();
  bool has_waited = false;
  while (true) {
    Result<> connected = connect_once();
    if (connected) {
      if ((connections_ != 0 || has_waited) && settings_.notices.is_connected_again)
        settings_.notices.is_connected_again();
      ++connections_;
      return {};
    }
    connection_.close();
    if (!is_passing(connected.error()) || is_cancelled()) return connected;
    milliseconds delay = back_off.next_delay();
    if (settings_.patience) {
      auto spent = std::chrono::steady_clock::now() - started;
      auto left = std::chrono::duration_cast<milliseconds>(*settings_.patience - spent);
      if (left.count() <= 0) return connected;
      delay = std::min(delay, left);
    }
    if (settings_.notices.will_try_again)
      settings_.notices.will_try_again(connected.error(), delay);
    has_waited = true;
    if (!wait(delay)) return connected;
  }
}

Result<> ClientSession::connect_once() {
  OBERIH_TRY(directory_.load());
  std::optional<Digest> server_spki;
  if (!directory().is_empty()) server_spki = directory().server_spki();
  Result<wire::HelloReply> hello = open_connection(server_spki);
  if (!hello && server_spki && hello.error().code == RefusalCode::wrong_server) {
    // A governance leaf may have changed the server's key while this device was away.
    server_spki.reset();
    hello = open_connection(server_spki);
  }
  if (!hello) return hello.error();
  hello_ = std::move(*hello);
  hello_at_ = std::chrono::steady_clock::now();
  if (!server_spki) OBERIH_TRY(check_new_server(connection_.peer_spki()));
  return greet();
}

Result<wire::HelloReply> ClientSession::open_connection(const std::optional<Digest>& server_spki) {
  Result<ServerAddress> server = parse_server_address(profile_.server);
  if (!server) return server.error();
  std::optional<StoredCheckpoint> checkpoint = directory_.newest_checkpoint();
  socket::TlsIdentity identity{SecretBuffer(ring_.tls_private_key_pem.view()),
                               ring_.tls_certificate_pem};
  return connection_.open(*server, server_spki, identity, checkpoint ? checkpoint->size : 0);
}

/// A server that is not pinned is asked for the directory and nothing else: reached from the pinned
/// genesis, it must name the key that the server has shown.
Result<> ClientSession::check_new_server(const Digest& server_spki) {
  if (directory().is_empty()) {
    Result<wire::DirectoryPage> page = connection_.call(wire::DirectoryRead{0, 1});
    if (!page) return page.error();
    OBERIH_TRY(directory_.add(*page));
    if (directory().is_empty())
      return refuse(RefusalCode::verification_failed, "the server shows no genesis");
  }
  OBERIH_TRY(read_directory(hello_.directory_count));
  if (directory().server_spki() != server_spki) return refuse(RefusalCode::wrong_server);
  return {};
}

Result<> ClientSession::greet() {
  if (hello_.device != ring_.device)
    return refuse(RefusalCode::verification_failed, "the server takes this device for another");
  OBERIH_TRY(read_directory(hello_.directory_count));
  // The newest leaf may name another key than the one that was pinned a moment ago.
  if (directory().server_spki() != connection_.peer_spki())
    return refuse(RefusalCode::wrong_server);
  OBERIH_TRY(take_checkpoint(hello_.checkpoint));
  OBERIH_TRY(expect_own_proofs());
  compare_clocks();
  return {};
}

void ClientSession::compare_clocks() {
  auto difference =
      static_cast<std::int64_t>(hello_.server_ms) - static_cast<std::int64_t>(wall_clock_ms());
  if (std::abs(difference) > static_cast<std::int64_t>(limits::clock_skew_ms) &&
      settings_.notices.clock_differs)
    settings_.notices.clock_differs(difference / 1000);
}

Milliseconds ClientSession::server_time_ms(const VerifiedChannel& channel) const {
  auto since =
      std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - hello_at_);
  Milliseconds told = hello_.server_ms + static_cast<Milliseconds>(since.count());
  Milliseconds most = wall_clock_ms() + limits::clock_skew_ms;
  return std::max(std::min(told, most), channel.newest_ms());
}

template <class Request>
Result<ReplyOf<Request>> ClientSession::ask(const Request& request) {
  BackOff back_off;
  for (int attempt = 0;; ++attempt) {
    OBERIH_TRY(connect());
    Result<ReplyOf<Request>> reply = connection_.call(request);
    if (reply || !ReplyFor<Request>::is_repeatable || !is_passing(reply.error()) ||
        attempt == most_repeats || is_cancelled())
      return reply;
    // A lost connection is waited for by connect(); a server that answers "later" is waited for
    // here.
    if (connection_.is_open() && !wait(back_off.next_delay())) return reply;
  }
}

#define OBERIH_INSTANTIATE(Request, Reply, idempotent) \
  template Result<wire::Reply> ClientSession::ask<wire::Request>(const wire::Request& request);
OBERIH_CALLS(OBERIH_INSTANTIATE)
#undef OBERIH_INSTANTIATE

Result<> ClientSession::read_directory(std::uint64_t directory_count) {
  OBERIH_TRY(directory_.load());
  const bool is_new_here = directory().count() <= 1;  // a newcomer needs no news of the past
  const std::size_t known_steps = directory().governance_history().size();
  while (directory().count() < directory_count) {
    std::uint64_t before = directory().count();
    Result<wire::DirectoryPage> page =
        connection_.call(wire::DirectoryRead{before, limits::page_items});
    if (!page) return page.error();
    OBERIH_TRY(directory_.add(*page));
    if (directory().count() == before)
      return refuse(RefusalCode::verification_failed,
                    "the server withholds leaves of the directory");
  }
  if (!is_new_here) tell_of_governance(known_steps);
  return {};
}

void ClientSession::tell_of_governance(std::size_t known_steps) {
  const std::vector<sealing::GovernanceStep>& history = directory().governance_history();
  if (!settings_.notices.governance_changed) return;
  for (std::size_t i = known_steps; i < history.size(); ++i)
    settings_.notices.governance_changed(history[i]);
}

Result<> ClientSession::take_checkpoint(const std::string& note) {
  // Who must have signed it may stand in a directory leaf that we do not have yet.
  if (Result<journal::Checkpoint> unverified = journal::read_unverified_checkpoint(note))
    OBERIH_TRY(read_directory(unverified->directory_count));
  Result<journal::Checkpoint> checkpoint = directory_.open_checkpoint(note);
  if (!checkpoint) return checkpoint.error();
  OBERIH_TRY(read_directory(checkpoint->directory_count));
  OBERIH_TRY(guard_.accept(*checkpoint, note));
  if (uncovered_ && uncovered_->index < checkpoint->size) uncovered_.reset();
  return witnesses_.take(note);
}

Result<> ClientSession::read_checkpoint() {
  Result<wire::CheckpointReply> newest = connection_.call(wire::CheckpointRead{});
  if (!newest) return newest.error();
  OBERIH_TRY(take_checkpoint(newest->checkpoint));
  anchored_ = newest->anchored;
  if (newest->witnessed.empty()) return {};
  return witnesses_.take(newest->witnessed);
}

template <class Request>
Result<wire::Proofs> ClientSession::ask_proof(const Request& request) {
  const auto started = std::chrono::steady_clock::now();
  while (true) {
    Result<wire::Proofs> proofs = connection_.call(request);
    const auto waited =
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - started);
    const bool is_late = waited > proof_promise;
    if (is_late) warn_late(waited);
    if (proofs || is_late || !is_passing(proofs.error()) || !connection_.is_open() ||
        !wait(proof_retry))
      return proofs;
  }
}

void ClientSession::warn_late(milliseconds waited) const {
  if (settings_.notices.proof_is_late) settings_.notices.proof_is_late(waited);
}

Result<> ClientSession::expect_own_proofs() {
  const auto started = std::chrono::steady_clock::now();
  while (true) {
    const std::optional<OwnLeaf> oldest = store_.proofs().oldest_awaited();
    const Milliseconds now = wall_clock_ms();
    if (!oldest || oldest->since_ms + proof_promise.count() > now) return {};
    // A server that has just started signs within a second.
    if (std::chrono::steady_clock::now() > started + proof_promise) {
      warn_late(milliseconds(now - oldest->since_ms));
      return {};
    }
    if (!wait(proof_retry)) return {};
    OBERIH_TRY(read_checkpoint());
  }
}

void ClientSession::note_newest(std::uint64_t index) {
  if (!uncovered_ && index >= directory_.accepted_size())
    uncovered_ = Uncovered{index, std::chrono::steady_clock::now()};
}

void ClientSession::watch_checkpoints() {
  if (!uncovered_ || uncovered_->is_warned) return;
  const auto waited = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() -
                                                               uncovered_->since);
  if (waited <= proof_promise) return;
  uncovered_->is_warned = true;
  warn_late(waited);
}

Result<> ClientSession::read_names() {
  Result<wire::NameCards> cards = ask(wire::DirectoryNames{});
  if (!cards) return cards.error();
  directory_.add_name_cards(*cards);
  return {};
}

VerifiedChannel ClientSession::open_channel(const ChannelId& channel) {
  return VerifiedChannel(store_, directory_, ring_, profile_.folder, channel);
}

Result<> ClientSession::apply(VerifiedChannel& channel, std::span<const wire::ChannelItem> items,
                              std::uint64_t directory_count) {
  OBERIH_TRY(read_directory(directory_count));
  OBERIH_TRY(guard_.check_quotes(items, [this] { return read_checkpoint(); }));
  OBERIH_TRY(channel.apply(items));
  if (!items.empty()) note_newest(items.back().index);
  return {};
}

Result<> ClientSession::pull(VerifiedChannel& channel) {
  channel.refresh();
  while (true) {
    std::uint64_t before = channel.state().newest_seq();
    wire::ChannelRead read;
    read.channel = channel.id();
    read.after_seq = before;
    read.limit = limits::page_items;
    Result<wire::ItemPage> page = ask(read);
    if (!page) return page.error();
    OBERIH_TRY(apply(channel, page->items, page->directory_count));
    if (channel.state().newest_seq() >= page->newest_seq) return {};
    if (channel.state().newest_seq() == before)
      return refuse(RefusalCode::verification_failed, "the server withholds leaves of the channel");
  }
}

}  // namespace oberih::client
