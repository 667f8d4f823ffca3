// SPDX-License-Identifier: Apache-2.0
// Entry headers and the facts in them, entry bodies as leaves hold them, receipts.
#include "protocol/sealing/entry_facts.hpp"
#include "protocol/sealing/receipt.hpp"
#include "protocol/sealing/sealed_entry.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace oberih::fuzz {

bool judge(ByteView input) {
  bool accepted =
      round_trip(input, sealing::parse_header, sealing::encode_header, "a header has one form");
  accepted |= round_trip(input, sealing::parse_receipt_content, sealing::encode_receipt_content,
                         "a receipt has one form");
  accepted |= round_trip(input, sealing::parse_receipt_body, sealing::encode_receipt_body,
                         "the body of a receipt has one form");
  accepted |=
      round_trip(input, sealing::parse_acknowledgement_facts, sealing::encode_acknowledgement_facts,
                 "facts of an acknowledgement have one form");
  accepted |= round_trip(input, sealing::parse_request_facts, sealing::encode_request_facts,
                         "facts of a request have one form");
  accepted |= round_trip(input, sealing::parse_consent_facts, sealing::encode_consent_facts,
                         "facts of an answer have one form");
  const auto entry = sealing::parse_entry_body(input);
  if (!entry) return accepted;
  require(equal(sealing::encode_entry_body(*entry), input), "an entry body has one form");
  const auto header = sealing::parse_header(entry->header);
  require(header.has_value(), "an accepted entry has an acceptable header");
  require(sealing::has_body(header->type) != entry->ciphertext_hash.is_zero(),
          "an entry has a ciphertext exactly where its type has a body");
  return true;
}

}  // namespace oberih::fuzz
