// SPDX-License-Identifier: Apache-2.0
// What the server says on one connection, read strictly: it has to speak well also to those who do
// not. What is wrong with its words is a violation.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "protocol/wire/rpc_frame.hpp"

namespace oberih::garbage {

class ServerWords {
 public:
  void hear(std::string_view bytes);

  /// 0: no answer yet. After 101 frames are expected.
  unsigned http_status() const { return http_status_; }
  /// RFC 6455 7.4.1; 1005 where the close frame has none.
  std::optional<unsigned> close_code() const { return close_code_; }
  /// Once; nothing: no such reply came yet. Id 0 is also what a refusal without an id has.
  std::optional<wire::RpcReply> take_reply(std::uint64_t id);
  /// How often which refusal came, by name; "done" for all else.
  const std::map<std::string, std::size_t>& replies() const { return replies_; }
  const std::string& violation() const { return violation_; }

 private:
  void hear_http();
  bool hear_frame();
  void hear_text(std::string_view text);
  void object(const std::string& what);

  std::string waiting_;
  unsigned http_status_ = 0;
  std::optional<unsigned> close_code_;
  std::map<std::uint64_t, wire::RpcReply> kept_;
  std::map<std::string, std::size_t> replies_;
  std::string violation_;
};

}  // namespace oberih::garbage
