// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/address_bar.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

namespace oberih::socket {
namespace {

using Tcp = asio::ip::tcp;
const AddressBar::TimePoint begin = AddressBar::TimePoint{} + std::chrono::hours(1);
const AddressBar::TimePoint end = begin + std::chrono::seconds(2);

class AddressBarTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const Tcp::endpoint any(asio::ip::make_address(GetParam()), 0);
    try {
      acceptor.open(any.protocol());
      if (any.address().is_v6()) acceptor.set_option(asio::ip::v6_only(false));
      acceptor.bind(any);
      acceptor.listen();
    } catch (const boost::system::system_error& error) {
      GTEST_SKIP() << "no such addresses on this machine: " << error.what();
    }
    bar = std::make_unique<AddressBar>(acceptor.native_handle());
    bar->bar(asio::ip::make_address("127.0.0.5"), end);
    if (!bar->renew(begin)) GTEST_SKIP() << "this kernel filters no listening sockets";
  }

  /// Whether a connection from there is begun: a handshake on loopback is over at once or not.
  bool gets_through(const std::string& source, const std::string& target = "127.0.0.1") {
    Tcp::socket socket(context);
    const auto address = asio::ip::make_address(source);
    socket.open(address.is_v4() ? Tcp::v4() : Tcp::v6());
    socket.bind({address, 0});
    socket.native_non_blocking(true);
    const Tcp::endpoint to(asio::ip::make_address(target), acceptor.local_endpoint().port());
    // Not Asio's, which waits for the outcome.
    ::connect(socket.native_handle(), to.data(), static_cast<socklen_t>(to.size()));
    pollfd waited{socket.native_handle(), POLLOUT, 0};
    return ::poll(&waited, 1, 300) == 1;
  }

  asio::io_context context;
  Tcp::acceptor acceptor{context};
  std::unique_ptr<AddressBar> bar;
};

TEST_P(AddressBarTest, drops_only_what_comes_from_there) {
  EXPECT_FALSE(gets_through("127.0.0.5"));
  EXPECT_TRUE(gets_through("127.0.0.6"));
}

TEST_P(AddressBarTest, forgets_when_it_is_over) {
  EXPECT_TRUE(bar->renew(end));
  EXPECT_TRUE(bar->is_empty());
  EXPECT_TRUE(gets_through("127.0.0.5"));
}

TEST_P(AddressBarTest, cuts_no_connection_that_is_there_already) {
  Tcp::socket client(context);
  client.open(Tcp::v4());
  client.bind({asio::ip::make_address("127.0.0.7"), 0});
  client.connect({asio::ip::make_address("127.0.0.1"), acceptor.local_endpoint().port()});
  Tcp::socket server = acceptor.accept();
  bar->bar(asio::ip::make_address("127.0.0.7"), end);
  ASSERT_TRUE(bar->renew(begin));
  client.send(asio::buffer("x", 1));
  pollfd waited{server.native_handle(), POLLIN, 0};
  EXPECT_EQ(::poll(&waited, 1, 5'000), 1);
}

TEST_P(AddressBarTest, bars_so_many_and_no_more) {
  for (std::size_t i = 1; i <= 2 * AddressBar::most; ++i)
    bar->bar(
        asio::ip::make_address_v4(static_cast<asio::ip::address_v4::uint_type>(0x7f00'0100 + i)),
        end);
  ASSERT_TRUE(bar->renew(begin)) << "so large a filter is taken";
  EXPECT_FALSE(gets_through("127.0.1.1"));
  EXPECT_FALSE(gets_through("127.0.0.5"));
  EXPECT_TRUE(gets_through("127.0.1.250"));
}

TEST_P(AddressBarTest, bars_a_network_of_ipv6_and_no_other) {
  if (acceptor.local_endpoint().address().is_v4()) GTEST_SKIP() << "listens on IPv4 only";
  EXPECT_TRUE(gets_through("::1", "::1"));
  for (std::size_t i = 0; i < AddressBar::most - 2; ++i) {
    asio::ip::address_v6::bytes_type bytes{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0};
    bytes[7] = static_cast<std::uint8_t>(i);
    bar->bar(asio::ip::address_v6(bytes), end);
  }
  bar->bar(asio::ip::make_address("::7"), end);  // of the same /64 as ::1
  ASSERT_TRUE(bar->renew(begin)) << "so large a filter is taken";
  EXPECT_FALSE(gets_through("::1", "::1"));
  EXPECT_FALSE(gets_through("127.0.0.5"));
  EXPECT_TRUE(gets_through("127.0.0.6"));
}

INSTANTIATE_TEST_SUITE_P(Listening, AddressBarTest, testing::Values("127.0.0.1", "::"),
                         [](const auto& name) {
                           return std::string(name.param) == "::" ? "dual" : "ipv4";
                         });

}  // namespace
}  // namespace oberih::socket
