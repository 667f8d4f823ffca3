// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/console.hpp"

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>

#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

/// JSON of ours is UTF-8 whatever a file name or a server's detail holds.
std::string dump(const nlohmann::ordered_json& object) {
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string_view name_of(Retry retry) {
  switch (retry) {
    case Retry::never:
      return "never";
    case Retry::later:
      return "later";
    case Retry::refresh:
      return "refresh";
  }
  return "never";
}

}  // namespace

bool Console::may_colour() const {
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  return &out_ == &std::cout && ::isatty(STDOUT_FILENO) == 1;
}

bool Console::may_show_progress() const {
  return !is_json() && &err_ == &std::cerr && ::isatty(STDERR_FILENO) == 1;
}

void Console::rewrite_line(std::string_view text) { err_ << "\r\x1b[K" << text << std::flush; }

void Console::say(Sentence sentence, Values values) { line(text(sentence, values)); }

void Console::line(std::string_view text) {
  if (is_json()) return;
  out_ << text << std::endl;
}

void Console::print(const Table& table) {
  if (!is_json()) table.print(out_, may_colour() ? Emphasis::bold_header : Emphasis::none);
  out_.flush();
}

void Console::object(const nlohmann::ordered_json& object) {
  if (is_json()) out_ << dump(object) << std::endl;
}

void Console::note(Sentence sentence, Values values) {
  err_ << text(sentence, values) << std::endl;
}

int Console::refuse_command_line(std::string why) {
  return print_refusal(oberih::refuse(RefusalCode::usage, std::move(why)),
                       std::string(refusal_sentence(language_, RefusalCode::usage)), {});
}

int Console::refuse(const Refusal& refusal, std::optional<Sentence> instead) {
  // A command that got as far as saying why was understood: what does not fit is what it was given.
  const bool is_understood = refusal.code == RefusalCode::usage && !refusal.detail.empty();
  return print_refusal(refusal,
                       instead         ? text(*instead)
                       : is_understood ? text(Sentence::does_not_fit)
                                       : std::string(refusal_sentence(language_, refusal.code)),
                       instead);
}

int Console::print_refusal(const Refusal& refusal, std::string sentence,
                           std::optional<Sentence> instead) {
  const RefusalRow& row = refusal_row(refusal.code);
  std::string detail = encoding::printable(refusal.detail);
  if (is_json()) {
    err_ << dump({{"refusal", row.name},
                  {"message", sentence},
                  {"detail", detail},
                  {"retry", name_of(row.retry)},
                  {"exit_code", row.exit_code}})
         << std::endl;
    return row.exit_code;
  }
  // A seat that is refused says why by itself; the table's sentence would only repeat it.
  if (refusal.code == RefusalCode::seat_forbidden && !detail.empty()) sentence = detail;
  err_ << (instead ? sentence : text(Sentence::refused, {{"sentence", sentence}})) << "\n";
  if (!detail.empty() && sentence != detail)
    err_ << text(Sentence::refused_detail, {{"detail", detail}}) << "\n";
  err_.flush();
  return row.exit_code;
}

}  // namespace oberih::client
