// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/server_event.hpp"

#include <gtest/gtest.h>

#include "malformed_input.hpp"
#include "protocol/sealing/task_facts.hpp"

namespace oberih::sealing {
namespace {

ServerEvent event_of(ServerEventWhat what) {
  ServerEvent event;
  event.what = what;
  event.task = TaskId{{7}};
  event.slot = 3;
  event.due_ms = 1'795'507'200'000;
  event.salt = LeafSalt{{9}};
  switch (what) {
    case ServerEventWhat::due_set:
      event.calendar = Digest{{1}};
      event.deadlines = Digest{{2}};
      break;
    case ServerEventWhat::reminder:
      event.minutes = 240;
      event.said_for_ms = event.due_ms - 240 * 60'000;
      break;
    case ServerEventWhat::overdue:
      event.said_for_ms = event.due_ms;
      break;
  }
  return event;
}

constexpr std::array every_event = {ServerEventWhat::due_set, ServerEventWhat::reminder,
                                    ServerEventWhat::overdue};

bool is_event_refused(const ServerEvent& event) {
  return !parse_server_event(encode_server_event(event));
}

TEST(ServerEvent, comes_back_as_it_was_written) {
  for (const ServerEventWhat what : every_event) {
    const auto parsed = parse_server_event(encode_server_event(event_of(what)));
    ASSERT_TRUE(parsed) << name_of(what);
    EXPECT_EQ(*parsed, event_of(what)) << name_of(what);
  }
}

TEST(ServerEvent, is_written_as_the_protocol_says) {
  const Bytes due = encode_server_event(event_of(ServerEventWhat::due_set));
  EXPECT_EQ(due.size(), 2u + 16 + 2 + 8 + 32 + 32 + 16);
  EXPECT_EQ(due[0], 1);
  EXPECT_EQ(due[1], 1);
  EXPECT_EQ(due[19], 3);  // slot
  EXPECT_EQ(encode_server_event(event_of(ServerEventWhat::reminder)).size(),
            2u + 16 + 2 + 8 + 8 + 4 + 16);
  EXPECT_EQ(encode_server_event(event_of(ServerEventWhat::overdue)).size(),
            2u + 16 + 2 + 8 + 8 + 16);
}

TEST(ServerEvent, refuses_what_is_cut_short_or_too_long) {
  for (const ServerEventWhat what : every_event)
    expect_strict(encode_server_event(event_of(what)), parse_server_event);
}

TEST(ServerEvent, refuses_what_is_about_nothing) {
  Bytes unknown = encode_server_event(event_of(ServerEventWhat::overdue));
  for (const std::uint8_t what : {0, 9, 255}) {
    unknown[1] = what;
    EXPECT_FALSE(parse_server_event(unknown)) << int{what};
  }
  ServerEvent event = event_of(ServerEventWhat::due_set);
  event.task = {};
  EXPECT_TRUE(is_event_refused(event));
  event = event_of(ServerEventWhat::due_set);
  event.slot = task_slots_at_most;
  EXPECT_TRUE(is_event_refused(event));
  for (const Milliseconds due_ms : {Milliseconds{0}, latest_due_ms + 1}) {
    event = event_of(ServerEventWhat::due_set);
    event.due_ms = due_ms;
    EXPECT_TRUE(is_event_refused(event)) << due_ms;
  }
}

TEST(ServerEvent, is_said_for_its_own_moment_alone) {
  ServerEvent event = event_of(ServerEventWhat::reminder);
  event.said_for_ms += 1;
  EXPECT_TRUE(is_event_refused(event));
  event = event_of(ServerEventWhat::reminder);
  event.minutes += 1;
  EXPECT_TRUE(is_event_refused(event));
  event = event_of(ServerEventWhat::reminder);
  event.minutes = 0;
  event.said_for_ms = event.due_ms;
  EXPECT_TRUE(is_event_refused(event));
  event = event_of(ServerEventWhat::overdue);
  event.said_for_ms -= 1;
  EXPECT_TRUE(is_event_refused(event));
}

}  // namespace
}  // namespace oberih::sealing
