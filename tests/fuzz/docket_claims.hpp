// SPDX-License-Identifier: Apache-2.0
// What holds of every docket that was read, whatever file it came from.
#pragma once

#include "client-cli/docket/docket.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/sealing/hearing_facts.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace oberih::fuzz {

inline void require_sound(const client::Docket& docket, std::size_t input_bytes) {
  require(docket.rows.size() <= client::docket_rows_at_most, "rows are bounded");
  require(docket.refused.size() <= client::docket_faults_at_most, "reports are bounded");
  require(docket.rows.size() + docket.refused.size() <= input_bytes, "a row takes a byte or more");
  for (const client::DocketRow& row : docket.rows) {
    require(row.line > 0, "a row says where it stands");
    require(!find_fault(row.start), "a row's time is one moment");
    (void)moment_of(row.start);
    require(row.minutes > 0 && row.minutes <= sealing::hearing_minutes_at_most,
            "a session's length is one");
    require(!row.case_number.empty() && !row.act.empty(), "a row has a case and an act");
    for (const std::string* text : {&row.case_number, &row.act, &row.room, &row.judge})
      require(text->size() <= client::docket_field_bytes_at_most &&
                  !encoding::has_control_characters(*text),
              "a row's words are plain and short");
  }
  for (const client::DocketRefusal& refused : docket.refused) {
    require(refused.line > 0, "a refused row says where it stands");
    (void)name_of(refused.fault);
  }
}

}  // namespace oberih::fuzz
