// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/certificate_request.hpp"

#include "protocol/crypto/digest.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t fingerprint_bytes = 20;

}  // namespace

Result<wire::DeviceRequestFile> parse_certificate_request(std::string_view text) {
  Result<wire::DeviceRequestFile> request = wire::parse_device_request_file(text);
  if (!request) return request.error();
  Result<sealing::DeviceCertificate> certificate =
      sealing::parse_certificate_content(request->content);
  if (!certificate) return certificate.error();
  if (!crypto::verify(certificate->signature_key, "device-pop", request->content,
                      request->possession_signature))
    return refuse(RefusalCode::bad_signature, "the device does not prove that it holds its key");
  const sealing::NameCard& card = request->name_card;
  if (card.device != certificate->device ||
      sealing::name_hash(card.salt, card.name) != certificate->name_hash)
    return refuse(RefusalCode::malformed_object, "the name card is not the certificate's");
  return request;
}

std::string request_fingerprint(ByteView certificate_content) {
  Digest hash = crypto::labelled_hash("device-fingerprint", certificate_content);
  std::string digits = encoding::encode_hex(hash.view().first(fingerprint_bytes));
  std::string grouped;
  for (std::size_t at = 0; at < digits.size(); at += 4)
    grouped += (at == 0 ? "" : " ") + digits.substr(at, 4);
  return grouped;
}

}  // namespace oberih::client
