// SPDX-License-Identifier: Apache-2.0
#include "protocol/encoding/whole_words.hpp"

#include <utf8proc.h>

#include <vector>

#include "protocol/encoding/case_folding.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::encoding {
namespace {

/// Marks belong to their letters. What Unicode does not know yet counts as a letter: a newer table
/// may part words that this one takes for one, and never joins any. So what is found today is found
/// by whoever verifies it later.
bool is_letter_or_digit(utf8proc_int32_t character) {
  const utf8proc_category_t category = utf8proc_category(character);
  return category <= UTF8PROC_CATEGORY_NO || category == UTF8PROC_CATEGORY_CO;
}

/// Folded character by character, and the places where words may begin and end. They are those of
/// the characters that were written: "№" is no letter, though it folds to two.
struct FoldedText {
  explicit FoldedText(std::string_view written);

  std::string text;
  std::vector<bool> may_begin, may_end;  // one more than text has bytes
};

FoldedText::FoldedText(std::string_view written) : may_begin{true} {
  const std::string composed = to_nfc(written).value_or(std::string());
  for (std::string_view rest = composed; !rest.empty();) {
    utf8proc_int32_t character = 0;
    const auto size = static_cast<std::size_t>(
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(rest.data()),
                         static_cast<utf8proc_ssize_t>(rest.size()), &character));
    const bool parts_words = !is_letter_or_digit(character);
    may_end.resize(text.size() + 1);
    if (parts_words) may_end.back() = true;
    text += fold_case(rest.substr(0, size)).value_or(std::string());
    may_begin.resize(text.size() + 1);
    may_begin.back() = parts_words;
    rest.remove_prefix(size);
  }
  may_end.resize(text.size() + 1);
  may_end.back() = true;
}

}  // namespace

bool has_whole_words(std::string_view text, std::string_view words) {
  const FoldedText in(text), wanted(words);
  const std::size_t size = wanted.text.size();
  if (size == 0) return false;
  for (std::size_t at = in.text.find(wanted.text); at != std::string::npos;
       at = in.text.find(wanted.text, at + 1))
    if (in.may_begin[at] && in.may_end[at + size]) return true;
  return false;
}

}  // namespace oberih::encoding
