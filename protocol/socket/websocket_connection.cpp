// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/websocket_connection.hpp"

#include <algorithm>
#include <boost/beast/websocket/stream.hpp>

#include "protocol/socket/close_reason.hpp"
#include "protocol/socket/owner_guard.hpp"
#include "protocol/socket/signs_of_life.hpp"
#include "protocol/socket/text_frame.hpp"
#include "protocol/socket/tls_stream.hpp"

namespace oberih::socket {

namespace websocket = boost::beast::websocket;
namespace http = boost::beast::http;

// false: without permessage-deflate; ciphertext does not compress and bombs do.
using Stream = websocket::stream<TlsStream, false>;
using Clock = SignsOfLife::Clock;

namespace {

constexpr std::size_t idle_read_bytes = 512;  // what an idle connection holds ready
constexpr std::size_t busy_read_bytes = 16 * 1024;
constexpr std::size_t kept_read_bytes = 1024;
constexpr std::uint16_t no_status_received = 1005;

class WebSocketConnection final : public TlsWebSocket {
 public:
  WebSocketConnection(std::shared_ptr<TlsConnection> connection, const WebSocketSettings& settings,
                      Masking masking)
      : context_(connection->context()),
        connection_(connection),
        stream_(TlsStream(std::move(connection))),
        watchdog_(connection_->executor()),
        rest_(connection_->executor()),
        frame_bytes_(settings.frame_bytes),
        masking_(masking),
        signs_(settings.timeouts.idle) {
    stream_.read_message_max(frame_bytes_);
    stream_.auto_fragment(false);
    // Time is kept here and by whoever upgrades; Beast's own idle time-out is content with a byte.
    stream_.set_option(websocket::stream_base::timeout{websocket::stream_base::none(),
                                                       websocket::stream_base::none(), false});
    stream_.control_callback([this](websocket::frame_type, boost::beast::string_view) {
      signs_.hear_control_frame(now());
      allow_next_message();
      if (handlers_.on_control) handlers_.on_control();
    });
  }

  Stream& stream() { return stream_; }

  void start(Handlers handlers) override {
    on_strand([self = self(), handlers = std::move(handlers)]() mutable {
      self->begin(std::move(handlers));
    });
  }

  void send(std::shared_ptr<const std::string> frame, std::function<void(bool)> done) override {
    on_strand([self = self(), frame = std::move(frame), done = std::move(done)]() mutable {
      self->write(std::move(frame), std::move(done));
    });
  }

  void close(CloseCode code, std::string_view reason) override {
    on_strand([self = self(), code, reason = cut_to_reason(reason)] {
      self->begin_closing(code, reason);
    });
  }

  void rest(std::chrono::milliseconds pause) override { pause_ = pause; }

  void post(std::function<void()> work) override {
    if (!context_->is_stopping) asio::post(connection_->executor(), std::move(work));
  }

  Digest peer_spki() const override { return connection_->peer_spki(); }
  std::string peer_address() const override { return connection_->peer_address(); }

 private:
  friend class OwnerGuard<WebSocketConnection>;
  using Guard = OwnerGuard<WebSocketConnection>;

  static Clock::time_point now() { return Clock::now(); }
  std::shared_ptr<WebSocketConnection> self() {
    return std::static_pointer_cast<WebSocketConnection>(shared_from_this());
  }
  template <class Work>
  void on_strand(Work work) {
    if (!context_->is_stopping) asio::dispatch(connection_->executor(), std::move(work));
  }

  // -- reading ---------------------------------------------------------------------------------

  void begin(Handlers handlers) {
    if (has_ended_) {
      if (handlers.on_close) handlers.on_close(close_reason_);
      return;
    }
    handlers_ = std::move(handlers);
    keep_alive_ = self();
    if (is_closing_) return;
    signs_.begin(now());
    allow_next_message();
    watch();
    read();
  }

