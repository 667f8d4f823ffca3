// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/hearing_search.hpp"

#include <algorithm>
#include <iterator>

#include "client-cli/commands/channel_search.hpp"
#include "client-cli/commands/id_digits.hpp"
#include "client-cli/commands/task_parties.hpp"
#include "client-cli/commands/task_search.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t fewest_hearing_digits = 4;

/// INVARIANT: with an account.
sealing::TaskParty party_of(const sealing::HearingAddressee& addressee) {
  return addressee.kind == sealing::AddresseeKind::unit
             ? sealing::TaskParty::of(addressee.agency, addressee.unit())
             : sealing::TaskParty::of(addressee.agency, addressee.person());
}

HearingInChannel open_hearing(ClientSession& session, VerifiedChannel& channel, HearingBook& book,
                              sealing::HearingPointer hearing) {
  HearingInChannel opened{
      channel.id(), channel.title().value_or(std::string()), std::move(hearing), {}, {}};
  opened.summons = book.summons(*opened.hearing);
  const std::vector<sealing::HearingAddressee>& addressees = opened.hearing->notice.addressees;
  for (std::size_t i = 0; i < addressees.size(); ++i)
    opened.names.push_back(describe_addressee(
        session, addressees[i], opened.summons ? &opened.summons->called[i] : nullptr));
  return opened;
}

}  // namespace

std::string short_id(const HearingId& id) { return encoding::encode_hex(id).substr(0, 8); }

std::string describe_hearing(const HearingInChannel& hearing) {
  const std::string id = short_id(hearing.hearing->id);
  if (!hearing.summons) return id;
  return id + " \"" + encoding::printable(hearing.summons->case_number) + "\"";
}

std::vector<HearingInChannel> hearings_of(ClientSession& session, VerifiedChannel& channel) {
  std::vector<HearingInChannel> hearings;
  HearingBook book(session.store(), channel.keys(), channel.id());
  for (sealing::HearingPointer& hearing : book.list())
    hearings.push_back(open_hearing(session, channel, book, std::move(hearing)));
  return hearings;
}

std::optional<HearingInChannel> look_up_hearing(ClientSession& session, VerifiedChannel& channel,
                                                const HearingId& id) {
  HearingBook book(session.store(), channel.keys(), channel.id());
  sealing::HearingPointer hearing = book.find(id);
  if (!hearing) return std::nullopt;
  return open_hearing(session, channel, book, std::move(hearing));
}

Result<std::vector<HearingInChannel>> read_hearings(CommandContext& context,
                                                    const std::string& text,
                                                    CommandContext::Reach reach) {
  ClientSession& session = context.session();
  if (!text.empty()) {
    Result<VerifiedChannel> channel = find_channel(context, text, reach);
    if (!channel) return channel.error();
    return hearings_of(session, *channel);
  }
  if (reach == CommandContext::Reach::online) OBERIH_TRY(pull_all(session));
  std::vector<HearingInChannel> hearings;
  for (const ChannelId& id : session.store().channels().list()) {
    VerifiedChannel channel = session.open_channel(id);
    std::ranges::move(hearings_of(session, channel), std::back_inserter(hearings));
  }
  return hearings;
}

Result<HearingInChannel> find_hearing(CommandContext& context, const std::string& digits,
                                      CommandContext::Reach reach) {
  if (digits.size() < fewest_hearing_digits)
    return refuse(RefusalCode::usage, "name the hearing by four digits of its id or more");
  ClientSession& session = context.session();
  if (reach == CommandContext::Reach::online) OBERIH_TRY(pull_all(session));
  std::vector<std::pair<ChannelId, HearingId>> found;
  for (const ChannelId& id : session.store().channels().list()) {
    VerifiedChannel channel = session.open_channel(id);
    for (const auto& each : HearingBook(session.store(), channel.keys(), id).list())
      if (encoding::encode_hex(each->id).starts_with(digits)) found.emplace_back(id, each->id);
  }
  if (found.empty()) return refuse(RefusalCode::not_found, "no hearing '" + digits + "' is known");
  if (found.size() > 1)
    return refuse(RefusalCode::usage, "'" + digits + "' means several; give more digits");
  VerifiedChannel channel = session.open_channel(found.front().first);
  return *look_up_hearing(session, channel, found.front().second);
}

bool is_ones_own(const ClientSession& session, const sealing::HearingAddressee& addressee) {
  return addressee.has_account() && is_ones_own(session, party_of(addressee));
}

bool is_of_the_court(const ClientSession& session, const sealing::Hearing& hearing) {
  const sealing::Device* own = session.directory().find_device(session.ring().device);
  return own != nullptr && own->certificate.agency == hearing.notice.court;
}

std::string describe_addressee(ClientSession& session, const sealing::HearingAddressee& addressee,
                               const sealing::CalledPerson* called) {
  if (addressee.has_account()) return describe_party(session, party_of(addressee));
  if (called != nullptr) return encoding::printable(called->name);
  return encoding::encode_hex(ByteView(addressee.id)).substr(0, fewest_digits);
}

const WallTime& next_time_of(const sealing::Hearing& hearing) {
  return hearing.goes_on ? *hearing.goes_on : hearing.notice.start;
}

}  // namespace oberih::client
