// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/facts_view.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "client-cli/commands/admitted_search.hpp"
#include "client-cli/commands/entry_search.hpp"
#include "client-cli/commands/handling_options.hpp"
#include "client-cli/commands/hearing_search.hpp"
#include "client-cli/commands/message_view.hpp"
#include "client-cli/verification/stored_entries.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

Sentence sentence_of(sealing::AcknowledgementKind kind) {
  switch (kind) {
    case sealing::AcknowledgementKind::received:
      return Sentence::item_received;
    case sealing::AcknowledgementKind::understood:
      return Sentence::item_understood;
    case sealing::AcknowledgementKind::cannot_attend:
      return Sentence::item_cannot_attend;
  }
  return Sentence::item_received;
}

/// Everybody on the roster reads a notice; whom it calls are asked. A cancellation asks the same.
bool calls_oneself(const ClientSession& session, const HearingEvent& event) {
  const auto& addressees = event.facts.notice.addressees;
  return addressees.empty() || std::ranges::any_of(addressees, [&](const auto& each) {
           return is_ones_own(session, each);
         });
}

nlohmann::ordered_json admitted_json(const sealing::Admitted& admitted) {
  const bool is_agency = admitted.what == sealing::Admitted::What::agency;
  return {{is_agency ? "agency" : "person", encoding::encode_hex(ByteView(admitted.id))}};
}

}  // namespace

std::string describe_answer(CommandContext& context, const HistoryItem& item) {
  const Console& console = context.console();
  std::string text;
  if (item.acknowledgement)
    text = console.text(sentence_of(item.acknowledgement->kind),
                        {{"entry", std::to_string(item.acknowledgement->entry.channel_seq)}});
  if (item.consent)
    text = console.text(item.consent->agrees ? Sentence::item_consents : Sentence::item_refuses,
                        {{"entry", std::to_string(item.consent->entry.channel_seq)},
                         {"who", describe_admitted(context.session(), item.consent->admitted)}});
  return item.text.empty() ? text : text + ": " + encoding::printable(item.text);
}

void add_facts(CommandContext&, const HistoryItem& item, nlohmann::ordered_json& json) {
  const std::string handling = sealing::name_of(item.facts.handling);
  if (!handling.empty()) json["handling"] = handling;
  if (item.facts.is_urgent()) json["urgent"] = true;
  nlohmann::ordered_json asks = nlohmann::ordered_json::array();
  if (item.facts.asks(sealing::AsksFor::receipt_at_once)) asks.push_back("receipt");
  if (item.facts.asks(sealing::AsksFor::acknowledgement)) asks.push_back("acknowledgement");
  if (item.facts.asks(sealing::AsksFor::consent)) asks.push_back("consent");
  if (!asks.empty()) json["asks_for"] = std::move(asks);
  if (item.request) {
    json["entry"] = item.request->entry.channel_seq;
    json["admitted"] = admitted_json(item.request->admitted);
  }
  if (item.acknowledgement) {
    json["entry"] = item.acknowledgement->entry.channel_seq;
    json["kind"] = sealing::name_of(item.acknowledgement->kind);
    json["remark"] = item.text;
  }
  if (item.consent) {
    json["request"] = item.consent->request.channel_seq;
    json["entry"] = item.consent->entry.channel_seq;
    json["admitted"] = admitted_json(item.consent->admitted);
    json["agrees"] = item.consent->agrees;
    json["reason"] = item.text;
  }
}

// -- of message_view.hpp ----------------------------------------------------------------------

void MessageView::learn_own_acknowledgements() {
  if (acknowledged_) return;
  acknowledged_.emplace();
  ClientSession& session = context_.session();
  const PersonId own = person_of(session.directory(), session.ring().device);
  session.store().channels().for_each_item(channel_, 0, [&](const StoredItem& item) {
    const std::optional<sealing::PlacedEntry> entry = sealing::placed_entry_of(item.leaf);
    if (!entry || entry->type != EntryType::acknowledgement ||
        person_of(session.directory(), entry->sender) != own)
      return true;
    if (const auto facts = sealing::parse_acknowledgement_facts(entry->facts))
      acknowledged_->insert(facts->entry.channel_seq);
    return true;
  });
}

bool MessageView::wants_acknowledgement(const HistoryItem& item) {
  if (!item.facts.asks(sealing::AsksFor::acknowledgement)) return false;
  const sealing::Directory& directory = context_.session().directory();
  if (person_of(directory, item.author) == person_of(directory, context_.session().ring().device))
    return false;
  if (item.hearing_event && !calls_oneself(context_.session(), *item.hearing_event)) return false;
  learn_own_acknowledgements();
  return !acknowledged_->contains(item.seq);
}

std::string MessageView::tags_of(const HistoryItem& item) {
  const Console& console = context_.console();
  std::string tags = handling_tag(item.facts.handling);
  const auto add = [&](const std::string& tag) { tags += (tags.empty() ? "" : " ") + tag; };
  if (item.facts.is_urgent()) add(console.text(Sentence::tag_urgent));
  if (wants_acknowledgement(item)) add(console.text(Sentence::tag_wants_acknowledgement));
  if (item.request)
    add(console.text(Sentence::tag_asks_originator,
                     {{"entry", std::to_string(item.request->entry.channel_seq)},
                      {"who", describe_admitted(context_.session(), item.request->admitted)}}));
  return tags.empty() ? tags : tags + " ";
}

}  // namespace oberih::client
