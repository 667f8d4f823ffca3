// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/hearing_file.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "client-cli/commands/json_lines.hpp"
#include "protocol/encoding/strict_json.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/sealing/hearing_facts.hpp"

namespace oberih::client {

const std::string_view usual_consequences =
    "У разі неприбуття без поважних причин або неповідомлення про причини неприбуття може бути "
    "накладено грошове стягнення (ст. 139, 144 КПК України); до підозрюваного, обвинуваченого, "
    "свідка може бути застосовано привід (ст. 140).";
const std::string_view usual_valid_reasons =
    "Поважними причинами є (ст. 138 КПК України): затримання, тримання під вартою або відбування "
    "покарання; обмеження свободи пересування законом або рішенням суду; обставини непереборної "
    "сили; відсутність за місцем проживання тривалий час через відрядження чи подорож; тяжка "
    "хвороба або перебування в закладі охорони здоров'я; смерть чи тяжка хвороба близьких; "
    "несвоєчасне одержання повістки; інші обставини, які об'єктивно унеможливлюють з'явлення. Про "
    "неможливість з'явитися слід заздалегідь повідомити суд.";

namespace {

using encoding::StrictObject;
using Value = nlohmann::json;

constexpr std::size_t line_bytes = 4'000;  // 1,000 characters
constexpr std::size_t words_bytes = 32'000;
constexpr std::size_t listed_at_most = 100'000;  // so that a count can be named in a refusal

struct SummonsField {
  const char* name;
  std::string sealing::SummonsText::*member;
  bool must_be_there;
};
constexpr SummonsField summons_fields[] = {
    {"summoned_by", &sealing::SummonsText::summoned_by, true},
    {"court_name", &sealing::SummonsText::court_name, false},
    {"court_address", &sealing::SummonsText::court_address, true},
    {"court_phone", &sealing::SummonsText::court_phone, true},
    {"case_number", &sealing::SummonsText::case_number, true},
    {"room", &sealing::SummonsText::place, true},
    {"act", &sealing::SummonsText::act, true},
    {"consequences", &sealing::SummonsText::consequences, false},
    {"valid_reasons", &sealing::SummonsText::valid_reasons, false},
};

constexpr const char* not_plain =
    "has a line break or another character that is not seen: write one plain line";

/// One plain line of a summons.
std::string read_plain_line(StrictObject& object, const char* name, bool must_be_there) {
  std::string text = must_be_there ? object.text(name, line_bytes)
                                   : object.optional_text(name, line_bytes).value_or("");
  if (object.failed()) return {};
  if (must_be_there && text.empty()) object.fail(name, "is empty");
  if (encoding::has_control_characters(text)) object.fail(name, not_plain);
  return encoding::to_nfc(text).value_or("");
}

void read_measures(StrictObject& object, sealing::CalledPerson& called) {
  const Value* list = object.optional_array("measures", 16);
  if (list == nullptr) return;
  for (const Value& each : *list) {
    const auto measure = each.is_string()
                             ? sealing::find_protective_measure(each.get_ref<const std::string&>())
                             : std::nullopt;
    if (!measure)
      return object.fail("measures", "is a list of " + names_of_rows(sealing::protective_measures));
    called.measures |= static_cast<std::uint8_t>(*measure);
  }
}

void read_status(StrictObject& object, sealing::CalledPerson& called) {
  const auto status = sealing::find_procedural_status(object.text("status", 64));
  if (object.failed()) return;
  if (!status)
    return object.fail("status", "is one of " + names_of_rows(sealing::procedural_statuses));
  called.status = *status;
}

Result<DraftAddressee> read_addressee(const Value& value, const std::string& path) {
  StrictObject object(value, path);
  DraftAddressee addressee;
  addressee.unit = object.optional_text("unit", line_bytes).value_or("");
  addressee.person = object.optional_text("person", line_bytes).value_or("");
  addressee.called.name = read_plain_line(object, "name", false);
  addressee.called.address = read_plain_line(object, "address", false);
  addressee.is_through_centre = object.optional_boolean("through_centre").value_or(false);
  read_status(object, addressee.called);
  read_measures(object, addressee.called);
  const bool has_account = !addressee.unit.empty() || !addressee.person.empty();
  if (!addressee.unit.empty() && !addressee.person.empty())
    object.fail("unit", "or person, not both");
  if (!has_account && addressee.called.name.empty())
    object.fail("name", "is missing: say unit, person, or the name of who has no account");
  OBERIH_TRY(object.finish());
  return addressee;
}

void read_called(StrictObject& object, HearingDraft& draft, std::optional<Refusal>& refusal) {
  const Value& list = object.array("called", listed_at_most);
  if (list.empty()) object.fail("called", "calls nobody");
  if (list.size() > sealing::hearing_addressees_at_most)
    object.fail("called",
                "calls " + std::to_string(list.size()) + ": at most 500 are called to one hearing");
  if (object.failed()) return;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string path = "called[" + std::to_string(i) + "]";
    Result<DraftAddressee> addressee = read_addressee(list[i], path);
    if (!addressee) {
      refusal = addressee.error();
      return;
    }
    addressee->where = path;
    draft.called.push_back(std::move(*addressee));
  }
}

Result<HearingDraft> read_hearing(const Value& value) {
  StrictObject object(value);
  HearingDraft draft;
  draft.start = object.optional_text("start", 64).value_or("");
  draft.answer_by = object.optional_text("answer_by", 64).value_or("");
  draft.proceeding = object.optional_text("proceeding", 64).value_or("");
  draft.room_id = object.optional_text("room_id", 64).value_or("");
  draft.words = object.optional_text("words", words_bytes).value_or("");
  draft.minutes = object.optional_u64("minutes");
  draft.testimony_ordinal = object.optional_u64("testimony_ordinal");
  for (const SummonsField& field : summons_fields)
    draft.summons.*field.member = read_plain_line(object, field.name, field.must_be_there);
  std::optional<Refusal> refusal;
  read_called(object, draft, refusal);
  if (const Value* list = object.optional_array("not_told", sealing::hearing_exclusions_at_most))
    for (const Value& each : *list) {
      if (!each.is_string()) object.fail("not_told", "is a list of agencies, or AGENCY/UNIT");
      if (each.is_string()) draft.not_told.push_back(each.get<std::string>());
    }
  if (refusal) return *refusal;
  OBERIH_TRY(object.finish());
  return draft;
}

/// "it is not JSON at byte 12" is of no use to a clerk.
std::string with_line_of_fault(std::string_view text, std::string detail) {
  constexpr std::string_view mark = " at byte ";
  const std::size_t at = detail.rfind(mark);
  std::size_t byte = 0;
  if (at == std::string::npos) return detail;
  const char* begin = detail.data() + at + mark.size();
  if (std::from_chars(begin, detail.data() + detail.size(), byte).ec != std::errc()) return detail;
  return "line " + std::to_string(line_of_byte(text, byte == 0 ? 0 : byte - 1)) + ": " +
         detail.substr(0, at) + " (a comma, a quote or a bracket too many or too few?)";
}

std::string line_prefix(const FieldLines& lines, std::string_view path) {
  return "line " + std::to_string(lines.line_of(path)) + ": ";
}

}  // namespace

