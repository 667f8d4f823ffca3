// SPDX-License-Identifier: Apache-2.0
#include "tests/load/attacks.hpp"

#include "protocol/wire/rpc_frame.hpp"
#include "tests/load/population.hpp"

namespace oberih::load {
namespace {

using Depth = WebSocketPipe::Depth;
using Who = Attack::Who;

template <class Request>
std::string frame_of(const Request& request) {
  return masked_text_frame(wire::encode_request(7, Request::method, wire::encode_params(request)));
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

const std::string hello = frame_of(wire::SessionHello{"load", 0});

/// As large as a frame may be, and well formed up to the entry's header.
std::string largest_frame() {
  wire::EntryPost entry;
  entry.header.assign(256, 1);
  entry.ciphertext.assign(190'000, 1);
  return frame_of(entry);
}

/// A frame's header that promises 200,000 bytes, and some of them.
std::string begun_frame() {
  return masked_text_frame(std::string(200'000, ' ')).substr(0, 1'000);
}

/// A TLS record's header that promises a ClientHello, and nothing of it that could be judged.
std::string begun_client_hello() {
  return std::string("\x16\x03\x01\x01\x00\x01\x00\x00\xfc\x03\x03", 11) + std::string(200, 'x');
}

std::string page_read(const Channel& channel) {
  return frame_of(wire::ChannelRead{channel.id, 0, 1'000, true});
}

std::string follow_and_leave(const Channel& channel) {
  return frame_of(wire::ChannelFollow{channel.id, 0}) +
         frame_of(wire::ChannelUnfollow{channel.id});
}

}  // namespace

std::vector<Attack> make_attacks(const Channel& channel) {
  const std::string reads = page_read(channel);
  const std::string ping = masked_frame(Opcode::ping, "");
  return {
      {.name = "TCP connects", .connections = 256, .depth = Depth::tcp, .leaves_at_once = true},
      {.name = "handshakes without certificate", .connections = 64, .who = Who::nobody},
      {.name = "handshakes of strangers", .connections = 64, .who = Who::stranger},
      {.name = "slow bytes of TLS",
       .connections = 128,
       .depth = Depth::tcp,
       .trickle = begun_client_hello()},
      {.name = "slow bytes of HTTP",
       .connections = 128,
       .devices = attackers,
       .depth = Depth::tls,
       .trickle = "GET / HTTP/1.1\r\nHost: " + std::string(200, 'x')},
      {.name = "slow bytes of a frame",
       .connections = 128,
       .devices = attackers,
       .opening = hello,
       .trickle = begun_frame()},
      {.name = "largest frames",
       .connections = 16,
       .devices = attackers,
       .opening = hello,
       .burst = largest_frame()},
      {.name = "small frames",
       .connections = 16,
       .devices = attackers,
       .opening = hello,
       .burst = repeated(frame_of(wire::CheckpointRead{}), 64)},
      {.name = "malformed frames",
       .connections = 16,
       .devices = attackers,
       .opening = hello,
       .burst = repeated(masked_text_frame("{"), 64)},
      {.name = "pings",
       .connections = 16,
       .devices = attackers,
       .opening = hello,
       .burst = repeated(ping, 256)},
      {.name = "connections of one device", .connections = 2'000, .opening = hello},
      {.name = "connects in a loop",
       .connections = 16,
       .devices = attackers,
       .leaves_at_once = true},
      {.name = "follows in a loop",
       .connections = 16,
       .devices = attackers,
       .opening = hello,
       .burst = repeated(follow_and_leave(channel), 16)},
      {.name = "page reads",
       .connections = 16,
       .devices = attackers,
       .opening = hello,
       .burst = reads},
      {.name = "readers that do not read",
       .connections = 128,
       .devices = attackers,
       .opening = hello + frame_of(wire::ChannelFollow{channel.id, 0}) + repeated(reads, 4),
       .ears = Attack::Ears::deaf},
  };
}

std::size_t attack_count() { return make_attacks(Channel{}).size(); }

}  // namespace oberih::load
