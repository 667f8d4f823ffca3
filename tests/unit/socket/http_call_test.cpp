// SPDX-License-Identifier: Apache-2.0
// Calls to servers of others, which may do anything: each is bounded in time and size, and over TLS
// only who is vouched for is believed.
#include "protocol/socket/http_call.hpp"

#include "raw_tls.hpp"
#include "tests/support/test_issuer.hpp"

namespace oberih::socket {
namespace {

/// Takes one connection after the other on its own thread until it is destroyed.
class ForeignServer {
 public:
  using Serve = std::function<void(int descriptor)>;
  explicit ForeignServer(Serve serve) : listening_(::socket(AF_INET, SOCK_STREAM, 0)) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL's own socket writes
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listening_, raw, size) != 0 || ::listen(listening_, 8) != 0 ||
        ::getsockname(listening_, raw, &size) != 0)
      throw std::runtime_error("no server");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, serve = std::move(serve)] {
      for (;;) {
        const int taken = ::accept(listening_, nullptr, nullptr);
        if (taken < 0) return;
        serve(taken);
        ::close(taken);
      }
    });
  }
  ~ForeignServer() {
    ::shutdown(listening_, SHUT_RDWR);
    thread_.join();
    ::close(listening_);
  }
  std::uint16_t port() const { return port_; }

 private:
  int listening_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

constexpr std::string_view good_answer =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";

void send_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}
void take_request(int descriptor) {
  char bin[4096];
  if (::recv(descriptor, bin, sizeof bin, 0) < 0) return;
}
/// A byte at a time until the client has had enough.
void drip(int descriptor) {
  take_request(descriptor);
  send_all(descriptor, "HTTP/1.1 200 OK\r\nX: ");
  while (::send(descriptor, "y", 1, MSG_NOSIGNAL) == 1)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

class HttpCalls : public testing::Test {
 protected:
  using Call = std::function<void(const HttpCall&, HttpDone)>;
  HttpCall call_of(const ForeignServer& server) const {
    HttpCall call;
    call.host = "127.0.0.1";
    call.port = server.port();
    call.time_limit = patience;
    return call;
  }
  Result<HttpReply> wait(const Call& ask, const HttpCall& call) {
    auto answered = std::make_shared<std::promise<Result<HttpReply>>>();
    ask(call, [answered](Result<HttpReply> reply) { answered->set_value(std::move(reply)); });
    return answered->get_future().get();
  }
  Result<HttpReply> plain(const HttpCall& call) {
    return wait([this](const HttpCall& c, HttpDone done) { call_http(loop_, c, std::move(done)); },
                call);
  }
  Result<HttpReply> over_tls(const HttpCall& call, const std::string& ca_pem) {
    const auto trust = std::make_shared<const WebTrust>(ca_pem);
    return wait(
        [&](const HttpCall& c, HttpDone done) { call_https(loop_, c, trust, std::move(done)); },
        call);
  }
  static std::string words(const Result<HttpReply>& reply) {
    if (reply) return std::to_string(reply->status) + " " + reply->body;
    return std::string(refusal_row(reply.error().code).name) + " " + reply.error().detail;
  }

  EventLoop loop_{1};
};

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_F(HttpCalls, plain_answer_is_read) {
  const ForeignServer server([](int descriptor) {
    take_request(descriptor);
    send_all(descriptor, good_answer);
  });
  EXPECT_EQ(words(plain(call_of(server))), "200 hello");
}

TEST_F(HttpCalls, server_that_drips_for_ever_is_cut_off_by_time) {
  const ForeignServer server(drip);
  HttpCall call = call_of(server);
  call.time_limit = std::chrono::milliseconds(50);
  EXPECT_TRUE(says(words(plain(call)), "does not answer")) << words(plain(call));
}

TEST_F(HttpCalls, server_that_drips_for_ever_is_cut_off_by_size) {
  const ForeignServer server(drip);
  HttpCall call = call_of(server);
  call.answer_bytes = 40;
  EXPECT_TRUE(says(words(plain(call)), "malformed_object")) << words(plain(call));
}

TEST_F(HttpCalls, answer_that_breaks_off_or_is_no_http_is_refused) {
  for (const std::string_view answer :
       {std::string_view(), good_answer.substr(0, good_answer.size() - 1),
        std::string_view("nonsense\r\n\r\n"), std::string_view("HTTP/1.1 200 OK\r\n\r\nhello")}) {
    const ForeignServer server([&](int descriptor) {
      take_request(descriptor);
      send_all(descriptor, answer);
    });
    EXPECT_FALSE(plain(call_of(server))) << answer;
  }
}

// -- over TLS -------------------------------------------------------------------------------------

class ForeignTls {
 public:
  explicit ForeignTls(const test::IssuedKey& own) : context_(SSL_CTX_new(TLS_server_method())) {
    SSL_CTX_use_certificate(context_, own.certificate.get());
    SSL_CTX_use_PrivateKey(context_, own.key.get());
  }
  ~ForeignTls() { SSL_CTX_free(context_); }
  void at_most(int version) const { SSL_CTX_set_max_proto_version(context_, version); }
  /// Answers, or drips.
  ForeignServer::Serve serve(bool drips = false) const {
    return [this, drips](int descriptor) {
      SSL* const ssl = SSL_new(context_);
      SSL_set_fd(ssl, descriptor);
      char bin[4096];
      if (SSL_accept(ssl) == 1 && SSL_read(ssl, bin, sizeof bin) > 0) {
        SSL_write(ssl, good_answer.data(), static_cast<int>(good_answer.size()) - (drips ? 1 : 0));
        while (drips && SSL_read(ssl, bin, sizeof bin) > 0) continue;  // until the client goes
      }
      SSL_free(ssl);
    };
  }

 private:
  SSL_CTX* context_;
};

TEST_F(HttpCalls, server_that_a_given_issuer_vouches_for_is_believed) {
  const test::TestIssuer issuer("Web root");
  const ForeignTls tls(issuer.issue_server("IP:127.0.0.1, DNS:localhost"));
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    tls.at_most(version);
    const ForeignServer server(tls.serve());
    HttpCall call = call_of(server);
    EXPECT_EQ(words(over_tls(call, issuer.pem())), "200 hello") << version;
    call.host = "localhost";
    EXPECT_EQ(words(over_tls(call, issuer.pem())), "200 hello") << version;
  }
}

