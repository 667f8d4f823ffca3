// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/fingerprint.hpp"

#include "protocol/crypto/digest.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {

std::string fingerprint(ByteView content) {
  const Digest digest = crypto::labelled_hash("fingerprint", content);
  const std::string digits = encoding::encode_hex(digest.view().first(16));
  std::string groups;
  for (std::size_t at = 0; at < digits.size(); at += 4) {
    if (at != 0) groups += ' ';
    groups += digits.substr(at, 4);
  }
  return groups;
}

}  // namespace oberih::client
