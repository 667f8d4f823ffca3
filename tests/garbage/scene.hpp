// SPDX-License-Identifier: Apache-2.0
// One connection as its mischief sees it: how far it goes correctly, and what can be said there.
#pragma once

#include "tests/fuzz/mutation.hpp"
#include "tests/garbage/line.hpp"
#include "tests/garbage/raw_frame.hpp"
#include "tests/garbage/server_words.hpp"
#include "tests/garbage/target.hpp"

namespace oberih::garbage {

/// How far a connection goes correctly before it goes wrong.
enum class Stage {
  tcp,        // connected
  tls,        // connected; the mischief does TLS itself
  http,       // TLS with the key of a known device
  websocket,  // upgraded; half of them have said hello
  request,    // the same
  member,     // upgraded and has said hello
};

class Scene {
 public:
  Scene(Target& whom, std::uint64_t seed);

  /// False when the server ended the connection before.
  bool climb(Stage stage);

  /// What a mischief says as a WebSocket client. False when the connection is over.
  bool send_text(std::string_view text) { return line.send(text_frame(text)); }
  bool send_frame(const RawFrame& frame) { return line.send(encode(frame)); }
  template <class Request>
  bool send_request(const Request& request) {
    return send_text(wire::encode_request(next_id++, Request::method, encode_params(request)));
  }
  /// Waits for this reply; nothing when the connection ended or patience did.
  std::optional<wire::RpcReply> wait_for_reply(std::uint64_t id);
  /// 0: none came.
  unsigned wait_for_http_status();
  void pause(unsigned longest_ms);

  /// What the server must never do was done.
  void object(std::string what) { violation = std::move(what); }

  std::string random_bytes(std::size_t least, std::size_t most);
  const std::string& any_request() { return target.requests[random.below(target.requests.size())]; }
  static std::string upgrade_request(std::string_view path = "/",
                                     std::string_view subprotocol = "oberih.v1");

  Target& target;
  fuzz::Mutator random;
  HostileMember& person;
  Line line;
  ServerWords words;
  std::uint64_t next_id = 2;
  std::string violation;  // empty: none

 private:
  bool upgrade();
  bool say_hello();
};

}  // namespace oberih::garbage
