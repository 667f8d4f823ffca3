// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/https_call.hpp"

#include "protocol/socket/http_header.hpp"
#include "protocol/socket/tls_dial.hpp"

namespace oberih::socket {

namespace {

constexpr std::size_t https_read_bytes = 4 * 1024;

class HttpsExchange : public std::enable_shared_from_this<HttpsExchange> {
 public:
  using Done = std::function<void(Result<HttpsAnswer>)>;

  HttpsExchange(std::shared_ptr<IoContext> context, const HttpsCall& call,
                const TlsIdentity& identity, Done done)
      : context_(std::move(context)),
        strand_(make_strand_of(*context_)),
        deadline_(strand_),
        call_(call),
        request_(
            http_request_text(call.method, call.target, call.host, call.content_type, call.body)),
        dial_(std::make_shared<TlsDial>(context_, strand_,
                                        DialTarget{call.host, call.port,
                                                   [pinned = call.server_spki](const Digest& spki) {
                                                     return spki == pinned ? PeerVerdict::accepted
                                                                           : PeerVerdict::unknown;
                                                   }},
                                        identity)),
        done_(std::move(done)) {}

  void start() {
    asio::post(strand_, [self = shared_from_this()] { self->begin(); });
  }

 private:
  std::string where() const { return name_of_target(call_.host, call_.port); }

  void begin() {
    deadline_.expires_after(call_.time_limit);
    deadline_.async_wait([self = shared_from_this()](error_code error) {
      if (!error)
        self->finish(refuse(RefusalCode::not_connected, self->where() + " does not answer."));
    });
    dial_->start([self = shared_from_this()](Result<std::shared_ptr<TlsConnection>> connected) {
      if (!self->done_) return;
      if (!connected) return self->finish(connected.error());
      self->connection_ = std::move(*connected);
      self->write_on();
    });
  }

  void write_on() {
    if (sent_ == request_.size()) return read_on();
    const asio::const_buffer rest(request_.data() + sent_, request_.size() - sent_);
    connection_->write_some({&rest, 1}, make_operation([self = shared_from_this()](
                                                           error_code error, std::size_t bytes) {
                              if (!self->done_) return;
                              if (error) return self->fail();
                              self->sent_ += bytes;
                              self->write_on();
                            }));
  }

  void read_on() {
    if (answer_.size() >= call_.answer_bytes)
      return finish(refuse(RefusalCode::malformed_object, where() + " answers too much."));
    const std::size_t room = std::min(https_read_bytes, call_.answer_bytes - answer_.size());
    answer_.resize(answer_.size() + room);
    connection_->read_some(
        asio::buffer(answer_.data() + answer_.size() - room, room),
        make_operation([self = shared_from_this(), room](error_code error, std::size_t bytes) {
          self->answer_.resize(self->answer_.size() - room + bytes);
          self->on_read(error);
        }));
  }

  void on_read(error_code error) {
    if (!done_) return;
    HttpsAnswer answer;
    switch (parse_http_response(answer_, answer)) {
      case HttpResponsePart::whole:
        return finish(std::move(answer));
      case HttpResponsePart::malformed:
        return finish(refuse(RefusalCode::malformed_object, where() + " does not answer in HTTP."));
      case HttpResponsePart::incomplete:
        break;
    }
    if (error) return fail();
    read_on();
  }

  void fail() {
    connection_->look_for_alert();
    finish(refusal_of_connection(*connection_, where(), "no whole answer to the request"));
  }

  void finish(Result<HttpsAnswer> result) {
    if (!done_) return;
    deadline_.cancel();
    dial_->cancel();
    if (connection_) connection_->close();
    connection_.reset();
    std::exchange(done_, nullptr)(std::move(result));
  }

  std::shared_ptr<IoContext> context_;  // first: the others need it to the end
  Executor strand_;
  asio::steady_timer deadline_;
  const HttpsCall call_;
  const std::string request_;
  std::shared_ptr<TlsDial> dial_;
  Done done_;
  std::shared_ptr<TlsConnection> connection_;
  std::string answer_;
  std::size_t sent_ = 0;
};

}  // namespace

void call_https(EventLoop& loop, const HttpsCall& call, const TlsIdentity& identity,
                std::function<void(Result<HttpsAnswer>)> done) {
  const auto& context = loop.implementation().context;
  if (context->is_stopping) return;
  std::make_shared<HttpsExchange>(context, call, identity, std::move(done))->start();
}

}  // namespace oberih::socket
