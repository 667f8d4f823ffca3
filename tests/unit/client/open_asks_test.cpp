// SPDX-License-Identifier: Apache-2.0
// What waits for a person is found by the clear facts of verified entries, each looked at once.
#include "client-cli/verification/open_asks.hpp"

#include <gtest/gtest.h>

#include "client-cli/keyring/local_store.hpp"
#include "tests/unit/client/temporary_folder.hpp"
#include "tests/unit/sealing/world.hpp"

namespace oberih::client {
namespace {

using sealing::AsksFor;
using sealing::TestDevice;

constexpr std::uint8_t acknowledgement = static_cast<std::uint8_t>(AsksFor::acknowledgement);
constexpr std::uint8_t consent = static_cast<std::uint8_t>(AsksFor::consent);

class OpenAsksTest : public testing::Test {
 protected:
  OpenAsksTest() { seat({&author_, &reader_, &chief_}); }

  std::uint64_t append(journal::LeafKind kind, Bytes body) {
    ++seq_;
    const Digest before = seq_ == 1 ? Digest{} : sealing::made_of<Digest>(7);
    const Bytes leaf =
        journal::encode_leaf({kind, now_ms_, channel_, seq_, before, std::move(body)});
    store_.channels().add_item(channel_, {seq_, 100 + seq_, leaf, Bytes{1}}, {});
    store_.channels().put({channel_, Bytes{1}, seq_, 100 + seq_, now_ms_});
    return seq_;
  }
  void seat(const std::vector<const TestDevice*>& devices, Milliseconds ends_ms = 0) {
    sealing::ChannelRecord record;
    record.op = sealing::RecordOp::create;
    record.channel = channel_;
    record.seq = record.epoch = 1;
    record.policy = {ChannelKind::ordinary, 1, History::full};
    record.author = author_.id();
    record.prev_record = record.key_commitment = record.message_key_commitment = record.wraps_root =
        crypto::random_id<Digest>();
    for (const TestDevice* device : devices)
      record.roster.push_back(device->line(RosterRole::member, ends_ms));
    std::ranges::sort(record.roster, {}, [](const auto& line) { return line.device; });
    append(journal::LeafKind::channel_record,
           sealing::encode_record_body({sealing::encode_record_content(record), {}, {}}));
  }
  std::uint64_t post(const TestDevice& sender, EntryType type, const Bytes& facts) {
    sealing::EntryHeader header;
    header.type = type;
    header.channel = channel_;
    header.sender = sender.id();
    header.sender_seq = 1;
    header.epoch = 1;
    header.facts = facts;
    sealing::SealedEntry entry{sealing::encode_header(header), {}, {}, {}, {}};
    if (sealing::has_body(type)) {
      entry.salt = crypto::random_id<Salt>();
      entry.commitment = crypto::random_id<Digest>();
      entry.ciphertext_hash = crypto::random_id<Digest>();
    }
    hashes_[seq_ + 1] = sealing::message_hash(entry);
    return append(journal::LeafKind::entry, sealing::encode_entry_body(entry));
  }
  std::uint64_t say(const TestDevice& sender, std::uint8_t asks_for, std::uint8_t priority = 0) {
    return post(sender, EntryType::message, sealing::encode_common_facts({{}, priority, asks_for}));
  }
  sealing::EntryReference reference(std::uint64_t seq) { return {seq, hashes_.at(seq)}; }
  void acknowledge(const TestDevice& sender, std::uint64_t seq) {
    post(sender, EntryType::acknowledgement,
         sealing::encode_acknowledgement_facts(
             {{}, reference(seq), sealing::AcknowledgementKind::received}));
  }
  std::uint64_t request(const TestDevice& sender, std::uint64_t seq) {
    return post(sender, EntryType::message,
                sealing::encode_request_facts({{{}, 0, consent}, reference(seq), to_ngo_}));
  }
  void answer(const TestDevice& sender, std::uint64_t request, std::uint64_t seq) {
    post(sender, EntryType::consent,
         sealing::encode_consent_facts({{}, reference(request), reference(seq), to_ngo_, false}));
  }

  std::size_t look(const TestDevice& own) {
    return OpenAsks(store_, world_.directory, own.id()).catch_up(channel_);
  }
  /// "2! 5c": the entry, urgent or about consent.
  std::string open(const TestDevice& own) {
    look(own);
    std::string words;
    for (const StoredAsk& ask : store_.asks().list(channel_, 100))
      words += (words.empty() ? "" : " ") + std::to_string(ask.seq) + (ask.is_urgent ? "!" : "") +
               (ask.what == AsksFor::consent ? "c" : "");
    return words;
  }

