// SPDX-License-Identifier: Apache-2.0
#include "server/application/evidence_limits.hpp"

#include <algorithm>
#include <set>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/entry_facts.hpp"
#include "server/domain/evidence_moments.hpp"

namespace oberih::application {
namespace {

using domain::EvidenceMoment;
using sealing::AskedEntry;

/// Those of the steps that the entry asks for, in the order of time.
std::vector<EvidenceMoment> moments_of(const Policies& policies, const AskedEntry& asked) {
  const domain::EvidenceLimit* limit = policies.deadlines.find_evidence_limit(
      asked.type, asked.is_urgent ? domain::Priority::urgent : domain::Priority::normal);
  if (limit == nullptr) return {};
  std::vector<EvidenceMoment> moments = domain::evidence_moments(*limit, asked.server_ms);
  std::erase_if(moments, [&](const EvidenceMoment& each) { return !asked.asks_for(each.step); });
  return moments;
}

/// 0: nothing is to come.
Milliseconds first_behind(const std::vector<EvidenceMoment>& moments, Milliseconds after_ms) {
  for (const EvidenceMoment& moment : moments)
    if (moment.at_ms > after_ms) return moment.at_ms;
  return 0;
}

/// Whether the task that the entry proposes still waits for an answer of the unit's, or the
/// person's, to whom it was addressed. Who has taken it on, or another in their place, has acted.
bool is_awaited_of(const sealing::TaskPointer& task, const sealing::AskedPerson& asked) {
  return task && std::any_of(task->slots.begin(), task->slots.end(), [&](const auto& slot) {
           if (slot.state != sealing::TaskState::proposed) return false;
           return asked.unit.is_zero() ? slot.assignee.kind == sealing::TaskPartyKind::person &&
                                             slot.assignee.person() == asked.person
                                       : slot.assignee.kind == sealing::TaskPartyKind::unit &&
                                             slot.assignee.unit() == asked.unit;
         });
}

/// Who of those that the entry asks is there and has not done a step.
class SilentPeople {
 public:
  SilentPeople(BatchView& batch, const AskedRow& row) : row_(row) {
    const sealing::ChannelState& state = batch.channel(row.channel);
    const sealing::Directory& directory = batch.directory();
    const sealing::RosterActors actors(state, directory, batch.place_in(state));
    sealing::TaskPointer task;
    if (!row.asked.task.is_zero()) task = batch.load_task(row.channel, row.asked.task);
    for (const sealing::AskedPerson& each : row.asked.people) {
      if (!actors.present().contains(each.person) || row.asked.has_acknowledged(each.person))
        continue;
      if (row.asked.task.is_zero() || is_awaited_of(task, each)) waiting_.insert(each.person);
    }
    if (!waiting_.empty()) take_receipts(batch, state, directory);
  }

  bool is_empty() const { return waiting_.empty(); }
  std::vector<PersonId> without(EvidenceStep step) const {
    std::vector<PersonId> people(waiting_.begin(), waiting_.end());
    const std::set<PersonId>& done = step == EvidenceStep::delivered ? received_ : opened_;
    if (step != EvidenceStep::acknowledged)
      std::erase_if(people, [&](const PersonId& person) { return done.contains(person); });
    return people;
  }

 private:
  void take_receipts(BatchView& batch, const sealing::ChannelState& state,
                     const sealing::Directory& directory) {
    std::vector<DeviceId> devices;
    for (const sealing::RosterLine& line : state.roster()) devices.push_back(line.device);
    for (const auto& [place, seq] : batch.load_receipt_reach(row_.channel, devices)) {
      if (seq < row_.asked.channel_seq) continue;
      const PersonId& person = directory.find_device(place.first)->certificate.person;
      // What was opened was delivered, whether its device found the time to say so or not.
      received_.insert(person);
      if (place.second == sealing::ReceiptStep::opened) opened_.insert(person);
    }
  }

