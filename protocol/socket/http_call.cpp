// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/http_call.hpp"

#include "protocol/socket/event_loop_implementation.hpp"
#include "protocol/socket/http_header.hpp"

// After boost_asio.hpp: it says how Boost is compiled here.
#include <boost/asio/write.hpp>

namespace oberih::socket {

namespace {

constexpr std::size_t http_read_bytes = 4 * 1024;

class HttpExchange : public std::enable_shared_from_this<HttpExchange> {
 public:
  using Done = std::function<void(Result<HttpsAnswer>)>;
  using Tcp = asio::ip::tcp;

  HttpExchange(std::shared_ptr<IoContext> context, const HttpCall& call, Done done)
      : context_(std::move(context)),
        strand_(make_strand_of(*context_)),
        deadline_(strand_),
        resolver_(strand_),
        socket_(strand_),
        call_(call),
        request_(
            http_request_text(call.method, call.target, call.host, call.content_type, call.body)),
        done_(std::move(done)) {}

  void start() {
    asio::post(strand_, [self = shared_from_this()] { self->begin(); });
  }

 private:
  Refusal away(const std::string& why) const {
    return refuse(RefusalCode::not_connected,
                  call_.host + ", port " + std::to_string(call_.port) + ", " + why + ".");
  }

  void begin() {
    deadline_.expires_after(call_.time_limit);
    deadline_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->finish(self->away("does not answer"));
    });
    resolver_.async_resolve(
        call_.host, std::to_string(call_.port), Tcp::resolver::numeric_service,
        [self = shared_from_this()](error_code error, const Tcp::resolver::results_type& found) {
          if (!self->done_) return;
          if (error) return self->finish(self->away("is not found: " + error.message()));
          self->endpoints_.assign(found.begin(), found.end());
          self->try_next(asio::error::host_not_found);
        });
  }

  void try_next(error_code last_error) {
    if (next_ == endpoints_.size())
      return finish(away("cannot be reached: " + last_error.message()));
    error_code ignored;
    socket_.close(ignored);
    socket_.async_connect(endpoints_[next_++], [self = shared_from_this()](error_code error) {
      if (!self->done_) return;
      if (error) return self->try_next(error);
      self->send();
    });
  }

  void send() {
    asio::async_write(socket_, asio::buffer(request_),
                      [self = shared_from_this()](error_code error, std::size_t) {
                        if (!self->done_) return;
                        if (error) return self->finish(self->away(error.message()));
                        self->read_on();
                      });
  }

  void read_on() {
    if (answer_.size() >= call_.answer_bytes)
      return finish(refuse(RefusalCode::malformed_object, call_.host + " answers too much."));
    const std::size_t room = std::min(http_read_bytes, call_.answer_bytes - answer_.size());
    answer_.resize(answer_.size() + room);
    socket_.async_read_some(asio::buffer(answer_.data() + answer_.size() - room, room),
                            [self = shared_from_this(), room](error_code error, std::size_t bytes) {
                              self->answer_.resize(self->answer_.size() - room + bytes);
                              self->on_read(error);
                            });
  }

  void on_read(error_code error) {
    if (!done_) return;
    HttpsAnswer answer;
    switch (parse_http_response(answer_, answer)) {
      case HttpResponsePart::whole:
        return finish(std::move(answer));
      case HttpResponsePart::malformed:
        return finish(refuse(RefusalCode::malformed_object,
                             call_.host + " does not answer in HTTP with a length."));
      case HttpResponsePart::incomplete:
        break;
    }
    if (error) return finish(away("ended in the middle of its answer"));
    read_on();
  }

  void finish(Result<HttpsAnswer> result) {
    if (!done_) return;
    deadline_.cancel();
    resolver_.cancel();
    error_code ignored;
    socket_.close(ignored);
    std::exchange(done_, nullptr)(std::move(result));
  }

  std::shared_ptr<IoContext> context_;  // first: the others need it to the end
  Executor strand_;
  asio::steady_timer deadline_;
  Tcp::resolver resolver_;
  TcpSocket socket_;
  const HttpCall call_;
  const std::string request_;
  Done done_;
  std::vector<Tcp::endpoint> endpoints_;
  std::size_t next_ = 0;
  std::string answer_;
};

}  // namespace

void call_http(EventLoop& loop, const HttpCall& call,
               std::function<void(Result<HttpsAnswer>)> done) {
  const auto& context = loop.implementation().context;
  if (context->is_stopping) return;
  std::make_shared<HttpExchange>(context, call, std::move(done))->start();
}

}  // namespace oberih::socket
