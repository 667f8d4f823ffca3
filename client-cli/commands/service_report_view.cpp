// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/service_report_view.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "client-cli/commands/cosigners_view.hpp"
#include "client-cli/commands/hearing_view.hpp"
#include "client-cli/commands/service_ways.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using encoding::printable;

constexpr std::size_t proof_digits_shown = 8;

class ServiceReportView {
 public:
  ServiceReportView(Console& console, const evidence::ServiceReport& report)
      : console_(console), report_(report), hearing_(*report.hearing) {}

  void print() {
    print_notice();
    for (std::size_t i = 0; i < report_.lines.size(); ++i) print_line(i + 1, report_.lines[i]);
    print_verdict();
  }
  nlohmann::ordered_json json() const;

 private:
  void print_notice();
  void print_line(std::size_t number, const evidence::ServiceLine& line);
  void print_words(const evidence::ProvenEntry& entry);
  void print_verdict();

  std::string agency(const AgencyId& id) const {
    const auto found = report_.agencies.find(id);
    return found == report_.agencies.end() ? digits(id) : printable(found->second);
  }
  template <class Id>
  static std::string digits(const Id& id) {
    return encode_hex(id).substr(0, proof_digits_shown);
  }
  std::string signer(const evidence::ProvenEntry& entry) const;
  std::string addressee(const evidence::ServiceLine& line) const;

  Console& console_;
  const evidence::ServiceReport& report_;
  const sealing::Hearing& hearing_;
};

std::string ServiceReportView::signer(const evidence::ProvenEntry& entry) const {
  const std::string name = entry.name ? printable(*entry.name)
                                      : console_.text(Sentence::proof_name_not_disclosed,
                                                      {{"person", digits(entry.person)}});
  const std::string by = console_.text(
      Sentence::proof_signer, {{"name", name},
                               {"agency", agency(entry.agency)},
                               {"device", digits(entry.device)},
                               {"index", std::to_string(entry.index)},
                               {"time", format_time(entry.server_ms, console_.language())}});
  if (entry.acting_for.is_zero()) return by;
  const std::string other = entry.stood_in_for
                                ? printable(*entry.stood_in_for)
                                : console_.text(Sentence::proof_name_not_disclosed,
                                                {{"person", digits(entry.acting_for)}});
  return console_.text(Sentence::proof_stood_in, {{"signer", by}, {"for", other}});
}

std::string ServiceReportView::addressee(const evidence::ServiceLine& line) const {
  const std::string id = encode_hex(ByteView(line.addressee.id)).substr(0, proof_digits_shown);
  if (line.called && !line.called->name.empty()) return printable(line.called->name);
  switch (line.addressee.kind) {
    case sealing::AddresseeKind::no_account:
      return console_.text(Sentence::proof_unnamed, {{"id", id}});
    case sealing::AddresseeKind::unit:
      return console_.text(Sentence::proof_unit,
                           {{"id", id}, {"agency", agency(line.addressee.agency)}});
    case sealing::AddresseeKind::person:
      return console_.text(Sentence::proof_person,
                           {{"id", id}, {"agency", agency(line.addressee.agency)}});
  }
  return id;
}

void ServiceReportView::print_notice() {
  console_.say(Sentence::proof_heading,
               {{"id", digits(hearing_.id)},
                {"version", std::to_string(hearing_.version)},
                {"state", state_word(console_, hearing_.state)},
                {"start", format_wall_time(hearing_.notice.start, console_.language())},
                {"minutes", std::to_string(hearing_.notice.minutes)}});
  if (!report_.summons) {
    console_.say(Sentence::proof_without_summons);
  } else {
    const sealing::SummonsText& summons = *report_.summons;
    console_.say(Sentence::proof_summons, {{"case", printable(summons.case_number)},
                                           {"act", printable(summons.act)},
                                           {"place", printable(summons.place)},
                                           {"by", printable(summons.summoned_by)},
                                           {"court", printable(summons.court_name)},
                                           {"address", printable(summons.court_address)},
                                           {"phone", printable(summons.court_phone)}});
  }
  console_.say(Sentence::proof_notice, {{"signer", signer(report_.notice)}});
  console_.line("");
}

void ServiceReportView::print_words(const evidence::ProvenEntry& entry) {
  if (entry.words && !entry.words->empty())
    console_.say(Sentence::proof_words, {{"words", printable(*entry.words)}});
}

