// SPDX-License-Identifier: Apache-2.0
// A malicious server and a party to a hearing work together: what a valid device has signed, and
// no honest server would take, is shown to somebody else. The rules of hearings are all that stands
// between it and a date, a service or a cancellation that nobody may make.
#include "client-cli/verification/hearing_book.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/hearing_event.hpp"
#include "protocol/sealing/remark_text.hpp"
#include "tests/attacks/server_attack.hpp"

namespace oberih::attacks {
namespace {

using sealing::HearingFacts;
using sealing::HearingVerb;

constexpr Milliseconds a_day = 24ull * 3'600'000;

class ServerAttackOnHearings : public ServerAttack {
 protected:
  struct Called {
    ChannelId channel;
    HearingFacts first, second;  // as the court has scheduled and moved it
    sealing::EntryReference first_entry;
  };
  /// A hearing that was moved once; the prosecutor is called, and has answered the second date.
  const Called& called() {
    static const Called made = [this] {
      Called called;
      auto clerk = scene().honest_member(scene().clerk());
      EXPECT_EQ(outcome(clerk->connect()), "accepted");
      client::RecordSender records(clerk->session());
      const auto channel = records.create({ChannelKind::hearing, History::full, 1});
      EXPECT_TRUE(channel);
      called.channel = *channel;
      EXPECT_EQ(outcome(clerk->read(*channel)), "accepted");
      EXPECT_TRUE(records.change(
          clerk->channel(*channel),
          {scene().taras().line(RosterRole::member), scene().odesa().line(RosterRole::member)},
          "order", {}, ""));
      called.first = notice(HearingVerb::schedule, 20);
      post(*clerk, *channel, called.first);
      client::HearingBook book(clerk->session().store(), clerk->channel(*channel).keys(), *channel);
      called.first_entry = book.find(called.first.hearing)->entry;
      called.second = notice(HearingVerb::reschedule, 30);
      called.second.hearing = called.first.hearing;
      called.second.notice.proceeding = called.first.notice.proceeding;
      called.second.expected_version = 1;
      post(*clerk, *channel, called.second);
      auto odesa = scene().honest_member(scene().odesa());
      EXPECT_EQ(outcome(odesa->read(*channel)), "accepted");
      sealing::AcknowledgementFacts answer;
      answer.entry = book.find(called.first.hearing)->entry;
      answer.kind = sealing::AcknowledgementKind::understood;
      EXPECT_TRUE(client::EntrySender(odesa->session())
                      .post(odesa->channel(*channel), EntryType::acknowledgement,
                            sealing::encode_remark("буду").value(),
                            sealing::encode_acknowledgement_facts(answer)));
      return called;
    }();
    return made;
  }

