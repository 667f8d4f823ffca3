// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/http_call.hpp"

#include <algorithm>
#include <utility>

#include "protocol/socket/http_header.hpp"
#include "protocol/socket/http_stream.hpp"

namespace oberih::socket {

namespace {

constexpr std::size_t http_read_bytes = 16 * 1024;  // a record of TLS

/// Dials, or takes the connection that rests on its line; asks and reads, within its time. The
/// dials share its strand.
class HttpExchange : public std::enable_shared_from_this<HttpExchange> {
 public:
  /// `line`: nothing where the connection serves this request alone.
  HttpExchange(std::shared_ptr<IoContext> context, const HttpCall& call,
               std::shared_ptr<HttpsLine::Kept> line, HttpDone done)
      : context_(std::move(context)),
        line_(std::move(line)),
        rested_(line_ ? line_->take() : nullptr),
        strand_(rested_ ? rested_->executor() : make_strand_of(*context_)),
        deadline_(strand_),
        call_(call),
        request_(http_request_text(call.method, call.target, call.host, call.content_type,
                                   call.body, line_ ? HttpEnd::keep : HttpEnd::close)),
        done_(std::move(done)) {}

  void start() {
    auto dial = std::make_shared<TcpDial>(context_, strand_, call_.host, call_.port);
    cancel_dial_ = cancelling(dial);
    begin([dial](const Self& self) {
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
    begin([dial, is_ours](const Self& self) {
      dial->start([self, is_ours](Result<std::shared_ptr<TlsConnection>> connected) {
        if (!connected) return self->finish(connected.error());
        self->ask(std::make_unique<TlsHttpStream>(std::move(*connected), is_ours));
      });
    });
  }

 private:
  using Self = std::shared_ptr<HttpExchange>;

  /// What a dial waits for holds it, and it holds this exchange: not also the other way about.
  template <class Dial>
  static std::function<void()> cancelling(const std::shared_ptr<Dial>& dial) {
    return [weak = std::weak_ptr<Dial>(dial)] {
      if (auto still = weak.lock()) still->cancel();
    };
  }
  std::string where() const { return name_of_target(call_.host, call_.port); }

  void begin(std::function<void(const Self&)> dial) {
    dial_ = std::move(dial);
    asio::post(strand_, [self = shared_from_this()] {
      self->deadline_.expires_after(self->call_.time_limit);
      self->deadline_.async_wait([self](error_code error) {
        if (!error)
          self->finish(refuse(RefusalCode::not_connected, self->where() + " does not answer."));
      });
      if (!self->rested_) return self->dial();
      self->has_rested_ = true;
      self->ask(std::make_unique<TlsHttpStream>(std::move(self->rested_), true));
    });
  }

  void dial() { std::exchange(dial_, nullptr)(shared_from_this()); }

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
          if (error) return self->fail();
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
    if (error) return fail();
    read_on();
  }

  /// A server ends a connection that rested too long, or has served enough: then it has answered
  /// nothing, and the same is asked on another one. To read twice harms nobody.
  void fail() {
    if (!std::exchange(has_rested_, false) || !answer_.empty() || call_.method != "GET")
      return finish(stream_->refusal(where()));
    stream_->close();
    sent_ = 0;
    dial();
  }

  /// The stream stays until nothing waits on it any more: operations hold this exchange.
  void finish(Result<HttpReply> result) {
    if (!done_) return;
    deadline_.cancel();
    cancel_dial_();
    const bool may_rest = result && result->is_kept && line_ != nullptr;
    if (stream_ && !(may_rest && stream_->rest_on(*line_))) stream_->close();
    std::exchange(done_, nullptr)(std::move(result));
  }

  std::shared_ptr<IoContext> context_;  // first: the others need it to the end
  const std::shared_ptr<HttpsLine::Kept> line_;
  std::shared_ptr<TlsConnection> rested_;
  Executor strand_;
  asio::steady_timer deadline_;
  const HttpCall call_;
  const std::string request_;
  std::function<void(const Self&)> dial_;  // until it begins
  std::function<void()> cancel_dial_;
  HttpDone done_;
  std::unique_ptr<HttpStream> stream_;
  std::string answer_;
  std::size_t sent_ = 0;
  bool has_rested_ = false;  // the connection has served another request before
};

/// Nothing where the loop stops: nobody would ever answer.
std::shared_ptr<HttpExchange> make_exchange(EventLoop& loop, const HttpCall& call, HttpDone done,
                                            std::shared_ptr<HttpsLine::Kept> line = nullptr) {
  const auto& context = loop.implementation().context;
  if (context->is_stopping) return nullptr;
  return std::make_shared<HttpExchange>(context, call, std::move(line), std::move(done));
}

TlsConnection::Verify pinned(const Digest& server_spki) {
  return [server_spki](const Digest& spki) {
    return spki == server_spki ? PeerVerdict::accepted : PeerVerdict::unknown;
  };
}

}  // namespace

HttpsLine::HttpsLine() : kept_(std::make_shared<Kept>()) {}

HttpsLine::~HttpsLine() {
  const std::shared_ptr<TlsConnection> connection = kept_->end();
  if (!connection || connection->context()->is_stopping) return;
  asio::post(connection->executor(), [connection] { connection->close(); });
}

void call_http(EventLoop& loop, const HttpCall& call, HttpDone done) {
  if (auto exchange = make_exchange(loop, call, std::move(done))) exchange->start();
}

void call_https(EventLoop& loop, const HttpCall& call, const Digest& server_spki,
                const TlsIdentity& identity, HttpDone done) {
  if (auto exchange = make_exchange(loop, call, std::move(done)))
    exchange->start_tls(pinned(server_spki), nullptr, identity);
}

void call_https(EventLoop& loop, HttpsLine& line, const HttpCall& call, const Digest& server_spki,
                const TlsIdentity& identity, HttpDone done) {
  if (auto exchange = make_exchange(loop, call, std::move(done), line.kept()))
    exchange->start_tls(pinned(server_spki), nullptr, identity);
}

void call_https(EventLoop& loop, const HttpCall& call, std::shared_ptr<const WebTrust> trust,
                HttpDone done) {
  if (auto exchange = make_exchange(loop, call, std::move(done)))
    exchange->start_tls(nullptr, std::move(trust), TlsIdentity{});
}

}  // namespace oberih::socket
