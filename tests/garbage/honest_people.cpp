// SPDX-License-Identifier: Apache-2.0
#include "tests/garbage/honest_people.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

#include "protocol/encoding/hex.hpp"
#include "tests/faults/poster.hpp"

namespace oberih::garbage {
namespace {

// The database's words: kinds of leaves below 4 are the directory's, 4 is a channel's record.
constexpr const char* count_of_directory = "SELECT count(*) FROM journal WHERE kind < 4";
constexpr const char* channels =
    "SELECT string_agg(DISTINCT encode(channel_id, 'hex'), ' ') FROM journal WHERE kind = 4";

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream words(text);
  return {std::istream_iterator<std::string>(words), {}};
}

std::filesystem::path stem_of(faults::Ground& ground, std::size_t number) {
  return ground.deployment().folder() / ("honest-" + std::to_string(number));
}

}  // namespace

HonestPeople::HonestPeople(faults::Ground& ground, const faults::Room& room, std::uint64_t seed)
    : ground_(ground), room_(room) {
  directory_leaves_ = std::stoul(ground.database().ask("oberih", count_of_directory));
  for (std::size_t i = 0; i < followers; ++i)
    followers_.push_back(std::make_unique<faults::Follower>(
        ground.loop(), room, ground.members()[posters + i], seed + i));
  for (std::size_t i = 0; i < posters; ++i)
    threads_.emplace_back([this, i, seed] { post(i, seed + 100 + i); });
}

HonestPeople::~HonestPeople() { end(); }

void HonestPeople::end() {
  is_over_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void HonestPeople::post(std::size_t number, std::uint64_t seed) {
  try {
    faults::Ledger ledger(stem_of(ground_, number));
    faults::Poster poster(ground_.loop(), room_, ground_.members()[number], ledger, seed);
    poster.run([this] { return is_over_.load(); });
  } catch (const std::exception& failure) {
    failures_[number] = failure.what();
  }
}

faults::Verdict HonestPeople::finish(const Book& book) {
  end();
  faults::HistoryChecker checker(ground_, room_);
  const std::uint64_t newest = checker.read_channel();
  for (std::size_t i = 0; i < posters; ++i)
    checker.compare_with(faults::Ledger(stem_of(ground_, i)), ground_.members()[i]);
  for (const auto& follower : followers_) {
    follower->finish(newest);
    checker.compare_with(*follower);
  }
  checker.compare_with_database();
  checker.ask_oberihd_check();
  compare_with_book(book, checker.verdict());
  for (const std::string& failure : failures_)
    if (!failure.empty()) checker.verdict().violations.push_back("an honest poster: " + failure);
  return checker.verdict();
}

void HonestPeople::compare_with_book(const Book& book, faults::Verdict& verdict) const {
  std::string honest;
  for (std::size_t i = 0; i < posters; ++i)
    honest += (i == 0 ? "'" : ", '") + encoding::encode_hex(ground_.members()[i].device) + "'";
  const auto stored = words_of(
      ground_.database().ask("oberih",
                             "SELECT string_agg(encode(message_id, 'hex'), ' ') FROM entry WHERE "
                             "encode(sender_device, 'hex') NOT IN (" +
                                 honest + ")"));
  std::set<std::string> known, found(stored.begin(), stored.end());
  for (const MessageId& id : book.signed_entries()) known.insert(encoding::encode_hex(id));
  if (found.size() != stored.size()) verdict.violations.push_back("an entry is stored twice");
  for (const std::string& id : found)
    if (!known.contains(id))
      verdict.violations.push_back("an entry is stored that nobody signed: " + id);
  for (const MessageId& id : book.acknowledged_entries())
    if (!found.contains(encoding::encode_hex(id)))
      verdict.violations.push_back("an entry was acknowledged and is not stored");
  std::set<std::string> made{encoding::encode_hex(room_.channel)};
  for (const ChannelId& id : book.signed_channels()) made.insert(encoding::encode_hex(id));
  for (const std::string& id : words_of(ground_.database().ask("oberih", channels)))
    if (!made.contains(id)) verdict.violations.push_back("a channel that nobody signed: " + id);
  if (std::stoul(ground_.database().ask("oberih", count_of_directory)) != directory_leaves_)
    verdict.violations.push_back("the directory has grown");
}

}  // namespace oberih::garbage
