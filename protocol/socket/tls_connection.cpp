// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/tls_connection.hpp"

#include <openssl/err.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <stdexcept>

namespace oberih::socket {

namespace {

constexpr std::size_t discard_bytes = 1024 * 1024;
constexpr unsigned long alert_offset = SSL_AD_REASON_OFFSET;

int x509_error_of(PeerVerdict verdict) {
  switch (verdict) {
    case PeerVerdict::accepted:
      return X509_V_OK;
    case PeerVerdict::unknown:
      return X509_V_ERR_CERT_REJECTED;  // alert bad_certificate
    case PeerVerdict::expired:
      return X509_V_ERR_CERT_HAS_EXPIRED;  // alert certificate_expired
    case PeerVerdict::revoked:
      return X509_V_ERR_CERT_REVOKED;  // alert certificate_revoked
    case PeerVerdict::too_many:
      return X509_V_ERR_OUT_OF_MEM;  // alert internal_error: nothing is wrong with the certificate
  }
  return X509_V_ERR_CERT_REJECTED;
}

}  // namespace

TlsConnection::TlsConnection(std::shared_ptr<IoContext> context, TcpSocket socket,
                             std::string address, SSL_CTX& tls, Role role, Verify verify)
    : context_(std::move(context)),
      executor_(socket.get_executor()),
      socket_(std::move(socket)),
      address_(std::move(address)),
      verify_(std::move(verify)),
      ssl_(SSL_new(&tls)) {
  if (!ssl_) throw std::bad_alloc();
  bio_state_.descriptor = socket_.native_handle();
  BIO* const bio = make_socket_bio(bio_state_);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_app_data(ssl_.get(), this);
  if (role == Role::server)
    SSL_set_accept_state(ssl_.get());
  else
    SSL_set_connect_state(ssl_.get());
  error_code ignored;
  socket_.native_non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

TlsConnection::~TlsConnection() = default;

int TlsConnection::verify_callback(X509_STORE_CTX* store, void*) {
  auto* const ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  return static_cast<TlsConnection*>(SSL_get_app_data(ssl))
      ->judge(X509_STORE_CTX_get0_cert(store), *store);
}

int TlsConnection::judge(X509* certificate, X509_STORE_CTX& store) {
  verdict_ = PeerVerdict::unknown;
  if (certificate != nullptr) {
    peer_spki_ = spki_of(*certificate);
    if (verify_) verdict_ = verify_(peer_spki_);
  }
  X509_STORE_CTX_set_error(&store, x509_error_of(*verdict_));
  return *verdict_ == PeerVerdict::accepted ? 1 : 0;
}

int TlsConnection::verify_web_callback(X509_STORE_CTX* store, void*) {
  auto* const ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* const self = static_cast<TlsConnection*>(SSL_get_app_data(ssl));
  // OpenSSL has put name and purpose into it.
  const bool is_known = X509_verify_cert(store) == 1;
  self->verdict_ = is_known ? PeerVerdict::accepted : PeerVerdict::unknown;
  return is_known ? 1 : 0;
}

void TlsConnection::expect_name(const std::string& host) {
  X509_VERIFY_PARAM* const wanted = SSL_get0_param(ssl_.get());
  if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1) return;
  ERR_clear_error();
  if (SSL_set1_host(ssl_.get(), host.c_str()) != 1 ||
      SSL_set_tlsext_host_name(ssl_.get(), host.c_str()) != 1)
    throw std::runtime_error("The name " + host + " is no server's: " + take_openssl_error());
}

std::string TlsConnection::certificate_fault() const {
  return X509_verify_cert_error_string(SSL_get_verify_result(ssl_.get()));
}

TlsConnection::Step TlsConnection::fail(error_code error, std::string words) {
  error_ = error;
  failure_ = std::move(words);
  return Step::failed;
}

TlsConnection::Step TlsConnection::step_of(int result) {
  const int kind = SSL_get_error(ssl_.get(), result);
  const unsigned long error = ERR_peek_last_error();
  if (kind == SSL_ERROR_WANT_READ) return Step::want_read;
  if (kind == SSL_ERROR_WANT_WRITE) return Step::want_write;
  if (kind == SSL_ERROR_ZERO_RETURN) return fail(asio::error::eof, "the peer has closed");
  if (bio_state_.last_error != 0) {
    const error_code system(bio_state_.last_error, boost::system::system_category());
    ERR_clear_error();
    return fail(system, system.message());
  }
  if (bio_state_.saw_end) {
    ERR_clear_error();
    return fail(asio::error::eof, "the connection was cut");
  }
  const auto reason = static_cast<unsigned long>(ERR_GET_REASON(error));
  if (reason > alert_offset && reason < alert_offset + 256)
    alert_ = static_cast<int>(reason - alert_offset);
  return fail(asio::error::connection_aborted, take_openssl_error());
}

TlsConnection::Step TlsConnection::try_handshake() {
  const int result = SSL_do_handshake(ssl_.get());
  if (result != 1) return step_of(result);
  // Cannot happen with the settings of tls_context; if it ever did, nobody was authenticated.
  if (SSL_session_reused(ssl_.get()) != 0 || verdict_ != PeerVerdict::accepted)
    return fail(asio::error::connection_aborted, "the session was resumed");
  verify_ = nullptr;
  return Step::done;
}

TlsConnection::Step TlsConnection::try_read(asio::mutable_buffer space, std::size_t& bytes) {
  const int result = SSL_read_ex(ssl_.get(), space.data(), space.size(), &bytes);
  if (result != 1) return step_of(result);
  if (bytes > allowed_bytes_)
    return fail(asio::error::message_size, "a message in too many pieces");
  allowed_bytes_ -= bytes;
  return Step::done;
}

void TlsConnection::complete_later(IoOperationPointer done, error_code error, std::size_t bytes) {
  asio::post(executor_, [done = std::move(done), error, bytes] { done->complete(error, bytes); });
}

template <class Attempt>
void TlsConnection::run(Attempt attempt, IoOperationPointer done, bool is_first) {
  std::size_t bytes = 0;
  Step step = Step::failed;
  error_code error = error_;
  if (!socket_.is_open()) error = asio::error::operation_aborted;
  if (!error) {
    ERR_clear_error();
    bio_state_.last_error = 0;
    step = attempt(bytes);
    error = error_;
  }
  if (step == Step::want_read || step == Step::want_write) {
    // The waiting handler owns `done`: what nobody calls any more is destroyed with it.
    const auto direction = step == Step::want_read ? TcpSocket::wait_read : TcpSocket::wait_write;
    socket_.async_wait(direction, [self = shared_from_this(), attempt = std::move(attempt),
                                   done = std::move(done)](error_code waited) mutable {
      if (waited) return done->complete(waited, 0);
      if (SSL_is_init_finished(self->ssl_.get()) != 0)
        return self->run(std::move(attempt), std::move(done), false);
      auto held = std::make_shared<IoOperationPointer>(std::move(done));
      self->context_->handshakes.enter(
          self->executor_, [self, attempt = std::move(attempt), held = std::move(held)]() mutable {
            self->run(std::move(attempt), std::move(*held), false);
          });
    });
    return;
  }
  if (is_first)
    complete_later(std::move(done), error, bytes);
  else
    done->complete(error, bytes);
}

void TlsConnection::handshake(IoOperationPointer done) {
  run([this](std::size_t&) { return try_handshake(); }, std::move(done), true);
}

void TlsConnection::read_some(asio::mutable_buffer space, IoOperationPointer done) {
  if (space.size() == 0) return complete_later(std::move(done), {}, 0);
  run([this, space](std::size_t& bytes) { return try_read(space, bytes); }, std::move(done), true);
}

struct TlsConnection::Farewell {
  Farewell(const Executor& executor, IoOperationPointer operation)
      : deadline(executor), done(std::move(operation)) {}

