// SPDX-License-Identifier: Apache-2.0
// A docket as text/calendar, from the bytes of a file on. Whatever is taken could be scheduled as
// it stands; what recurs is never unrolled.
#include "client-cli/docket/calendar_docket.hpp"
#include "client-cli/docket/content_lines.hpp"
#include "client-cli/docket/docket_text.hpp"
#include "tests/fuzz/docket_claims.hpp"

namespace oberih::fuzz {

bool judge(ByteView input) {
  const std::string unfolded = client::unfold_lines(as_text(input));
  require(unfolded.size() <= input.size() + 1, "unfolding adds no more than the last line's end");
  require(std::count(unfolded.begin(), unfolded.end(), '\n') -
                  std::count(input.begin(), input.end(), '\n') <=
              1,
          "unfolding keeps the count of lines");
  const auto text = client::read_docket_text(unfolded, client::DocketEncoding::utf_8);
  if (!text) return false;
  const auto docket = client::read_calendar_docket(*text);
  if (!docket) return false;
  require_sound(*docket, input.size());
  return !docket->rows.empty();
}

}  // namespace oberih::fuzz