void ServiceReportView::print_line(std::size_t number, const evidence::ServiceLine& line) {
  std::string who = addressee(line);
  if (line.called)
    who += console_.text(Sentence::proof_line_status,
                         {{"status", describe_status(console_, &*line.called)}});
  console_.say(Sentence::proof_line, {{"number", std::to_string(number)}, {"who", who}});
  if (line.answer) {
    console_.say(Sentence::proof_served_by_answer,
                 {{"kind", console_.text(answer_word(*line.service.answer))},
                  {"signer", signer(*line.answer)}});
    print_words(*line.answer);
  }
  if (line.served) {
    console_.say(Sentence::proof_served_by_way,
                 {{"way", law_of(*line.service.way).title(console_.language())},
                  {"date", format_time(line.service.served_ms, console_.language())},
                  {"signer", signer(*line.served)}});
    print_words(*line.served);
  }
  if (line.told)
    console_.say(Sentence::proof_told,
                 {{"date", format_time(line.service.told_ms, console_.language())},
                  {"signer", signer(*line.told)}});
  if (!line.service.is_served()) console_.say(Sentence::proof_not_served);
}

void ServiceReportView::print_verdict() {
  const auto served =
      std::count_if(report_.lines.begin(), report_.lines.end(),
                    [](const evidence::ServiceLine& line) { return line.service.is_served(); });
  console_.line("");
  console_.say(Sentence::proof_count, {{"served", std::to_string(served)},
                                       {"all", std::to_string(report_.lines.size())},
                                       {"version", std::to_string(hearing_.version)}});
  console_.say(Sentence::proof_proven, {{"origin", printable(report_.origin)},
                                        {"leaves", std::to_string(report_.channel_leaves)},
                                        {"size", std::to_string(report_.size)},
                                        {"root", encode_hex(report_.root)}});
  console_.say(Sentence::proof_asserted);
  for (const std::string& sentence : describe_cosigners(console_, report_.cosigners))
    console_.line(sentence);
  console_.say(Sentence::proof_not_shown, {{"index", std::to_string(report_.newest_index)}});
}

// -- for programs ---------------------------------------------------------------------------------

nlohmann::ordered_json proven_json(const std::optional<evidence::ProvenEntry>& entry) {
  if (!entry) return nullptr;
  nlohmann::ordered_json json{
      {"signed_by_device",
       {{"device", encode_hex(entry->device)},
        {"person", encode_hex(entry->person)},
        {"agency", encode_hex(entry->agency)}}},
      {"proven", {{"index", entry->index}, {"channel_seq", entry->channel_seq}}},
      {"asserted_by_server",
       {{"server_ms", entry->server_ms}, {"time", format_rfc3339(entry->server_ms)}}}};
  json["name"] = entry->name ? nlohmann::ordered_json(*entry->name) : nlohmann::ordered_json();
  json["acting_for"] = entry->acting_for.is_zero()
                           ? nlohmann::ordered_json()
                           : nlohmann::ordered_json(encode_hex(entry->acting_for));
  json["words"] = entry->words ? nlohmann::ordered_json(*entry->words) : nlohmann::ordered_json();
  return json;
}

nlohmann::ordered_json line_json(const evidence::ServiceLine& line) {
  nlohmann::ordered_json json{{"id", encode_hex(ByteView(line.addressee.id))},
                              {"agency", encode_hex(line.addressee.agency)},
                              {"served", line.service.is_served()}};
  if (line.called) {
    json["name"] = line.called->name;
    json["status"] = sealing::name_of(line.called->status);
  }
  if (line.service.answer) json["kind"] = sealing::name_of(*line.service.answer);
  json["answer"] = proven_json(line.answer);
  if (line.service.way) {
    json["way"] = sealing::name_of(*line.service.way);
    json["stated_ms"] = line.service.served_ms;
  }
  json["statement"] = proven_json(line.served);
  json["told"] = proven_json(line.told);
  return json;
}

nlohmann::ordered_json ServiceReportView::json() const {
  nlohmann::ordered_json lines = nlohmann::ordered_json::array();
  for (const evidence::ServiceLine& line : report_.lines) lines.push_back(line_json(line));
  nlohmann::ordered_json json{{"hearing", encode_hex(hearing_.id)},
                              {"version", hearing_.version},
                              {"state", sealing::name_of(hearing_.state)},
                              {"start", write_wall_time(hearing_.notice.start)},
                              {"minutes", hearing_.notice.minutes},
                              {"origin", report_.origin},
                              {"size", report_.size},
                              {"root", encode_hex(report_.root)},
                              {"channel", encode_hex(report_.channel)},
                              {"channel_leaves", report_.channel_leaves},
                              {"newest_index", report_.newest_index},
                              {"notice", proven_json(report_.notice)}};
  add_cosigners(json, report_.cosigners);
  if (report_.summons) {
    json["case"] = report_.summons->case_number;
    json["act"] = report_.summons->act;
    json["place"] = report_.summons->place;
  }
  json["addressees"] = std::move(lines);
  return json;
}

}  // namespace

void print_service_report(Console& console, const evidence::ServiceReport& report) {
  ServiceReportView view(console, report);
  view.print();
  console.object(view.json());
}

}  // namespace oberih::client
