// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/socket_bio.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <new>

namespace oberih::socket {

namespace {

SocketBioState& state_of(BIO* bio) { return *static_cast<SocketBioState*>(BIO_get_data(bio)); }

bool may_succeed_later() { return errno == EAGAIN || errno == EINTR; }

int write_to_socket(BIO* bio, const char* data, int size) {
  SocketBioState& state = state_of(bio);
  BIO_clear_retry_flags(bio);
  const auto sent = ::send(state.descriptor, data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent >= 0) return static_cast<int>(sent);
  if (may_succeed_later()) {
    BIO_set_retry_write(bio);
  } else {
    state.last_error = errno;
  }
  return -1;
}

int read_from_socket(BIO* bio, char* space, int size) {
  SocketBioState& state = state_of(bio);
  BIO_clear_retry_flags(bio);
  const auto got = ::recv(state.descriptor, space, static_cast<std::size_t>(size), 0);
  if (got > 0) return static_cast<int>(got);
  if (got == 0) {
    state.saw_end = true;
  } else if (may_succeed_later()) {
    BIO_set_retry_read(bio);
  } else {
    state.last_error = errno;
  }
  return static_cast<int>(got);
}

long control_socket(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_EOF) return state_of(bio).saw_end ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

int create_bio(BIO* bio) {
  BIO_set_init(bio, 1);
  return 1;
}

BIO_METHOD* make_method() {
  BIO_METHOD* const made =
      BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "oberih socket");
  if (made == nullptr) throw std::bad_alloc();
  BIO_meth_set_write(made, write_to_socket);
  BIO_meth_set_read(made, read_from_socket);
  BIO_meth_set_ctrl(made, control_socket);
  BIO_meth_set_create(made, create_bio);
  return made;
}

}  // namespace

BIO* make_socket_bio(SocketBioState& state) {
  static BIO_METHOD* const method = make_method();  // for as long as the process lives
  BIO* const bio = BIO_new(method);
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, &state);
  return bio;
}

}  // namespace oberih::socket
