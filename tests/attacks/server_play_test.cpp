// SPDX-License-Identifier: Apache-2.0
// Plays of several acts: people come and go while the server lies, answers errors, or shows two
// stories to two members; and members with valid keys who do what they may not.
#include <atomic>

#include "client-cli/commands/channel_search.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "tests/attacks/server_attack.hpp"

namespace oberih::attacks {
namespace {

class ServerAttackOnPlay : public ServerAttack {
 protected:
  /// What the honest server keeps from the victim, a malicious one gives to everybody.
  static void give_everything(MaliciousServer& server, const ChannelId& channel, Items items) {
    server.answer<wire::ChannelRead>(
        [channel, items](const wire::ChannelRead& read) -> std::optional<wire::ItemPage> {
          if (read.channel != channel) return std::nullopt;
          wire::ItemPage page;
          page.newest_seq = items.size();
          page.items.assign(items.begin() + static_cast<std::ptrdiff_t>(read.after_seq),
                            items.end());
          return page;
        });
  }
  /// The server notices within a second what was written beside it.
  void wait_until_revoked(const Device& device) {
    while (true) {
      auto reader = scene().honest_member(scene().taras());
      ASSERT_EQ(outcome(reader->connect()), "accepted");
      const auto& directory = reader->session().directory();
      if (!directory.is_active(device.id(), UINT64_MAX, wall_clock_ms())) return;
    }
  }
  void remove(Member& by, const ChannelId& channel, const Device& device) {
    ASSERT_EQ(outcome(by.read(channel)), "accepted");
    client::RecordSender records(by.session());
    ASSERT_EQ(outcome(records.change(by.channel(channel), {}, {}, {device.id()}, "moved")),
              "accepted");
  }
};

// -- who may read what ----------------------------------------------------------------------------

TEST_F(ServerAttackOnPlay, a_removed_member_does_not_read_the_next_epoch) {
  const ChannelId channel = scene().open_channel();
  auto oksana = scene().honest_member(scene().oksana());
  remove(*oksana, channel, scene().taras());
  ASSERT_EQ(outcome(oksana->say(channel, "без Тараса")), "accepted");
  const Items items = items_of(channel, scene().oksana());

  auto server = scene().malicious_server();
  give_everything(*server, channel, items);
  auto stays = scene().member_of(*server, scene().odesa());
  ASSERT_EQ(outcome(stays->read(channel)), "accepted");
  EXPECT_EQ(stays->texts(channel).back(), "без Тараса");
  auto removed = scene().member_of(*server, scene().taras());
  ASSERT_EQ(outcome(removed->read(channel)), "accepted");
  EXPECT_EQ(removed->texts(channel),
            (std::vector<std::string>{"перше", "друге", "третє", "(unreadable)"}));
}

TEST_F(ServerAttackOnPlay, a_later_member_reads_all_under_full_and_nothing_earlier_otherwise) {
  for (const History history : {History::full, History::from_joining}) {
    const ChannelId channel = scene().open_channel(history);
    auto prosecutor = scene().honest_member(scene().odesa());
    ASSERT_EQ(outcome(prosecutor->read(channel)), "accepted");
    const std::string earlier = history == History::full ? "" : "(unreadable)";
    const auto shown = prosecutor->texts(channel);
    ASSERT_EQ(shown.size(), 3u);
    EXPECT_EQ(shown[0], earlier.empty() ? "перше" : earlier);
    EXPECT_EQ(shown[1], earlier.empty() ? "друге" : earlier);
    EXPECT_EQ(shown[2], "третє");
  }
}

TEST_F(ServerAttackOnPlay, an_entry_of_a_removed_member_held_back_past_the_removal_is_refused) {
  const ChannelId channel = scene().open_channel();
  auto taras = scene().honest_member(scene().taras());
  ASSERT_EQ(outcome(taras->read(channel)), "accepted");
  const wire::ChannelItem held_back =
      item_of(channel, forge_entry(*taras, channel, scene().taras(), "запізно"));
  auto oksana = scene().honest_member(scene().oksana());
  remove(*oksana, channel, scene().taras());
  expect_items_refused(channel, scene().odesa(), "not_found", 3,
                       [&](Items& items) { items.push_back(held_back); });
}

TEST_F(ServerAttackOnPlay, an_entry_of_a_member_held_back_past_a_removal_is_refused) {
  const ChannelId channel = scene().open_channel();
  auto odesa = scene().honest_member(scene().odesa());
  ASSERT_EQ(outcome(odesa->read(channel)), "accepted");
  const wire::ChannelItem held_back =
      item_of(channel, forge_entry(*odesa, channel, scene().odesa(), "запізно"));
  auto oksana = scene().honest_member(scene().oksana());
  remove(*oksana, channel, scene().taras());
  expect_items_refused(channel, scene().oksana(), "wrong_epoch", 3,
                       [&](Items& items) { items.push_back(held_back); });
}

TEST_F(ServerAttackOnPlay, an_entry_and_a_record_of_a_revoked_device_are_refused) {
  const auto lost = scene().enrol(scene().police(), Role::investigator);
  const ChannelId channel = scene().open_channel();
  auto oksana = scene().honest_member(scene().oksana());
  ASSERT_EQ(outcome(oksana->read(channel)), "accepted");
  client::RecordSender records(oksana->session());
  ASSERT_EQ(outcome(records.change(oksana->channel(channel), {lost->line(RosterRole::admin)},
                                   "order 3", {}, "")),
            "accepted");
  auto thief = scene().honest_member(*lost);
  ASSERT_EQ(outcome(thief->read(channel)), "accepted");
  const auto revoked = scene().server().append(revoke(*lost, scene().police_admin()));
  wait_until_revoked(*lost);
  const auto expect_refused_behind = [&](wire::ChannelItem item, std::string_view why) {
    item.index = revoked.index + 1;
    expect_items_refused(channel, scene().taras(), why, 3,
                         [&](Items& items) { items.push_back(item); });
  };
  expect_refused_behind(item_of(channel, forge_entry(*thief, channel, *lost, "від злодія")),
                        "device_revoked");
  // A record may not keep the revoked line, and its author must stand in the new roster.
  expect_refused_behind(item_of(channel, forge_record(*thief, channel, *lost, {})),
                        "stays on the roster");
}

TEST_F(ServerAttackOnPlay, a_withheld_text_is_not_taken_for_an_erased_one) {
  const ChannelId channel = scene().open_channel();
  for (const bool is_attacked : {false, true}) {
    auto server = scene().malicious_server();
    if (is_attacked)
      server->when<wire::ChannelRead>([](const wire::ChannelRead&, wire::ItemPage& page) {
        page.items.back().ciphertext.reset();
      });
    auto reader = scene().member_of(*server, scene().taras());
    ASSERT_EQ(outcome(reader->read(channel)), "accepted");
    client::HistoryItem::What last{};
    client::ChannelHistory(reader->session().store(), reader->channel(channel).keys(), channel)
        .for_each(0, [&](const client::HistoryItem& item) {
          last = item.what;
          return true;
        });
    EXPECT_EQ(last,
              is_attacked ? client::HistoryItem::What::withheld : client::HistoryItem::What::text);
  }
}

// -- what a sender is told ------------------------------------------------------------------------

TEST_F(ServerAttackOnPlay, errors_that_block_a_check_send_nothing) {
  const ChannelId channel = scene().open_channel();
  auto server = scene().malicious_server();
  auto oksana = scene().member_of(*server, scene().oksana());
  ASSERT_EQ(outcome(oksana->say(channel, "чесно")), "accepted") << "the control run fails";
  const std::size_t sent = server->passed_on<wire::EntryPost>();
  ASSERT_EQ(sent, 1u);
  for (const RefusalCode code :
       {RefusalCode::forbidden, RefusalCode::not_found, RefusalCode::invalid_parameters}) {
    server->be_honest();
    server->refuse_all<wire::ChannelRead>(code);
    EXPECT_FALSE(oksana->say(channel, "наосліп"));
    server->be_honest();
    server->refuse_all<wire::DirectoryRead>(code);
    server->when<wire::SessionHello>(
        [](const auto&, wire::HelloReply& hello) { ++hello.directory_count; });
    oksana->session().connection().close();
    EXPECT_FALSE(oksana->say(channel, "наосліп"));
  }
  EXPECT_EQ(server->passed_on<wire::EntryPost>(), sent);
}

TEST_F(ServerAttackOnPlay, a_due_rotation_happens_before_anything_is_sent) {
  const auto lost = scene().enrol(scene().police(), Role::investigator);
  const ChannelId channel = scene().open_channel();
  auto oksana = scene().honest_member(scene().oksana());
  ASSERT_EQ(outcome(oksana->read(channel)), "accepted");
  client::RecordSender records(oksana->session());
  ASSERT_EQ(outcome(records.change(oksana->channel(channel), {lost->line(RosterRole::member)},
                                   "order 3", {}, "")),
            "accepted");
  ASSERT_EQ(outcome(oksana->say(channel, "ще з ним")), "accepted");
  auto thief = scene().honest_member(*lost);
  ASSERT_EQ(outcome(thief->read(channel)), "accepted");
  EXPECT_EQ(thief->texts(channel).back(), "ще з ним") << "the control run fails";
  scene().server().append(revoke(*lost, scene().police_admin()));
  const std::uint64_t before = oksana->session().directory().count();
  do {
    oksana->session().connection().close();
    ASSERT_EQ(outcome(oksana->connect()), "accepted");
  } while (oksana->session().directory().count() == before);
  ASSERT_EQ(outcome(oksana->say(channel, "вже без нього")), "accepted");
  const Items items = items_of(channel, scene().oksana());
  EXPECT_EQ(header_of(items.back()).epoch, record_of(items[items.size() - 2]).epoch);
  EXPECT_EQ(sealing::find_line(record_of(items[items.size() - 2]).roster, lost->id()), nullptr);
}

TEST_F(ServerAttackOnPlay, a_member_removed_while_changing_the_key_is_told_so_and_keeps_no_text) {
  const ChannelId channel = scene().open_channel();
  auto oksana = scene().honest_member(scene().oksana());
  ASSERT_EQ(outcome(oksana->read(channel)), "accepted");
  auto server = scene().malicious_server();
  auto taras = scene().member_of(*server, scene().taras());
  ASSERT_EQ(outcome(taras->connect()), "accepted");
  ASSERT_EQ(outcome(taras->say(channel, "ще в каналі")), "accepted") << "the control run fails";
  auto odesa = scene().honest_member(scene().odesa());
  ASSERT_EQ(outcome(odesa->read(channel)), "accepted");
  ASSERT_TRUE(client::EntrySender(odesa->session()).leave(odesa->channel(channel)));

  std::atomic<int> records = 0;
  server->answer<wire::ChannelAppend>(
      [&](const wire::ChannelAppend&) -> std::optional<wire::Appended> {
        if (++records == 1) remove(*oksana, channel, scene().taras());
        return std::nullopt;
      });
  EXPECT_EQ(outcome(taras->say(channel, "вже не в каналі")), "not_found: ");
  EXPECT_EQ(records, 1) << "the key was not due";
  EXPECT_EQ(taras->session().store().outbox().size(), 0u);
}

TEST_F(ServerAttackOnPlay, a_channel_withheld_makes_no_room_for_one_of_the_same_title) {
  auto server = scene().malicious_server();
  auto oksana = scene().member_of(*server, scene().oksana());
  const std::string title = "417-" + std::to_string(wall_clock_ms());
  const auto entitle = [&](Member& member, const ChannelId& channel) {
    ASSERT_EQ(outcome(member.read(channel)), "accepted");
    const sealing::MessageText text{sealing::MessageWhat::channel_title, title};
    ASSERT_TRUE(client::EntrySender(member.session()).post(member.channel(channel), text));
    ASSERT_EQ(outcome(member.read(channel)), "accepted");
  };
  const ChannelId channel = scene().open_channel();
  entitle(*oksana, channel);
  // The prosecutor's own channel of that title, where Oksana is made a member.
  auto odesa = scene().honest_member(scene().odesa());
  ASSERT_EQ(outcome(odesa->connect()), "accepted");
  client::RecordSender records(odesa->session());
  const ChannelId trap = records.create({ChannelKind::ordinary, History::full, 1}).value();
  ASSERT_EQ(outcome(odesa->read(trap)), "accepted");
  ASSERT_EQ(outcome(records.change(odesa->channel(trap), {scene().oksana().line(RosterRole::admin)},
                                   "order", {}, "")),
            "accepted");
  entitle(*odesa, trap);

  EXPECT_EQ(client::find_channel_online(oksana->session(), title).value(), channel)
      << "the control run fails";
  server->when<wire::ChannelList>([&](const auto&, wire::ChannelSummaries& summaries) {
    std::erase_if(summaries.channels, [&](const auto& each) { return each.channel == channel; });
  });
  const Result<ChannelId> found = client::find_channel_online(oksana->session(), title);
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, channel) << "what is said would go to another roster";
}

TEST_F(ServerAttackOnPlay, a_server_taken_for_another_device_is_left) {
  auto server = scene().malicious_server();
  auto unharmed = scene().member_of(*server, scene().oksana());
  ASSERT_EQ(outcome(unharmed->connect()), "accepted") << "the control run fails";
  server->when<wire::SessionHello>(
      [&](const auto&, wire::HelloReply& hello) { hello.device = scene().taras().id(); });
  auto victim = scene().member_of(*server, scene().oksana());
  const Result<> result = victim->connect();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, RefusalCode::verification_failed) << outcome(result);
}

