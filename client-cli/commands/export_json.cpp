// SPDX-License-Identifier: Apache-2.0
// The report on a verified export for programs: one object. What is signed by a device and what
// the server only asserts stand apart in every fact.
#include <nlohmann/json.hpp>

#include "client-cli/commands/cosigners_view.hpp"
#include "client-cli/commands/export_view.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/journal/leaf.hpp"
#include "protocol/journal/note_key.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using nlohmann::ordered_json;

ordered_json moment_json(const evidence::Moment& moment) {
  return {{"index", moment.index},
          {"asserted_by_server",
           {{"server_ms", moment.server_ms}, {"time", format_rfc3339(moment.server_ms)}}}};
}

ordered_json stay_json(const evidence::Stay& stay) {
  ordered_json json{{"device", encode_hex(stay.device)},
                    {"role", name_of(stay.role)},
                    {"first_epoch", stay.first_epoch},
                    {"from", moment_json(stay.from)},
                    {"basis", "signed_by_device"}};
  json["to"] = stay.to ? moment_json(*stay.to) : ordered_json();
  return json;
}

ordered_json access_json(const evidence::AccessFacts& access) {
  ordered_json list = ordered_json::array();
  for (const auto& [place, fact] : access)
    list.push_back({{"device", encode_hex(place.first)},
                    {"what", sealing::name_of(place.second)},
                    {"from", fact.from},
                    {"to", fact.to},
                    {"count", fact.count},
                    {"first", moment_json(fact.first)},
                    {"last", moment_json(fact.last)},
                    {"basis", "asserted_by_server"}});
  return list;
}

ordered_json anchor_json(const evidence::ExportReport& report, const evidence::AnchorFact& anchor) {
  return {{"said", moment_json(anchor.said)},
          {"size", anchor.size},
          {"existed_by_ms", anchor.at_ms},
          {"existed_by", format_rfc3339(anchor.at_ms)},
          {"authority", encoding::printable(report.authorities.at(anchor.authority))},
          {"basis", report.are_authorities_judged ? "proven_by_third_party" : "signer_not_judged"}};
}

ordered_json anchors_json(const evidence::ExportReport& report) {
  ordered_json json{{"count", report.anchors.size()},
                    {"signers_judged", report.are_authorities_judged},
                    {"list", ordered_json::array()}};
  for (const evidence::AnchorFact& anchor : report.anchors) {
    if (json["list"].size() == evidence::listed_at_most) break;
    json["list"].push_back(anchor_json(report, anchor));
  }
  return json;
}

ordered_json channel_json(const evidence::ExportReport& report,
                          const evidence::ChannelReport& channel) {
  ordered_json json{{"channel", encode_hex(channel.id)},
                    {"kind", name_of(channel.kind)},
                    {"history", name_of(channel.history)},
                    {"closed", channel.is_closed},
                    {"complete_from", 1},
                    {"complete_to", channel.newest_seq},
                    {"first", moment_json(channel.first)},
                    {"newest", moment_json(channel.newest)},
                    {"records", channel.records},
                    {"events", channel.events},
                    {"refusals", channel.refusals}};
  ordered_json entries = ordered_json::object();
  for (std::size_t type = 0; type < channel.entries.size(); ++type)
    if (channel.entries[type] != 0)
      entries[std::string(name_of(static_cast<EntryType>(type)))] = channel.entries[type];
  json["entries"] = std::move(entries);
  if (channel.case_named)
    json["case_named"] = {{"mandate", channel.case_named->mandate},
                          {"said", moment_json(channel.case_named->said)},
                          {"basis", "signed_by_device"}};
  json["could_read"] = ordered_json::array();
  for (const evidence::Stay& stay : channel.stays) json["could_read"].push_back(stay_json(stay));
  json["grants"] = ordered_json::array();
  for (const evidence::GrantFact& grant : channel.grants)
    json["grants"].push_back({{"grant", encode_hex(grant.item.grant)},
                              {"device", encode_hex(grant.item.auditor_device)},
                              {"first_epoch", grant.item.first_epoch},
                              {"last_epoch", grant.item.last_epoch},
                              {"ends_ms", grant.item.ends_ms},
                              {"order", grant.item.order},
                              {"said", moment_json(grant.said)},
                              {"basis", "signed_by_device"}});
  json["receipts"] = ordered_json::array();
  for (const auto& [place, fact] : channel.receipts)
    json["receipts"].push_back({{"device", encode_hex(place.first)},
                                {"step", sealing::name_of(place.second)},
                                {"channel_seq", fact.channel_seq},
                                {"said", moment_json(fact.said)},
                                {"client_ms", fact.client_ms},
                                {"basis", "signed_by_device"}});
  json["existed_by"] =
      channel.existed_by ? anchor_json(report, *channel.existed_by) : ordered_json();
  json["access"] = access_json(channel.access);
  json["texts"] = ordered_json::array();
  for (const evidence::TextFact& text : channel.texts)
    json["texts"].push_back({{"channel_seq", text.channel_seq},
                             {"type", name_of(text.type)},
                             {"device", encode_hex(text.sender)},
                             {"said", moment_json(text.said)},
                             {"words", text.words ? ordered_json(*text.words) : ordered_json()},
                             {"basis", "signed_by_device"}});
  return json;
}

