// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/hearing_text.hpp"

#include <algorithm>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/in_place_writer.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/sealing/hearing_facts.hpp"
#include "protocol/sealing/word_table.hpp"

namespace oberih::sealing {
namespace {

static_assert(rows_stand_in_order(procedural_statuses, &ProceduralStatusRow::status));

constexpr std::uint8_t hearing_text_version = 1;
// Fits a body of 65,536 bytes with all that is around it.
constexpr std::size_t hearing_text_bytes_at_most = 65'260;
constexpr std::size_t line_characters_at_most = 1'000;
constexpr std::size_t words_characters_at_most = 8'000;
constexpr std::uint8_t all_measures = (1 << protective_measures.size()) - 1;

constexpr std::array<std::string SummonsText::*, 9> summons_lines = {
    &SummonsText::summoned_by, &SummonsText::court_name,   &SummonsText::court_address,
    &SummonsText::court_phone, &SummonsText::case_number,  &SummonsText::place,
    &SummonsText::act,         &SummonsText::consequences, &SummonsText::valid_reasons};

bool has_summons(HearingVerb verb) {
  return verb == HearingVerb::schedule || verb == HearingVerb::reschedule;
}

/// Characters of UTF-8: bytes that do not continue one.
std::size_t hearing_text_characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

const char* find_line_fault(std::string_view line) {
  if (!encoding::is_valid_utf8(line)) return "a line of the summons is not UTF-8";
  if (encoding::has_control_characters(line)) return "a line of the summons has control characters";
  if (hearing_text_characters(line) > line_characters_at_most)
    return "a line of the summons has over 1,000 characters";
  return nullptr;
}

const char* find_summons_fault(const SummonsText& summons) {
  for (const auto line : summons_lines) {
    if ((summons.*line).empty()) return "a field of the summons is empty";
    if (const char* fault = find_line_fault(summons.*line)) return fault;
  }
  if (summons.called.empty() || summons.called.size() > hearing_addressees_at_most)
    return "a summons calls 1 to 500";
  for (const CalledPerson& called : summons.called) {
    if ((called.measures & ~all_measures) != 0) return "an unknown protective measure";
    if (const char* fault = find_line_fault(called.name)) return fault;
    if (const char* fault = find_line_fault(called.address)) return fault;
  }
  return nullptr;
}

/// Why the text may not be sent or shown; null when it may.
const char* find_hearing_text_fault(const HearingText& text) {
  if (text.summons.has_value() != has_summons(text.verb))
    return "a summons stands where a hearing is scheduled or moved, and nowhere else";
  if (!encoding::is_valid_utf8(text.words)) return "the words are not UTF-8";
  if (hearing_text_characters(text.words) > words_characters_at_most)
    return "the words have over 8,000 characters";
  if (!text.attachments.empty() && text.verb != HearingVerb::record_service)
    return "files go with a service alone";
  if (text.summons)
    if (const char* fault = find_summons_fault(*text.summons)) return fault;
  return find_attachments_fault(text.attachments);
}

std::size_t summons_bytes(const SummonsText& summons) {
  std::size_t bytes = 2;
  for (const auto line : summons_lines) bytes += 4 + (summons.*line).size();
  for (const CalledPerson& called : summons.called)
    bytes += 2 + 4 + called.name.size() + 4 + called.address.size();
  return bytes;
}

void write_summons(InPlaceWriter& writer, const SummonsText& summons) {
  for (const auto line : summons_lines) writer.vec(summons.*line);
  writer.u16(static_cast<std::uint16_t>(summons.called.size()));
  for (const CalledPerson& called : summons.called) {
    writer.u8(static_cast<std::uint8_t>(called.status));
    writer.u8(called.measures);
    writer.vec(called.name);
    writer.vec(called.address);
  }
}

std::string read_line(ByteReader& reader) {
  return std::string(as_text(reader.vec(hearing_text_bytes_at_most)));
}

/// Nothing: an unknown status.
std::optional<SummonsText> read_summons(ByteReader& reader) {
  SummonsText summons;
  for (const auto line : summons_lines) summons.*line = read_line(reader);
  const std::uint16_t count = reader.u16();
  for (std::uint16_t i = 0; i < count; ++i) {
    const auto status = value_of<ProceduralStatus>(procedural_statuses, reader.u8());
    if (!status) return std::nullopt;
    CalledPerson& called = summons.called.emplace_back();
    called.status = *status;
    called.measures = reader.u8();
    called.name = read_line(reader);
    called.address = read_line(reader);
  }
  return summons;
}

}  // namespace

std::string_view name_of(ProceduralStatus status) {
  return row_of(procedural_statuses, status).name;
}
std::string_view name_of(ProtectiveMeasure measure) {
  for (const ProtectiveMeasureRow& row : protective_measures)
    if (row.measure == measure) return row.name;
  return {};
}
std::optional<ProceduralStatus> find_procedural_status(std::string_view name) {
  return find_named<ProceduralStatus>(procedural_statuses, name);
}
std::optional<ProtectiveMeasure> find_protective_measure(std::string_view name) {
  for (const ProtectiveMeasureRow& row : protective_measures)
    if (row.name == name) return row.measure;
  return std::nullopt;
}

Result<SecretBuffer> encode_hearing_text(const HearingText& text) {
  if (const char* fault = find_hearing_text_fault(text))
    return refuse(RefusalCode::invalid_parameters, fault);
  const std::size_t files = encoded_attachments_bytes(text.attachments);
  const std::size_t size =
      2 + (text.summons ? summons_bytes(*text.summons) : 0) + 4 + text.words.size() + files;
  if (size > hearing_text_bytes_at_most) return refuse(RefusalCode::body_too_large);
  SecretBuffer buffer(size);
  InPlaceWriter writer(buffer.writable());
  writer.u8(hearing_text_version);
  writer.u8(static_cast<std::uint8_t>(text.verb));
  if (text.summons) write_summons(writer, *text.summons);
  writer.vec(text.words);
  encode_attachments(text.attachments, writer.rest());
  return buffer;
}

Result<HearingText> parse_hearing_text(ByteView bytes) {
  if (bytes.size() > hearing_text_bytes_at_most)
    return refuse(RefusalCode::malformed_object, "a hearing's text that is too long");
  ByteReader reader(bytes);
  if (reader.u8() != hearing_text_version)
    return refuse(RefusalCode::malformed_object, "unknown version of a hearing's text");
  const std::optional<HearingVerb> verb = hearing_verb_of(reader.u8());
  if (!verb) return refuse(RefusalCode::malformed_object, "a text of an unknown verb");
  HearingText text;
  text.verb = *verb;
  if (has_summons(*verb)) {
    text.summons = read_summons(reader);
    if (!text.summons) return refuse(RefusalCode::malformed_object, "an unknown status");
  }
  text.words = read_line(reader);
  Result<std::vector<Attachment>> attachments = read_attachments(reader);
  if (!attachments) return attachments.error();
  text.attachments = std::move(*attachments);
  if (!reader.complete())
    return refuse(RefusalCode::malformed_object, "a hearing's text of wrong length");
  if (const char* fault = find_hearing_text_fault(text))
    return refuse(RefusalCode::malformed_object, fault);
  return text;
}

}  // namespace oberih::sealing
