// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/revocation.hpp"

#include <iterator>

namespace oberih::client {

Result<std::uint8_t> parse_revocation_reason(const std::string& word) {
  constexpr std::string_view words[] = {"retired", "replaced", "lost", "left", "misuse"};
  for (std::uint8_t i = 0; i < std::size(words); ++i)
    if (word == words[i]) return static_cast<std::uint8_t>(i + 1);
  return refuse(RefusalCode::usage, "--reason is retired, replaced, lost, left or misuse");
}

Bytes sign_revocation(const sealing::DeviceRevocation& revocation, const crypto::Signer& signer) {
  sealing::SignedRevocation signed_revocation;
  signed_revocation.content = sealing::encode_revocation_content(revocation);
  signed_revocation.signature = signer.sign("device-revoke", signed_revocation.content);
  return sealing::encode_revocation_body(signed_revocation);
}

}  // namespace oberih::client
