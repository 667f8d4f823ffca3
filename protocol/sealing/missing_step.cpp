// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/missing_step.hpp"

#include <algorithm>
#include <functional>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/sealing/malformed.hpp"
#include "protocol/sealing/task_facts.hpp"

namespace oberih::sealing {
namespace {

// ON DISK: among the events of a channel 1 to 3 are of tasks, among the alerts 5.
constexpr std::uint8_t silence_version = 1, what_step_missing = 4, what_silence = 6;
constexpr std::size_t silent_people_at_most = limits::roster_lines;

bool begins_with(ByteView body, std::uint8_t what) {
  return body.size() > 1 && body[0] == silence_version && body[1] == what;
}

bool is_time(Milliseconds ms) { return ms != 0 && ms <= latest_due_ms; }

/// Only an acknowledgement is asked for again and again.
bool is_moment_of(EvidenceStep step, Milliseconds due_ms, Milliseconds said_for_ms) {
  if (!is_time(due_ms) || !is_time(said_for_ms)) return false;
  return step == EvidenceStep::acknowledged ? said_for_ms >= due_ms : said_for_ms == due_ms;
}

}  // namespace

bool is_missing_step(ByteView body) { return begins_with(body, what_step_missing); }
bool is_silence_alert(ByteView body) { return begins_with(body, what_silence); }

Bytes encode_missing_step(const MissingStep& event) {
  ByteWriter writer(96 + PersonId::size * event.people.size());
  writer.u8(silence_version).u8(what_step_missing).u64(event.channel_seq).raw(event.message_hash);
  writer.u8(static_cast<std::uint8_t>(event.step)).u64(event.due_ms).u64(event.said_for_ms);
  writer.u16(static_cast<std::uint16_t>(event.people.size()));
  for (const PersonId& person : event.people) writer.raw(person);
  return writer.raw(event.salt).take();
}

Result<MissingStep> parse_missing_step(ByteView body) {
  ByteReader reader(body);
  if (reader.u8() != silence_version) return malformed("unknown version of a server event");
  if (reader.u8() != what_step_missing) return malformed("a server event of another kind");
  MissingStep event;
  event.channel_seq = reader.u64();
  event.message_hash = reader.id<Digest>();
  const std::optional<EvidenceStep> step = evidence_step_of(reader.u8());
  event.due_ms = reader.u64();
  event.said_for_ms = reader.u64();
  const std::uint16_t count = reader.u16();
  if (count == 0 || count > silent_people_at_most)
    return malformed("a missing step of nobody, or of more people than a roster has");
  for (std::size_t i = 0; i < count && !reader.failed(); ++i)
    event.people.push_back(reader.id<PersonId>());
  event.salt = reader.id<LeafSalt>();
  if (!reader.complete()) return malformed("a server event of wrong length");
  if (event.channel_seq == 0 || event.message_hash.is_zero())
    return malformed("a missing step of no entry");
  if (!step) return malformed("a step that the evidence ladder does not have");
  event.step = *step;
  if (!is_moment_of(event.step, event.due_ms, event.said_for_ms))
    return malformed("a missing step of another moment than its own");
  if (event.people.front().is_zero() ||
      std::adjacent_find(event.people.begin(), event.people.end(), std::greater_equal<>()) !=
          event.people.end())
    return malformed("people of a missing step that do not ascend");
  return event;
}

Bytes encode_silence_alert(const SilenceAlert& alert) {
  ByteWriter writer(128);
  writer.u8(silence_version).u8(what_silence).raw(alert.agency).raw(alert.unit);
  writer.raw(alert.message_hash).u8(static_cast<std::uint8_t>(alert.step));
  writer.u64(alert.due_ms).u64(alert.said_for_ms).u32(alert.count);
  return writer.raw(alert.salt).take();
}

Result<SilenceAlert> parse_silence_alert(ByteView body) {
  ByteReader reader(body);
  if (reader.u8() != silence_version) return malformed("unknown version of an alert");
  if (reader.u8() != what_silence) return malformed("an alert of another kind");
  SilenceAlert alert;
  alert.agency = reader.id<AgencyId>();
  alert.unit = reader.id<UnitId>();
  alert.message_hash = reader.id<Digest>();
  const std::optional<EvidenceStep> step = evidence_step_of(reader.u8());
  alert.due_ms = reader.u64();
  alert.said_for_ms = reader.u64();
  alert.count = reader.u32();
  alert.salt = reader.id<LeafSalt>();
  if (!reader.complete()) return malformed("an alert of wrong length");
  if (alert.agency.is_zero()) return malformed("an alert for no agency");
  if (alert.message_hash.is_zero()) return malformed("an alert about no entry");
  if (!step) return malformed("a step that the evidence ladder does not have");
  alert.step = *step;
  if (!is_moment_of(alert.step, alert.due_ms, alert.said_for_ms))
    return malformed("an alert of another moment than its own");
  if (alert.count == 0 || alert.count > silent_people_at_most)
    return malformed("an alert about nobody, or more people than a roster has");
  return alert;
}

}  // namespace oberih::sealing
