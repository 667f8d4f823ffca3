// SPDX-License-Identifier: Apache-2.0
// The text of a docket's file: UTF-8, with or without a mark at its begin. Other encodings are
// recognised and named; windows-1251, which many offices still write, is converted when asked.
#pragma once

#include <string>
#include <string_view>

#include "protocol/base/result.hpp"

namespace oberih::client {

enum class DocketEncoding { utf_8, windows_1251 };
/// `utf-8`, `windows-1251`.
std::optional<DocketEncoding> find_docket_encoding(std::string_view name);

/// UTF-8 in NFC, without a mark. Refusal: docket_invalid with what the file seems to be.
Result<std::string> read_docket_text(std::string_view file, DocketEncoding encoding);

}  // namespace oberih::client
