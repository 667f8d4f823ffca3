// SPDX-License-Identifier: Apache-2.0
// The server's settings: one table (settings.def), three sources. A wrong or unknown one is refused
// at start with the place where it stands: a server never runs with settings that nobody meant.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.hpp"

namespace oberih::runtime {

struct Settings {
#define OBERIH_TEXT(name, initial, reason) std::string name = initial;
#define OBERIH_NUMBER(name, initial, minimum, maximum, unit, reason) std::uint64_t name = initial;
#include "server/runtime/settings.def"
#undef OBERIH_TEXT
#undef OBERIH_NUMBER
};

struct SettingRow {
  std::string_view name;
  std::string_view initial;  // as it would stand in the file
  std::string_view unit;     // empty for texts
  std::uint64_t minimum = 0;
  std::uint64_t maximum = 0;
  std::string_view reason;

  bool is_number() const { return !unit.empty(); }
};
const std::vector<SettingRow>& setting_table();

/// OBERIH_LISTEN_PORT for listen_port.
std::string environment_name(std::string_view setting);

using LookUpEnvironment = std::function<std::optional<std::string>(const std::string& name)>;
using FlagValues = std::map<std::string, std::string>;  // by setting; values as typed

struct SettingSources {
  std::string file_name;  // for refusals; empty: no file
  std::string file_text;
  LookUpEnvironment environment;
  FlagValues flags;
};
/// Refusal: usage, with the place ("oberihd.conf:12") and what it should be.
Result<Settings> read_settings(const SettingSources& sources);

/// ops/oberihd.conf.example: every setting with its default, unit, bounds and reason.
std::string format_example_file();

}  // namespace oberih::runtime