  void read() {
    std::size_t room = idle_read_bytes;
    // One byte more than the limit lets Beast itself find the frame too large.
    if (filled_ != 0)
      room = std::clamp(filled_, idle_read_bytes,
                        std::min(busy_read_bytes, frame_bytes_ + 1 - filled_ + idle_read_bytes));
    message_.resize(filled_ + room);
    stream_.async_read_some(asio::buffer(message_.data() + filled_, room),
                            [guard = Guard(self())](error_code error, std::size_t bytes) mutable {
                              if (const auto owner = guard.release()) owner->on_read(error, bytes);
                            });
  }

  void on_read(error_code error, std::size_t bytes) {
    if (has_ended_) return;
    if (error) return end(is_closing_ ? close_reason_ : reason_of(error));
    if (is_closing_) return;  // Beast reads on for itself, until the peer's close frame
    if (stream_.got_binary())
      return begin_closing(CloseCode::unsupported_data, "only text messages are spoken here");
    filled_ += bytes;
    const bool is_whole = stream_.is_message_done();
    signs_.hear_part_of_message(now(), is_whole);
    if (is_whole)
      deliver();
    else if (handlers_.on_fragment)
      handlers_.on_fragment();
    if (pause_.count() == 0) return read_on();
    rest_.expires_after(std::exchange(pause_, {}));
    rest_.async_wait([self = self()](error_code stopped) {
      if (!stopped) self->read_on();
    });
  }

  void read_on() {
    if (!is_closing_ && !has_ended_) read();
  }

  // Beast swallows pieces without content: only their headers' bytes tell of them.
  void allow_next_message() { connection_->allow(2 * frame_bytes_ + busy_read_bytes); }

  void deliver() {
    if (handlers_.on_frame) handlers_.on_frame(std::string_view(message_.data(), filled_));
    filled_ = 0;
    allow_next_message();
    if (message_.capacity() > kept_read_bytes) std::vector<char>().swap(message_);
  }

  CloseReason reason_of(error_code error) const {
    if (error != websocket::error::closed)
      return reason_of_error(error, connection_->failure(), frame_bytes_);
    const auto& said = stream_.reason();
    const auto code = static_cast<std::uint16_t>(said.code);
    return {code != 0 ? code : no_status_received, std::string(said.reason.c_str())};
  }

  // -- writing ---------------------------------------------------------------------------------

  void write(std::shared_ptr<const std::string> frame, std::function<void(bool)> done) {
    if (has_ended_ || is_closing_ || send_done_) {
      // Two at once is the caller's bug; it must not cost more than this connection.
      if (!has_ended_ && !is_closing_) begin_closing(CloseCode::going_away, "two sends at once");
      if (done) asio::post(connection_->executor(), [done = std::move(done)] { done(false); });
      return;
    }
    send_done_ = done ? std::move(done) : [](bool) {};
    // Not through Beast: its write costs three allocations and a turn through the loop's queue.
    static thread_local Bytes bytes;
    bytes.clear();
    append_text_frame(bytes, *frame, masking_);
    const auto outcome = connection_->write_all(
        bytes, [weak = std::weak_ptr(self())](error_code error, std::size_t) {
          if (const auto owner = weak.lock()) owner->on_written(error);
        });
    if (outcome) on_written(*outcome);
  }

  void on_written(error_code error) {
    // The read says why the connection is over; it may not have noticed yet.
    if (error && error != asio::error::operation_aborted && !is_closing_) connection_->close();
    if (const auto done = std::exchange(send_done_, nullptr)) done(!error);
  }

  // -- time ------------------------------------------------------------------------------------

  void watch() {
    if (has_ended_) return;
    watchdog_.expires_at(is_closing_ ? close_deadline_ : signs_.next_look());
    watchdog_.async_wait([self = self()](error_code error) {
      if (!error) self->on_time();
    });
  }

  void on_time() {
    if (has_ended_) return;
    if (is_closing_ && now() >= close_deadline_) {
      connection_->abort();
      return end(close_reason_);
    }
    if (!is_closing_ && signs_.is_over(now()))
      return begin_closing(CloseCode::idle,
                           signs_.is_mid_message() ? "a message took too long" : "no sign of life");
    if (!is_closing_ && signs_.wants_ping(now())) ping();
    watch();
  }

  void ping() {
    signs_.note_ping(now());
    if (std::exchange(is_pinging_, true)) return;
    stream_.async_ping({}, [weak = std::weak_ptr(self())](error_code) {
      if (const auto owner = weak.lock()) owner->is_pinging_ = false;
    });
  }

