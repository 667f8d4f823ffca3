// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/care_notes.hpp"

#include "client-cli/commands/device_search.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

std::string names_of(ClientSession& session, const std::vector<DeviceId>& devices) {
  std::string names;
  for (const DeviceId& device : devices)
    names += (names.empty() ? "" : ", ") + describe_device(session.verified_directory(), device);
  return names;
}

}  // namespace

void note_repair(Console& console, ClientSession& session, const ChannelId& channel,
                 const Repair& repair) {
  const std::string digits = encoding::encode_hex(channel).substr(0, 8);
  const std::string title =
      encoding::printable(session.store().channels().title(channel).value_or(digits));
  if (!repair.removed.empty())
    console.note(Sentence::care_removed,
                 {{"title", title}, {"who", names_of(session, repair.removed)}});
  if (!repair.added.empty())
    console.note(Sentence::care_added,
                 {{"title", title}, {"who", names_of(session, repair.added)}});
  if (!repair.brought.empty())
    console.note(Sentence::care_brought,
                 {{"title", title}, {"who", names_of(session, repair.brought)}});
  if (!repair.unlisted.empty())
    console.note(Sentence::care_unlisted,
                 {{"title", title}, {"who", names_of(session, repair.unlisted)}});
  if (repair.is_fresh_key) console.note(Sentence::care_fresh_key, {{"title", title}});
  if (repair.told_unusable) console.note(Sentence::care_told_unusable, {{"title", title}});
}

}  // namespace oberih::client
