// SPDX-License-Identifier: Apache-2.0
// Whether a text names what somebody looks for: `417` stands in "ухвала № 417/2027", not in "4170".
#pragma once

#include <string_view>

namespace oberih::encoding {

/// Whether `words` occur in `text`, compared as fold_case() does, with an end of the text or a
/// character that is neither letter nor digit on either side. False where one is not UTF-8.
[[nodiscard]] bool has_whole_words(std::string_view text, std::string_view words);

}  // namespace oberih::encoding