  const AskedRow& row_;
  std::set<PersonId> waiting_, received_, opened_;
};

/// Of each step the newest moment that has come since the last look: what was missed while nobody
/// served is said once, and not once for every repeat.
std::vector<EvidenceMoment> moments_to_say(const std::vector<EvidenceMoment>& moments,
                                           Milliseconds after_ms, Milliseconds now_ms) {
  std::vector<EvidenceMoment> newest;
  for (const EvidenceMoment& moment : moments) {
    if (moment.at_ms <= after_ms || moment.at_ms > now_ms) continue;
    std::erase_if(newest, [&](const EvidenceMoment& each) { return each.step == moment.step; });
    newest.push_back(moment);
  }
  return newest;
}

void look_at(BatchView& batch, const Policies& policies, AskedRow row) {
  const std::vector<EvidenceMoment> moments = moments_of(policies, row.asked);
  const SilentPeople silent(batch, row);
  const Milliseconds looked_ms = std::exchange(row.looked_ms, batch.server_ms());
  row.next_ms = 0;
  if (!silent.is_empty() && !batch.channel(row.channel).is_closed()) {
    for (const EvidenceMoment& moment : moments_to_say(moments, looked_ms, batch.server_ms())) {
      sealing::MissingStep event{row.asked.channel_seq,
                                 row.asked.message_hash,
                                 moment.step,
                                 moment.due_ms,
                                 moment.at_ms,
                                 silent.without(moment.step),
                                 crypto::random_id<sealing::LeafSalt>()};
      // A policy with shorter limits may bring a moment back that lies before what was said.
      if (!event.people.empty() && moment.at_ms > row.asked.said_of(moment.step))
        batch.stage_missing_step(row, event);
    }
    row.next_ms = first_behind(moments, batch.server_ms());
  }
  batch.stage_asked(std::move(row));
}

}  // namespace

void EvidenceLimits::follow_entry(BatchView& batch, const sealing::EntryHeader& header,
                                  const Digest& message_hash,
                                  const wire::Appended& appended) const {
  const sealing::Device* sender = batch.directory().find_device(header.sender);
  if (sender == nullptr) return;
  const PersonId& author = sender->certificate.person;
  if (header.type == EntryType::acknowledgement) {
    const auto facts = sealing::parse_acknowledgement_facts(header.facts);
    if (!facts) return;
    std::optional<AskedRow> row = batch.load_asked(header.channel, facts->entry.channel_seq);
    if (!row) return;
    auto after = sealing::acknowledge(row->asked, *facts, author);
    if (!after) return;
    row->asked = std::move(*after);
    if (row->asked.acknowledged.size() == row->asked.people.size()) row->next_ms = 0;
    return batch.stage_asked(std::move(*row));
  }
  const sealing::ChannelState& state = batch.channel(header.channel);
  const sealing::Place place{appended.index, appended.channel_seq, appended.server_ms};
  const sealing::RosterActors actors(state, batch.directory(), place);
  auto asked = sealing::asked_entry_of(header, message_hash, author, actors, place);
  if (!asked) return;
  const auto moments = moments_of(*policies_->current(), *asked);
  const Milliseconds next_ms = first_behind(moments, appended.server_ms);
  batch.stage_asked({header.channel, std::move(*asked), next_ms, appended.server_ms});
}

std::size_t EvidenceLimits::say_what_is_missing(BatchView& batch, std::size_t most_entries) const {
  std::vector<AskedRow> due = batch.load_due_asked(most_entries);
  const std::size_t found = due.size();
  // What the same batch has changed is stored only with it: the next look takes it.
  std::erase_if(due, [&](const AskedRow& row) {
    return batch.is_asked_staged(row.channel, row.asked.channel_seq);
  });
  const PoliciesPointer policies = policies_->current();
  for (AskedRow& row : due) look_at(batch, *policies, std::move(row));
  return found;
}

}  // namespace oberih::application
