// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/entry_facts.hpp"

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/sealing/malformed.hpp"
#include "protocol/sealing/sealed_entry.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t facts_version = 1;
constexpr std::uint8_t every_request = 7;  // all bits of AsksFor

CommonFacts read_common(ByteReader& reader) {
  if (reader.u8() != facts_version) reader.fail();
  CommonFacts facts;
  const std::optional<HandlingCode> handling = handling_of(reader.u8());
  if (!handling) reader.fail();
  facts.handling = handling.value_or(HandlingCode{});
  facts.priority = reader.u8();
  facts.asks_for = reader.u8();
  if (facts.asks_for > every_request) reader.fail();
  return facts;
}

void write_common(ByteWriter& writer, const CommonFacts& facts) {
  writer.u8(facts_version).u8(byte_of(facts.handling)).u8(facts.priority).u8(facts.asks_for);
}

EntryReference read_reference(ByteReader& reader) {
  EntryReference reference;
  reference.channel_seq = reader.u64();
  reference.message_hash = reader.id<Digest>();
  if (reference.channel_seq == 0) reader.fail();
  return reference;
}

void write_reference(ByteWriter& writer, const EntryReference& reference) {
  writer.u64(reference.channel_seq).raw(reference.message_hash);
}

Admitted read_admitted(ByteReader& reader) {
  Admitted admitted;
  const std::uint8_t what = reader.u8();
  if (what != 1 && what != 2) reader.fail();
  admitted.what = static_cast<Admitted::What>(what);
  admitted.id = reader.id<PersonId>().bytes;
  return admitted;
}

void write_admitted(ByteWriter& writer, const Admitted& admitted) {
  writer.u8(static_cast<std::uint8_t>(admitted.what)).raw(admitted.id);
}

}  // namespace

std::uint8_t byte_of(const HandlingCode& code) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(code.restriction) +
                                   8 * static_cast<unsigned>(code.traffic_light));
}

std::optional<HandlingCode> handling_of(std::uint8_t byte) {
  const std::uint8_t restriction = byte & 7, traffic_light = byte >> 3;
  if (restriction > 3 || traffic_light > 5) return std::nullopt;
  return HandlingCode{static_cast<Restriction>(restriction),
                      static_cast<TrafficLight>(traffic_light)};
}

std::string name_of(const HandlingCode& code) {
  static constexpr std::string_view lights[] = {"",      "CLEAR",        "GREEN",
                                                "AMBER", "AMBER+STRICT", "RED"};
  std::string name;
  if (code.restriction != Restriction::none)
    name = "H" + std::to_string(static_cast<int>(code.restriction));
  if (code.traffic_light == TrafficLight::unmarked) return name;
  if (!name.empty()) name += " ";
  return name.append("TLP:").append(lights[static_cast<std::size_t>(code.traffic_light)]);
}

std::string_view name_of(AcknowledgementKind kind) {
  switch (kind) {
    case AcknowledgementKind::received:
      return "received";
    case AcknowledgementKind::understood:
      return "understood";
    case AcknowledgementKind::cannot_attend:
      return "cannot_attend";
  }
  return "received";
}

Result<CommonFacts> parse_common_facts(ByteView facts) {
  if (facts.empty()) return CommonFacts{};
  ByteReader reader(facts);
  const CommonFacts common = read_common(reader);
  if (reader.failed()) return malformed("facts that do not begin with the common four bytes");
  return common;
}

Bytes encode_common_facts(const CommonFacts& facts) {
  if (facts == CommonFacts{}) return {};
  ByteWriter writer;
  write_common(writer, facts);
  return writer.take();
}

Bytes encode_acknowledgement_facts(const AcknowledgementFacts& facts) {
  ByteWriter writer;
  write_common(writer, facts.common);
  write_reference(writer, facts.entry);
  writer.u8(static_cast<std::uint8_t>(facts.kind));
  if (!facts.acting_for.is_zero()) writer.raw(facts.acting_for);
  return writer.take();
}

Result<AcknowledgementFacts> parse_acknowledgement_facts(ByteView bytes) {
  ByteReader reader(bytes);
  AcknowledgementFacts facts;
  facts.common = read_common(reader);
  facts.entry = read_reference(reader);
  const std::uint8_t kind = reader.u8();
  // One spelling for each: who acts as oneself names nobody.
  const bool is_deputy = !reader.at_end();
  if (is_deputy) facts.acting_for = reader.id<PersonId>();
  if (!reader.complete() || kind < 1 || kind > 3 || facts.common.asks_for != 0 ||
      is_deputy == facts.acting_for.is_zero())
    return malformed("facts of an acknowledgement that are not well formed");
  facts.kind = static_cast<AcknowledgementKind>(kind);
  return facts;
}

Bytes encode_request_facts(const RequestFacts& facts) {
  ByteWriter writer;
  write_common(writer, facts.common);
  write_reference(writer, facts.entry);
  write_admitted(writer, facts.admitted);
  return writer.take();
}

Result<RequestFacts> parse_request_facts(ByteView bytes) {
  ByteReader reader(bytes);
  RequestFacts facts;
  facts.common = read_common(reader);
  facts.entry = read_reference(reader);
  facts.admitted = read_admitted(reader);
  if (!reader.complete() || !facts.common.asks(AsksFor::consent))
    return malformed("facts of a request to an originator that are not well formed");
  return facts;
}

Bytes encode_consent_facts(const ConsentFacts& facts) {
  ByteWriter writer;
  write_common(writer, facts.common);
  write_reference(writer, facts.request);
  write_reference(writer, facts.entry);
  write_admitted(writer, facts.admitted);
  writer.u8(facts.agrees ? 1 : 0);
  return writer.take();
}

Result<ConsentFacts> parse_consent_facts(ByteView bytes) {
  ByteReader reader(bytes);
  ConsentFacts facts;
  facts.common = read_common(reader);
  facts.request = read_reference(reader);
  facts.entry = read_reference(reader);
  facts.admitted = read_admitted(reader);
  const std::uint8_t agrees = reader.u8();
  if (!reader.complete() || agrees > 1 || facts.common.asks_for != 0)
    return malformed("facts of an originator's answer that are not well formed");
  facts.agrees = agrees == 1;
  return facts;
}

bool facts_fit(EntryType type, ByteView facts) {
  const Result<CommonFacts> common = parse_common_facts(facts);
  if (!common) return false;
  switch (type) {
    case EntryType::message:
      if (common->asks(AsksFor::consent)) return parse_request_facts(facts).has_value();
      return facts.size() <= 4;
    case EntryType::leave:
    case EntryType::wrap_unusable:
      return facts.size() <= 4;
    case EntryType::acknowledgement:
      return parse_acknowledgement_facts(facts).has_value();
    case EntryType::consent:
      return parse_consent_facts(facts).has_value();
    case EntryType::task:
    case EntryType::hearing:
      return true;
  }
  return false;
}

CommonFacts common_facts_of(const EntryHeader& header) {
  const Result<CommonFacts> facts = parse_common_facts(header.facts);
  return facts ? *facts : CommonFacts{};
}

}  // namespace oberih::sealing