  HearingFacts notice(HearingVerb verb, std::int64_t in_days) {
    HearingFacts facts;
    facts.hearing = crypto::random_id<HearingId>();
    facts.verb = verb;
    facts.notice.proceeding = crypto::random_id<ProceedingId>();
    facts.notice.court = scene().clerk().certificate.agency;
    facts.notice.start = {date_of(static_cast<DayNumber>(wall_clock_ms() / a_day) + in_days), 10,
                          0};
    facts.notice.minutes = 60;
    facts.notice.addressees = {{sealing::AddresseeKind::person, scene().odesa().certificate.agency,
                                scene().odesa().certificate.person.bytes}};
    return facts;
  }
  static sealing::HearingText text_of(HearingVerb verb) {
    sealing::HearingText text;
    text.verb = verb;
    if (verb != HearingVerb::schedule && verb != HearingVerb::reschedule) return text;
    text.summons = sealing::SummonsText{"суддя", "суд",     "адреса", "телефон", "5",
                                        "зал 3", "розгляд", "привід", "хвороба", {}};
    text.summons->called = {{sealing::ProceduralStatus::prosecutor, 0, {}, {}}};
    return text;
  }
  static void post(Member& member, const ChannelId& channel, const HearingFacts& facts) {
    const auto acted = client::EntrySender(member.session())
                           .act(member.channel(channel), facts, text_of(facts.verb));
    EXPECT_TRUE(acted) << acted.error().detail;
    EXPECT_EQ(outcome(member.read(channel)), "accepted");
  }
  /// Signed by `author`, as the next entry behind everything that `author` knows.
  wire::ChannelItem forged(const Device& author, EntryType type, Bytes facts, ByteView text) {
    auto view = scene().honest_member(author);
    EXPECT_EQ(outcome(view->read(called().channel)), "accepted");
    sealing::EntryHeader header = next_header(*view, called().channel, author);
    header.type = type;
    header.facts = std::move(facts);
    const MessageKey key = view->channel(called().channel).keys().message_key(header.epoch).value();
    auto sealed = sealing::seal_entry(header, text, key, author.signer()).value();
    return item_of(called().channel,
                   wire::EntryPost{sealed.entry.header, sealed.entry.salt, sealed.entry.commitment,
                                   std::move(sealed.ciphertext), sealed.entry.signature});
  }
  /// Shown behind all that stands there; Taras, a newcomer, reads it.
  void expect_forged_refused(std::string_view why, const Device& author, HearingFacts facts) {
    facts.hearing = facts.hearing.is_zero() ? called().first.hearing : facts.hearing;
    const auto text = sealing::encode_hearing_text(text_of(facts.verb)).value();
    const wire::ChannelItem item =
        forged(author, EntryType::hearing, sealing::encode_hearing_facts(facts), text.view());
    expect_items_refused(called().channel, scene().taras(), why, 0,
                         [&](Items& items) { items.push_back(item); });
  }
  /// The server's own word needs no member's key.
  void expect_event_refused(std::string_view why, sealing::HearingEventWhat what,
                            const std::function<void(sealing::HearingEvent&)>& spoil) {
    auto view = scene().honest_member(scene().clerk());
    EXPECT_EQ(outcome(view->read(called().channel)), "accepted");
    client::HearingBook book(view->session().store(), view->channel(called().channel).keys(),
                             called().channel);
    sealing::HearingEvent event =
        sealing::make_hearing_event(*book.find(called().first.hearing), what, 1440);
    event.salt = crypto::random_id<sealing::LeafSalt>();
    spoil(event);
    wire::ChannelItem item;
    // As late as it has to be: the time is the server's own to say.
    item.leaf = journal::encode_leaf({journal::LeafKind::server_event,
                                      event.said_for_ms,
                                      called().channel,
                                      1,
                                      {},
                                      sealing::encode_hearing_event(event)});
    expect_items_refused(called().channel, scene().taras(), why, 0,
                         [&](Items& items) { items.push_back(item); });
  }
  HearingFacts about(HearingVerb verb) {
    HearingFacts facts;
    facts.verb = verb;
    facts.expected_version = 2;
    return facts;
  }
};

TEST_F(ServerAttackOnHearings, the_honest_server_shows_the_second_date_and_who_was_served) {
  auto taras = scene().honest_member(scene().taras());
  ASSERT_EQ(outcome(taras->read(called().channel)), "accepted");
  client::HearingBook book(taras->session().store(), taras->channel(called().channel).keys(),
                           called().channel);
  const sealing::HearingPointer hearing = book.find(called().first.hearing);
  ASSERT_TRUE(hearing) << "the control of what follows";
  EXPECT_EQ(hearing->notice.start, called().second.notice.start);
  EXPECT_EQ(hearing->services.at(0).answer, sealing::AcknowledgementKind::understood);
  ASSERT_TRUE(book.summons(*hearing));
  EXPECT_EQ(book.summons(*hearing)->place, "зал 3");
}

TEST_F(ServerAttackOnHearings, a_party_that_cancels_moves_or_ends_it_is_refused) {
  HearingFacts cancel = about(HearingVerb::cancel);
  cancel.reason = sealing::HearingReason::other;
  expect_forged_refused("not_your_part", scene().odesa(), cancel);
  HearingFacts move = called().second;
  move.expected_version = 2;
  expect_forged_refused("not_your_part", scene().odesa(), move);
  expect_forged_refused("not_your_part", scene().odesa(), about(HearingVerb::record_judgment));
}

TEST_F(ServerAttackOnHearings, a_hearing_that_no_court_has_called_is_refused) {
  expect_forged_refused("not_your_part", scene().odesa(), notice(HearingVerb::schedule, 5));
  HearingFacts own_court = notice(HearingVerb::schedule, 5);
  own_court.notice.court = scene().odesa().certificate.agency;
  expect_forged_refused("not_your_part", scene().odesa(), own_court);
}

TEST_F(ServerAttackOnHearings, a_service_that_the_addressee_states_is_refused) {
  HearingFacts served = about(HearingVerb::record_service);
  served.way = sealing::ServiceWay::post;
  served.done_ms = wall_clock_ms();
  expect_forged_refused("not_your_part", scene().odesa(), served);
}

TEST_F(ServerAttackOnHearings, a_service_that_is_yet_to_come_or_of_another_version_is_refused) {
  HearingFacts served = about(HearingVerb::record_service);
  served.way = sealing::ServiceWay::post;
  served.done_ms = wall_clock_ms() + a_day;
  expect_forged_refused("hearing_time_invalid", scene().clerk(), served);
  served.done_ms = wall_clock_ms() - 3 * a_day;
  expect_forged_refused("stale_version", scene().clerk(), served);
  served.expected_version = 1;
  expect_forged_refused("stale_version", scene().clerk(), served);
}

TEST_F(ServerAttackOnHearings, an_outcome_before_its_start_is_refused_also_of_the_court) {
  expect_forged_refused("hearing_not_begun", scene().clerk(), about(HearingVerb::record_held));
}

TEST_F(ServerAttackOnHearings, an_answer_to_the_first_date_does_not_pass_for_one_to_the_second) {
  sealing::AcknowledgementFacts answer;
  answer.entry = called().first_entry;
  answer.kind = sealing::AcknowledgementKind::understood;
  const auto remark = sealing::encode_remark("буду").value();
  const wire::ChannelItem item =
      forged(scene().odesa(), EntryType::acknowledgement,
             sealing::encode_acknowledgement_facts(answer), remark.view());
  expect_items_refused(called().channel, scene().taras(), "stale_version", 0,
                       [&](Items& items) { items.push_back(item); });
}

TEST_F(ServerAttackOnHearings, an_alarm_about_who_is_served_is_refused) {
  expect_event_refused("transition_unknown", sealing::HearingEventWhat::alarm,
                       [](sealing::HearingEvent& event) { event.unserved = {0}; });
}

TEST_F(ServerAttackOnHearings, a_reminder_of_another_date_version_or_hearing_is_refused) {
  const auto reminder = sealing::HearingEventWhat::reminder;
  expect_event_refused("due_in_past", reminder, [](sealing::HearingEvent& event) {
    event.start_ms += a_day;
    event.said_for_ms += a_day;
  });
  expect_event_refused("stale_version", reminder,
                       [](sealing::HearingEvent& event) { event.version = 1; });
  expect_event_refused("not_found", reminder, [](sealing::HearingEvent& event) {
    event.hearing = crypto::random_id<HearingId>();
  });
}

TEST_F(ServerAttackOnHearings, a_date_that_the_server_has_changed_is_refused) {
  expect_items_refused(called().channel, scene().taras(), "bad_signature", 0, [&](Items& items) {
    for (wire::ChannelItem& item : items) {
      if (leaf_of(item.leaf).kind != journal::LeafKind::entry) continue;
      if (header_of(item).type != EntryType::hearing) continue;
      change_header(item, [](sealing::EntryHeader& header) {
        HearingFacts facts = sealing::parse_hearing_facts(header.facts).value();
        facts.notice.start.hour = 11;
        header.facts = sealing::encode_hearing_facts(facts);
      });
      return;
    }
  });
}

TEST_F(ServerAttackOnHearings, a_move_that_the_server_leaves_out_is_noticed) {
  expect_items_refused(called().channel, scene().taras(), "seen_invalid", 0, [&](Items& items) {
    for (auto item = items.rbegin(); item != items.rend(); ++item) {
      if (leaf_of(item->leaf).kind != journal::LeafKind::entry ||
          header_of(*item).type != EntryType::hearing)
        continue;
      items.erase(std::next(item).base());
      return;
    }
  });
}

}  // namespace
}  // namespace oberih::attacks
