// SPDX-License-Identifier: Apache-2.0
#include "server/application/urgent_rings.hpp"

namespace oberih::application {
namespace {

using sealing::TaskAction;

void ring_roster(BatchView& batch, const sealing::EntryHeader& header) {
  const sealing::Directory& directory = batch.directory();
  const sealing::Device* author = directory.find_device(header.sender);
  for (const sealing::RosterLine& line : batch.channel(header.channel).roster()) {
    const sealing::Device* device = directory.find_device(line.device);
    if (author == nullptr || device == nullptr) continue;
    if (device->certificate.agency != author->certificate.agency)
      batch.stage_ring({device->certificate.agency, {}});
  }
}

/// Whoever asks speaks to the one who is asked, and the other way round.
void ring_parties(BatchView& batch, const ChannelId& channel, const sealing::TaskFacts& facts) {
  const sealing::TaskPointer task = batch.load_task(channel, facts.task);
  switch (facts.action) {
    case TaskAction::propose:
      for (const sealing::TaskParty& slot : facts.slots) batch.stage_ring(ring_for(slot));
      return;
    case TaskAction::reassign:
      return batch.stage_ring(ring_for(facts.assignee));
    case TaskAction::withdraw:
    case TaskAction::extend:
    case TaskAction::confirm:
    case TaskAction::return_:
      return batch.stage_ring(ring_for(task->slots[facts.slot].assignee));
    case TaskAction::accept:
    case TaskAction::decline:
    case TaskAction::start:
    case TaskAction::pause:
    case TaskAction::resume:
    case TaskAction::submit:
      return batch.stage_ring(ring_for(task->requester));
  }
}

}  // namespace

Ring ring_for(const sealing::TaskParty& party) {
  return {party.agency, party.kind == sealing::TaskPartyKind::unit ? party.unit() : UnitId{}};
}

void stage_rings(BatchView& batch, const sealing::EntryHeader& header,
                 const std::optional<sealing::TaskFacts>& task) {
  if (!sealing::common_facts_of(header).is_urgent()) return;
  switch (header.type) {
    case EntryType::message:
    case EntryType::hearing:
      return ring_roster(batch, header);
    case EntryType::task:
      if (task) ring_parties(batch, header.channel, *task);
      return;
    case EntryType::acknowledgement:
    case EntryType::leave:
    case EntryType::wrap_unusable:
    case EntryType::consent:
      return;
  }
}

}  // namespace oberih::application
