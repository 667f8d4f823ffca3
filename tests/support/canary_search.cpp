// SPDX-License-Identifier: Apache-2.0
#include "tests/support/canary_search.hpp"

#include <algorithm>
#include <stdexcept>

#include "tests/support/process.hpp"

namespace oberih::test {
namespace {

struct Needle {
  std::string canary;
  std::string form;
  std::string text;
};

std::string hex(const Bytes& bytes, const char* digits) {
  std::string text;
  for (std::uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

/// The digits that depend on the canary alone when it stands `offset` bytes into what is encoded.
std::string base64_core(const Bytes& bytes, std::size_t offset, std::string_view alphabet) {
  const std::size_t first_bit = (6 - offset * 8 % 6) % 6;
  std::string text;
  for (std::size_t bit = first_bit; bit + 6 <= bytes.size() * 8; bit += 6) {
    unsigned digit = 0;
    for (std::size_t i = bit; i < bit + 6; ++i)
      digit = digit << 1 | (bytes[i / 8] >> (7 - i % 8) & 1u);
    text += alphabet[digit];
  }
  return text;
}

std::vector<Needle> needles_of(const Canary& canary) {
  if (canary.bytes.size() < 12) throw std::logic_error("canary too short: " + canary.name);
  const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::vector<Needle> needles = {
      {canary.name, "raw", std::string(as_text(canary.bytes))},
      {canary.name, "hex", hex(canary.bytes, "0123456789abcdef")},
      {canary.name, "hex, upper case", hex(canary.bytes, "0123456789ABCDEF")},
  };
  for (std::size_t offset = 0; offset < 3; ++offset) {
    const std::string at = " offset " + std::to_string(offset);
    needles.push_back(
        {canary.name, "base64" + at, base64_core(canary.bytes, offset, letters + "+/")});
    needles.push_back(
        {canary.name, "base64url" + at, base64_core(canary.bytes, offset, letters + "-_")});
  }
  return needles;
}

}  // namespace

std::vector<Sighting> search_text(const std::vector<Canary>& canaries, std::string_view text,
                                  const std::string& where) {
  std::vector<Sighting> sightings;
  for (const Canary& canary : canaries)
    for (const Needle& needle : needles_of(canary))
      if (text.find(needle.text) != std::string_view::npos)
        sightings.push_back({needle.canary, needle.form, where});
  return sightings;
}

std::vector<Sighting> search_folder(const std::vector<Canary>& canaries,
                                    const std::filesystem::path& folder) {
  std::vector<Sighting> sightings;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string text = read_file(entry.path());
    if (text.size() < entry.file_size() && text.empty())
      throw std::runtime_error("cannot read " + entry.path().string());
    auto found = search_text(canaries, text, entry.path().string());
    sightings.insert(sightings.end(), found.begin(), found.end());
  }
  return sightings;
}

}  // namespace oberih::test
