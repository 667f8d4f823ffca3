// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/export_document_writer.hpp"

#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

Sentence sentence_of(sealing::AccessWhat what) {
  switch (what) {
    case sealing::AccessWhat::session:
      return Sentence::export_access_session;
    case sealing::AccessWhat::history:
      return Sentence::export_access_history;
    case sealing::AccessWhat::leaves:
      return Sentence::export_access_leaves;
    case sealing::AccessWhat::attachment:
      return Sentence::export_access_attachment;
  }
  return Sentence::export_access_session;
}

}  // namespace

std::string DocumentWriter::when(Milliseconds ms) const {
  return format_time(ms, console_.language());
}

std::string DocumentWriter::who(const DeviceId& device) const {
  const auto found = report_.devices.find(device);
  if (found == report_.devices.end()) return digits(device);
  const evidence::DeviceFact& fact = found->second;
  const auto agency = report_.agencies.find(fact.agency);
  return console_.text(
      Sentence::export_who,
      {{"name",
        fact.name ? encoding::printable(*fact.name)
                  : console_.text(Sentence::export_who_unnamed, {{"person", digits(fact.person)}})},
       {"agency", agency == report_.agencies.end() ? digits(fact.agency)
                                                   : encoding::printable(agency->second)},
       {"device", digits(device)}});
}

std::string DocumentWriter::authority(const evidence::AnchorFact& anchor) const {
  if (anchor.authority >= report_.authorities.size()) return "?";
  const std::string& name = report_.authorities[anchor.authority];
  return name.empty() ? "?" : encoding::printable(name);
}

void DocumentWriter::tell_rest(std::size_t count, std::size_t told) {
  if (count > told)
    add(BlockKind::paragraph, Sentence::export_more, {{"count", std::to_string(count - told)}});
}

void DocumentWriter::tell_access(const evidence::AccessFacts& access, Sentence heading) {
  if (access.empty()) return;
  add(BlockKind::subheading, heading);
  std::size_t told = 0;
  for (const auto& [place, fact] : access) {
    if (told++ == options_.items_at_most) break;
    add(BlockKind::item, sentence_of(place.second),
        {{"who", who(place.first)},
         {"count", std::to_string(fact.count)},
         {"from", std::to_string(fact.from)},
         {"to", std::to_string(fact.to)},
         {"first", when(fact.first.server_ms)},
         {"last", when(fact.last.server_ms)}},
        BlockMark::server);
  }
  tell_rest(access.size(), options_.items_at_most);
}

}  // namespace oberih::client