  sealing::World world_;
  const sealing::Admitted to_ngo_ = sealing::Admitted::of(world_.ngo().agency.id);
  const TestDevice& author_ = world_.enrol(world_.police(), Role::investigator);
  const TestDevice& reader_ = world_.enrol(world_.prosecution(), Role::prosecutor);
  const TestDevice& chief_ = world_.enrol(world_.police(), Role::supervisor);
  const ChannelId channel_ = sealing::made_of<ChannelId>(1);
  TemporaryFolder folder_;
  LocalStore store_{folder_.path(), crypto::random_secret<SymmetricKey>()};
  std::uint64_t seq_ = 0;
  Milliseconds now_ms_ = sealing::World::begins_ms + 5'000;
  std::map<std::uint64_t, Digest> hashes_;
};

TEST_F(OpenAsksTest, wait_until_the_person_acknowledges_with_any_device) {
  const std::uint64_t first = say(author_, acknowledgement);
  say(author_, 0);
  say(author_, acknowledgement, sealing::priority_urgent);
  say(reader_, acknowledgement);
  EXPECT_EQ(open(reader_), "4! 2") << "urgent first, none of one's own";
  acknowledge(chief_, first);
  EXPECT_EQ(open(reader_), "4! 2") << "another person's";
  const TestDevice& tablet =
      world_.enrol(world_.prosecution(), Role::prosecutor, reader_.certificate.person);
  acknowledge(tablet, first);
  EXPECT_EQ(open(reader_), "4!");
}

TEST_F(OpenAsksTest, concern_those_alone_who_sit_there_when_it_is_posted) {
  seat({&author_, &chief_});
  say(author_, acknowledgement);
  EXPECT_EQ(open(reader_), "") << "before they came";
  seat({&author_, &reader_}, now_ms_ + 1);
  say(author_, acknowledgement);
  now_ms_ += 1;
  say(author_, acknowledgement);
  EXPECT_EQ(open(reader_), "5") << "and not behind the end of their line";
  seat({&author_, &reader_});
  post(reader_, EntryType::leave, {});
  say(author_, acknowledgement);
  EXPECT_EQ(open(reader_), "5") << "nor after they left";
}

TEST_F(OpenAsksTest, of_consent_go_to_the_author_and_to_supervisors_of_the_authors_agency) {
  const std::uint64_t entry = say(author_, 0);
  request(reader_, entry);
  EXPECT_EQ(open(author_), "3c");
  store_.asks().put_mark(channel_, {});
  store_.asks().remove(channel_, 3, AsksFor::consent);
  EXPECT_EQ(open(chief_), "3c");
}

TEST_F(OpenAsksTest, of_consent_do_not_go_to_anybody_else) {
  const std::uint64_t entry = say(author_, 0);
  request(chief_, entry);
  EXPECT_EQ(open(reader_), "");
}

TEST_F(OpenAsksTest, of_consent_end_with_anybodys_answer) {
  const std::uint64_t entry = say(author_, 0);
  const std::uint64_t first = request(reader_, entry);
  request(reader_, entry);
  EXPECT_EQ(open(author_), "3c 4c");
  answer(chief_, first, entry);
  EXPECT_EQ(open(author_), "4c");
}

TEST_F(OpenAsksTest, are_found_by_looking_at_each_leaf_once) {
  for (int i = 0; i < 300; ++i) say(author_, i % 100 == 0 ? acknowledgement : 0);
  EXPECT_EQ(look(reader_), 301u);
  EXPECT_EQ(look(reader_), 0u);
  say(author_, acknowledgement);
  EXPECT_EQ(look(reader_), 1u);
  EXPECT_EQ(store_.asks().count(channel_), 4u);
  EXPECT_EQ(store_.asks().list(channel_, 2).size(), 2u);
}

TEST_F(OpenAsksTest, are_found_anew_where_a_tail_was_lost) {
  say(author_, acknowledgement);
  EXPECT_EQ(open(reader_), "2");
  Transaction transaction = store_.begin();
  store_.set_tail_aside(102);
  transaction.commit();
  EXPECT_EQ(store_.asks().count(channel_), 0u);
  EXPECT_EQ(store_.asks().mark(channel_).read_seq, 0u);
}

}  // namespace
}  // namespace oberih::client