// -- two stories ----------------------------------------------------------------------------------

TEST_F(ServerAttackOnPlay, a_forked_channel_is_found_when_an_entry_crosses) {
  const ChannelId channel = scene().open_channel();
  Items other = items_of(channel, scene().taras());
  auto server = scene().malicious_server();
  auto taras = scene().member_of(*server, scene().taras());
  for (const std::string text : {"у розгалуженні", "і далі"}) {
    give_everything(*server, channel, other);  // what he posts goes here, and to nobody else
    ASSERT_EQ(outcome(taras->read(channel)), "accepted");
    other.push_back(item_of(channel, forge_entry(*taras, channel, scene().taras(), text)));
    relink(other);
  }
  auto odesa = scene().honest_member(scene().odesa());
  ASSERT_EQ(outcome(odesa->say(channel, "на стовбурі")), "accepted");
  ASSERT_EQ(other.size(), 8u);

  // Both of the fork behind the trunk: the second saw the first where the trunk has another leaf.
  Items both = items_of(channel, scene().odesa());
  both.push_back(other[6]);
  both.push_back(other[7]);
  relink(both);
  auto forking = scene().malicious_server();
  give_everything(*forking, channel, both);
  auto victim = scene().member_of(*forking, scene().odesa());
  expect_caught(victim->read(channel), "seen_invalid", *victim);
  EXPECT_EQ(victim->texts(channel),
            (std::vector<std::string>{"перше", "друге", "третє", "на стовбурі", "у розгалуженні"}));
  // The second alone: its chain says that one is missing.
  expect_items_refused(channel, scene().odesa(), "sender_chain_broken", 4,
                       [&](Items& items) { items.push_back(other[7]); });
}

