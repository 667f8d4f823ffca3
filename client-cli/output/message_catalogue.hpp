// SPDX-License-Identifier: Apache-2.0
// Every sentence that a person reads, in English and Ukrainian, by key: messages.def and
// refusal_sentences.def. Placeholders are {0}, {1}, ...
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "client-cli/output/language.hpp"
#include "protocol/base/result.hpp"

namespace oberih::client {

enum class Message {
#define OBERIH_MESSAGE(key, english, ukrainian) key,
#include "client-cli/output/messages.def"
#undef OBERIH_MESSAGE
};

class MessageCatalogue {
 public:
  explicit MessageCatalogue(Language language) : language_(language) {}

  Language language() const { return language_; }
  std::string_view text(Message message) const;
  /// With the placeholders filled. Arguments are shown as they are: escape what strangers wrote.
  std::string text(Message message, std::initializer_list<std::string_view> arguments) const;
  std::string_view refusal_sentence(RefusalCode code) const;

 private:
  Language language_;
};

}  // namespace oberih::client
