// SPDX-License-Identifier: Apache-2.0
// What a document shows of a terminal, in blocks marked ```transcript, and whether it is what a
// terminal shows today. A line `who$ command` is typed by somebody; the lines behind it are what
// comes out, and a line `...` stands for any number of lines.
//
// What no two runs have in common is compared by its sense. Ids in hex and places in the journal
// (`leaf 31`, `index 31`) may be others, but each always the same other one; ids of commands are
// exchanged for those of the run. Dates, times, fractions and numbers of two or more digits may be
// any of their shape. All else is compared; how a command failed is the line `(exit N)`.
#pragma once

#include <algorithm>
#include <cctype>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace oberih::test {

struct TypedCommand {
  std::size_t line = 0;  // of the document
  std::string who, command;
  std::vector<std::string> shown;
};

/// Of all transcript blocks, in their order. A command goes on behind a backslash.
inline std::vector<TypedCommand> typed_commands(const std::string& document) {
  static const std::regex prompt("^([a-z]+)\\$ (.*)$");
  std::vector<TypedCommand> commands;
  std::istringstream lines(document);
  bool is_inside = false;
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.starts_with("```")) {
      is_inside = line == "```transcript";
      continue;
    }
    if (!is_inside || line.empty()) continue;
    if (std::smatch found; std::regex_match(line, found, prompt)) {
      commands.push_back({number, found[1], found[2], {}});
      while (commands.back().command.ends_with('\\') && std::getline(lines, line)) {
        ++number;
        commands.back().command.pop_back();
        commands.back().command += line.substr(line.find_first_not_of(' '));
      }
    } else if (!commands.empty()) {
      commands.back().shown.push_back(line);
    }
  }
  return commands;
}

class RunOfTranscript {
 public:
  /// With the ids of this run, as far as they were shown.
  std::string command_of_run(const std::string& command) const {
    std::string typed;
    for (const Piece& piece : pieces_of(command)) {
      const auto own = others_.find(piece.text.substr(0, id_digits));
      const bool is_known = piece.kind == Kind::id && own != others_.end();
      typed += is_known ? own->second.substr(0, piece.text.size()) : piece.text;
    }
    return typed;
  }

  /// Whether the run's lines have the sense of those that are shown. Only then they are kept.
  bool matches(const std::vector<std::string>& shown, const std::vector<std::string>& lines) {
    RunOfTranscript kept = *this;
    if (!kept.matches_from(shown, 0, lines, 0)) return false;
    *this = std::move(kept);
    return true;
  }

 private:
  enum class Kind { id, place, any, text };
  struct Piece {
    Kind kind;
    std::string text;
  };
  static constexpr std::size_t id_digits = 8;  // the fewest that commands print

  static std::vector<Piece> pieces_of(const std::string& line) {
    static const std::regex piece(
        "((?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?\\d{1,2}\\.\\d\\d\\.\\d{4}|\\d{1,2}:\\d\\d:\\d\\d"
        "|\\d+\\.\\d+)|(\\b[0-9a-f]{8,64}\\b)|(\\b(?:leaf|index) \\d+)|(\\b\\d{2,}\\b)");
    std::vector<Piece> pieces;
    std::string flat;
    for (const char c : line)
      if (c != ' ' || (!flat.empty() && flat.back() != ' ')) flat += c;
    while (flat.ends_with(' ')) flat.pop_back();
    std::size_t at = 0;
    for (std::sregex_iterator found(flat.begin(), flat.end(), piece), end; found != end; ++found) {
      const auto from = static_cast<std::size_t>(found->position());
      if (from > at) pieces.push_back({Kind::text, flat.substr(at, from - at)});
      const Kind kind = (*found)[2].matched   ? Kind::id
                        : (*found)[3].matched ? Kind::place
                                              : Kind::any;
      pieces.push_back({kind, found->str()});
      at = from + found->str().size();
    }
    if (at < flat.size()) pieces.push_back({Kind::text, flat.substr(at)});
    return pieces;
  }

  bool matches_from(const std::vector<std::string>& shown, std::size_t at,
                    const std::vector<std::string>& lines, std::size_t line) {
    if (at == shown.size()) return line == lines.size();
    if (shown[at] == "...") {
      for (std::size_t next = line; next <= lines.size(); ++next) {
        RunOfTranscript tried = *this;
        if (!tried.matches_from(shown, at + 1, lines, next)) continue;
        *this = std::move(tried);
        return true;
      }
      return false;
    }
    return line < lines.size() && matches_line(shown[at], lines[line]) &&
           matches_from(shown, at + 1, lines, line + 1);
  }

  bool matches_line(const std::string& shown, const std::string& line) {
    if (shown.starts_with("(exit ")) return shown == line;
    const std::vector<Piece> expected = pieces_of(shown), found = pieces_of(line);
    if (expected.size() != found.size()) return false;
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (expected[i].kind != found[i].kind) return false;
      if (expected[i].kind == Kind::text && expected[i].text != found[i].text) return false;
      if (expected[i].kind == Kind::place && !is_same(expected[i].text, found[i].text))
        return false;
      if (expected[i].kind == Kind::any && shape_of(expected[i].text) != shape_of(found[i].text))
        return false;
      if (expected[i].kind == Kind::id && !is_same_id(expected[i].text, found[i].text))
        return false;
    }
    return true;
  }

  /// A number, a time, a date: what stands between the digits.
  static std::string shape_of(const std::string& text) {
    std::string shape;
    for (const char c : text)
      if (!std::isalnum(static_cast<unsigned char>(c)) && c != ' ') shape += c;
    return shape;
  }
  /// The same word, and the number one for one, both ways.
  bool is_same(const std::string& shown_place, const std::string& own_place) {
    const std::size_t word = shown_place.find(' ');
    if (shown_place.substr(0, word) != own_place.substr(0, word)) return false;
    const std::string shown = shown_place.substr(word), own = own_place.substr(word);
    return others_.try_emplace(shown, own).first->second == own &&
           shown_.try_emplace(own, shown).first->second == shown;
  }
  /// By their first digits, and of what was seen of them the longest is kept.
  bool is_same_id(const std::string& shown, const std::string& own) {
    if (shown.size() != own.size()) return false;
    const std::string key = shown.substr(0, id_digits);
    std::string& known = others_.try_emplace(key, own).first->second;
    const std::size_t common = std::min(known.size(), own.size());
    if (known.substr(0, common) != own.substr(0, common)) return false;
    if (own.size() > known.size()) known = own;
    return shown_.try_emplace(own.substr(0, id_digits), key).first->second == key;
  }

  std::map<std::string, std::string> others_, shown_;  // of the document to the run's, and back
};

}  // namespace oberih::test