TEST_F(ServerAttackOnPlay, a_checkpoint_of_another_journal_inside_an_entry_is_refused) {
  const ChannelId channel = scene().open_channel();
  auto server = scene().malicious_server();
  auto reader = scene().member_of(*server, scene().odesa());
  ASSERT_EQ(outcome(reader->read(channel)), "accepted") << "the control run fails";
  const auto own = reader->session().verified_directory().newest_checkpoint();
  // Taras was shown another root for the very size that the prosecutor has.
  auto taras = scene().honest_member(scene().taras());
  ASSERT_EQ(outcome(taras->read(channel)), "accepted");
  const wire::EntryPost crossing = forge_entry(*taras, channel, scene().taras(), "з іншого журналу",
                                               [&](sealing::EntryHeader& header) {
                                                 header.log_size = own->size;
                                                 header.log_root = crypto::random_id<Digest>();
                                               });
  server->when<wire::ChannelRead>([&](const wire::ChannelRead&, wire::ItemPage& page) {
    Items all = items_of(channel, scene().taras());
    all.push_back(item_of(channel, crossing));
    relink(all);
    page.items = {all.back()};
    page.newest_seq = all.size();
  });
  expect_caught(reader->read(channel), "another journal", *reader);
}

TEST_F(ServerAttackOnPlay, another_leaf_at_a_place_already_read_is_refused) {
  const ChannelId channel = scene().open_channel();
  auto server = scene().malicious_server();
  auto reader = scene().member_of(*server, scene().odesa());
  ASSERT_EQ(outcome(reader->read(channel)), "accepted") << "the control run fails";
  Items items = items_of(channel, scene().odesa());
  change_leaf(items[5].leaf, [](journal::Leaf& leaf) { leaf.server_ms += 1; });
  server->when<wire::ChannelRead>(
      [&](const wire::ChannelRead&, wire::ItemPage& page) { page.items = {items[5]}; });
  expect_caught(reader->read(channel), "another leaf", *reader);
}

