// SPDX-License-Identifier: Apache-2.0
// For searching what people wrote: the same text whatever its case. Never for comparing names that
// decide something.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace oberih::encoding {

/// Unicode's full case folding, NFKC. Nothing when the text is not UTF-8.
std::optional<std::string> fold_case(std::string_view text);

}  // namespace oberih::encoding
