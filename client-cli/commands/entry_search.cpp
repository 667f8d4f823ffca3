// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/entry_search.hpp"

#include <charconv>

#include "client-cli/commands/channel_search.hpp"
#include "client-cli/verification/asked_book.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t fewest_hash_digits = 8;
constexpr const char* how_to_name = "name an entry by its channel and number, as 417#12";

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0) return std::nullopt;
  return number;
}

}  // namespace

Result<NamedEntry> find_entry(CommandContext& context, const std::string& text) {
  const std::size_t mark = text.rfind('#');
  if (mark == std::string::npos && text.size() >= fewest_hash_digits)  // as an alert names it
    if (const auto asked = find_asked_entry(context.session().store(), text))
      return find_entry(context,
                        encoding::encode_hex(asked->channel) + "#" + std::to_string(asked->seq));
  if (mark == std::string::npos) return refuse(RefusalCode::usage, how_to_name);
  const std::optional<std::uint64_t> seq = parse_number(std::string_view(text).substr(mark + 1));
  if (!seq) return refuse(RefusalCode::usage, how_to_name);
  Result<VerifiedChannel> channel =
      find_channel(context, text.substr(0, mark), CommandContext::Reach::online);
  if (!channel) return channel.error();
  ChannelHistory history(context.session().store(), channel->keys(), channel->id());
  std::optional<HistoryItem> found;
  history.for_each(*seq - 1, [&](HistoryItem& item) {
    if (item.seq == *seq) found = std::move(item);
    return false;
  });
  if (!found || found->message_hash.is_zero())
    return refuse(RefusalCode::not_found, "no entry of the channel has that number");
  return NamedEntry{std::move(*channel), std::move(*found)};
}

PersonId person_of(const sealing::Directory& directory, const DeviceId& device) {
  const sealing::Device* found = directory.find_device(device);
  return found == nullptr ? PersonId{} : found->certificate.person;
}

}  // namespace oberih::client
