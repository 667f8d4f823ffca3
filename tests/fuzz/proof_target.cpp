// SPDX-License-Identifier: Apache-2.0
// Proofs of service: files from anybody, read where there is no server to ask. What is read has one
// form, and what is not signed is never believed.
#include "protocol/evidence/service_proof.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/known_objects.hpp"

namespace oberih::fuzz {

bool judge(ByteView input) {
  const auto proof = evidence::parse_service_proof(input);
  if (!proof) return false;
  require(equal(evidence::encode_service_proof(*proof), input), "a proof has one form");
  const auto genesis = sealing::genesis_hash(sealing::encode_genesis_content(known_genesis()));
  require(!evidence::verify_service_proof(*proof, genesis),
          "nothing of the corpus holds a hearing: none of it can prove one");
  return true;
}

}  // namespace oberih::fuzz
