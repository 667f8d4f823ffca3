// SPDX-License-Identifier: Apache-2.0
#include "server/transport/timestamp_url.hpp"

#include <algorithm>
#include <charconv>

namespace oberih::transport {
namespace {

constexpr std::string_view plain_http = "http://";
constexpr std::string_view http_over_tls = "https://";
constexpr std::uint16_t port_of_tls = 443;

Refusal bad_url() {
  return refuse(RefusalCode::usage,
                "a time-stamping authority is named as http://host[:port]/path or with https");
}

/// What may stand in a request line and a Host field as it is.
bool is_plain(std::string_view given) {
  return std::all_of(given.begin(), given.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

Result<TimestampUrl> parse_timestamp_url(std::string_view given) {
  TimestampUrl url;
  url.is_tls = given.starts_with(http_over_tls);
  if ((!url.is_tls && !given.starts_with(plain_http)) || !is_plain(given)) return bad_url();
  given.remove_prefix(url.is_tls ? http_over_tls.size() : plain_http.size());
  if (url.is_tls) url.port = port_of_tls;
  const std::size_t slash = given.find('/');
  if (slash != given.npos) url.path = given.substr(slash);
  std::string_view authority = given.substr(0, slash);
  const std::size_t colon = authority.rfind(':');
  if (colon != authority.npos && authority.find(']', colon) == authority.npos) {
    const std::string_view digits = authority.substr(colon + 1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
    if (error != std::errc() || end != digits.data() + digits.size() || url.port == 0)
      return bad_url();
    authority = authority.substr(0, colon);
  }
  if (authority.size() > 2 && authority.front() == '[' && authority.back() == ']')
    authority = authority.substr(1, authority.size() - 2);
  if (authority.empty() || authority.find('@') != authority.npos) return bad_url();
  url.host = authority;
  return url;
}

}  // namespace oberih::transport
