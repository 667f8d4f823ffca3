// SPDX-License-Identifier: Apache-2.0
// The file in which a clerk fills in a summons (JSON, as `oberih hearing template` prints it), and
// what stands in it before names are looked up. It must not know the directory.
#pragma once

#include <optional>
#include <vector>

#include "protocol/base/result.hpp"
#include "protocol/sealing/hearing_text.hpp"

namespace oberih::client {

/// `signature, post, family`: an unknown word is answered with those that there are.
template <class Rows>
std::string names_of_rows(const Rows& rows) {
  std::string names;
  for (const auto& row : rows) names += (names.empty() ? "" : ", ") + std::string(row.name);
  return names;
}
template <class Rows>
Refusal not_of_list(const std::string& option, const Rows& rows) {
  return refuse(RefusalCode::usage, option + " is one of " + names_of_rows(rows));
}

/// Somebody who is called: a unit or a person with an account, or a name.
struct DraftAddressee {
  std::string where;  // for refusals: `line 12: called[2]`, or the option
  std::string unit, person;
  sealing::CalledPerson called;
  bool is_through_centre = false;
};

/// Empty: not said.
struct HearingDraft {
  std::string start, answer_by, proceeding, room_id, words;
  std::optional<std::uint64_t> minutes, testimony_ordinal;
  sealing::SummonsText summons;  // without whom it calls
  std::vector<DraftAddressee> called;
  std::vector<std::string> not_told;  // `AGENCY` or `AGENCY/UNIT`
};

/// Refusal: usage, with the line and the field.
Result<HearingDraft> parse_hearing_file(std::string_view text);
/// The same as a file to fill in; it can be read as it is.
std::string hearing_file_template();

/// That no line is missing, and each is plain. Refusal: usage, with the name of the field.
Result<> check_summons_lines(const sealing::SummonsText& summons);

/// `WHO:STATUS[:MEASURE,MEASURE]` behind `option`. Refusal: usage.
struct CallOption {
  std::string who;
  sealing::CalledPerson called;
};
Result<CallOption> parse_call_option(const std::string& option, const std::string& text);

/// What the law says where a summons says nothing of its own (art. 138 and 139).
extern const std::string_view usual_consequences;
extern const std::string_view usual_valid_reasons;

}  // namespace oberih::client
