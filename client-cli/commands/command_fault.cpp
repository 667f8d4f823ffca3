// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/command_fault.hpp"

#include <optional>

namespace oberih::client {
namespace {

/// What stands before the words in CLI11's sentence: the option or argument that it is about.
std::string before(const std::string& sentence, std::string_view words) {
  return sentence.substr(0, sentence.find(words));
}
std::string behind(const std::string& sentence, std::string_view words) {
  const auto at = sentence.find(words);
  return at == sentence.npos ? std::string() : sentence.substr(at + words.size());
}

/// Of the faults that people make; nothing for the others, whose words then stay CLI11's.
std::optional<std::string> in_own_words(const Console& console, const CLI::ParseError& error) {
  const std::string sentence = error.what();
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    if (sentence == "A subcommand is required") return console.text(Sentence::fault_no_command);
    if (sentence.ends_with(" is required"))
      return console.text(Sentence::fault_missing, {{"what", before(sentence, " is required")}});
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr)
    return console.text(Sentence::fault_unexpected, {{"what", behind(sentence, ": ")}});
  if (dynamic_cast<const CLI::RequiresError*>(&error) != nullptr)
    return console.text(Sentence::fault_requires, {{"what", before(sentence, " requires ")},
                                                   {"other", behind(sentence, " requires ")}});
  if (dynamic_cast<const CLI::ExcludesError*>(&error) != nullptr)
    return console.text(Sentence::fault_excludes, {{"what", before(sentence, " excludes ")},
                                                   {"other", behind(sentence, " excludes ")}});
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr &&
      sentence.ends_with(" missing"))
    return console.text(Sentence::fault_no_value, {{"what", before(sentence, ": ")}});
  if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr)
    return console.text(Sentence::fault_no_number, {{"what", behind(sentence, ": ")}});
  return std::nullopt;
}

}  // namespace

std::string describe_command_fault(const Console& console, const CLI::App& app,
                                   const CLI::ParseError& error) {
  std::string words = in_own_words(console, error).value_or(error.what());
  const CLI::App* last = &app;
  while (!last->get_subcommands().empty()) last = last->get_subcommands().front();
  const bool lacks_a_word = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr &&
                            last->get_require_subcommand_min() > 0;
  if (!lacks_a_word) return words;
  const char* separator = ": ";
  for (const CLI::App* each : last->get_subcommands([](const CLI::App*) { return true; })) {
    words += separator + each->get_name();
    separator = ", ";
  }
  return words;
}

}  // namespace oberih::client