  // -- ending ----------------------------------------------------------------------------------

  void begin_closing(CloseCode code, const std::string& text) {
    if (has_ended_ || is_closing_) return;
    is_closing_ = true;
    keep_alive_ = self();
    close_reason_ = {static_cast<std::uint16_t>(code), text};
    close_deadline_ = now() + linger;
    watch();
    // Waits behind a write that the peer does not take; then the watchdog ends it.
    stream_.async_close(websocket::close_reason(static_cast<websocket::close_code>(code), text),
                        [guard = Guard(self())](error_code) mutable {
                          if (const auto owner = guard.release()) owner->end(owner->close_reason_);
                        });
  }

  void end(CloseReason reason) {
    if (std::exchange(has_ended_, true)) return;
    close_reason_ = reason;
    watchdog_.cancel();
    rest_.cancel();
    connection_->close();
    if (const auto done = std::exchange(send_done_, nullptr)) done(false);
    const Handlers handlers = std::exchange(handlers_, {});
    if (handlers.on_close) handlers.on_close(reason);
    keep_alive_.reset();  // the caller holds us yet
  }

  void forget() {
    const auto kept = std::exchange(keep_alive_, nullptr);
    const Handlers handlers = std::exchange(handlers_, {});
    const auto done = std::exchange(send_done_, nullptr);
  }

  std::shared_ptr<IoContext> context_;  // first: the others need it to the end
  std::shared_ptr<TlsConnection> connection_;
  Stream stream_;
  asio::steady_timer watchdog_;
  asio::steady_timer rest_;
  std::chrono::milliseconds pause_{0};
  const std::size_t frame_bytes_;
  const Masking masking_;
  SignsOfLife signs_;
  Handlers handlers_;
  std::shared_ptr<WebSocketConnection> keep_alive_;  // from start() or close() to the end
  std::vector<char> message_;
  std::size_t filled_ = 0;
  std::function<void(bool)> send_done_;  // set: a write is under way
  CloseReason close_reason_;
  Clock::time_point close_deadline_{};
  bool is_pinging_ = false;
  bool is_closing_ = false;
  bool has_ended_ = false;
};

}  // namespace

void accept_websocket(std::shared_ptr<TlsConnection> connection, const HttpHeader& request,
                      const WebSocketSettings& settings,
                      std::function<void(std::shared_ptr<TlsWebSocket>)> done) {
  auto websocket =
      std::make_shared<WebSocketConnection>(std::move(connection), settings, Masking::none);
  Stream& stream = websocket->stream();
  stream.set_option(websocket::stream_base::decorator(
      [subprotocol = settings.subprotocol](websocket::response_type& response) {
        response.set(http::field::sec_websocket_protocol, subprotocol);
      }));
  stream.async_accept(request, [websocket, done = std::move(done)](error_code error) {
    done(error ? nullptr : websocket);
  });
}

void request_websocket(std::shared_ptr<TlsConnection> connection, const WebSocketSettings& settings,
                       std::function<void(UpgradeOutcome)> done) {
  auto websocket =
      std::make_shared<WebSocketConnection>(std::move(connection), settings, Masking::random);
  auto response = std::make_shared<websocket::response_type>();
  Stream& stream = websocket->stream();
  stream.set_option(websocket::stream_base::decorator(
      [subprotocol = settings.subprotocol](websocket::request_type& request) {
        request.set(http::field::sec_websocket_protocol, subprotocol);
      }));
  // The host name means nothing to the server: it is known by its key.
  stream.async_handshake(*response, "oberih", "/",
                         [websocket, response, done = std::move(done)](error_code error) {
                           UpgradeOutcome outcome;
                           if (!error) outcome.websocket = websocket;
                           // Otherwise Beast has left its own invention there.
                           if (!error || error == websocket::condition::handshake_failed)
                             outcome.http_status = response->result_int();
                           outcome.subprotocol = (*response)[http::field::sec_websocket_protocol];
                           outcome.body = std::move(response->body());
                           done(std::move(outcome));
                         });
}

}  // namespace oberih::socket
