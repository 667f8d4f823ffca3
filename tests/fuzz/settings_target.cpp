// SPDX-License-Identifier: Apache-2.0
// The settings file. What is accepted, written down again, must be read as the same settings.
#include <sstream>

#include "protocol/encoding/utf8.hpp"
#include "server/runtime/settings.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace oberih::fuzz {
namespace {

using runtime::Settings;

void check_number(std::uint64_t value, std::uint64_t minimum, std::uint64_t maximum) {
  require(value >= minimum && value <= maximum, "a number is in its bounds");
}

void check_text(const std::string& value, std::string_view initial) {
  require(!value.empty() || initial.empty(), "only what is nothing at first may be nothing");
  require(!encoding::has_control_characters(value), "a text has no control characters");
}

std::string write(const Settings& settings) {
  std::ostringstream out;
#define OBERIH_TEXT(name, initial, reason) out << #name << " = " << settings.name << '\n';
#define OBERIH_NUMBER(name, initial, minimum, maximum, unit, reason) \
  out << #name << " = " << settings.name << '\n';
#include "server/runtime/settings.def"
#undef OBERIH_TEXT
#undef OBERIH_NUMBER
  return out.str();
}

void check_bounds(const Settings& settings) {
#define OBERIH_TEXT(name, initial, reason) check_text(settings.name, initial);
#define OBERIH_NUMBER(name, initial, minimum, maximum, unit, reason) \
  check_number(settings.name, minimum, maximum);
#include "server/runtime/settings.def"
#undef OBERIH_TEXT
#undef OBERIH_NUMBER
  require(settings.database.find("://") == std::string::npos, "no address with secrets");
}

}  // namespace

bool judge(ByteView input) {
  const auto settings =
      runtime::read_settings({"oberihd.conf", std::string(as_text(input)), nullptr, {}});
  if (!settings) {
    require(!encoding::has_control_characters(settings.error().detail),
            "a refusal cannot drive a terminal");
    return false;
  }
  check_bounds(*settings);
  const std::string text = write(*settings);
  const auto again = runtime::read_settings({"oberihd.conf", text, nullptr, {}});
  require(again.has_value(), "settings that were accepted are accepted when written down");
  require(write(*again) == text, "settings survive being written down");
  return true;
}

}  // namespace oberih::fuzz