TEST_F(HttpCalls, server_under_another_issuer_another_name_or_an_old_protocol_is_not) {
  const test::TestIssuer issuer("Web root"), other("Web root");
  const ForeignTls tls(issuer.issue_server("DNS:elsewhere.example"));
  const ForeignServer server(tls.serve());
  EXPECT_TRUE(says(words(over_tls(call_of(server), issuer.pem())), "wrong_server"));
  const ForeignTls named(issuer.issue_server("IP:127.0.0.1"));
  const ForeignServer unknown(named.serve());
  EXPECT_TRUE(says(words(over_tls(call_of(unknown), other.pem())), "wrong_server"));
  EXPECT_TRUE(says(words(over_tls(call_of(unknown), "")), "wrong_server")) << "nor by the system's";
  HttpCall by_name = call_of(unknown);
  by_name.host = "localhost";
  EXPECT_TRUE(says(words(over_tls(by_name, issuer.pem())), "wrong_server"));
  EXPECT_EQ(words(over_tls(call_of(unknown), issuer.pem())), "200 hello") << "the control";
  named.at_most(TLS1_1_VERSION);
  EXPECT_FALSE(over_tls(call_of(unknown), issuer.pem()));
}

TEST_F(HttpCalls, tls_server_that_never_ends_its_answer_is_cut_off) {
  const test::TestIssuer issuer("Web root");
  const ForeignTls tls(issuer.issue_server("IP:127.0.0.1"));
  const ForeignServer server(tls.serve(true));
  HttpCall call = call_of(server);
  call.time_limit = std::chrono::milliseconds(300);
  EXPECT_TRUE(says(words(over_tls(call, issuer.pem())), "does not answer"));
}

TEST_F(HttpCalls, pem_without_a_certificate_is_no_trust) {
  EXPECT_THROW(WebTrust("no certificate"), std::runtime_error);
}

}  // namespace
}  // namespace oberih::socket
