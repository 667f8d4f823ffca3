// SPDX-License-Identifier: Apache-2.0
// Diagnostics as JSON lines for the operator. Never the journal, and never in it: bodies, keys and
// frames do not get here, and control characters leave escaped, so that nobody forges a line.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace oberih::runtime {

enum class LogLevel { debug, info, warning, error };

struct LogField {
  std::string_view name;
  std::variant<std::string, std::uint64_t> value;
};

class StructuredLog {
 public:
  /// `file` "-" is standard error. Throws std::runtime_error when the file cannot be opened.
  StructuredLog(std::string_view level, std::string file);
  ~StructuredLog();

  /// One line `{"time":...,"level":...,"event":...,fields}`. Callable from any thread.
  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});
  /// Opens the file anew: somebody has renamed it. Keeps the old one when that fails, and says so.
  void reopen();

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace oberih::runtime