Result<HearingDraft> parse_hearing_file(std::string_view text) {
  const Result<Value> value = encoding::parse_strict_json(text);
  if (!value) return refuse(RefusalCode::usage, with_line_of_fault(text, value.error().detail));
  const FieldLines lines(text);
  Result<HearingDraft> draft = read_hearing(*value);
  if (!draft) {
    const std::string& detail = draft.error().detail;
    const std::string_view path = std::string_view(detail).substr(0, detail.find(' '));
    return refuse(RefusalCode::usage, line_prefix(lines, path) + detail);
  }
  for (DraftAddressee& each : draft->called)
    each.where = line_prefix(lines, each.where) + each.where;
  return draft;
}

Result<> check_summons_lines(const sealing::SummonsText& summons) {
  for (const SummonsField& field : summons_fields) {
    const std::string& line = summons.*field.member;
    if (line.empty())
      return refuse(RefusalCode::usage, std::string(field.name) +
                                            " is missing: say it on the command line or in --file");
    if (encoding::has_control_characters(line))
      return refuse(RefusalCode::usage, std::string(field.name) + " " + not_plain);
  }
  return {};
}

std::string hearing_file_template() {
  using Json = nlohmann::ordered_json;
  const Json example = {
      {"start", "2027-03-04 10:00"},
      {"minutes", 60},
      {"answer_by", "2027-03-01 18:00"},
      {"summoned_by", "суддя Петренко О. В."},
      {"court_name", "Приморський районний суд м. Одеси"},
      {"court_address", "м. Одеса, вул. Балківська, 33"},
      {"court_phone", "+380 48 000 00 00"},
      {"case_number", "522/417/26"},
      {"room", "зал 3, 2-й поверх"},
      {"act", "підготовче судове засідання"},
      {"consequences", usual_consequences},
      {"valid_reasons", usual_valid_reasons},
      {"testimony_ordinal", 0},
      {"called", Json::array({{{"unit", "Одеська обласна прокуратура"}, {"status", "prosecutor"}},
                              {{"person", "Адвокат Захисна Ніна"}, {"status", "defender"}},
                              {{"name", "Іваненко Іван Іванович"},
                               {"address", "м. Одеса, вул. Зразкова, 1, кв. 2"},
                               {"status", "witness"},
                               {"measures", {"interpreter"}}},
                              {{"unit", "Координаційний центр"},
                               {"through_centre", true},
                               {"status", "victim"},
                               {"measures", {"video_link", "accompaniment"}}}})},
      {"not_told", Json::array()},
      {"words", ""}};
  return example.dump(2) + "\n";
}

Result<CallOption> parse_call_option(const std::string& option, const std::string& text) {
  // From the end: names may hold a colon, statuses and measures never do.
  std::vector<std::string> parts;
  std::string rest = text;
  for (std::size_t at; parts.size() < 2 && (at = rest.rfind(':')) != std::string::npos;) {
    parts.insert(parts.begin(), rest.substr(at + 1));
    rest.resize(at);
    if (sealing::find_procedural_status(parts.front())) break;
  }
  const auto status = parts.empty() ? std::nullopt : sealing::find_procedural_status(parts[0]);
  if (!status || rest.empty())
    return refuse(RefusalCode::usage, option + " is WHO:STATUS or WHO:STATUS:MEASURES; STATUS is " +
                                          names_of_rows(sealing::procedural_statuses));
  CallOption call{std::move(rest), {}};
  call.called.status = *status;
  std::string measures = parts.size() > 1 ? parts[1] : std::string();
  while (!measures.empty()) {
    const std::size_t comma = std::min(measures.find(','), measures.size());
    const auto measure = sealing::find_protective_measure(measures.substr(0, comma));
    if (!measure)
      return refuse(RefusalCode::usage,
                    option + ": MEASURES are of " + names_of_rows(sealing::protective_measures));
    call.called.measures |= static_cast<std::uint8_t>(*measure);
    measures.erase(0, comma + 1);
  }
  return call;
}

}  // namespace oberih::client