ordered_json query_json(const evidence::ExportQuery& query) {
  ordered_json json{{"whole_journal", query.is_whole()}};
  if (!query.channel.is_zero()) json["channel"] = encode_hex(query.channel);
  if (!query.person.is_zero()) json["person"] = encode_hex(query.person);
  if (query.from_ms != 0) json["from_ms"] = query.from_ms;
  if (query.to_ms != 0) json["to_ms"] = query.to_ms;
  if (!query.case_number.empty()) json["case"] = query.case_number;
  return json;
}

void add_people(const evidence::ExportReport& report, ordered_json& json) {
  json["devices"] = ordered_json::array();
  for (const auto& [id, fact] : report.devices) {
    const auto agency = report.agencies.find(fact.agency);
    json["devices"].push_back(
        {{"device", encode_hex(id)},
         {"person", encode_hex(fact.person)},
         {"agency", encode_hex(fact.agency)},
         {"agency_name", agency == report.agencies.end() ? "" : agency->second},
         {"role", name_of(fact.role)},
         {"name", fact.name ? ordered_json(*fact.name) : ordered_json()},
         {"revoked_index",
          fact.revoked_index ? ordered_json(*fact.revoked_index) : ordered_json()}});
  }
}

std::string_view word_of(evidence::ExportForm form) {
  switch (form) {
    case evidence::ExportForm::whole:
      break;
    case evidence::ExportForm::selection:
      return "selection";
    case evidence::ExportForm::excerpt:
      return "excerpt";
  }
  return "whole";
}

}  // namespace

ordered_json export_report_json(const evidence::ExportReport& report) {
  ordered_json kinds = ordered_json::object();
  for (std::size_t kind = 0; kind < report.kinds.size(); ++kind)
    if (report.kinds[kind] != 0)
      kinds[std::string(journal::name_of(static_cast<journal::LeafKind>(kind)))] =
          report.kinds[kind];
  const bool is_whole = report.head.form == evidence::ExportForm::whole;
  ordered_json json{{"verified", true},
                    {"form", word_of(report.head.form)},
                    {"origin", report.origin},
                    {"genesis", encode_hex(report.genesis)},
                    {"size", report.size},
                    {"root", encode_hex(report.root)},
                    {"verifier_key",  // for programs that know signed notes and not us
                     journal::format_verifier_key(
                         {report.origin, journal::NoteKeyType::ed25519, report.journal_key})},
                    {"leaves", report.leaves},
                    {"directory_count", report.directory_count},
                    {"kinds", std::move(kinds)},
                    {"asked", query_json(report.head.query)},
                    {"asked_by", encode_hex(report.question.auditor)},
                    {"asked_at", moment_json(report.asked)},
                    {"quoted_checkpoints", report.quotes},
                    {"timestamps", anchors_json(report)},
                    {"not_understood", report.not_understood},
                    {"refusals", report.refusals},
                    {"no_hidden_channel", is_whole},
                    {"texts", report.texts}};
  add_cosigners(json, report.cosigners);
  add_people(report, json);
  json["channels"] = ordered_json::array();
  for (const auto& [id, channel] : report.channels)
    json["channels"].push_back(channel_json(report, channel));
  json["access"] = access_json(report.access);
  json["audits"] = ordered_json::array();
  for (const evidence::AuditFact& audit : report.audits)
    json["audits"].push_back(
        {{"what", sealing::name_of(audit.what)},
         {"contents", audit.what == sealing::AuditWhat::read && !audit.is_of_leaves},
         {"device", encode_hex(audit.auditor)},
         {"channel",
          audit.channel.is_zero() ? ordered_json() : ordered_json(encode_hex(audit.channel))},
         {"of_size", audit.size},
         {"said", moment_json(audit.said)},
         {"basis", "signed_by_device"}});
  return json;
}

}  // namespace oberih::client
