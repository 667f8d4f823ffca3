// SPDX-License-Identifier: Apache-2.0
// A malicious server speaks for itself: leaves of kind 11 need no member's key, so that only the
// rules of tasks stand between it and a due time that it likes better.
#include "client-cli/verification/task_book.hpp"
#include "tests/attacks/server_attack.hpp"

namespace oberih::attacks {
namespace {

using sealing::ServerEvent;
using sealing::ServerEventWhat;
using sealing::TaskAction;
using sealing::TaskFacts;
using sealing::TaskParty;

constexpr Milliseconds an_hour = 3'600'000;
const std::size_t all_words = Scene::said().size();

class ServerAttackOnEvents : public ServerAttack {
 protected:
  struct Asked {
    ChannelId channel;
    TaskId dated, classed;  // due at a date that Oksana named; within three days
    Milliseconds due_ms = 0;
  };
  /// A conversation with two tasks for the prosecutor.
  const Asked& asked() {
    static const Asked made = [this] {
      Asked asked;
      asked.channel = scene().open_channel();
      asked.due_ms = wall_clock_ms() + 24 * an_hour;
      asked.dated = propose(asked.channel, sealing::TaskUrgency::date, asked.due_ms);
      asked.classed = propose(asked.channel, sealing::TaskUrgency::days_3, 0);
      return asked;
    }();
    return made;
  }
  TaskId propose(const ChannelId& channel, sealing::TaskUrgency urgency, Milliseconds due_ms) {
    auto oksana = scene().honest_member(scene().oksana());
    EXPECT_EQ(outcome(oksana->read(channel)), "accepted");
    const auto party = [](const Device& device) {
      return TaskParty::of(device.certificate.agency, device.certificate.person);
    };
    TaskFacts facts;
    facts.task = crypto::random_id<TaskId>();
    facts.action = TaskAction::propose;
    facts.requester = party(scene().oksana());
    facts.kind = sealing::TaskKind::general;
    facts.urgency = urgency;
    facts.due_ms = due_ms;
    facts.slots = {party(scene().odesa())};
    const auto acted =
        client::EntrySender(oksana->session())
            .act(oksana->channel(channel), facts, {TaskAction::propose, "Допит", "Прошу"});
    EXPECT_TRUE(acted) << acted.error().detail;
    return facts.task;
  }
  ServerEvent event(ServerEventWhat what, const TaskId& task, Milliseconds due_ms) {
    ServerEvent event;
    event.what = what;
    event.task = task;
    event.due_ms = due_ms;
    event.salt = crypto::random_id<sealing::LeafSalt>();
    if (what == ServerEventWhat::due_set) {
      event.calendar = crypto::random_id<Digest>();
      event.deadlines = crypto::random_id<Digest>();
      return event;
    }
    event.minutes = what == ServerEventWhat::reminder ? 60 : 0;
    event.said_for_ms = due_ms - sealing::ms_of_minutes(event.minutes);
    return event;
  }
  static wire::ChannelItem item_of_event(const ChannelId& channel, const ServerEvent& event,
                                         Milliseconds server_ms = 0) {
    wire::ChannelItem item;
    item.leaf = journal::encode_leaf({journal::LeafKind::server_event,
                                      server_ms,
                                      channel,
                                      1,
                                      {},
                                      sealing::encode_server_event(event)});
    return item;
  }
  /// Behind all that was said and asked; Taras, a newcomer, reads it.
  void expect_event_refused(std::string_view why, const ServerEvent& event,
                            Milliseconds server_ms = 0) {
    const Asked& play = asked();
    expect_items_refused(play.channel, scene().taras(), why, all_words, [&](Items& items) {
      items.push_back(item_of_event(play.channel, event, server_ms));
    });
  }
};

TEST_F(ServerAttackOnEvents, the_honest_server_says_the_due_time_of_a_class_and_moves_no_date) {
  auto taras = scene().honest_member(scene().taras());
  ASSERT_EQ(outcome(taras->read(asked().channel)), "accepted");
  client::TaskBook book(taras->session().store(), taras->channel(asked().channel).keys(),
                        asked().channel);
  EXPECT_EQ(book.notices(asked().classed).size(), 1u) << "the control of what follows";
  EXPECT_TRUE(book.notices(asked().dated).empty());
  EXPECT_EQ(book.find(asked().dated)->slots[0].due_ms, asked().due_ms);
}

TEST_F(ServerAttackOnEvents, a_due_time_that_moves_a_date_is_refused) {
  expect_event_refused("transition_unknown, a date that somebody named",
                       event(ServerEventWhat::due_set, asked().dated, asked().due_ms + an_hour));
}

TEST_F(ServerAttackOnEvents, a_due_time_in_the_past_or_beyond_all_terms_is_refused) {
  expect_event_refused("due_in_past", event(ServerEventWhat::due_set, asked().classed, 1'000));
  expect_event_refused("due_in_past", event(ServerEventWhat::due_set, asked().classed,
                                            wall_clock_ms() + 500 * 24 * an_hour));
}

TEST_F(ServerAttackOnEvents, overdue_before_its_time_is_refused) {
  expect_event_refused("due_in_past",
                       event(ServerEventWhat::overdue, asked().dated, asked().due_ms));
}

TEST_F(ServerAttackOnEvents, a_notice_of_another_due_time_than_the_one_in_force_is_refused) {
  const Milliseconds earlier = asked().due_ms - 48 * an_hour;
  expect_event_refused("due_in_past", event(ServerEventWhat::overdue, asked().dated, earlier));
  expect_event_refused("due_in_past", event(ServerEventWhat::reminder, asked().dated,
                                            wall_clock_ms() + an_hour / 2));
}

TEST_F(ServerAttackOnEvents, a_reminder_for_a_slot_that_is_anothers_or_none_is_refused) {
  ServerEvent reminder = event(ServerEventWhat::reminder, asked().dated, asked().due_ms);
  reminder.slot = 1;
  expect_event_refused("not_found", reminder, asked().due_ms);
}

TEST_F(ServerAttackOnEvents, an_event_of_another_channels_task_is_refused) {
  const ChannelId other = scene().open_channel();
  const TaskId task = propose(other, sealing::TaskUrgency::date, asked().due_ms);
  expect_event_refused("not_found", event(ServerEventWhat::overdue, task, asked().due_ms),
                       asked().due_ms);
  // The very leaf, carried over.
  const Asked& play = asked();
  expect_items_refused(other, scene().taras(), "another channel", all_words, [&](Items& items) {
    items.push_back(
        item_of_event(play.channel, event(ServerEventWhat::overdue, task, play.due_ms)));
  });
}

TEST_F(ServerAttackOnEvents, a_notice_that_is_said_twice_is_refused) {
  const Asked& play = asked();
  const ServerEvent overdue = event(ServerEventWhat::overdue, play.dated, play.due_ms);
  expect_items_refused(play.channel, scene().taras(), "due_in_past", all_words, [&](Items& items) {
    items.push_back(item_of_event(play.channel, overdue, play.due_ms));
    items.push_back(item_of_event(play.channel, overdue, play.due_ms));
  });
}

TEST_F(ServerAttackOnEvents, an_unknown_event_or_one_with_bytes_left_over_is_refused) {
  const Asked& play = asked();
  for (const bool is_unknown : {true, false})
    expect_items_refused(
        play.channel, scene().taras(), "malformed_object", all_words, [&](Items& items) {
          items.push_back(item_of_event(play.channel,
                                        event(ServerEventWhat::overdue, play.dated, play.due_ms)));
          change_leaf(items.back().leaf, [&](journal::Leaf& leaf) {
            if (is_unknown)
              leaf.body[1] = 200;
            else
              leaf.body.push_back(0);
          });
        });
}

}  // namespace
}  // namespace oberih::attacks