// -- members with valid keys ----------------------------------------------------------------------

TEST_F(ServerAttackOnPlay, a_wrong_key_in_a_wrap_leaves_its_victim_without_a_key) {
  const ChannelId channel = scene().open_channel();
  auto view = scene().honest_member(scene().oksana());
  ASSERT_EQ(outcome(view->read(channel)), "accepted");
  const RecordSpoils honest;
  RecordSpoils spoils;
  spoils.wrapped_key = crypto::random_secret<EpochKey>();
  for (const bool is_attacked : {false, true}) {
    const wire::ChannelItem rotation = item_of(
        channel, forge_record(*view, channel, scene().oksana(), {}, is_attacked ? spoils : honest));
    Items items = items_of(channel, scene().odesa());
    items.push_back(rotation);
    relink(items);
    auto server = scene().malicious_server();
    give_everything(*server, channel, items);
    auto victim = scene().member_of(*server, scene().odesa());
    ASSERT_EQ(outcome(victim->read(channel)), "accepted") << "the record stands, as evidence";
    EXPECT_EQ(victim->channel(channel).keys().key(4).has_value(), !is_attacked);
    EXPECT_TRUE(victim->channel(channel).keys().key(3));
  }
}

TEST_F(ServerAttackOnPlay, a_wrap_that_does_not_open_is_reported_and_the_key_is_changed) {
  for (const bool is_attacked : {false, true}) {
    const ChannelId channel = scene().open_channel();
    auto author = scene().honest_member(scene().oksana());
    ASSERT_EQ(outcome(author->read(channel)), "accepted");
    RecordSpoils spoils;
    spoils.wraps = [&](std::vector<sealing::KeyWrap>& wraps) {
      for (sealing::KeyWrap& wrap : wraps)
        if (is_attacked && wrap.device == scene().odesa().id()) wrap.ciphertext[0] ^= 1;
    };
    // The honest server cannot see that a wrap does not open.
    ASSERT_TRUE(
        author->session().ask(forge_record(*author, channel, scene().oksana(), {}, spoils)));
    auto victim = scene().honest_member(scene().odesa());
    // It tells the channel, leaves those who hold the key the first turn, and then changes it.
    ASSERT_EQ(outcome(victim->say(channel, "чи чуєте?")), "accepted");
    ASSERT_EQ(outcome(victim->read(channel)), "accepted");
    EXPECT_EQ(victim->channel(channel).state().unusable_epoch(), is_attacked ? 4u : 0u);
    EXPECT_FALSE(victim->channel(channel).state().is_wrap_unusable());
    auto taras = scene().honest_member(scene().taras());
    ASSERT_EQ(outcome(taras->say(channel, "чуємо")), "accepted");
    ASSERT_EQ(outcome(taras->read(channel)), "accepted");
    EXPECT_EQ(taras->channel(channel).state().epoch(), is_attacked ? 5u : 4u);
    ASSERT_EQ(outcome(victim->say(channel, "тепер добре")), "accepted");
    ASSERT_EQ(outcome(victim->read(channel)), "accepted");
    const auto texts = victim->texts(channel);
    EXPECT_EQ(texts.back(), "тепер добре");
    EXPECT_EQ(texts[texts.size() - 2], "чуємо");
  }
}

