// SPDX-License-Identifier: Apache-2.0
// Live delivery through the whole server: in order, without a gap, without doubling, to those who
// may, and never at the cost of those who read.
#include "tests/integration/server_fixture.hpp"

namespace oberih::test {
namespace {

/// A person at a connection, who verifies all that comes.
class Desk {
 public:
  Desk(TestServer& server, Person& person) : actor_(person.actor), client_(server, person) {
    if (!client_.is_connected()) throw std::runtime_error("not connected: " + client_.why_not());
    catch_up();
  }
  Actor& actor() { return actor_; }
  TestClient& client() { return client_; }

  void catch_up() {
    const auto hello = client_.get<wire::HelloReply>(wire::SessionHello{"test", 0});
    read_directory();
    expect(actor_.take_checkpoint(hello.checkpoint));
  }
  void read_directory() {
    expect(actor_.take_directory(
        client_.get<wire::DirectoryPage>(wire::DirectoryRead{actor_.directory_count(), 1'000})));
  }
  void read(const ChannelId& channel) {
    const auto after = actor_.conversation(channel).state.newest_seq();
    const auto page = client_.get<wire::ItemPage>(wire::ChannelRead{channel, after, 1'000, false});
    for (const auto& item : page.items) expect(actor_.take_item(channel, item));
  }
  ChannelId create_channel() {
    ChannelId channel;
    client_.get<wire::Appended>(
        actor_.create_channel(ChannelKind::ordinary, wall_clock_ms(), &channel));
    read(channel);
    return channel;
  }
  void change(const ChannelId& channel, const sealing::Change& change) {
    client_.get<wire::Appended>(actor_.change_channel(channel, change, {}, wall_clock_ms()));
    read(channel);
  }
  void add(const ChannelId& channel, const Person& other) {
    read_directory();
    sealing::Change change_with_line;
    change_with_line.add = sealing::LinesItem{"order 1", {other.actor.line(RosterRole::member)}};
    change(channel, change_with_line);
  }
  std::uint64_t post(const ChannelId& channel, const std::string& text) {
    const wire::EntryPost entry = actor_.post(channel, text, wall_clock_ms());
    const auto appended = client_.get<wire::Appended>(entry);
    actor_.note_accepted(channel, entry);
    return appended.channel_seq;
  }
  void follow(const ChannelId& channel) {
    client_.get<wire::Followed>(
        wire::ChannelFollow{channel, actor_.conversation(channel).state.newest_seq()});
  }
  /// Takes live items until the channel's sequence is reached.
  void take_until(const ChannelId& channel, std::uint64_t seq) {
    while (actor_.conversation(channel).state.newest_seq() < seq) {
      const json event = client_.next_event(wire::ItemEvent::method);
      wire::ItemEvent item;
      if (event.is_null() || !wire::parse_event(event["params"], item))
        throw std::runtime_error("no item came");
      if (actor_.directory_count() < item.directory_count) read_directory();
      const auto before = actor_.conversation(channel).state.newest_seq();
      expect(actor_.take_item(channel, item.item));
      EXPECT_EQ(actor_.conversation(channel).state.newest_seq(), before + 1) << "came twice";
    }
  }
  std::vector<std::string> take_texts(const ChannelId& channel) {
    return std::exchange(actor_.conversation(channel).unread, {});
  }

 private:
  static void expect(const Result<void>& result) {
    if (!result)
      throw std::runtime_error(std::string(refusal_row(result.error().code).name) + ": " +
                               result.error().detail);
  }
  Actor& actor_;
  TestClient client_;
};

class Follow : public testing::Test {
 protected:
  Follow()
      : author_(server_.enrol("Слідча")),
        reader_(server_.enrol("Колега")),
        author_desk_(connect(*author_)) {
    channel_ = author_desk_->create_channel();
    author_desk_->add(channel_, *reader_);
  }
  std::unique_ptr<Desk> connect(Person& person) { return std::make_unique<Desk>(server_, person); }

  TestServer server_;
  std::unique_ptr<Person> author_, reader_;
  std::unique_ptr<Desk> author_desk_;
  ChannelId channel_;
};

TEST_F(Follow, brings_what_was_missed_first_and_then_what_comes) {
  author_desk_->post(channel_, "один");
  auto desk = connect(*reader_);
  desk->follow(channel_);
  const auto last = author_desk_->post(channel_, "два");
  desk->take_until(channel_, last);
  EXPECT_EQ(desk->take_texts(channel_), (std::vector<std::string>{"один", "два"}));
}

TEST_F(Follow, many_posts_arrive_once_and_in_order) {
  auto desk = connect(*reader_);
  desk->follow(channel_);
  std::uint64_t last = 0;
  for (int i = 0; i < 300; ++i) last = author_desk_->post(channel_, std::to_string(i));
  desk->take_until(channel_, last);
  const auto texts = desk->take_texts(channel_);
  ASSERT_EQ(texts.size(), 300U);
  for (int i = 0; i < 300; ++i) EXPECT_EQ(texts[static_cast<std::size_t>(i)], std::to_string(i));
}

TEST_F(Follow, who_was_away_for_long_gets_more_than_an_outbox_holds) {
  std::uint64_t last = 0;
  for (int i = 0; i < 60; ++i) last = author_desk_->post(channel_, std::string(60'000, 'x'));
  auto desk = connect(*reader_);
  desk->follow(channel_);
  desk->take_until(channel_, last);
  EXPECT_EQ(desk->take_texts(channel_).size(), 60U);
}

TEST_F(Follow, after_a_lost_connection_exactly_what_was_missed_comes) {
  auto desk = connect(*reader_);
  desk->follow(channel_);
  desk->take_until(channel_, author_desk_->post(channel_, "один"));
  desk.reset();
  author_desk_->post(channel_, "два");
  desk = connect(*reader_);
  desk->follow(channel_);
  desk->take_until(channel_, author_desk_->post(channel_, "три"));
  EXPECT_EQ(desk->take_texts(channel_), (std::vector<std::string>{"один", "два", "три"}));
}

TEST_F(Follow, who_is_removed_is_told_and_gets_nothing_more) {
  auto desk = connect(*reader_);
  desk->follow(channel_);
  desk->take_until(channel_, author_desk_->post(channel_, "один"));
  sealing::Change change;
  change.remove = sealing::RemoveItem{"переведено", {reader_->actor.device()}};
  author_desk_->change(channel_, change);
  author_desk_->post(channel_, "без колеги");
  json event = desk->client().next_event();
  while (event["method"] == wire::CheckpointEvent::method) event = desk->client().next_event();
  EXPECT_EQ(event["method"], wire::UnfollowedEvent::method);
  EXPECT_EQ(desk->client().ask(wire::ChannelFollow{channel_, 0})["error"]["data"]["code"],
            "not_found");
}

TEST_F(Follow, strangers_and_unknown_channels_get_the_same_answer) {
  auto stranger = server_.enrol("Чужий");
  auto desk = connect(*stranger);
  json existing = desk->client().ask(wire::ChannelFollow{channel_, 0});
  json unknown = desk->client().ask(wire::ChannelFollow{ChannelId{{1}}, 0});
  existing.erase("id");
  unknown.erase("id");
  EXPECT_EQ(existing, unknown);
  EXPECT_EQ(existing["error"]["data"]["code"], "not_found");
}

TEST_F(Follow, a_checkpoint_reaches_those_who_follow_within_a_second_or_two) {
  auto desk = connect(*reader_);
  desk->follow(channel_);
  author_desk_->post(channel_, "один");
  EXPECT_FALSE(desk->client().next_event(wire::CheckpointEvent::method).is_null());
}

TEST_F(Follow, a_client_that_reads_nothing_is_closed_and_holds_up_nobody) {
  socket::RawTls deaf(server_.port(), &reader_->tls);
  ASSERT_TRUE(deaf.is_connected());
  deaf.upgrade();
  const auto say = [&](const auto& request) {
    using Request = std::decay_t<decltype(request)>;
    deaf.send(socket::RawTls::frame(
        0x81, wire::encode_request(1, Request::method, wire::encode_params(request))));
  };
  say(wire::SessionHello{"deaf", 0});
  say(wire::ChannelFollow{channel_, 0});
  // More than the kernel's buffers and the outbox hold together.
  for (int i = 0; i < 200; ++i) author_desk_->post(channel_, std::string(60'000, 'x'));
  EXPECT_GT(author_desk_->post(channel_, "далі"), 0U);
  // The close frame waits behind what is not read; then the connection is cut.
  EXPECT_TRUE(server_.wait_for_log("4001")) << server_.log_text();
}

TEST_F(Follow, a_graceful_stop_says_goodbye_and_leaves_all_under_a_signature) {
  auto desk = connect(*reader_);
  desk->follow(channel_);
  const auto last = author_desk_->post(channel_, "останнє");
  server_.stop();
  EXPECT_EQ(desk->client().peer().wait_for_close().code, 1001);
  const auto kept = runtime::read_public_file(server_.settings().state_directory + "/checkpoint");
  ASSERT_TRUE(kept);
  const std::string size = server_.database().ask("oberih_reader", "SELECT size FROM journal_head");
  EXPECT_EQ(kept->find("journal.test\n" + size + "\n"), 0U) << *kept;
  server_.start();
  desk = connect(*reader_);
  desk->follow(channel_);
  desk->take_until(channel_, last);
  EXPECT_EQ(desk->take_texts(channel_), (std::vector<std::string>{"останнє"}));
}

TEST_F(Follow, a_restored_older_database_is_not_served) {
  server_.database().run_as_superuser("CREATE TABLE yesterday AS SELECT * FROM journal_head");
  author_desk_->post(channel_, "один");
  server_.stop();  // signs
  server_.start();
  server_.stop();
  std::string restore;
  for (const char* table : {"journal_head", "checkpoint", "journal", "entry", "ciphertext"})
    restore += std::string("ALTER TABLE ") + table + " DISABLE TRIGGER ALL;";
  for (const char* table : {"ciphertext", "entry", "journal"})
    restore += std::string("DELETE FROM ") + table +
               " WHERE journal_index >= (SELECT size FROM yesterday);";
  restore +=
      "DELETE FROM checkpoint WHERE size > (SELECT size FROM yesterday);"
      "UPDATE journal_head h SET size = y.size, frontier = y.frontier, "
      "server_ms = y.server_ms FROM yesterday y";
  server_.database().run_as_superuser(restore);
  try {
    server_.start();
    FAIL() << "a journal without its newest leaves is served";
  } catch (const std::runtime_error& refused) {
    EXPECT_NE(std::string(refused.what()).find("checkpoint"), std::string::npos) << refused.what();
  }
}

}  // namespace
}  // namespace oberih::test
