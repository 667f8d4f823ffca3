// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/tcp_dial.hpp"

#include <utility>

namespace oberih::socket {

std::string name_of_target(const std::string& host, std::uint16_t port) {
  return host + ", port " + std::to_string(port) + ",";
}

TcpDial::TcpDial(std::shared_ptr<IoContext> context, Executor strand, std::string host,
                 std::uint16_t port)
    : context_(std::move(context)),
      resolver_(strand),
      socket_(strand),
      host_(std::move(host)),
      port_(port) {}

void TcpDial::start(Done done) {
  done_ = std::move(done);
  error_code error;
  const auto address = asio::ip::make_address(host_, error);
  // A number needs no resolver, whose system call cannot be interrupted.
  if (!error) return connect({Tcp::endpoint(address, port_)});
  resolver_.async_resolve(
      host_, std::to_string(port_), Tcp::resolver::numeric_service,
      [self = shared_from_this()](error_code failed, const Tcp::resolver::results_type& found) {
        if (!self->done_) return;
        if (!failed) return self->connect({found.begin(), found.end()});
        self->finish(
            refuse(RefusalCode::not_connected,
                   "The name " + self->host_ + " is not found: " + failed.message() + "."));
      });
}

void TcpDial::cancel() {
  if (!done_) return;
  done_ = nullptr;
  resolver_.cancel();
  error_code ignored;
  socket_.close(ignored);
}

void TcpDial::finish(Result<TcpSocket> result) {
  if (!done_) return;
  std::exchange(done_, nullptr)(std::move(result));
}

void TcpDial::connect(std::vector<Tcp::endpoint> endpoints) {
  endpoints_ = std::move(endpoints);
  try_next(asio::error::host_not_found);
}

void TcpDial::try_next(error_code last_error) {
  if (next_ == endpoints_.size())
    return finish(
        refuse(RefusalCode::not_connected,
               name_of_target(host_, port_) + " cannot be reached: " + last_error.message() + "."));
  error_code ignored;
  socket_.close(ignored);
  socket_.async_connect(endpoints_[next_++], [self = shared_from_this()](error_code error) {
    if (!self->done_) return;
    if (error) return self->try_next(error);
    self->finish(std::move(self->socket_));
  });
}

}  // namespace oberih::socket
