// SPDX-License-Identifier: Apache-2.0
// The sealed text of a hearing's entry: the fields of a summons (Criminal Procedure Code of
// Ukraine, art. 137), who is called, in which status and under which protection, and the words that
// go with an outcome, a service or a proposal. Bytes: docs/protocol.md, section 20.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"
#include "protocol/sealing/attachment.hpp"
#include "protocol/sealing/hearing_transitions.hpp"

namespace oberih::sealing {

// ON DISK: the numbers of this file are sealed and stored.

/// The procedural status of somebody who is called.
enum class ProceduralStatus : std::uint8_t {
  suspect = 1,
  accused = 2,
  convicted = 3,
  defender = 4,
  victim = 5,
  representative = 6,  // of a victim, civil claimant or civil defendant
  legal_representative = 7,
  civil_claimant = 8,
  civil_defendant = 9,
  witness = 10,
  expert = 11,
  specialist = 12,
  interpreter = 13,
  prosecutor = 14,
  investigator = 15,
  other = 16,
};

/// How somebody is protected at the hearing; bits that are joined.
enum class ProtectiveMeasure : std::uint8_t {
  video_link = 1,
  screen = 2,
  separate_entrance = 4,
  interpreter = 8,
  accompaniment = 16,
};

struct ProceduralStatusRow {
  ProceduralStatus status;
  std::string_view name;
};
inline constexpr std::array<ProceduralStatusRow, 16> procedural_statuses = {{
    {ProceduralStatus::suspect, "suspect"},
    {ProceduralStatus::accused, "accused"},
    {ProceduralStatus::convicted, "convicted"},
    {ProceduralStatus::defender, "defender"},
    {ProceduralStatus::victim, "victim"},
    {ProceduralStatus::representative, "representative"},
    {ProceduralStatus::legal_representative, "legal_representative"},
    {ProceduralStatus::civil_claimant, "civil_claimant"},
    {ProceduralStatus::civil_defendant, "civil_defendant"},
    {ProceduralStatus::witness, "witness"},
    {ProceduralStatus::expert, "expert"},
    {ProceduralStatus::specialist, "specialist"},
    {ProceduralStatus::interpreter, "interpreter"},
    {ProceduralStatus::prosecutor, "prosecutor"},
    {ProceduralStatus::investigator, "investigator"},
    {ProceduralStatus::other, "other"},
}};

struct ProtectiveMeasureRow {
  ProtectiveMeasure measure;
  std::string_view name;
};
inline constexpr std::array<ProtectiveMeasureRow, 5> protective_measures = {{
    {ProtectiveMeasure::video_link, "video_link"},
    {ProtectiveMeasure::screen, "screen"},
    {ProtectiveMeasure::separate_entrance, "separate_entrance"},
    {ProtectiveMeasure::interpreter, "interpreter"},
    {ProtectiveMeasure::accompaniment, "accompaniment"},
}};

std::string_view name_of(ProceduralStatus status);
std::string_view name_of(ProtectiveMeasure measure);
std::optional<ProceduralStatus> find_procedural_status(std::string_view name);
std::optional<ProtectiveMeasure> find_protective_measure(std::string_view name);

/// What the sealed text adds to an addressee of the notice.
struct CalledPerson {
  ProceduralStatus status{};
  std::uint8_t measures = 0;  // bits of ProtectiveMeasure
  std::string name;           // must be there for who has no account, may be empty else
  std::string address;        // likewise may be empty: where a paper is brought to

  bool has(ProtectiveMeasure measure) const {
    return (measures & static_cast<std::uint8_t>(measure)) != 0;
  }
  bool operator==(const CalledPerson&) const = default;
};

/// What a summons says besides who is called and when (that stands in the facts). Lines without
/// control characters, at most 1,000 characters each, none empty but where the comment says so.
struct SummonsText {
  std::string summoned_by;  // the judge or panel, and the position
  std::string court_name;
  std::string court_address;
  std::string court_phone;
  std::string case_number;
  std::string place;          // where one has to come: the room, in words
  std::string act;            // what is done there: preparatory hearing, examination of a witness
  std::string consequences;   // of not appearing
  std::string valid_reasons;  // for not appearing, and the duty to warn of it
  std::vector<CalledPerson> called;  // of each addressee of the notice, in its order

  bool operator==(const SummonsText&) const = default;
};

struct HearingText {
  HearingVerb verb{};  // the same as in the facts: a text cannot be put under another verb
  std::optional<SummonsText> summons{};  // schedule, reschedule: must be there; else absent
  std::string words;                     // reason, proposal, how it was served; may be empty
  std::vector<Attachment> attachments;   // of record_service: the scan
};

/// Refuses invalid_parameters (not UTF-8, control characters, an empty or too long field, nobody
/// called) and body_too_large.
Result<SecretBuffer> encode_hearing_text(const HearingText& text);
/// Refusal: malformed_object. That there is one called person for each addressee, and a name for
/// who has no account, is asked by whoever has the facts beside it.
Result<HearingText> parse_hearing_text(ByteView bytes);

}  // namespace oberih::sealing
