// SPDX-License-Identifier: Apache-2.0
// Leaves by which a server speaks for itself: the policies it follows, what it refused, what has
// come due, who is silent, who consulted what; what auditors ask; and an entry that asks, as kept.
#include "protocol/sealing/access_leaf.hpp"
#include "protocol/sealing/alert.hpp"
#include "protocol/sealing/asked_entry.hpp"
#include "protocol/sealing/audit_leaf.hpp"
#include "protocol/sealing/audit_reading.hpp"
#include "protocol/sealing/hearing_event.hpp"
#include "protocol/sealing/refusal_leaf.hpp"
#include "protocol/sealing/server_event.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace oberih::fuzz {

bool judge(ByteView input) {
  bool accepted = round_trip(input, sealing::parse_policy_leaf, sealing::encode_policy_leaf,
                             "a policy leaf has one form");
  accepted |= round_trip(input, sealing::parse_refusal_leaf, sealing::encode_refusal_leaf,
                         "a refusal leaf has one form");
  accepted |= round_trip(input, sealing::parse_server_event, sealing::encode_server_event,
                         "an event of the server has one form");
  accepted |=
      round_trip(input, sealing::parse_alert, sealing::encode_alert, "an alert has one form");
  accepted |= round_trip(input, sealing::parse_missing_step, sealing::encode_missing_step,
                         "a missing step has one form");
  accepted |= round_trip(input, sealing::parse_silence_alert, sealing::encode_silence_alert,
                         "an alert of silence has one form");
  accepted |= round_trip(input, sealing::parse_asked_entry, sealing::encode_asked_entry,
                         "an asked entry has one form");
  accepted |= round_trip(input, sealing::parse_hearing_event, sealing::encode_hearing_event,
                         "an event of a hearing has one form");
  accepted |= round_trip(input, sealing::parse_hearing_alert, sealing::encode_hearing_alert,
                         "an alert about a hearing has one form");
  accepted |= round_trip(input, sealing::parse_access_leaf, sealing::encode_access_leaf,
                         "an access leaf has one form");
  accepted |= round_trip(input, sealing::parse_audit_content, sealing::encode_audit_content,
                         "an audit question has one form");
  accepted |= round_trip(input, sealing::parse_audit_body, sealing::encode_audit_body,
                         "a signed audit question has one form");
  accepted |= round_trip(input, sealing::parse_audit_reading, sealing::encode_audit_reading,
                         "an auditor's reading has one form");
  return accepted;
}

}  // namespace oberih::fuzz
