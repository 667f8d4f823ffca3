// SPDX-License-Identifier: Apache-2.0
// Governance leaves: content and signed body; and that nobody changes the known genesis without
// the keys of its roots.
#include "protocol/sealing/directory.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/known_objects.hpp"

namespace oberih::fuzz {
namespace {

const sealing::Directory& known_directory() {
  static const sealing::Directory directory = [] {
    sealing::Directory made;
    const Bytes genesis = sealing::encode_genesis_body(known_signed_genesis());
    require(made.apply(journal::LeafKind::genesis, genesis, 0, 1).has_value(), "a known genesis");
    return made;
  }();
  return directory;
}

}  // namespace

bool judge(ByteView input) {
  bool accepted = round_trip(input, sealing::parse_governance_content,
                             sealing::encode_governance_content, "a change has one form");
  const auto body = sealing::parse_governance_body(input);
  if (!body) return accepted;
  require(equal(sealing::encode_governance_body(*body), input), "a signed one has one form");
  round_trip(body->content, sealing::parse_governance_content, sealing::encode_governance_content,
             "a change inside has one form");
  sealing::Directory directory = known_directory();
  const bool stands = directory.apply(journal::LeafKind::governance, input, 1, 2).has_value();
  static const Bytes known = sealing::encode_governance_body(known_signed_governance());
  require(!stands || equal(known, input), "nobody signs for the known roots");
  require(stands || directory.governance_head() == known_directory().governance_head(),
          "what is refused changes nothing");
  return true;
}

}  // namespace oberih::fuzz
