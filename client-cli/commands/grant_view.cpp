// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/grant_view.hpp"

#include <nlohmann/json.hpp>

#include "client-cli/commands/change_view.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "client-cli/verification/proposal_reader.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/sealing/audit_reading.hpp"
#include "protocol/sealing/grant_order.hpp"

namespace oberih::client {
namespace {

using Json = nlohmann::ordered_json;
using encoding::encode_hex;
using encoding::printable;

constexpr std::size_t id_digits_shown = 8;

/// Of the channels of this profile, the grants in records that no person was shown yet.
std::size_t show_news(CommandContext& context) {
  ClientSession& session = context.session();
  Console& console = context.console();
  std::size_t count = 0;
  for (const ChannelId& id : session.store().channels().list()) {
    VerifiedChannel channel = session.open_channel(id);
    if (channel.state().grants().empty()) continue;
    const std::string title =
        printable(channel.title().value_or(encode_hex(id).substr(0, id_digits_shown)));
    session.store().channels().for_each_leaf(
        id, session.store().channels().shown_seq(id), [&](std::uint64_t seq, const Bytes& bytes) {
          const Result<journal::Leaf> leaf = journal::parse_leaf(bytes);
          if (!leaf || leaf->kind != journal::LeafKind::channel_record) return;
          const auto body = sealing::parse_record_body(leaf->body);
          const auto record = body ? sealing::parse_record_content(body->content) : body.error();
          if (!record || !record->change.grant) return;
          ++count;
          console.say(Sentence::inbox_grant_news,
                      {{"channel", title},
                       {"time", format_time(leaf->server_ms, console.language())},
                       {"item", describe_grant(context, *record->change.grant)}});
          Json json{{"needs", "notice"},
                    {"channel", encode_hex(id)},
                    {"channel_seq", seq},
                    {"server_ms", leaf->server_ms},
                    {"time", format_rfc3339(leaf->server_ms)}};
          json["grant"] = grant_json(session, *record->change.grant);
          console.object(json);
        });
  }
  return count;
}

struct GrantNeed {
  Sentence line{};
  std::string_view needs, verb;
};

/// What the person may do about it; nothing: others must.
std::optional<GrantNeed> need_of(ClientSession& session, const sealing::WaitingProposal& waiting) {
  const DeviceId& own = session.ring().device;
  VerifiedChannel channel = session.open_channel(waiting.proposal.channel);
  const sealing::RosterLine* line = channel.state().find_member(own);
  const sealing::Device* device = session.directory().find_device(own);
  std::optional<sealing::ProposalProgress> progress;
  if (line != nullptr)
    if (auto found = sealing::find_progress(ProposalReader(session).case_of(channel),
                                            waiting.proposal, waiting.approvals, own))
      progress = std::move(*found);
  if (progress && progress->is_ready() && line->role != RosterRole::read_only)
    return GrantNeed{Sentence::inbox_grant_waits, "execution", "execute"};
  const bool may_approve = device != nullptr && device->certificate.role == Role::supervisor &&
                           !waiting.is_approved_by(own) && (!progress || !progress->is_ready());
  if (!may_approve) return std::nullopt;
  return GrantNeed{Sentence::inbox_grant_asks, "approval", "approve"};
}

}  // namespace

std::string describe_epochs(const sealing::GrantItem& grant) {
  const std::string first = std::to_string(grant.first_epoch);
  return grant.first_epoch == grant.last_epoch ? first
                                               : first + "-" + std::to_string(grant.last_epoch);
}

std::string describe_times(const Console& console, const sealing::EpochTimes& times) {
  const std::string from = format_time(times.from_ms, console.language());
  if (times.to_ms == 0) return console.text(Sentence::grant_times_open, {{"from", from}});
  return console.text(Sentence::grant_times,
                      {{"from", from}, {"to", format_time(times.to_ms, console.language())}});
}

std::string describe_grant(CommandContext& context, const sealing::GrantItem& grant) {
  const Console& console = context.console();
  const Result<sealing::GrantOrder> order = sealing::parse_grant_order(grant.order);
  const std::string number = printable(order ? order->number : grant.order);
  const bool covers = order && order->covers_restricted;
  return console.text(
      grant.ends_ms == 0 ? Sentence::grant_item_ended : Sentence::grant_item,
      {{"auditor", name_or_digits(context.session().verified_directory(), grant.auditor_device)},
       {"agency", agency_name_of(context.session().directory(), grant.auditor_device)},
       {"epochs", describe_epochs(grant)},
       {"until", grant.ends_ms == 0 ? "" : format_time(grant.ends_ms, console.language())},
       {"order", console.text(covers ? Sentence::grant_order_restricted : Sentence::grant_order,
                              {{"number", number}})}});
}

Json grant_json(ClientSession& session, const sealing::GrantItem& grant) {
  const std::optional<std::string> name =
      session.verified_directory().find_name(grant.auditor_device);
  const Result<sealing::GrantOrder> order = sealing::parse_grant_order(grant.order);
  Json json{{"grant", encode_hex(grant.grant)}, {"auditor", encode_hex(grant.auditor_device)}};
  json["name"] = name ? Json(*name) : Json();
  json["agency"] = agency_name_of(session.directory(), grant.auditor_device);
  json["first_epoch"] = grant.first_epoch;
  json["last_epoch"] = grant.last_epoch;
  json["order"] = order ? order->number : grant.order;
  json["covers_restricted"] = order && order->covers_restricted;
  json["withdrawn"] = grant.ends_ms == 0;
  json["ends_ms"] = grant.ends_ms;
  return json;
}

Result<> show_grants_in_inbox(CommandContext& context, std::size_t& shown) {
  ClientSession& session = context.session();
  Console& console = context.console();
  Result<std::vector<sealing::WaitingPointer>> waiting = ProposalReader(session).read({});
  if (!waiting) return waiting.error();
  shown += show_news(context);
  for (const sealing::WaitingPointer& each : *waiting) {
    const sealing::Proposal& proposal = each->proposal;
    if (!proposal.is_of_grant()) continue;
    const std::optional<GrantNeed> need = need_of(session, *each);
    if (!need) continue;
    ++shown;
    const std::string id = encode_hex(proposal.id).substr(0, id_digits_shown);
    console.say(need->line, {{"id", id}});
    Json json{{"needs", need->needs},
              {"channel", encode_hex(proposal.channel)},
              {"server_ms", each->server_ms},
              {"time", format_rfc3339(each->server_ms)},
              {"command", "oberih grant " + std::string(need->verb) + " " + id}};
    json["grant"] = grant_json(session, *proposal.change.grant);
    console.object(json);
  }
  return {};
}

void show_grants_in_force(CommandContext& context, const VerifiedChannel& channel) {
  const Milliseconds now = context.session().server_time_ms(channel);
  bool is_first = true;
  for (const auto& [id, grant] : channel.state().grants()) {
    if (!sealing::is_in_force(grant, grant.auditor_device, now)) continue;
    if (std::exchange(is_first, false)) context.console().say(Sentence::grants_in_force);
    context.console().line("  " + encode_hex(id).substr(0, id_digits_shown) + "  " +
                           describe_grant(context, grant));
  }
}

Json grants_in_force_json(ClientSession& session, const VerifiedChannel& channel) {
  Json list = Json::array();
  for (const auto& [id, grant] : channel.state().grants())
    if (sealing::is_in_force(grant, grant.auditor_device, session.server_time_ms(channel)))
      list.push_back(grant_json(session, grant));
  return list;
}

}  // namespace oberih::client
