// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/message_view.hpp"

#include <nlohmann/json.hpp>

#include "client-cli/commands/change_view.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/facts_view.hpp"
#include "client-cli/commands/grant_view.hpp"
#include "client-cli/commands/hearing_view.hpp"
#include "client-cli/commands/server_event_view.hpp"
#include "client-cli/commands/silence_view.hpp"
#include "client-cli/commands/task_view.hpp"
#include "client-cli/output/byte_count.hpp"
#include "client-cli/output/display_width.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using encoding::printable;

constexpr std::size_t number_width = 5;
constexpr std::size_t author_width = 30;

std::string_view type_name(HistoryItem::What what) {
  switch (what) {
    case HistoryItem::What::text:
      return "message";
    case HistoryItem::What::title:
      return "title";
    case HistoryItem::What::record:
      return "record";
    case HistoryItem::What::left:
      return "leave";
    case HistoryItem::What::wrap_unusable:
      return "wrap_unusable";
    case HistoryItem::What::task:
      return "task";
    case HistoryItem::What::hearing:
      return "hearing";
    case HistoryItem::What::acknowledgement:
      return "acknowledgement";
    case HistoryItem::What::consent:
      return "consent";
    case HistoryItem::What::other_entry:
      return "entry";
    case HistoryItem::What::unreadable:
      return "unreadable";
    case HistoryItem::What::withheld:
      return "withheld";
    case HistoryItem::What::server_event:
      return "server_event";
  }
  return "entry";
}

nlohmann::ordered_json ids_json(const std::vector<DeviceId>& devices) {
  nlohmann::ordered_json ids = nlohmann::ordered_json::array();
  for (const DeviceId& device : devices) ids.push_back(encode_hex(device));
  return ids;
}

nlohmann::ordered_json attachments_json(const std::vector<sealing::Attachment>& attachments) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const sealing::Attachment& each : attachments)
    list.push_back({{"number", list.size() + 1},
                    {"name", each.name},
                    {"size", each.size},
                    {"content", encode_hex(each.content)}});
  return list;
}

/// Lines of one message stay one message: those after the first are set in.
std::string printable_lines(std::string_view text) {
  std::string lines;
  while (true) {
    std::size_t end = text.find('\n');
    lines += printable(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    lines += "\n    ";
    text.remove_prefix(end + 1);
  }
}

}  // namespace

bool MessageView::is_shown(const HistoryItem& item, Shown shown) {
  switch (item.what) {
    case HistoryItem::What::text:
    case HistoryItem::What::unreadable:
    case HistoryItem::What::withheld:
    case HistoryItem::What::task:
    case HistoryItem::What::hearing:
    case HistoryItem::What::other_entry:
    case HistoryItem::What::acknowledgement:
    case HistoryItem::What::consent:
    case HistoryItem::What::server_event:
      return true;
    case HistoryItem::What::record:
      return item.grant || shown == Shown::everything;  // that others read is everybody's business
    case HistoryItem::What::title:
    case HistoryItem::What::left:
    case HistoryItem::What::wrap_unusable:
      return shown == Shown::everything;
  }
  return true;
}

std::string MessageView::names_of(const std::vector<DeviceId>& devices) const {
  std::string names;
  for (const DeviceId& device : devices)
    names += (names.empty() ? "" : ", ") +
             describe_device(context_.session().verified_directory(), device);
  return names;
}

std::string MessageView::describe_attachments(const HistoryItem& item) const {
  const Console& console = context_.console();
  std::string lines;
  for (std::size_t i = 0; i < item.attachments.size(); ++i) {
    if (!item.text.empty() || item.hearing_event || i > 0) lines += "\n    ";
    const sealing::Attachment& each = item.attachments[i];
    lines += console.text(Sentence::item_attachment,
                          {{"number", std::to_string(i + 1)},
                           {"name", printable(each.name)},
                           {"size", format_bytes(each.size, console.language())},
                           {"channel", encode_hex(channel_).substr(0, 8)},
                           {"seq", std::to_string(item.seq)}});
  }
  return lines;
}

