// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/http_call.hpp"

#include <algorithm>
#include <utility>

#include "protocol/socket/http_header.hpp"
#include "protocol/socket/tls_dial.hpp"

namespace oberih::socket {

namespace {

constexpr std::size_t http_read_bytes = 4 * 1024;

/// Bytes both ways, whatever lies under them.
class HttpStream {
 public:
  virtual ~HttpStream() = default;
  virtual void write_some(asio::const_buffer bytes, IoOperationPointer done) = 0;
  virtual void read_some(asio::mutable_buffer space, IoOperationPointer done) = 0;
  virtual void close() = 0;
  /// Why it ended before the answer did.
  virtual Refusal refusal(const std::string& where) = 0;
};

class PlainHttpStream final : public HttpStream {
 public:
  explicit PlainHttpStream(TcpSocket socket) : socket_(std::move(socket)) {}
  void write_some(asio::const_buffer bytes, IoOperationPointer done) override {
    socket_.async_write_some(bytes,
                             [done = std::move(done)](error_code error, std::size_t sent) mutable {
                               done->complete(error, sent);
                             });
  }
  void read_some(asio::mutable_buffer space, IoOperationPointer done) override {
    socket_.async_read_some(space,
                            [done = std::move(done)](error_code error, std::size_t got) mutable {
                              done->complete(error, got);
                            });
  }
  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }
  Refusal refusal(const std::string& where) override {
    return refuse(RefusalCode::not_connected, where + " ended in the middle of its answer.");
  }

 private:
  TcpSocket socket_;
};

class TlsHttpStream final : public HttpStream {
 public:
  TlsHttpStream(std::shared_ptr<TlsConnection> connection, bool is_ours)
      : connection_(std::move(connection)), is_ours_(is_ours) {}
  void write_some(asio::const_buffer bytes, IoOperationPointer done) override {
    connection_->write_some({&bytes, 1}, std::move(done));
  }
  void read_some(asio::mutable_buffer space, IoOperationPointer done) override {
    connection_->read_some(space, std::move(done));
  }
  void close() override { connection_->close(); }
  Refusal refusal(const std::string& where) override {
    if (!is_ours_)
      return refuse(RefusalCode::not_connected,
                    where + " ended in the middle of its answer: " + connection_->failure() + ".");
    connection_->look_for_alert();
    return refusal_of_connection(*connection_, where, "no whole answer to the request");
  }

 private:
  std::shared_ptr<TlsConnection> connection_;
  const bool is_ours_;  // its alerts speak of our key
};

/// Dials, asks and reads, within its time. The dials share its strand.
class HttpExchange : public std::enable_shared_from_this<HttpExchange> {
 public:
  HttpExchange(std::shared_ptr<IoContext> context, const HttpCall& call, HttpDone done)
      : context_(std::move(context)),
        strand_(make_strand_of(*context_)),
        deadline_(strand_),
        call_(call),
        request_(
            http_request_text(call.method, call.target, call.host, call.content_type, call.body)),
        done_(std::move(done)) {}

  void start() {
    auto dial = std::make_shared<TcpDial>(context_, strand_, call_.host, call_.port);
    cancel_dial_ = cancelling(dial);
    begin([self = shared_from_this(), dial] {
      dial->start([self](Result<TcpSocket> connected) {
        if (!connected) return self->finish(connected.error());
        self->ask(std::make_unique<PlainHttpStream>(std::move(*connected)));
      });
    });
  }
  void start_tls(TlsConnection::Verify verify, std::shared_ptr<const WebTrust> web,
                 const TlsIdentity& identity) {
    const bool is_ours = web == nullptr;
    auto dial = std::make_shared<TlsDial>(
        context_, strand_, DialTarget{call_.host, call_.port, std::move(verify), std::move(web)},
        identity);
    cancel_dial_ = cancelling(dial);
    begin([self = shared_from_this(), dial, is_ours] {
      dial->start([self, is_ours](Result<std::shared_ptr<TlsConnection>> connected) {
        if (!connected) return self->finish(connected.error());
        self->ask(std::make_unique<TlsHttpStream>(std::move(*connected), is_ours));
      });
    });
  }

