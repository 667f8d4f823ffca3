// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/ledger.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "protocol/encoding/hex.hpp"

namespace oberih::faults {
namespace {

using encoding::encode_hex;

std::filesystem::path with(std::filesystem::path stem, const char* ending) {
  stem += ending;
  return stem;
}

int open_to_append(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) throw std::runtime_error("cannot write " + path.string());
  return file;
}

/// Whole lines only: a killed poster may have left half of one.
std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line) && !file.eof();) lines.push_back(line);
  return lines;
}

template <class Fixed>
Fixed fixed(std::istream& words) {
  std::string word;
  words >> word;
  const auto value = encoding::decode_hex_as<Fixed>(word);
  if (!value) throw std::runtime_error("a ledger's line is broken");
  return *value;
}

Bytes bytes(std::istream& words) {
  std::string word;
  words >> word;
  const auto value = encoding::decode_hex(word);
  if (!value) throw std::runtime_error("a ledger's line is broken");
  return *value;
}

}  // namespace

Ledger::Ledger(std::filesystem::path stem) : stem_(std::move(stem)) {
  read_intents();
  read_outcomes(".outcomes");
  read_outcomes(".notes");
  intents_file_ = open_to_append(with(stem_, ".intents"));
  outcomes_file_ = open_to_append(with(stem_, ".outcomes"));
  notes_file_ = open_to_append(with(stem_, ".notes"));
}

Ledger::~Ledger() {
  ::close(intents_file_);
  ::close(outcomes_file_);
  ::close(notes_file_);
}

void Ledger::write_line(int file, std::string line) {
  line += '\n';
  if (::write(file, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    throw std::runtime_error("cannot write a ledger");
}

void Ledger::intend(const Intent& intent) {
  const wire::EntryPost& request = intent.request;
  write_line(intents_file_,
             std::to_string(intent.sender_seq) + ' ' + encode_hex(intent.message_id) + ' ' +
                 encode_hex(intent.message_hash) + ' ' + encode_hex(request.header) + ' ' +
                 encode_hex(request.salt) + ' ' + encode_hex(request.commitment) + ' ' +
                 encode_hex(request.ciphertext) + ' ' + encode_hex(request.signature));
  intents_.push_back(intent);
}

void Ledger::acknowledge(std::uint64_t sender_seq, const wire::Appended& appended, bool was_found) {
  const std::string line =
      std::to_string(sender_seq) + (was_found ? " found " : " reply ") +
      std::to_string(appended.index) + ' ' + std::to_string(appended.channel_seq) + ' ' +
      encode_hex(appended.leaf_hash) + ' ' + std::to_string(appended.server_ms);
  write_line(outcomes_file_, line);
  std::istringstream words(line.substr(line.find(' ') + 7));
  take_outcome(sender_seq, was_found ? "found" : "reply", words);
}

void Ledger::note_unknown(std::uint64_t sender_seq) {
  write_line(notes_file_, std::to_string(sender_seq) + " unknown");
  ++outcomes_[sender_seq].unknown;
}

void Ledger::note_absent(std::uint64_t sender_seq) {
  write_line(notes_file_, std::to_string(sender_seq) + " absent");
  ++outcomes_[sender_seq].absent;
}

void Ledger::note_refused(std::uint64_t sender_seq) {
  write_line(notes_file_, std::to_string(sender_seq) + " refused");
  ++outcomes_[sender_seq].refused;
}

void Ledger::read_intents() {
  for (const std::string& line : lines_of(with(stem_, ".intents"))) {
    std::istringstream words(line);
    Intent intent;
    words >> intent.sender_seq;
    intent.message_id = fixed<MessageId>(words);
    intent.message_hash = fixed<Digest>(words);
    intent.request.header = bytes(words);
    intent.request.salt = fixed<Salt>(words);
    intent.request.commitment = fixed<Digest>(words);
    intent.request.ciphertext = bytes(words);
    intent.request.signature = fixed<Signature>(words);
    intents_.push_back(std::move(intent));
  }
}

void Ledger::read_outcomes(const char* ending) {
  for (const std::string& line : lines_of(with(stem_, ending))) {
    std::istringstream words(line);
    std::uint64_t sender_seq = 0;
    std::string what;
    words >> sender_seq >> what;
    take_outcome(sender_seq, what, words);
  }
}

void Ledger::take_outcome(std::uint64_t sender_seq, const std::string& what, std::istream& rest) {
  Outcome& outcome = outcomes_[sender_seq];
  if (what == "unknown") ++outcome.unknown;
  if (what == "absent") ++outcome.absent;
  if (what == "refused") ++outcome.refused;
  if (what == "found") ++outcome.found;
  if (what != "found" && what != "reply") return;
  wire::Appended appended;
  rest >> appended.index >> appended.channel_seq;
  appended.leaf_hash = fixed<Digest>(rest);
  rest >> appended.server_ms;
  if (outcome.acknowledged && outcome.acknowledged->leaf_hash != appended.leaf_hash)
    outcome.is_contradicted = true;
  outcome.acknowledged = appended;
}

std::uintmax_t Ledger::progress(const std::filesystem::path& stem) {
  std::error_code none;
  const std::uintmax_t size = std::filesystem::file_size(with(stem, ".outcomes"), none);
  return none ? 0 : size;
}

}  // namespace oberih::faults
