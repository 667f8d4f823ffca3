// SPDX-License-Identifier: Apache-2.0
// A docket as CSV, from the bytes of a file on: in either encoding. Whatever is taken could be
// scheduled as it stands, and no row gets lost without a word.
#include "client-cli/docket/csv_docket.hpp"
#include "client-cli/docket/docket_text.hpp"
#include "tests/fuzz/docket_claims.hpp"

namespace oberih::fuzz {

bool judge(ByteView input) {
  bool accepted = false;
  for (const auto encoding :
       {client::DocketEncoding::utf_8, client::DocketEncoding::windows_1251}) {
    const auto text = client::read_docket_text(as_text(input), encoding);
    if (!text) continue;
    require(encoding::is_valid_utf8(*text), "a docket's text is UTF-8");
    const auto docket = client::read_csv_docket(*text);
    if (!docket) continue;
    accepted |= !docket->rows.empty();
    require_sound(*docket, input.size());
  }
  return accepted;
}

}  // namespace oberih::fuzz
