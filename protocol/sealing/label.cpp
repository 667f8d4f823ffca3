// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/label.hpp"

#include "protocol/crypto/digest.hpp"

namespace oberih::sealing {

ByteWriter begin_label(std::string_view label) {
  ByteWriter writer(4 + crypto::label_prefix.size() + label.size() + 256);
  writer.u32(static_cast<std::uint32_t>(crypto::label_prefix.size() + label.size()));
  writer.raw(crypto::label_prefix).raw(label);
  return writer;
}

Bytes epoch_info(std::string_view label, const ChannelId& channel, std::uint64_t epoch) {
  ByteWriter writer = begin_label(label);
  writer.raw(channel).u64(epoch);
  return writer.take();
}

}  // namespace oberih::sealing
