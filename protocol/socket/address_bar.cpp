// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/address_bar.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>

namespace oberih::socket {
namespace {

constexpr auto network_header = static_cast<std::uint32_t>(SKF_NET_OFF);
// Where the source address stands: RFC 791 3.1, RFC 8200 3.
constexpr std::uint32_t ipv4_source = network_header + 12;
constexpr std::uint32_t ipv6_source = network_header + 8;
constexpr std::uint32_t tcp_flags = 13;  // of the TCP header, RFC 9293 3.1
constexpr std::uint32_t drop = 0, keep = 0xffff'ffff;

constexpr sock_filter load_word(std::uint32_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset);
}
constexpr sock_filter load_byte(std::uint32_t offset) {
  return BPF_STMT(BPF_LD | BPF_B | BPF_ABS, offset);
}
constexpr sock_filter answer(std::uint32_t verdict) { return BPF_STMT(BPF_RET | BPF_K, verdict); }
/// Goes on with the next instruction where the accumulator is `value`, or else skips some.
constexpr sock_filter unless_equal_skip(std::uint32_t value, std::uint8_t skipped) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped);
}

template <class Bytes>
std::uint32_t word(const Bytes& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + 4; ++i) value = value << 8 | bytes[i];
  return value;
}

asio::ip::address network_of(const asio::ip::address& address) {
  if (address.is_v4()) return address;
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return asio::ip::address_v6(bytes);
}

}  // namespace

void AddressBar::bar(const asio::ip::address& address, TimePoint until) {
  if (!is_able_ || barred_.size() >= most) return;
  barred_[network_of(address)] = until;
  is_changed_ = true;
}

bool AddressBar::renew(TimePoint now) {
  is_changed_ |= std::erase_if(barred_, [now](const auto& each) { return each.second <= now; }) > 0;
  if (!std::exchange(is_changed_, false)) return is_able_;
  if (barred_.empty()) {
    const int none = 0;
    return ::setsockopt(socket_, SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof none) == 0;
  }
  std::vector<sock_filter> instructions = program();
  const sock_fprog filter{static_cast<unsigned short>(instructions.size()), instructions.data()};
  is_able_ = ::setsockopt(socket_, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0;
  if (!is_able_) barred_.clear();
  return is_able_;
}

// Only what begins a connection is looked at: connections inherit the filter.
std::vector<sock_filter> AddressBar::program() const {
  std::vector<sock_filter> all = {
      load_byte(tcp_flags),
      BPF_STMT(BPF_ALU | BPF_AND | BPF_K, TH_SYN | TH_ACK),
      unless_equal_skip(TH_SYN, 1),
      BPF_STMT(BPF_JMP | BPF_JA, 1),
      answer(keep),
      load_byte(network_header),
      BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 4),
  };
  std::vector<sock_filter> of_ipv4 = {load_word(ipv4_source)}, of_ipv6;
  for (const auto& [address, until] : barred_) {
    if (address.is_v4()) {
      of_ipv4.insert(of_ipv4.end(),
                     {unless_equal_skip(address.to_v4().to_uint(), 1), answer(drop)});
      continue;
    }
    const auto bytes = address.to_v6().to_bytes();
    of_ipv6.insert(of_ipv6.end(), {load_word(ipv6_source), unless_equal_skip(word(bytes, 0), 3),
                                   load_word(ipv6_source + 4), unless_equal_skip(word(bytes, 4), 1),
                                   answer(drop)});
  }
  of_ipv4.push_back(answer(keep));
  of_ipv6.push_back(answer(keep));
  all.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 4, 1, 0));
  all.push_back(BPF_STMT(BPF_JMP | BPF_JA, static_cast<std::uint32_t>(of_ipv4.size())));
  all.insert(all.end(), of_ipv4.begin(), of_ipv4.end());
  all.insert(all.end(), of_ipv6.begin(), of_ipv6.end());
  return all;
}

}  // namespace oberih::socket
