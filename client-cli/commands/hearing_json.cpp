// SPDX-License-Identifier: Apache-2.0
// Of hearing_view.hpp: hearings for programs.
#include <nlohmann/json.hpp>

#include "client-cli/commands/hearing_view.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

using Json = nlohmann::ordered_json;
using encoding::encode_hex;
using sealing::HearingVerb;

Json wall_time_json(const std::optional<WallTime>& time) {
  return time ? Json(write_wall_time(*time)) : Json();
}

Json summons_json(const sealing::SummonsText& summons) {
  return {{"summoned_by", summons.summoned_by},
          {"court_name", summons.court_name},
          {"court_address", summons.court_address},
          {"court_phone", summons.court_phone},
          {"case_number", summons.case_number},
          {"place", summons.place},
          {"act", summons.act},
          {"consequences", summons.consequences},
          {"valid_reasons", summons.valid_reasons}};
}

std::string_view name_of_kind(sealing::AddresseeKind kind) {
  switch (kind) {
    case sealing::AddresseeKind::unit:
      return "unit";
    case sealing::AddresseeKind::person:
      return "person";
    case sealing::AddresseeKind::no_account:
      return "no_account";
  }
  return "no_account";
}

Json addressee_json(const HearingInChannel& hearing, std::size_t i) {
  const sealing::HearingAddressee& addressee = hearing.hearing->notice.addressees[i];
  const sealing::HearingService& service = hearing.hearing->services[i];
  Json json{{"number", number_of(i)},
            {"kind", name_of_kind(addressee.kind)},
            {"agency", addressee.has_account() ? Json(encode_hex(addressee.agency)) : Json()},
            {"id", encode_hex(ByteView(addressee.id))},
            {"name", hearing.names[i]},
            {"through_centre", hearing.hearing->notice.goes_through_centre(i)},
            {"served", service.is_served()}};
  if (hearing.summons) {
    const sealing::CalledPerson& called = hearing.summons->called[i];
    json["status"] = sealing::name_of(called.status);
    json["measures"] = Json::array();
    for (const auto& row : sealing::protective_measures)
      if (called.has(row.measure)) json["measures"].push_back(row.name);
    json["called_as"] = called.name;
    json["address"] = called.address;
  }
  json["answer"] = service.answer ? Json(sealing::name_of(*service.answer)) : Json();
  if (service.answer) json["answer_seq"] = service.answer_seq;
  json["way"] = service.way ? Json(sealing::name_of(*service.way)) : Json();
  if (service.way) json["served_ms"] = service.served_ms;
  if (service.way) json["served_seq"] = service.served_seq;
  json["told_ms"] = service.told_ms != 0 ? Json(service.told_ms) : Json();
  json["proposed"] = wall_time_json(service.proposed);
  return json;
}

}  // namespace

Json event_json(const HearingEvent& event) {
  const sealing::HearingFacts& facts = event.facts;
  Json json{{"hearing", encode_hex(facts.hearing)},
            {"verb", sealing::name_of(facts.verb)},
            {"expected_version", facts.expected_version},
            {"channel_seq", event.seq},
            {"index", event.index},
            {"server_ms", event.server_ms},
            {"time", format_rfc3339(event.server_ms)},
            {"device", encode_hex(event.author)}};
  json["acting_for"] = facts.acting_for.is_zero() ? Json() : Json(encode_hex(facts.acting_for));
  if (!facts.notice.addressees.empty()) {
    json["start"] = write_wall_time(facts.notice.start);
    json["minutes"] = facts.notice.minutes;
    json["addressees"] = facts.notice.addressees.size();
  }
  switch (facts.verb) {
    case HearingVerb::record_service:
      json["way"] = sealing::name_of(facts.way);
      [[fallthrough]];
    case HearingVerb::confirm_told:
      json["done_ms"] = facts.done_ms;
      [[fallthrough]];
    case HearingVerb::propose_date:
      json["addressee"] = facts.addressee;
      break;
    case HearingVerb::schedule:
    case HearingVerb::reschedule:
    case HearingVerb::cancel:
    case HearingVerb::record_held:
    case HearingVerb::record_recess:
    case HearingVerb::record_adjournment:
    case HearingVerb::record_judgment:
      break;
  }
  if (facts.date) json["date"] = write_wall_time(*facts.date);
  if (facts.reason) json["reason"] = sealing::name_of(*facts.reason);
  if (event.text && event.text->summons) json["summons"] = summons_json(*event.text->summons);
  json["text"] = event.text ? Json(event.text->words) : Json();
  return json;
}

Json hearing_event_json(const sealing::HearingEvent& event) {
  Json json{{"what", sealing::name_of(event.what)},
            {"hearing", encode_hex(event.hearing)},
            {"version", event.version},
            {"start_ms", event.start_ms},
            {"said_for_ms", event.said_for_ms},
            {"minutes", event.minutes}};
  if (event.what == sealing::HearingEventWhat::alarm) json["not_served"] = event.unserved;
  return json;
}

Json hearing_json(CommandContext& context, const HearingInChannel& hearing) {
  const sealing::Hearing& held = *hearing.hearing;
  const sealing::HearingNotice& notice = held.notice;
  const sealing::Agency* court = context.session().directory().find_agency(notice.court);
  Json addressees = Json::array(), excluded = Json::array();
  for (std::size_t i = 0; i < held.services.size(); ++i)
    addressees.push_back(addressee_json(hearing, i));
  for (const sealing::HearingExclusion& each : notice.may_not_be_told)
    excluded.push_back({{"agency", encode_hex(each.agency)},
                        {"unit", each.unit.is_zero() ? Json() : Json(encode_hex(each.unit))}});
  return {{"hearing", encode_hex(held.id)},
          {"channel", encode_hex(hearing.channel)},
          {"channel_title", hearing.channel_title},
          {"state", sealing::name_of(held.state)},
          {"version", held.version},
          {"entry", held.entry.channel_seq},
          {"version_ms", held.version_ms},
          {"court", encode_hex(notice.court)},
          {"court_agency", court == nullptr ? Json() : Json(court->name)},
          {"proceeding", encode_hex(notice.proceeding)},
          {"start", write_wall_time(notice.start)},
          {"zone", "Europe/Kyiv"},
          {"start_utc", format_rfc3339(moment_of(notice.start))},
          {"minutes", notice.minutes},
          {"room", notice.room.is_zero() ? Json() : Json(encode_hex(notice.room))},
          {"answer_by_ms", notice.answer_by_ms},
          {"testimony_ordinal", notice.testimony_ordinal},
          {"goes_on", wall_time_json(held.goes_on)},
          {"reason", held.reason ? Json(sealing::name_of(*held.reason)) : Json()},
          {"summons", hearing.summons ? summons_json(*hearing.summons) : Json()},
          {"addressees", addressees},
          {"may_not_be_told", excluded}};
}

}  // namespace oberih::client