 private:
  /// What a dial waits for holds it, and it holds this exchange: not also the other way about.
  template <class Dial>
  static std::function<void()> cancelling(const std::shared_ptr<Dial>& dial) {
    return [weak = std::weak_ptr<Dial>(dial)] {
      if (auto still = weak.lock()) still->cancel();
    };
  }
  std::string where() const { return name_of_target(call_.host, call_.port); }

  void begin(std::function<void()> dial) {
    asio::post(strand_, [self = shared_from_this(), dial = std::move(dial)] {
      self->deadline_.expires_after(self->call_.time_limit);
      self->deadline_.async_wait([self](error_code error) {
        if (!error)
          self->finish(refuse(RefusalCode::not_connected, self->where() + " does not answer."));
      });
      dial();
    });
  }

  void ask(std::unique_ptr<HttpStream> stream) {
    if (!done_) return stream->close();
    stream_ = std::move(stream);
    write_on();
  }

  void write_on() {
    if (sent_ == request_.size()) return read_on();
    stream_->write_some(
        asio::buffer(request_.data() + sent_, request_.size() - sent_),
        make_operation([self = shared_from_this()](error_code error, std::size_t bytes) {
          if (!self->done_) return;
          if (error) return self->finish(self->stream_->refusal(self->where()));
          self->sent_ += bytes;
          self->write_on();
        }));
  }

  void read_on() {
    if (answer_.size() >= call_.answer_bytes)
      return finish(refuse(RefusalCode::malformed_object, where() + " answers too much."));
    const std::size_t room = std::min(http_read_bytes, call_.answer_bytes - answer_.size());
    answer_.resize(answer_.size() + room);
    stream_->read_some(
        asio::buffer(answer_.data() + answer_.size() - room, room),
        make_operation([self = shared_from_this(), room](error_code error, std::size_t bytes) {
          self->answer_.resize(self->answer_.size() - room + bytes);
          self->on_read(error);
        }));
  }

  void on_read(error_code error) {
    if (!done_) return;
    HttpReply answer;
    switch (parse_http_response(answer_, answer)) {
      case HttpResponsePart::whole:
        return finish(std::move(answer));
      case HttpResponsePart::malformed:
        return finish(refuse(RefusalCode::malformed_object,
                             where() + " does not answer in HTTP with a length."));
      case HttpResponsePart::incomplete:
        break;
    }
    if (error) return finish(stream_->refusal(where()));
    read_on();
  }

  /// The stream stays until nothing waits on it any more: operations hold this exchange.
  void finish(Result<HttpReply> result) {
    if (!done_) return;
    deadline_.cancel();
    cancel_dial_();
    if (stream_) stream_->close();
    std::exchange(done_, nullptr)(std::move(result));
  }

  std::shared_ptr<IoContext> context_;  // first: the others need it to the end
  Executor strand_;
  asio::steady_timer deadline_;
  const HttpCall call_;
  const std::string request_;
  std::function<void()> cancel_dial_;
  HttpDone done_;
  std::unique_ptr<HttpStream> stream_;
  std::string answer_;
  std::size_t sent_ = 0;
};

/// Nothing where the loop stops: nobody would ever answer.
std::shared_ptr<HttpExchange> make_exchange(EventLoop& loop, const HttpCall& call, HttpDone done) {
  const auto& context = loop.implementation().context;
  if (context->is_stopping) return nullptr;
  return std::make_shared<HttpExchange>(context, call, std::move(done));
}

}  // namespace

void call_http(EventLoop& loop, const HttpCall& call, HttpDone done) {
  if (auto exchange = make_exchange(loop, call, std::move(done))) exchange->start();
}

void call_https(EventLoop& loop, const HttpCall& call, const Digest& server_spki,
                const TlsIdentity& identity, HttpDone done) {
  auto exchange = make_exchange(loop, call, std::move(done));
  if (!exchange) return;
  exchange->start_tls(
      [server_spki](const Digest& spki) {
        return spki == server_spki ? PeerVerdict::accepted : PeerVerdict::unknown;
      },
      nullptr, identity);
}

void call_https(EventLoop& loop, const HttpCall& call, std::shared_ptr<const WebTrust> trust,
                HttpDone done) {
  if (auto exchange = make_exchange(loop, call, std::move(done)))
    exchange->start_tls(nullptr, std::move(trust), TlsIdentity{});
}

}  // namespace oberih::socket
