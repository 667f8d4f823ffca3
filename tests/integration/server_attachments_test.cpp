// SPDX-License-Identifier: Apache-2.0
// Attachments through the whole server, with clients that say what they like: who may put and get,
// what is refused by name, what a restart leaves, in either store.
#include "protocol/wire/attachments.hpp"
#include "tests/integration/server_fixture.hpp"
#include "tests/support/memory_attachments.hpp"

namespace oberih::test {
namespace {

constexpr std::size_t three_chunks = 2 * sealing::attachment_chunk_bytes + 777;

std::string refusal_in(const json& reply) {
  if (reply.contains("result")) return "accepted";
  return reply["error"]["data"]["code"];
}

/// A member's device at work: enough to make a channel and change its people.
class Office {
 public:
  Office(TestServer& server, Person& person) : actor_(person.actor), client_(server, person) {
    const auto hello = client_.get<wire::HelloReply>(wire::SessionHello{"test", 0});
    read_directory();
    if (!actor_.take_checkpoint(hello.checkpoint)) throw std::runtime_error("no checkpoint");
  }
  TestClient& client() { return client_; }
  ChannelId create_channel() {
    ChannelId channel;
    client_.get<wire::Appended>(
        actor_.create_channel(ChannelKind::ordinary, wall_clock_ms(), &channel));
    read(channel);
    return channel;
  }
  void add(const ChannelId& channel, const Person& other, RosterRole role) {
    read_directory();
    sealing::Change change;
    change.add = sealing::LinesItem{"order", {other.actor.line(role)}};
    append(channel, actor_.change_channel(channel, change, {}, wall_clock_ms()));
  }
  void remove(const ChannelId& channel, const Person& other) {
    sealing::Change change;
    change.remove = sealing::RemoveItem{"moved", {other.actor.device()}};
    append(channel, actor_.change_channel(channel, change, {}, wall_clock_ms()));
  }
  void close(const ChannelId& channel) {
    append(channel, actor_.close_channel(channel, {}, wall_clock_ms()));
  }

