// SPDX-License-Identifier: Apache-2.0
// Asio's and Beast's not-template code, compiled once for the folder.
#include "protocol/socket/boost_asio.hpp"

#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
