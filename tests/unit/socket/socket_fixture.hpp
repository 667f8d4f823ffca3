// SPDX-License-Identifier: Apache-2.0
// A server on a loopback port, devices with keys, and clients that wait: everything bounded.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <future>
#include <map>
#include <mutex>
#include <thread>

#include "protocol/crypto/certificate.hpp"
#include "protocol/socket/tls_client.hpp"
#include "protocol/socket/tls_listener.hpp"

namespace oberih::socket {

using namespace std::chrono_literals;

/// Generous: machines under a sanitizer are slow. Nothing that goes well waits so long.
inline constexpr auto patience = 30s;

struct Device {
  Device() {
    auto made = crypto::generate_tls_identity();
    identity.private_key_pem = std::move(made.private_key_pem);
    identity.certificate_pem = std::move(made.certificate_pem);
    spki = made.spki_sha256;
  }
  TlsIdentity identity;
  Digest spki;
};

/// One end of a WebSocket whose frames and end can be waited for.
class Peer {
 public:
  explicit Peer(std::shared_ptr<TlsWebSocket> websocket) : websocket_(std::move(websocket)) {}
  ~Peer() {
    if (!websocket_) return;
    websocket_->close(CloseCode::normal, "done");
    if (is_started_) wait_for_close();
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  Peer& start() {
    is_started_ = true;
    websocket_->start({[state = state_](std::string_view frame) {
                         std::lock_guard lock(state->mutex);
                         state->frames.emplace_back(frame);
                         state->changed.notify_all();
                       },
                       [state = state_](const CloseReason& reason) {
                         std::lock_guard lock(state->mutex);
                         state->closes.push_back(reason);
                         state->changed.notify_all();
                       },
                       [state = state_] {
                         std::lock_guard lock(state->mutex);
                         ++state->fragments;
                       },
                       [state = state_] {
                         std::lock_guard lock(state->mutex);
                         ++state->control_frames;
                       }});
    return *this;
  }

  std::future<bool> send(std::string text) {
    auto done = std::make_shared<std::promise<bool>>();
    websocket_->send(std::make_shared<const std::string>(std::move(text)),
                     [done](bool sent) { done->set_value(sent); });
    return done->get_future();
  }

  std::string next_frame() {
    std::unique_lock lock(state_->mutex);
    if (!state_->changed.wait_for(lock, patience, [&] { return !state_->frames.empty(); }))
      return "(no frame came)";
    std::string frame = std::move(state_->frames.front());
    state_->frames.pop_front();
    return frame;
  }

  int fragments() const {
    std::lock_guard lock(state_->mutex);
    return state_->fragments;
  }
  int control_frames() const {
    std::lock_guard lock(state_->mutex);
    return state_->control_frames;
  }

  CloseReason wait_for_close() {
    std::unique_lock lock(state_->mutex);
    if (!state_->changed.wait_for(lock, patience, [&] { return !state_->closes.empty(); }))
      return {9999, "(it did not close)"};
    return state_->closes.front();
  }

  bool has_closed() const {
    std::lock_guard lock(state_->mutex);
    return !state_->closes.empty();
  }
  std::size_t close_count() const {
    std::lock_guard lock(state_->mutex);
    return state_->closes.size();
  }

  TlsWebSocket& operator*() { return *websocket_; }
  TlsWebSocket* operator->() { return websocket_.get(); }

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::string> frames;
    std::vector<CloseReason> closes;
    int fragments = 0;
    int control_frames = 0;
  };
  std::shared_ptr<TlsWebSocket> websocket_;
  std::shared_ptr<State> state_ = std::make_shared<State>();
  bool is_started_ = false;
};

/// One send at a time, as the contract demands: a frame may come before the last one is done. Only
/// on the connection's strand.
class SendQueue : public std::enable_shared_from_this<SendQueue> {
 public:
  explicit SendQueue(std::weak_ptr<TlsWebSocket> websocket) : websocket_(std::move(websocket)) {}

  void push(std::string frame) {
    waiting_.push_back(std::make_shared<const std::string>(std::move(frame)));
    if (waiting_.size() == 1) send_first();
  }

 private:
  void send_first() {
    const auto websocket = websocket_.lock();
    if (!websocket) return;
    websocket->send(waiting_.front(), [self = shared_from_this()](bool sent) {
      self->waiting_.pop_front();
      if (sent && !self->waiting_.empty()) self->send_first();
    });
  }

  std::weak_ptr<TlsWebSocket> websocket_;
  std::deque<std::shared_ptr<const std::string>> waiting_;
};

inline std::uint16_t code_of(CloseCode code) { return static_cast<std::uint16_t>(code); }

/// Echoes unless `keeps_websockets`; remembers what it rejected.
class SocketTest : public testing::Test {
 protected:
  void TearDown() override {
    clients_.clear();
    std::vector<std::unique_ptr<Peer>> servers_ends;
    {
      std::lock_guard lock(mutex_);
      servers_ends.swap(accepted_);
    }
    servers_ends.clear();
    listener_.reset();
    loop_.reset();  // joins: no handler runs when the members below are destroyed
  }

