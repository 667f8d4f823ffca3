// SPDX-License-Identifier: Apache-2.0
// The one door to Boost.Asio. Asio's and Beast's own code is compiled once, in boost_asio.cpp, so
// every file of this folder must come to Boost through here. Internal to protocol/socket.
#pragma once

#define BOOST_ASIO_SEPARATE_COMPILATION
#define BOOST_ASIO_NO_DEPRECATED
#define BOOST_BEAST_SEPARATE_COMPILATION

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/system/error_code.hpp>

namespace oberih::socket {

namespace asio = boost::asio;
using boost::system::error_code;
using Executor = asio::any_io_executor;  // always a strand: one per connection
using TcpSocket = asio::ip::tcp::socket;

}  // namespace oberih::socket
