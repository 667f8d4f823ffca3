// SPDX-License-Identifier: Apache-2.0
// Receipts, handed in and asked for. Who asks verifies each: its signature, its leaf in the tree,
// and that it names the leaf which stands in the channel.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "protocol/wire/replies.hpp"

namespace oberih::wire {

inline constexpr std::size_t receipts_at_once = 2;  // delivered and opened

struct ReceiptAppend {  // by the device itself, of one channel, each step at most once
  static constexpr std::string_view method = "receipt.append";
  std::vector<Bytes> bodies;  // of the leaves
};

struct ReceiptRead {  // of each device and step: how far it has come
  static constexpr std::string_view method = "receipt.read";
  ChannelId channel;
  std::uint64_t channel_seq = 0;  // the first receipts that reach it; 0: the newest
  DeviceId after_device;          // exclusive; zero begins
};

struct ReceiptsAppended {  // in the order of the request
  std::vector<Appended> receipts;
};

struct ReceiptPage {
  std::vector<DirectoryLeaf> leaves;  // of kind 12, ascending by device and step
  bool more = false;                  // ask again after `last_device`
  DeviceId last_device;               // that was looked at; zero: none
  std::uint64_t directory_count = 0;
};

nlohmann::json encode_params(const ReceiptAppend& request);
Result<void> parse_params(const nlohmann::json& params, ReceiptAppend& request);
nlohmann::json encode_params(const ReceiptRead& request);
Result<void> parse_params(const nlohmann::json& params, ReceiptRead& request);

std::string encode_result(const ReceiptsAppended& reply);
Result<void> parse_result(const nlohmann::json& result, ReceiptsAppended& reply);
std::string encode_result(const ReceiptPage& reply);
Result<void> parse_result(const nlohmann::json& result, ReceiptPage& reply);

}  // namespace oberih::wire