TEST_F(ServerAttackOnPlay, a_ciphertext_under_a_second_key_shows_no_text) {
  const ChannelId channel = scene().open_channel();
  auto view = scene().honest_member(scene().taras());
  ASSERT_EQ(outcome(view->read(channel)), "accepted");
  const sealing::EntryHeader header = next_header(*view, channel, scene().taras());
  const MessageKey right = view->channel(channel).keys().message_key(header.epoch).value();
  const auto second = crypto::random_secret<MessageKey>();
  for (const bool is_attacked : {false, true}) {
    Items items = items_of(channel, scene().odesa());
    items.push_back(item_of(channel, seal_post(header, "два тексти", is_attacked ? second : right,
                                               scene().taras().signer())));
    relink(items);
    auto server = scene().malicious_server();
    give_everything(*server, channel, items);
    auto reader = scene().member_of(*server, scene().odesa());
    ASSERT_EQ(outcome(reader->read(channel)), "accepted");
    EXPECT_EQ(reader->texts(channel).back(), is_attacked ? "(unreadable)" : "два тексти");
  }
}

TEST_F(ServerAttackOnPlay, a_ciphertext_taken_over_under_another_name_shows_no_text) {
  const ChannelId channel = scene().open_channel();
  auto view = scene().honest_member(scene().odesa());
  ASSERT_EQ(outcome(view->read(channel)), "accepted");
  Items items = items_of(channel, scene().taras());
  // The prosecutor's own words of epoch 3, signed by Taras under his own chain.
  const sealing::SealedEntry words = entry_of(items[5]);
  const Bytes header = sealing::encode_header(next_header(*view, channel, scene().taras()));
  Bytes content = header;
  for (const ByteView part :
       {words.salt.view(), words.commitment.view(), words.ciphertext_hash.view()})
    content.insert(content.end(), part.begin(), part.end());
  items.push_back(
      item_of(channel, wire::EntryPost{header, words.salt, words.commitment, *items[5].ciphertext,
                                       scene().taras().signer().sign("message", content)}));
  relink(items);
  auto server = scene().malicious_server();
  give_everything(*server, channel, items);
  auto reader = scene().member_of(*server, scene().oksana());
  ASSERT_EQ(outcome(reader->read(channel)), "accepted");
  EXPECT_EQ(reader->texts(channel),
            (std::vector<std::string>{"перше", "друге", "третє", "(unreadable)"}));
}

}  // namespace
}  // namespace oberih::attacks