  asio::steady_timer deadline;
  IoOperationPointer done;
  std::size_t discarded = 0;
};

void TlsConnection::finish(IoOperationPointer done) {
  auto farewell = std::make_shared<Farewell>(executor_, std::move(done));
  if (socket_.is_open()) {
    if (!error_ && SSL_is_init_finished(ssl_.get())) SSL_shutdown(ssl_.get());
    ERR_clear_error();
    error_code ignored;
    socket_.shutdown(TcpSocket::shutdown_send, ignored);
  }
  if (!error_) fail(asio::error::operation_aborted, "closed");
  farewell->deadline.expires_after(linger);
  farewell->deadline.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->close();
  });
  // Not inside this call, see IoOperation::complete.
  asio::post(executor_, [self = shared_from_this(), farewell] { self->discard(farewell); });
}

void TlsConnection::discard(std::shared_ptr<Farewell> farewell) {
  std::array<char, 4096> bin;
  ssize_t got = 0;
  while (socket_.is_open() && farewell->discarded < discard_bytes) {
    got = ::recv(socket_.native_handle(), bin.data(), bin.size(), 0);
    if (got <= 0) break;
    farewell->discarded += static_cast<std::size_t>(got);
  }
  if (socket_.is_open() && got < 0 && (errno == EAGAIN || errno == EINTR)) {
    socket_.async_wait(TcpSocket::wait_read, [self = shared_from_this(), farewell](error_code) {
      self->discard(farewell);
    });
    return;
  }
  close();
  farewell->deadline.cancel();
  farewell->done->complete({}, 0);
}

void TlsConnection::close() {
  bio_state_.descriptor = -1;
  error_code ignored;
  socket_.close(ignored);
}

void TlsConnection::abort() {
  error_code ignored;
  if (socket_.is_open()) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  close();
}

void TlsConnection::look_for_alert() {
  if (!socket_.is_open() || alert_) return;
  std::array<char, 256> bin;
  std::size_t bytes = 0;
  ERR_clear_error();
  bio_state_.last_error = 0;
  while (try_read(asio::buffer(bin), bytes) == Step::done) {
  }
}

}  // namespace oberih::socket
