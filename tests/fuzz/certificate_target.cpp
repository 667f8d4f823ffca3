// SPDX-License-Identifier: Apache-2.0
// Device certificates, revocations, the genesis: content and signed body.
#include "protocol/crypto/digest.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/known_objects.hpp"

namespace oberih::fuzz {
namespace {

bool judge_certificate(ByteView input) {
  bool accepted = round_trip(input, sealing::parse_certificate_content,
                             sealing::encode_certificate_content, "a certificate has one form");
  const auto body = sealing::parse_certificate_body(input);
  if (!body) return accepted;
  require(equal(sealing::encode_certificate_body(*body), input), "a signed one has one form");
  round_trip(body->content, sealing::parse_certificate_content, sealing::encode_certificate_content,
             "a certificate inside has one form");
  return true;
}

bool judge_revocation(ByteView input) {
  bool accepted = round_trip(input, sealing::parse_revocation_content,
                             sealing::encode_revocation_content, "a revocation has one form");
  return accepted | round_trip(input, sealing::parse_revocation_body,
                               sealing::encode_revocation_body, "a signed one has one form");
}

bool judge_genesis(ByteView input) {
  static const Bytes known = sealing::encode_genesis_body(known_signed_genesis());
  static const auto founders = known_genesis().agencies;
  bool accepted = round_trip(input, sealing::parse_genesis_content, sealing::encode_genesis_content,
                             "a genesis has one form");
  const auto body = sealing::parse_genesis_body(input);
  if (!body) return accepted;
  require(equal(sealing::encode_genesis_body(*body), input), "a signed genesis has one form");
  const auto genesis = sealing::verify_genesis(*body);
  if (!genesis) return true;
  bool has_known_root = false;  // whoever has other roots has signed another genesis
  for (const sealing::Agency& agency : genesis->agencies)
    for (const sealing::Agency& founder : founders)
      has_known_root |= agency.root_key == founder.root_key;
  require(!has_known_root || equal(known, input), "nobody signs for the known roots");
  return true;
}

}  // namespace

bool judge(ByteView input) {
  bool accepted = judge_certificate(input);
  accepted |= judge_revocation(input);
  return judge_genesis(input) || accepted;
}

}  // namespace oberih::fuzz
