// SPDX-License-Identifier: Apache-2.0
#include "client-cli/witness/witness_service.hpp"

#include <chrono>

#include "protocol/journal/witness_request.hpp"

namespace oberih::client {
namespace {

// Journals ask a few times a second; everybody else has no business here.
constexpr std::size_t most_connections = 256;
constexpr std::chrono::milliseconds witness_patience{10'000};

std::uint64_t unix_seconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

socket::HttpResponse sentence(unsigned status, const std::string& text) {
  return {status, "text/plain; charset=utf-8", text + "\n", {}};
}

}  // namespace

Result<std::unique_ptr<WitnessService>> WitnessService::open(const WitnessFolder& folder,
                                                             FirstCheckpoint first, Tell tell) {
  Result<WitnessKeys> keys = folder.load_keys();
  if (!keys) return keys.error();
  Result<std::optional<WatchedJournal>> journal = folder.load_journal();
  if (!journal) return journal.error();
  if (!*journal)
    return refuse(RefusalCode::usage,
                  "this witness watches no journal yet: 'oberih witness trust' says which");
  OBERIH_TRY(folder.lock());
  std::unique_ptr<WitnessService> service(
      new WitnessService(folder, std::move(**journal), std::move(*keys), first, std::move(tell)));
  OBERIH_TRY(service->load_state());
  return service;
}

Result<> WitnessService::load_state() {
  Result<std::optional<std::string>> note = folder_.load_state(keys_.verifier());
  if (!note) return note.error();
  if (!*note) return {};
  // The journal's key may have changed since: what counts is that we signed it.
  Result<journal::Checkpoint> known = journal::read_unverified_checkpoint(**note);
  if (!known) return known.error();
  if (known->origin != journal_.verifier.name)
    return refuse(RefusalCode::local_state_broken, "the state of this witness is of the journal " +
                                                       known->origin +
                                                       "; a witness watches one journal for ever");
  known_ = std::move(*known);
  note_ = std::move(**note);
  return {};
}

void WitnessService::listen(socket::EventLoop& loop, const std::string& address,
                            std::uint16_t port) {
  socket::ListenerLimits limits;
  limits.connections = most_connections;
  limits.http_body_bytes = journal::add_checkpoint_bytes;
  limits.timeouts = {witness_patience, witness_patience};
  socket::TlsListener::Handlers handlers;
  // C2SP: nobody is authenticated but the checkpoint. TLS keeps what is sent from the eyes of
  // others, and shows the journal whom it asks.
  handlers.verify_peer = [](const Digest&) { return socket::PeerVerdict::accepted; };
  handlers.on_websocket = [](std::shared_ptr<socket::TlsWebSocket> websocket) {
    websocket->close(socket::CloseCode::policy_violation, "This is a witness.");
  };
  handlers.on_http = [this](const socket::HttpRequest& request, socket::HttpAnswer done) {
    done(answer(request));
  };
  listener_ = std::make_unique<socket::TlsListener>(loop, address, port, keys_.tls, "oberih.none",
                                                    limits, std::move(handlers));
}

socket::HttpResponse WitnessService::answer(const socket::HttpRequest& request) {
  if (request.target == journal::add_checkpoint_path) {
    if (request.method != "POST") return sentence(405, "POST only.");
    return add_checkpoint(request.body);
  }
  if (request.method != "GET") return sentence(405, "GET only.");
  if (request.target == "/health") return sentence(200, "ok");
  if (request.target != journal::witnessed_path) return sentence(404, "There is nothing here.");
  std::lock_guard lock(mutex_);
  if (!known_) return sentence(404, "This witness has cosigned nothing yet.");
  return {200, "text/plain; charset=utf-8", note_, {{"Cache-Control", "no-store"}}};
}

socket::HttpResponse WitnessService::add_checkpoint(const std::string& body) {
  WitnessEvent event;
  WitnessAnswer answer;
  {
    std::lock_guard lock(mutex_);
    if (is_broken_) return sentence(503, "This witness cannot store its state.");
    answer = judge_checkpoint({journal_, keys_.signer, known_, first_, unix_seconds()}, body);
    if (answer.note) {
      Result<journal::Checkpoint> fresh = journal::read_unverified_checkpoint(*answer.note);
      // INVARIANT: what was answered is on disk. The same checkpoint once more stands there
      // already, with an earlier time.
      const bool is_new = fresh && (!known_ || known_->size != fresh->size);
      if (Result<> stored = is_new ? folder_.put_state(*answer.note) : Result<>{};
          !stored || !fresh) {
        // Whether the old or the new one lies there now is not known: only a new start tells.
        is_broken_ = true;
        answer = {503, "text/plain; charset=utf-8", "This witness cannot store its state.\n",
                  std::nullopt};
      } else {
        known_ = std::move(*fresh);
        note_ = std::move(*answer.note);
      }
    }
    event = {answer.status, known_ ? known_->size : 0,
             answer.status == 200 ? std::string() : answer.body};
  }
  if (tell_) tell_(event);
  return {answer.status, answer.content_type, answer.body, {}};
}

}  // namespace oberih::client
