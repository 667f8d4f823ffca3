// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/settings.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "protocol/encoding/utf8.hpp"
#include "server/transport/timestamp_url.hpp"
#include "server/transport/witness_addresses.hpp"

namespace oberih::runtime {
namespace {

constexpr std::string_view log_levels[] = {"debug", "info", "warning", "error"};

std::string_view trim(std::string_view text) {
  constexpr std::string_view blank = " \t\r";
  std::size_t begin = text.find_first_not_of(blank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

Refusal wrong(const std::string& place, const std::string& why) {
  return refuse(RefusalCode::usage, place + ": " + why);
}

const SettingRow* find_row(std::string_view name) {
  for (const SettingRow& row : setting_table())
    if (row.name == name) return &row;
  return nullptr;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

/// libpq permits blanks around the equals sign.
bool has_forbidden_keyword(std::string_view value) {
  std::string dense;
  for (char c : value)
    if (c != ' ') dense += c;
  return dense.find("password=") != dense.npos || dense.find("user=") != dense.npos ||
         dense.find("://") != dense.npos;
}

Result<void> check_text(const SettingRow& row, std::string_view value, const std::string& place) {
  std::string name(row.name);
  if (value.empty() && !row.initial.empty()) return wrong(place, name + " must not be empty.");
  if (encoding::has_control_characters(value))
    return wrong(place, name + " must be UTF-8 without control characters.");
  if (row.name == "log_level" && std::ranges::find(log_levels, value) == std::end(log_levels))
    return wrong(place, "log_level must be debug, info, warning or error.");
  if (row.name == "attachment_store" && value != "database" && !value.starts_with('/'))
    return wrong(place, "attachment_store must be 'database' or the absolute path of a directory.");
  if (row.name == "doorbell_command" && !value.empty() && !value.starts_with('/'))
    return wrong(place, "doorbell_command must be the absolute path of a program, or empty.");
  if (row.name == "timestamp_url" && !value.empty())
    if (auto url = transport::parse_timestamp_url(value); !url)
      return wrong(place, url.error().detail + ".");
  if (row.name == "witnesses")
    if (auto addresses = transport::parse_witness_addresses(value); !addresses)
      return wrong(place, addresses.error().detail + ".");
  if (row.name == "database" && (has_forbidden_keyword(value)))
    return wrong(place,
                 "database must name neither user nor password: the roles are known, "
                 "and secrets stand in files only (passfile=).");
  return {};
}

/// Puts one value into its field.
Result<void> assign(Settings& settings, std::string_view name, std::string_view value,
                    const std::string& place) {
  const SettingRow* row = find_row(name);
  if (!row)
    return wrong(place, "there is no setting '" + encoding::printable(name) +
                            "'. 'oberihd settings' prints all of them.");
  std::optional<std::uint64_t> number = parse_number(value);
  if (!row->is_number()) {
    OBERIH_TRY(check_text(*row, value, place));
  } else if (!number || *number < row->minimum || *number > row->maximum) {
    return wrong(place, std::string(name) + " must be a whole number from " +
                            std::to_string(row->minimum) + " to " + std::to_string(row->maximum) +
                            " (" + std::string(row->unit) + ").");
  }
#define OBERIH_TEXT(field, initial, reason) \
  if (name == #field) settings.field = value;
#define OBERIH_NUMBER(field, initial, minimum, maximum, unit, reason) \
  if (name == #field) settings.field = *number;
#include "server/runtime/settings.def"
#undef OBERIH_TEXT
#undef OBERIH_NUMBER
  return {};
}

Result<void> read_file(Settings& settings, const SettingSources& sources) {
  std::istringstream lines(sources.file_text);
  std::map<std::string, unsigned, std::less<>> seen_at;
  unsigned number = 0;
  for (std::string line; std::getline(lines, line);) {
    std::string place = sources.file_name + ":" + std::to_string(++number);
    std::string_view text = trim(line);
    if (text.empty() || text.front() == '#') continue;
    std::size_t equals = text.find('=');
    if (equals == text.npos) return wrong(place, "a line is 'name = value', or begins with '#'.");
    std::string name(trim(text.substr(0, equals)));
    auto [earlier, is_new] = seen_at.emplace(name, number);
    if (!is_new)
      return wrong(place, encoding::printable(name) + " stands in line " +
                              std::to_string(earlier->second) + " already.");
    OBERIH_TRY(assign(settings, name, trim(text.substr(equals + 1)), place));
  }
  return {};
}

void write_wrapped(std::ostream& out, std::string_view text) {
  std::istringstream words{std::string(text)};
  std::string line = "#";
  for (std::string word; words >> word;) {
    if (line.size() + 1 + word.size() > 100) {
      out << line << '\n';
      line = "#";
    }
    line += ' ' + word;
  }
  out << line << '\n';
}

}  // namespace

const std::vector<SettingRow>& setting_table() {
  static const std::vector<SettingRow> table = {
#define OBERIH_TEXT(name, initial, reason) {#name, initial, {}, 0, 0, reason},
#define OBERIH_NUMBER(name, initial, minimum, maximum, unit, reason) \
  {#name, #initial, unit, minimum, maximum, reason},
#include "server/runtime/settings.def"
#undef OBERIH_TEXT
#undef OBERIH_NUMBER
  };
  return table;
}

std::string environment_name(std::string_view setting) {
  std::string name = "OBERIH_";
  for (char c : setting) name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return name;
}

Result<Settings> read_settings(const SettingSources& sources) {
  Settings settings;
  OBERIH_TRY(read_file(settings, sources));
  for (const SettingRow& row : setting_table()) {
    std::string name = environment_name(row.name);
    std::optional<std::string> value =
        sources.environment ? sources.environment(name) : std::nullopt;
    if (value) OBERIH_TRY(assign(settings, row.name, *value, "environment " + name));
  }
  for (const auto& [name, value] : sources.flags)
    OBERIH_TRY(assign(settings, name, value, "flag --" + name));
  return settings;
}

std::string format_example_file() {
  std::ostringstream out;
  out << "# SPDX-License-Identifier: Apache-2.0\n";
  write_wrapped(
      out,
      "Settings of oberihd, each with its default. 'oberihd settings' prints this file. Every "
      "setting can also be given by environment (OBERIH_NAME) and by flag (--name value); the "
      "flag wins over the environment, the environment over this file. A wrong or unknown "
      "setting is refused at start. Secrets never stand here.");
  for (const SettingRow& row : setting_table()) {
    out << '\n';
    write_wrapped(out, row.reason);
    if (row.is_number())
      write_wrapped(out, std::string(row.unit) + ", " + std::to_string(row.minimum) + " to " +
                             std::to_string(row.maximum));
    out << row.name << (row.initial.empty() ? " =" : " = ") << row.initial << '\n';
  }
  return out.str();
}

}  // namespace oberih::runtime
