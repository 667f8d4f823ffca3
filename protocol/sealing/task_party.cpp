// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/task_party.hpp"

namespace oberih::sealing {

void write_party(ByteWriter& writer, const TaskParty& party) {
  writer.u8(static_cast<std::uint8_t>(party.kind)).raw(party.agency).raw(ByteView(party.id));
}

TaskParty read_party(ByteReader& reader) {
  TaskParty party;
  const std::uint8_t kind = reader.u8();
  if (kind != 1 && kind != 2) reader.fail();
  party.kind = kind == 1 ? TaskPartyKind::unit : TaskPartyKind::person;
  party.agency = reader.id<AgencyId>();
  party.id = reader.id<PersonId>().bytes;
  return party;
}

}  // namespace oberih::sealing
