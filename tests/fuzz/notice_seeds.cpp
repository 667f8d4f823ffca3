// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/notice_seeds.hpp"

#include "protocol/sealing/access_leaf.hpp"
#include "protocol/sealing/alert.hpp"
#include "protocol/sealing/asked_entry.hpp"
#include "protocol/sealing/audit_leaf.hpp"
#include "protocol/sealing/audit_reading.hpp"
#include "protocol/sealing/hearing_event.hpp"
#include "protocol/sealing/refusal_leaf.hpp"
#include "protocol/sealing/server_event.hpp"
#include "tests/fuzz/known_objects.hpp"

namespace oberih::fuzz {
namespace {

void add_hearing_seeds(std::vector<std::pair<std::string, Bytes>>& seeds) {
  sealing::HearingEvent near;
  near.what = sealing::HearingEventWhat::reminder;
  near.hearing = made_of<HearingId>(10);
  near.version = 2;
  near.start_ms = 1'795'507'200'000;
  near.minutes = 1440;
  near.said_for_ms = near.start_ms - sealing::ms_of_minutes(near.minutes);
  near.salt = made_of<sealing::LeafSalt>(3);
  seeds.emplace_back("hearing_reminder", sealing::encode_hearing_event(near));
  near.what = sealing::HearingEventWhat::alarm;
  near.unserved = {0, 2, 499};
  seeds.emplace_back("hearing_alarm", sealing::encode_hearing_event(near));
  seeds.emplace_back(
      "hearing_alert",
      sealing::encode_hearing_alert({made_of<AgencyId>(5), made_of<UnitId>(6), near.hearing,
                                     near.version, near.start_ms, near.said_for_ms, 2, near.salt}));
}

void add_audit_seeds(std::vector<std::pair<std::string, Bytes>>& seeds) {
  seeds.emplace_back("access", sealing::encode_access_leaf(
                                   {sealing::AccessWhat::history, made_of<DeviceId>(1), 3, 17, 15,
                                    1'795'507'200'000, made_of<sealing::LeafSalt>(3)}));
  const sealing::AuditQuestion question{
      sealing::AuditWhat::find, made_of<DeviceId>(1), 4'711, {1, 0}, 1'795'507'200'000};
  seeds.emplace_back("audit_question", sealing::encode_audit_content(question));
  seeds.emplace_back("audit_reading",
                     sealing::encode_audit_reading(
                         {sealing::ReadingDepth::contents, made_of<ChannelId>(2), 17, 100}));
  seeds.emplace_back("audit_body", sealing::encode_audit_body({question, made_of<Signature>(4)}));
}

}  // namespace

std::vector<std::pair<std::string, Bytes>> notice_seeds() {
  std::vector<std::pair<std::string, Bytes>> seeds;
  const sealing::LeafSalt salt = made_of<sealing::LeafSalt>(3);
  seeds.emplace_back("policies", sealing::encode_policy_leaf({1'795'507'200'000,
                                                              {{"calendar", made_of<Digest>(1)},
                                                               {"permissions", made_of<Digest>(2)}},
                                                              salt}));
  seeds.emplace_back(
      "refusal",
      sealing::encode_refusal_leaf(
          {made_of<DeviceId>(1), "channel.read", {}, 32'020, 1, 1'795'507'200'000, salt}));
  sealing::ServerEvent event;
  event.what = sealing::ServerEventWhat::due_set;
  event.task = made_of<TaskId>(4);
  event.due_ms = 1'795'507'200'000;
  event.calendar = made_of<Digest>(1);
  event.deadlines = made_of<Digest>(2);
  event.salt = salt;
  seeds.emplace_back("due_set", sealing::encode_server_event(event));
  event.what = sealing::ServerEventWhat::overdue;
  event.said_for_ms = event.due_ms;
  seeds.emplace_back("overdue", sealing::encode_server_event(event));
  event.what = sealing::ServerEventWhat::reminder;
  event.minutes = 240;
  event.said_for_ms -= sealing::ms_of_minutes(event.minutes);
  seeds.emplace_back("reminder", sealing::encode_server_event(event));
  seeds.emplace_back(
      "refusals", sealing::encode_refusal_leaf({made_of<DeviceId>(1), "entry.post", EntryType::task,
                                                32'021, 400, 1'795'507'200'000, salt}));
  sealing::Alert alert;
  alert.agency = made_of<AgencyId>(5);
  alert.unit = made_of<UnitId>(6);
  alert.task = event.task;
  alert.due_ms = event.due_ms;
  alert.state = sealing::TaskState::accepted;
  alert.minutes = 240;
  alert.said_for_ms = alert.due_ms + sealing::ms_of_minutes(alert.minutes);
  alert.salt = salt;
  seeds.emplace_back("alert", sealing::encode_alert(alert));
  const std::vector<PersonId> people{made_of<PersonId>(7), made_of<PersonId>(8)};
  seeds.emplace_back("step_missing", sealing::encode_missing_step(
                                         {12, made_of<Digest>(9), EvidenceStep::acknowledged,
                                          1'795'507'200'000, 1'795'510'800'000, people, salt}));
  seeds.emplace_back("silence",
                     sealing::encode_silence_alert({alert.agency, alert.unit, made_of<Digest>(9),
                                                    EvidenceStep::opened, 1'795'507'200'000,
                                                    1'795'507'200'000, 2, salt}));
  sealing::AskedEntry asked;
  asked.channel_seq = 12;
  asked.message_hash = made_of<Digest>(9);
  asked.server_ms = 1'795'507'000'000;
  asked.type = EntryType::message;
  asked.is_urgent = asked.wants_acknowledgement = true;
  asked.people = {{people[0], {}}, {people[1], alert.unit}};
  asked.acknowledged = {people[1]};
  asked.said_of(EvidenceStep::opened) = 1'795'507'200'000;
  seeds.emplace_back("asked_entry", sealing::encode_asked_entry(asked));
  add_hearing_seeds(seeds);
  add_audit_seeds(seeds);
  return seeds;
}

}  // namespace oberih::fuzz