std::string MessageView::describe(const HistoryItem& item) const {
  const Console& console = context_.console();
  switch (item.what) {
    case HistoryItem::What::text:
      return printable_lines(item.text) + describe_attachments(item);
    case HistoryItem::What::title:
      return console.text(Sentence::item_title, {{"title", printable(item.text)}});
    case HistoryItem::What::record:
      break;
    case HistoryItem::What::left:
      return console.text(Sentence::item_left);
    case HistoryItem::What::wrap_unusable:
      return console.text(Sentence::item_wrap_unusable);
    case HistoryItem::What::task:
      return describe_event(context_, channel_, *item.task_event);
    case HistoryItem::What::hearing:
      return describe_event(context_, channel_, *item.hearing_event) + describe_attachments(item);
    case HistoryItem::What::acknowledgement:
    case HistoryItem::What::consent:
      return describe_answer(context_, item);
    case HistoryItem::What::other_entry:
      return console.text(Sentence::item_other);
    case HistoryItem::What::unreadable:
      return console.text(Sentence::item_unreadable);
    case HistoryItem::What::withheld:
      return console.text(Sentence::item_withheld);
    case HistoryItem::What::server_event:
      if (item.missing_step) return describe_silence(context_, *item.missing_step);
      if (item.said_of_hearing)
        return describe_hearing_event(context_, channel_, *item.said_of_hearing);
      return item.server_event ? describe_server_event(context_, channel_, *item.server_event)
                               : console.text(Sentence::item_server_event);
  }
  if (item.grant)
    return console.text(
        item.grant->ends_ms == 0 ? Sentence::item_grant_withdrawn : Sentence::item_grant_given,
        {{"item", describe_grant(context_, *item.grant)}});
  std::string text =
      console.text(Sentence::item_record, {{"op", std::string(sealing::name_of(item.op))}});
  if (!item.added.empty())
    text += " " + console.text(Sentence::item_added, {{"who", names_of(item.added)}});
  if (!item.removed.empty())
    text += " " + console.text(Sentence::item_removed, {{"who", names_of(item.removed)}});
  for (const std::string& line : describe_change(context_, item.altered))
    text += line.substr(line.find_first_not_of(' ') - 1);
  if (!item.mandate.empty()) text += " (" + describe_mandate(context_, item.mandate) + ")";
  return text;
}

nlohmann::ordered_json MessageView::object_of(const HistoryItem& item) {
  const VerifiedDirectory& directory = context_.session().verified_directory();
  nlohmann::ordered_json json{
      {"type", type_name(item.what)}, {"channel", encode_hex(channel_)},
      {"channel_seq", item.seq},      {"index", item.index},
      {"server_ms", item.server_ms},  {"time", format_rfc3339(item.server_ms)}};
  if (!item.author.is_zero()) {
    json["device"] = encode_hex(item.author);
    std::optional<std::string> name = directory.find_name(item.author);
    json["name"] = name ? nlohmann::ordered_json(*name) : nlohmann::ordered_json();
    json["agency_kind"] = name_of(directory.directory().agency_kind_of(item.author));
  }
  if (item.what == HistoryItem::What::text || item.what == HistoryItem::What::title)
    json["text"] = item.text;
  add_facts(context_, item, json);
  if (wants_acknowledgement(item)) json["wants_acknowledgement"] = true;
  if (!item.attachments.empty()) json["attachments"] = attachments_json(item.attachments);
  if (item.what == HistoryItem::What::record) {
    json["op"] = sealing::name_of(item.op);
    json["added"] = ids_json(item.added);
    json["removed"] = ids_json(item.removed);
    if (item.grant) json["grant"] = grant_json(context_.session(), *item.grant);
    if (item.altered.alter || item.altered.policy) json["changed"] = change_json(item.altered);
  }
  if (item.server_event) json["event"] = server_event_json(*item.server_event);
  if (item.said_of_hearing) json["event"] = hearing_event_json(*item.said_of_hearing);
  if (item.missing_step) json["event"] = silence_json(*item.missing_step);
  if (item.task_event) json["task"] = event_json(*item.task_event);
  if (item.hearing_event) json["hearing"] = event_json(*item.hearing_event);
  return json;
}

std::string MessageView::line_of(const HistoryItem& item) {
  const Console& console = context_.console();
  std::string author = item.author.is_zero()
                           ? console.text(Sentence::word_server)
                           : describe_device(context_.session().verified_directory(), item.author);
  return pad_to("#" + std::to_string(item.seq), number_width) + " " + pad_to(author, author_width) +
         "  " + tags_of(item) + describe(item);
}

void MessageView::print(const HistoryItem& item) {
  Console& console = context_.console();
  if (console.is_json()) return console.object(object_of(item));
  console.line(format_time(item.server_ms, console.language()) + "  " + line_of(item));
}

}  // namespace oberih::client
