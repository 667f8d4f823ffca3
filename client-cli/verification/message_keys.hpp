// SPDX-License-Identifier: Apache-2.0
// Where the keys come from that open entries: a member derives them from the epochs' keys, an
// auditor has those that a grant gives.
#pragma once

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"

namespace oberih::client {

class MessageKeys {
 public:
  virtual ~MessageKeys() = default;
  /// Refusal: cannot_open when this device holds no key of that epoch.
  virtual Result<MessageKey> message_key(std::uint64_t epoch) = 0;

 protected:
  MessageKeys() = default;
  MessageKeys(const MessageKeys&) = default;
  MessageKeys(MessageKeys&&) = default;
};

}  // namespace oberih::client
