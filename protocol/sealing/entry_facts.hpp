// SPDX-License-Identifier: Apache-2.0
// Facts: the small part of an entry that is signed and not sealed. The common four bytes, and what
// goes on behind them in acknowledgements, in requests to an originator and in the answers.
// Bytes: docs/protocol.md, section 16. Whether what they name is there: entry_references.hpp.
#pragma once

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/vocabulary.hpp"

namespace oberih::sealing {

struct EntryHeader;

// ON DISK: the numbers below are signed and stored.
enum class Restriction : std::uint8_t {
  none = 0,
  not_as_evidence = 1,  // H1: not in court without the originator's permission
  not_passed_on = 2,    // H2: to no agency that was not there, without it
  in_words = 3,         // H3: the text says what
};
enum class TrafficLight : std::uint8_t {
  unmarked = 0,
  clear = 1,
  green = 2,
  amber = 3,
  amber_strict = 4,  // the author's own agency
  red = 5,           // the persons who were there
};
struct HandlingCode {
  Restriction restriction{};
  TrafficLight traffic_light{};
  bool operator==(const HandlingCode&) const = default;
};
std::uint8_t byte_of(const HandlingCode& code);  // H + 8 x TLP
std::optional<HandlingCode> handling_of(std::uint8_t byte);
/// "H2", "AMBER+STRICT", "H2 TLP:RED"; empty where nothing is marked.
std::string name_of(const HandlingCode& code);

enum class AsksFor : std::uint8_t { receipt_at_once = 1, acknowledgement = 2, consent = 4 };
inline constexpr std::uint8_t priority_urgent = 1;  // and what is above it; 0 is normal

struct CommonFacts {
  HandlingCode handling;
  std::uint8_t priority = 0;
  std::uint8_t asks_for = 0;  // bits of AsksFor

  bool asks(AsksFor what) const { return (asks_for & static_cast<std::uint8_t>(what)) != 0; }
  bool is_urgent() const { return priority >= priority_urgent; }
  bool operator==(const CommonFacts&) const = default;
};

/// How entries name one another.
struct EntryReference {
  std::uint64_t channel_seq = 0;
  Digest message_hash;
  bool operator==(const EntryReference&) const = default;
};

enum class AcknowledgementKind : std::uint8_t { received = 1, understood = 2, cannot_attend = 3 };
std::string_view name_of(AcknowledgementKind kind);

struct AcknowledgementFacts {  // type 4; asks for nothing
  CommonFacts common;
  EntryReference entry;
  AcknowledgementKind kind{};
  PersonId acting_for{};  // of a hearing's notice: whom the author stands in for; zero: nobody
};

/// Whom an originator lets an entry be passed on to: exactly one agency, or one person.
struct Admitted {
  enum class What : std::uint8_t { agency = 1, person = 2 } what{};
  ByteArray<16> id{};
  auto operator<=>(const Admitted&) const = default;

  static Admitted of(const AgencyId& agency) { return {What::agency, agency.bytes}; }
  static Admitted of(const PersonId& person) { return {What::person, person.bytes}; }
};

struct RequestFacts {  // type 1 with AsksFor::consent
  CommonFacts common;
  EntryReference entry;
  Admitted admitted;
};

struct ConsentFacts {  // type 8; asks for nothing
  CommonFacts common;
  EntryReference request;
  EntryReference entry;  // the same as the request's
  Admitted admitted;     // the same
  bool agrees = false;
};

/// Of any type; empty facts are unmarked, normal, and ask for nothing. malformed_object.
Result<CommonFacts> parse_common_facts(ByteView facts);
Bytes encode_common_facts(const CommonFacts& facts);  // empty where nothing is said

Bytes encode_acknowledgement_facts(const AcknowledgementFacts& facts);
Result<AcknowledgementFacts> parse_acknowledgement_facts(ByteView facts);
Bytes encode_request_facts(const RequestFacts& facts);
Result<RequestFacts> parse_request_facts(ByteView facts);
Bytes encode_consent_facts(const ConsentFacts& facts);
Result<ConsentFacts> parse_consent_facts(ByteView facts);

/// Whether facts may stand in an entry of this type.
bool facts_fit(EntryType type, ByteView facts);

/// Of facts that were parsed with their header.
CommonFacts common_facts_of(const EntryHeader& header);

}  // namespace oberih::sealing
