// SPDX-License-Identifier: Apache-2.0
// Where a command speaks: results to standard output (tables for people, one JSON object a line for
// programs), everything else to standard error.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <ostream>

#include "client-cli/output/message_catalogue.hpp"
#include "client-cli/output/table.hpp"

namespace oberih::client {

enum class OutputForm { people, json };

class Console {
 public:
  Console(std::ostream& out, std::ostream& err, Language language, OutputForm form)
      : out_(out), err_(err), language_(language), form_(form) {}

  bool is_json() const { return form_ == OutputForm::json; }
  Language language() const { return language_; }

  /// A line of the result; nothing with --json.
  void say(Sentence sentence, Values values = {});
  void line(std::string_view text);  // the same, already composed
  void print(const Table& table);
  /// One object of the result, on one line, flushed; nothing without --json.
  void object(const nlohmann::ordered_json& object);
  /// To standard error, in both forms.
  void note(Sentence sentence, Values values = {});
  /// `Refused: ...` or an object on standard error; returns the exit code.
  /// `instead` stands for the table's sentence where a command knows a better one.
  int refuse(const Refusal& refusal, std::optional<Sentence> instead = {});
  /// The words of the command line make no sense, before anything was tried.
  int refuse_command_line(std::string why);
  std::string text(Sentence sentence, Values values = {}) const {
    return compose(language_, sentence, values);
  }
  /// Whether standard error is a terminal that a person looks at.
  bool may_show_progress() const;
  /// Puts `text` in the place of the terminal's last line; empty: clears it.
  void rewrite_line(std::string_view text);
  /// So that who waits for a line gets it now.
  void flush() { out_.flush(); }
  /// False when nobody reads any more.
  bool is_writable() const { return out_.good(); }

 private:
  bool may_colour() const;
  int print_refusal(const Refusal& refusal, std::string sentence, std::optional<Sentence> instead);

  std::ostream& out_;
  std::ostream& err_;
  Language language_;
  OutputForm form_;
};

}  // namespace oberih::client
