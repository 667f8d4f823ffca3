// SPDX-License-Identifier: Apache-2.0
#include "client-cli/docket/docket_text.hpp"

#include <algorithm>
#include <array>

#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

constexpr std::string_view utf_8_mark = "\xEF\xBB\xBF";

// The upper half of windows-1251; 0: no character.
constexpr std::array<char16_t, 128> windows_1251 = {
    0x0402, 0x0403, 0x201A, 0x0453, 0x201E, 0x2026, 0x2020, 0x2021, 0x20AC, 0x2030, 0x0409, 0x2039,
    0x040A, 0x040C, 0x040B, 0x040F, 0x0452, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x0000, 0x2122, 0x0459, 0x203A, 0x045A, 0x045C, 0x045B, 0x045F, 0x00A0, 0x040E, 0x045E, 0x0408,
    0x00A4, 0x0490, 0x00A6, 0x00A7, 0x0401, 0x00A9, 0x0404, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x0407,
    0x00B0, 0x00B1, 0x0406, 0x0456, 0x0491, 0x00B5, 0x00B6, 0x00B7, 0x0451, 0x2116, 0x0454, 0x00BB,
    0x0458, 0x0405, 0x0455, 0x0457, 0x0410, 0x0411, 0x0412, 0x0413, 0x0414, 0x0415, 0x0416, 0x0417,
    0x0418, 0x0419, 0x041A, 0x041B, 0x041C, 0x041D, 0x041E, 0x041F, 0x0420, 0x0421, 0x0422, 0x0423,
    0x0424, 0x0425, 0x0426, 0x0427, 0x0428, 0x0429, 0x042A, 0x042B, 0x042C, 0x042D, 0x042E, 0x042F,
    0x0430, 0x0431, 0x0432, 0x0433, 0x0434, 0x0435, 0x0436, 0x0437, 0x0438, 0x0439, 0x043A, 0x043B,
    0x043C, 0x043D, 0x043E, 0x043F, 0x0440, 0x0441, 0x0442, 0x0443, 0x0444, 0x0445, 0x0446, 0x0447,
    0x0448, 0x0449, 0x044A, 0x044B, 0x044C, 0x044D, 0x044E, 0x044F};

/// Of a character of the Basic Multilingual Plane.
void append_utf_8(std::string& text, char16_t c) {
  if (c < 0x80) {
    text += static_cast<char>(c);
  } else if (c < 0x800) {
    text += static_cast<char>(0xC0 | (c >> 6));
    text += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    text += static_cast<char>(0xE0 | (c >> 12));
    text += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (c & 0x3F));
  }
}

Result<std::string> convert_windows_1251(std::string_view file) {
  std::string text;
  text.reserve(file.size() * 2);
  for (const char byte : file) {
    const auto value = static_cast<unsigned char>(byte);
    const char16_t c = value < 0x80 ? value : windows_1251.at(value - 0x80);
    if (c == 0) return refuse(RefusalCode::docket_invalid, "it is not windows-1251 either");
    append_utf_8(text, c);
  }
  return text;
}

/// Most of what lies above ASCII are Cyrillic letters of windows-1251: a guess, that is only said.
bool looks_like_windows_1251(std::string_view file) {
  std::size_t high = 0, letters = 0;
  for (const char byte : file) {
    const auto value = static_cast<unsigned char>(byte);
    if (value < 0x80) continue;
    ++high;
    letters += value >= 0xC0 || value == 0xB2 || value == 0xB3 || value == 0xBF || value == 0xAF ||
                       value == 0xBA || value == 0xAA || value == 0xB4 || value == 0xA5
                   ? 1
                   : 0;
  }
  return high > 0 && letters * 10 >= high * 8;
}

}  // namespace

std::optional<DocketEncoding> find_docket_encoding(std::string_view name) {
  if (name == "utf-8") return DocketEncoding::utf_8;
  if (name == "windows-1251") return DocketEncoding::windows_1251;
  return std::nullopt;
}

Result<std::string> read_docket_text(std::string_view file, DocketEncoding encoding) {
  if (file.starts_with("\xFF\xFE") || file.starts_with("\xFE\xFF"))
    return refuse(RefusalCode::docket_invalid, "it is UTF-16; save it as UTF-8");
  if (file.find('\0') != file.npos)
    return refuse(RefusalCode::docket_invalid, "it holds zero bytes and is no text");
  const bool is_marked = file.starts_with(utf_8_mark);
  if (is_marked) file.remove_prefix(utf_8_mark.size());
  const bool is_utf_8 = encoding::is_valid_utf8(file);
  const bool is_ascii = std::all_of(file.begin(), file.end(),
                                    [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (encoding == DocketEncoding::windows_1251) {
    if (is_marked || (is_utf_8 && !is_ascii))
      return refuse(RefusalCode::docket_invalid, "it is UTF-8, not windows-1251");
    return convert_windows_1251(file);
  }
  if (is_utf_8) return encoding::to_nfc(file).value_or(std::string());
  if (looks_like_windows_1251(file))
    return refuse(RefusalCode::docket_invalid,
                  "it seems to be windows-1251: save it as UTF-8, or say --encoding windows-1251");
  return refuse(RefusalCode::docket_invalid, "it is not UTF-8");
}

}  // namespace oberih::client