  void listen(ListenerLimits limits = {}) {
    TlsListener::Handlers handlers;
    handlers.verify_peer = [this](const Digest& spki) {
      std::lock_guard lock(mutex_);
      const auto found = directory_.find(spki);
      return found == directory_.end() ? PeerVerdict::unknown : found->second;
    };
    handlers.on_websocket = [this](std::shared_ptr<TlsWebSocket> websocket) {
      if (keeps_websockets_)
        keep(std::move(websocket));
      else
        echo(std::move(websocket));
    };
    handlers.on_http = [](const HttpRequest& request, HttpAnswer done) {
      if (request.target == "/checkpoint") return done({200, "text/plain", "size 17\n"});
      if (request.target == "/number")
        return done({200, "text/plain", std::to_string(request.number)});
      if (request.target == "/last")
        return done({200, "text/plain", std::to_string(request.number), {}, true});
      if (request.target == "/large")
        return done({200, "text/plain", std::string(600'000, 'x'), {{"Cache-Control", "private"}}});
      if (request.target == "/later")  // as a reader's thread would
        return std::thread([done = std::move(done)] {
                 std::this_thread::sleep_for(std::chrono::milliseconds(100));
                 done({200, "text/plain", "at last\n"});
               })
            .detach();
      done({404, "text/plain", "nothing\n"});
    };
    handlers.on_rejected = [this](std::string_view address, std::string_view reason) {
      std::lock_guard lock(mutex_);
      rejected_.push_back(std::string(address) + " " + std::string(reason));
      changed_.notify_all();
    };
    listener_ = std::make_unique<TlsListener>(*loop_, "127.0.0.1", 0, server_.identity, "oberih.v1",
                                              limits, std::move(handlers));
  }

  void enter(const Device& device, PeerVerdict verdict = PeerVerdict::accepted) {
    std::lock_guard lock(mutex_);
    directory_[device.spki] = verdict;
  }

  ClientTarget target() const {
    ClientTarget target;
    target.host = "127.0.0.1";
    target.port = listener_->port();
    target.server_spki = server_.spki;
    target.subprotocol = "oberih.v1";
    return target;
  }

  Result<std::shared_ptr<TlsWebSocket>> connect(const ClientTarget& where, const Device& device) {
    using Answer = Result<std::shared_ptr<TlsWebSocket>>;
    auto answer = std::make_shared<std::promise<Answer>>();
    connect_tls_websocket(*loop_, where, device.identity,
                          [answer](Answer result) { answer->set_value(std::move(result)); });
    auto future = answer->get_future();
    if (future.wait_for(patience) != std::future_status::ready)
      return refuse(RefusalCode::unavailable, "(no answer)");
    return future.get();
  }

  /// The client's end, already started.
  Peer& connect(const Device& device) {
    auto result = connect(target(), device);
    EXPECT_TRUE(result.has_value()) << (result.has_error() ? result.error().detail : "");
    clients_.push_back(std::make_unique<Peer>(result.has_value() ? *result : nullptr));
    if (result.has_value()) clients_.back()->start();
    return *clients_.back();
  }

  std::string refusal_of(const ClientTarget& where, const Device& device) {
    const auto result = connect(where, device);
    if (result.has_value()) return "(connected)";
    last_detail_ = result.error().detail;
    return std::string(refusal_row(result.error().code).name);
  }

  /// The server's end of the next connection, with `keeps_websockets_`; started.
  Peer& accepted() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [this] { return taken_ < accepted_.size(); });
    Peer& peer = *accepted_.at(taken_++);
    lock.unlock();
    return peer.start();
  }

  /// Waits until something was rejected for a reason that contains `words`.
  bool was_rejected(std::string_view words) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] {
      for (const std::string& line : rejected_)
        if (line.find(words) != std::string::npos) return true;
      return false;
    });
  }

  void echo(std::shared_ptr<TlsWebSocket> websocket) {
    auto queue = std::make_shared<SendQueue>(websocket);
    websocket->start({[queue](std::string_view frame) { queue->push(std::string(frame)); }, {}});
  }

  void keep(std::shared_ptr<TlsWebSocket> websocket) {
    std::lock_guard lock(mutex_);
    accepted_.push_back(std::make_unique<Peer>(std::move(websocket)));
    changed_.notify_all();
  }

  std::unique_ptr<EventLoop> loop_ = std::make_unique<EventLoop>(2);
  Device server_;
  bool keeps_websockets_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Digest, PeerVerdict> directory_;
  std::vector<std::string> rejected_;
  std::vector<std::unique_ptr<Peer>> accepted_;
  std::size_t taken_ = 0;
  std::vector<std::unique_ptr<Peer>> clients_;
  std::unique_ptr<TlsListener> listener_;
  std::string last_detail_;
};

}  // namespace oberih::socket
