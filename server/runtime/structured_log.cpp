// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/structured_log.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <ctime>
#include <mutex>
#include <nlohmann/json.hpp>

#include "protocol/encoding/utf8.hpp"

namespace oberih::runtime {
namespace {

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::string_view name_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
  }
  return "error";
}

spdlog::sink_ptr open_sink(const std::string& file) {
  if (file == "-") return std::make_shared<spdlog::sinks::stderr_sink_mt>();
  return std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
}

std::string time_now() {
  using namespace std::chrono;
  auto now = system_clock::now();
  auto ms = duration_cast<milliseconds>(now.time_since_epoch()).count() % 1000;
  std::time_t seconds = system_clock::to_time_t(now);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[40];
  std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  return std::string(text, length) + fmt::format(".{:03}Z", ms);
}

}  // namespace

struct StructuredLog::Implementation {
  std::string file;
  std::mutex mutex;
  std::shared_ptr<spdlog::logger> logger;

  void open() {
    auto fresh = std::make_shared<spdlog::logger>("oberihd", open_sink(file));
    fresh->set_pattern("%v");
    fresh->set_level(logger ? logger->level() : spdlog::level::info);
    fresh->flush_on(spdlog::level::debug);  // the last lines before a crash are the ones needed
    logger = std::move(fresh);
  }
};

StructuredLog::StructuredLog(std::string_view level, std::string file)
    : implementation_(std::make_unique<Implementation>()) {
  implementation_->file = std::move(file);
  implementation_->open();
  for (LogLevel known : {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error})
    if (name_of(known) == level) implementation_->logger->set_level(spdlog_level(known));
}

StructuredLog::~StructuredLog() = default;

void StructuredLog::write(LogLevel level, std::string_view event,
                          std::initializer_list<LogField> fields) {
  nlohmann::ordered_json line;
  line["time"] = time_now();
  line["level"] = name_of(level);
  line["event"] = encoding::printable(event);
  for (const LogField& field : fields) {
    auto& place = line[std::string(field.name)];
    if (const auto* text = std::get_if<std::string>(&field.value))
      place = encoding::printable(*text);
    else
      place = std::get<std::uint64_t>(field.value);
  }
  std::lock_guard lock(implementation_->mutex);
  implementation_->logger->log(spdlog_level(level), spdlog::string_view_t(line.dump()));
}

void StructuredLog::reopen() {
  std::string failure;
  {
    std::lock_guard lock(implementation_->mutex);
    try {
      implementation_->open();
    } catch (const std::exception& error) {
      failure = error.what();
    }
  }
  if (failure.empty())
    write(LogLevel::info, "log_reopened");
  else
    write(LogLevel::error, "log_not_reopened", {{"reason", failure}});
}

}  // namespace oberih::runtime
