// SPDX-License-Identifier: Apache-2.0
#include "server/application/hearing_limits.hpp"

#include <algorithm>
#include <utility>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/hearing_event.hpp"
#include "server/domain/due_moments.hpp"

namespace oberih::application {
namespace {

using domain::HearingMoment;
using sealing::Hearing;
using sealing::HearingEventWhat;

/// None where nobody awaits the hearing.
std::vector<HearingMoment> moments_of(const Policies& policies, const Hearing& hearing) {
  if (hearing.state != sealing::HearingState::scheduled) return {};
  return domain::hearing_moments(policies.deadlines.rows().hearings,
                                 moment_of(hearing.notice.start));
}

/// 0: nothing is to come.
Milliseconds first_behind(const std::vector<HearingMoment>& moments, Milliseconds after_ms) {
  for (const HearingMoment& moment : moments)
    if (moment.at_ms > after_ms) return moment.at_ms;
  return 0;
}

/// Of reminders and alarms the newest that has come since the last look: what was missed while
/// nobody served is said once.
std::vector<HearingMoment> newest_of_each(const std::vector<HearingMoment>& moments,
                                          Milliseconds after_ms, Milliseconds now_ms) {
  std::vector<HearingMoment> newest;
  for (const HearingMoment& moment : moments) {
    if (moment.at_ms <= after_ms || moment.at_ms > now_ms) continue;
    std::erase_if(newest, [&](const HearingMoment& each) { return each.what == moment.what; });
    newest.push_back(moment);
  }
  return newest;
}

void say_of_hearing(BatchView& batch, HearingRow& row, const HearingMoment& moment) {
  const bool is_alarm = moment.what == HearingMoment::What::alarm;
  const Hearing& hearing = *row.hearing;
  sealing::HearingEvent event = sealing::make_hearing_event(
      hearing, is_alarm ? HearingEventWhat::alarm : HearingEventWhat::reminder, moment.minutes);
  // A policy with other moments may bring one back that lies before what was said.
  if (event.said_for_ms <= (is_alarm ? hearing.alarmed_ms : hearing.reminded_ms)) return;
  if (is_alarm && event.unserved.empty()) return;
  event.salt = crypto::random_id<sealing::LeafSalt>();
  batch.stage_hearing_event(row, event);
}

void look_at_hearing(BatchView& batch, const Policies& policies, HearingRow row) {
  const std::vector<HearingMoment> moments = moments_of(policies, *row.hearing);
  const Milliseconds now_ms = batch.server_ms();
  const Milliseconds looked_ms = std::exchange(row.looked_ms, now_ms);
  row.next_ms = 0;
  // Whoever is reminded behind the start is only late.
  const bool is_to_the_point =
      moment_of(row.hearing->notice.start) > now_ms && !batch.channel(row.channel).is_closed();
  if (is_to_the_point) {
    for (const HearingMoment& moment : newest_of_each(moments, looked_ms, now_ms))
      say_of_hearing(batch, row, moment);
    row.next_ms = first_behind(moments, now_ms);
  }
  batch.stage_hearing(std::move(row));
}

}  // namespace

void HearingLimits::stage_hearing(BatchView& batch, const ChannelId& channel,
                                  Hearing hearing) const {
  const std::optional<HearingRow> before = batch.load_hearing(channel, hearing.id);
  const Milliseconds now_ms = batch.server_ms();
  HearingRow row{channel, nullptr, 0, now_ms};
  if (before && before->hearing->version == hearing.version) {
    row.looked_ms = before->looked_ms;
    if (hearing.state == sealing::HearingState::scheduled) row.next_ms = before->next_ms;
  } else {
    // Another version begins anew, with what lies ahead.
    row.next_ms = first_behind(moments_of(*policies_->current(), hearing), now_ms);
  }
  row.hearing = std::make_shared<const Hearing>(std::move(hearing));
  batch.stage_hearing(std::move(row));
}

std::size_t HearingLimits::say_what_is_due(BatchView& batch, std::size_t most_hearings) const {
  std::vector<HearingRow> due = batch.load_due_hearings(most_hearings);
  const std::size_t found = due.size();
  // What the same batch has changed is stored only with it: the next look takes it.
  std::erase_if(due, [&](const HearingRow& row) {
    return batch.is_hearing_staged(row.channel, row.hearing->id);
  });
  const PoliciesPointer policies = policies_->current();
  for (HearingRow& row : due) look_at_hearing(batch, *policies, std::move(row));
  return found;
}

}  // namespace oberih::application