 private:
  void append(const ChannelId& channel, const wire::ChannelAppend& record) {
    client_.get<wire::Appended>(record);
    read(channel);
  }
  void read_directory() {
    const auto page =
        client_.get<wire::DirectoryPage>(wire::DirectoryRead{actor_.directory_count(), 1'000});
    if (!actor_.take_directory(page)) throw std::runtime_error("no directory");
  }
  void read(const ChannelId& channel) {
    const auto after = actor_.conversation(channel).state.newest_seq();
    const auto page = client_.get<wire::ItemPage>(wire::ChannelRead{channel, after, 1'000, false});
    for (const auto& item : page.items)
      if (!actor_.take_item(channel, item)) throw std::runtime_error("an item is refused");
  }

  Actor& actor_;
  TestClient client_;
};

void send_all(TestClient& client, const ChannelId& channel, const SealedAttachment& file) {
  ASSERT_EQ(refusal_in(client.ask(file.begin(channel))), "accepted");
  for (std::uint32_t number = 0; number < file.chunks.size(); ++number)
    ASSERT_EQ(refusal_in(client.ask(file.put(channel, number))), "accepted");
}

void expect_nothing(TestClient& client, const ChannelId& channel, const SealedAttachment& file) {
  EXPECT_EQ(refusal_in(client.ask(file.begin(channel))), "not_found");
  EXPECT_EQ(refusal_in(client.ask(file.put(channel, 0))), "not_found");
  EXPECT_EQ(refusal_in(client.ask(wire::AttachmentKeep{channel, file.content})), "not_found");
  EXPECT_EQ(refusal_in(client.ask(wire::AttachmentStatus{channel, file.content})), "not_found");
  EXPECT_EQ(refusal_in(client.ask(wire::AttachmentGet{channel, file.content, 0})), "not_found");
}

TEST(ServedAttachments, are_for_those_on_the_roster_as_it_is_when_they_ask) {
  TestServer server;
  auto author = server.enrol("Авторка"), reader = server.enrol("Читач");
  auto onlooker = server.enrol("Спостерігач"), stranger = server.enrol("Стороння");
  Office office(server, *author);
  const ChannelId channel = office.create_channel();
  office.add(channel, *reader, RosterRole::member);
  office.add(channel, *onlooker, RosterRole::read_only);
  const SealedAttachment file(three_chunks, 1), other(10, 2);
  send_all(office.client(), channel, file);

  TestClient of_reader(server, *reader), of_onlooker(server, *onlooker),
      of_stranger(server, *stranger);
  for (TestClient* client : {&of_reader, &of_onlooker, &of_stranger}) client->hello();
  expect_nothing(of_stranger, channel, file);
  const auto chunk =
      of_reader.get<wire::AttachmentChunk>(wire::AttachmentGet{channel, file.content, 2});
  EXPECT_EQ(chunk.chunk, file.chunks[2]);
  EXPECT_EQ(refusal_in(of_onlooker.ask(wire::AttachmentGet{channel, file.content, 0})), "accepted");
  EXPECT_EQ(refusal_in(of_onlooker.ask(other.begin(channel))), "read_only_member");
  EXPECT_EQ(refusal_in(of_reader.ask(file.put(channel, 0))), "not_found") << "another's upload";

  office.remove(channel, *reader);
  expect_nothing(of_reader, channel, file);
  office.close(channel);
  EXPECT_EQ(refusal_in(office.client().ask(other.begin(channel))), "channel_closed");
  EXPECT_EQ(refusal_in(office.client().ask(wire::AttachmentGet{channel, file.content, 0})),
            "accepted");
}

TEST(ServedAttachments, are_judged_chunk_by_chunk_and_go_on_after_a_restart_in_either_store) {
  for (const bool in_directory : {false, true}) {
    TestServer server([&](runtime::Settings& settings) {
      if (in_directory) settings.attachment_store = settings.state_directory + "-attachments";
    });
    auto author = server.enrol("Авторка");
    const SealedAttachment file(three_chunks, 1), other(three_chunks, 2);
    ChannelId channel;
    {
      Office office(server, *author);
      channel = office.create_channel();
      TestClient& client = office.client();
      wire::AttachmentBegin begin = file.begin(channel);
      begin.manifest.chunk_hashes[0] ^= 1;
      EXPECT_EQ(refusal_in(client.ask(begin)), "attachment_invalid");
      begin = file.begin(channel);
      begin.manifest.padded_bytes = 1ull << 40;
      EXPECT_EQ(refusal_in(client.ask(begin)), "attachment_too_large");
      ASSERT_EQ(refusal_in(client.ask(file.begin(channel))), "accepted");
      wire::AttachmentPut put = file.put(channel, 0);
      put.chunk[99] ^= 1;
      EXPECT_EQ(refusal_in(client.ask(put)), "attachment_invalid");
      put.chunk = other.chunks[0];
      EXPECT_EQ(refusal_in(client.ask(put)), "attachment_invalid");
      EXPECT_EQ(refusal_in(client.ask(file.put(channel, 1))), "attachment_invalid");
      EXPECT_EQ(refusal_in(client.ask(file.put(channel, 0))), "accepted");
      EXPECT_EQ(refusal_in(client.ask(wire::AttachmentGet{channel, file.content, 0})),
                "attachment_incomplete");
    }
    server.stop();
    server.start();
    TestClient client(server, *author);
    client.hello();
    EXPECT_EQ(client.get<wire::AttachmentProgress>(file.begin(channel)).received, 1u);
    EXPECT_FALSE(client.get<wire::AttachmentProgress>(file.put(channel, 1)).complete);
    EXPECT_TRUE(client.get<wire::AttachmentProgress>(file.put(channel, 2)).complete);
    for (std::uint32_t number = 0; number < 3; ++number)
      EXPECT_EQ(
          client.get<wire::AttachmentChunk>(wire::AttachmentGet{channel, file.content, number})
              .chunk,
          file.chunks[number]);
    const auto state =
        client.get<wire::AttachmentState>(wire::AttachmentStatus{channel, file.content});
    EXPECT_EQ(state.manifest.chunk_hashes, file.manifest.chunk_hashes);
    EXPECT_EQ(refusal_in(client.ask(wire::AttachmentKeep{channel, file.content})), "accepted");
    EXPECT_EQ(server.log_text().find("attachments"), std::string::npos) << "nothing failed";
  }
}

TEST(ServedAttachments, of_the_other_store_keep_the_server_from_starting) {
  TestServer server;
  auto author = server.enrol("Авторка");
  {
    Office office(server, *author);
    send_all(office.client(), office.create_channel(), SealedAttachment(10, 1));
  }
  server.stop();
  runtime::Settings settings = server.settings();
  settings.attachment_store = settings.state_directory + "-attachments";
  auto keys = runtime::load_server_keys(settings.state_directory);
  auto policies = runtime::load_policies(settings.policies_directory);
  ASSERT_TRUE(keys && policies);
  runtime::StructuredLog log("info", settings.log_file);
  EXPECT_THROW(runtime::ServerApp(settings, std::move(*keys), std::move(*policies), log),
               std::runtime_error);
}

TEST(ServedAttachments, have_a_quota_for_each_agency_that_is_said) {
  TestServer server([](runtime::Settings& settings) { settings.attachment_quota_bytes = 300'000; });
  auto author = server.enrol("Авторка");
  Office office(server, *author);
  const ChannelId channel = office.create_channel();
  send_all(office.client(), channel, SealedAttachment(three_chunks, 1));
  const json refused = office.client().ask(SealedAttachment(three_chunks, 2).begin(channel));
  EXPECT_EQ(refusal_in(refused), "attachment_quota_exceeded");
  EXPECT_NE(refused.dump().find("of 300000 bytes"), std::string::npos) << refused;
}

}  // namespace
}  // namespace oberih::test
