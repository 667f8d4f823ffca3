// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/channel_search.hpp"

#include <algorithm>

#include "client-cli/commands/id_digits.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

Refusal not_found() { return refuse(RefusalCode::not_found); }

/// Of the given channels those that the text means.
std::vector<ChannelId> matching(ClientSession& session, const std::vector<ChannelId>& channels,
                                const std::string& text) {
  std::vector<ChannelId> found;
  std::optional<std::string> title = encoding::to_nfc(text);
  for (const ChannelId& channel : channels) {
    bool is_meant = are_digits(text) && encoding::encode_hex(channel).starts_with(text);
    is_meant |= title && session.store().channels().title(channel) == title;
    if (is_meant) found.push_back(channel);
  }
  return found;
}

Result<ChannelId> only_one(const std::vector<ChannelId>& found, const std::string& text) {
  if (found.empty()) return not_found();
  if (found.size() > 1)
    return refuse(RefusalCode::usage, "'" + text + "' means several channels; name one by its id");
  return found.front();
}

/// Channels of which this device is a member as far as it has verified, whatever the server lists:
/// one that it withholds must not make room for another of the same title.
void add_known_channels(ClientSession& session, std::vector<ChannelId>& ours) {
  for (const ChannelId& id : session.store().channels().list())
    if (std::ranges::find(ours, id) == ours.end() &&
        session.open_channel(id).state().find_member(session.ring().device) != nullptr)
      ours.push_back(id);
}

}  // namespace

Result<ChannelId> find_channel_online(ClientSession& session, const std::string& text) {
  Result<wire::ChannelSummaries> summaries = session.ask(wire::ChannelList{});
  if (!summaries) return summaries.error();
  std::vector<ChannelId> ours, unread;
  for (const wire::ChannelSummary& summary : summaries->channels) {
    ours.push_back(summary.channel);
    if (session.store().channels().newest_seq(summary.channel) < summary.newest_seq)
      unread.push_back(summary.channel);
  }
  add_known_channels(session, ours);
  std::vector<ChannelId> found = matching(session, ours, text);
  if (!found.empty()) return only_one(found, text);
  for (const ChannelId& id : unread) {
    VerifiedChannel channel = session.open_channel(id);
    OBERIH_TRY(session.pull(channel));
  }
  return only_one(matching(session, ours, text), text);
}

Result<VerifiedChannel> find_channel(CommandContext& context, const std::string& text,
                                     CommandContext::Reach reach) {
  ClientSession& session = context.session();
  context.set_about_channel();
  if (reach == CommandContext::Reach::offline) {
    Result<ChannelId> id =
        only_one(matching(session, session.store().channels().list(), text), text);
    if (!id) return id.error();
    return session.open_channel(*id);
  }
  Result<ChannelId> id = find_channel_online(session, text);
  if (!id) return id.error();
  VerifiedChannel channel = session.open_channel(*id);
  OBERIH_TRY(session.pull(channel));
  return channel;
}

}  // namespace oberih::client
