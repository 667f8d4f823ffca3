// SPDX-License-Identifier: Apache-2.0
// Hearings with eight addressees each, scheduled, moved, answered, served, decided and cancelled as
// it comes, now and then wrongly or too late, over restarts and days without a server. Each answer
// of the server is foretold by a model that knows nothing of tables and ledgers; at the end every
// addressee's own reading is the court's, the model's and the check's, and each reminder and alarm
// was said once. Seeded (OBERIH_SEED), of so many hearings (OBERIH_HEARINGS).
#include <iostream>
#include <random>

#include "hearing_scene.hpp"

namespace oberih::test {
namespace {

using application::DeadlineWatch;
using sealing::AcknowledgementKind;
using sealing::HearingState;

constexpr std::size_t hearings_a_channel = 1'000;
constexpr unsigned steps_a_hearing = 14;
constexpr unsigned hours_a_look = 3;
constexpr unsigned looks_a_channel = 45 * 24 / hours_a_look;

int number_from(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoi(text);
}

struct ModelPlace {
  std::vector<const Actor*> people;  // who answer for it
  bool is_centre = false;
  std::optional<AcknowledgementKind> answer;
  bool is_stated = false;
  bool is_told = false;
  std::optional<WallTime> proposed;
};

struct ModelHearing {
  HearingId id;
  HearingState state = HearingState::scheduled;
  std::uint64_t version = 1;
  WallTime start;
  std::optional<WallTime> goes_on;
  sealing::EntryReference entry;
  std::vector<sealing::EntryReference> older;
  std::vector<ModelPlace> places;
  Milliseconds looked_ms = 0;
};

class HearingModel {
 public:
  std::vector<ModelHearing> hearings;
  std::map<HearingId, std::vector<std::string>> said;  // of each hearing, in order

  /// The server looks: of what has come since the last look the newest of each kind.
  void look(Milliseconds now) {
    for (ModelHearing& hearing : hearings) {
      const Milliseconds looked = std::exchange(hearing.looked_ms, now);
      const Milliseconds start = moment_of(hearing.start);
      if (hearing.state != HearingState::scheduled || now >= start) continue;
      const auto has_come = [&](Milliseconds days) {
        return start - days * day_ms > looked && start - days * day_ms <= now;
      };
      std::string unserved;
      for (std::size_t i = 0; i < hearing.places.size(); ++i)
        if (!hearing.places[i].answer && !hearing.places[i].is_stated)
          unserved += ' ' + std::to_string(i);
      std::vector<std::string>& words = said[hearing.id];
      const std::string version = 'v' + std::to_string(hearing.version);
      if (has_come(7) && !has_come(1)) words.push_back(version + " reminder 7");
      if (has_come(3) && !unserved.empty()) words.push_back(version + " alarm 3:" + unserved);
      if (has_come(1)) words.push_back(version + " reminder 1");
    }
  }

  static bool may(HearingState state, HearingVerb verb) {
    const bool scheduled = state == HearingState::scheduled, held = state == HearingState::held;
    const bool recessed = state == HearingState::recessed;
    const bool adjourned = state == HearingState::adjourned;
    switch (verb) {
      case HearingVerb::reschedule:
        return scheduled || held || recessed || adjourned;
      case HearingVerb::cancel:
      case HearingVerb::propose_date:
        return scheduled || recessed || adjourned;
      case HearingVerb::record_service:
        return state != HearingState::cancelled;
      case HearingVerb::confirm_told:
        return true;
      case HearingVerb::record_held:
      case HearingVerb::record_recess:
      case HearingVerb::record_adjournment:
        return scheduled || recessed;
      case HearingVerb::record_judgment:
        return scheduled || recessed || held;
      case HearingVerb::schedule:
        return false;
    }
    return false;
  }
};

class RandomHearings : public HearingScene {
 protected:
  unsigned pick(unsigned below) {
    return std::uniform_int_distribution<unsigned>(0, below - 1)(random_);
  }
  bool one_in(unsigned n) { return pick(n) == 0; }

  std::vector<Actor*> everybody() {
    return {&clerk_,      &judge_,       &prosecutor_, &second_prosecutor_, &counsel_,
            &co_counsel_, &coordinator_, &officer_,    &second_officer_};
  }
  WallTime some_start() {
    return wall_time(now() + (1 + pick(20)) * day_ms + (1 + pick(24)) * hour_ms);
  }

  struct Called {
    HearingAddressee addressee;
    ModelPlace place;
  };
  std::pair<HearingNotice, std::vector<ModelPlace>> some_notice() {
    std::vector<Called> all{
        {called(prosecution, desk_),
         {{&prosecutor_, &second_prosecutor_}, false, {}, false, false, {}}},
        {called(centre, centre_desk_), {{&coordinator_}, true, {}, false, false, {}}},
        {stranger(), {{}, false, {}, false, false, {}}}};
    for (const Actor* who : {&prosecutor_, &counsel_, &co_counsel_, &officer_, &second_officer_})
      all.push_back({called(*who), {{who}, false, {}, false, false, {}}});
    std::sort(all.begin(), all.end(),
              [](const Called& a, const Called& b) { return a.addressee < b.addressee; });
    std::vector<HearingAddressee> addressees;
    std::vector<ModelPlace> places;
    std::vector<std::uint16_t> through_centre;
    for (std::size_t i = 0; i < all.size(); ++i) {
      addressees.push_back(all[i].addressee);
      places.push_back(all[i].place);
      if (all[i].place.is_centre) through_centre.push_back(static_cast<std::uint16_t>(i));
    }
    HearingNotice made = notice(some_start(), std::move(addressees));
    made.through_centre = std::move(through_centre);
    return {std::move(made), std::move(places)};
  }

  void schedule_one() {
    auto [made, places] = some_notice();
    const HearingFacts facts = schedule(made);
    const Sent sent = act(clerk_, channel_, facts);
    ASSERT_EQ(outcome_of(sent.outcome), "accepted");
    ModelHearing hearing;
    hearing.id = facts.hearing;
    hearing.start = made.start;
    hearing.entry = sent.entry;
    hearing.places = std::move(places);
    hearing.looked_ms = now();
    model_.hearings.push_back(std::move(hearing));
  }

  void expect(const std::string& outcome, const std::string& foretold, const char* what) {
    ASSERT_EQ(outcome, foretold) << what;
    ++outcomes_[std::string(what) + ' ' + outcome];
  }

  void answer_one(ModelHearing& hearing) {
    Actor& who = *everybody()[pick(9)];
    if (&who == &clerk_ || &who == &judge_) return;  // the notices are their own
    const bool is_late = !hearing.older.empty() && one_in(6);
    const auto kind = static_cast<AcknowledgementKind>(1 + pick(3));
    const auto& entry =
        is_late ? hearing.older[pick(static_cast<unsigned>(hearing.older.size()))] : hearing.entry;
    const std::string outcome = outcome_of(answer(who, channel_, entry, kind).outcome);
    expect(outcome, is_late ? "stale_version" : "accepted", "answer");
    if (is_late) return;
    for (ModelPlace& place : hearing.places)
      if (std::find(place.people.begin(), place.people.end(), &who) != place.people.end())
        place.answer = kind;
  }

  std::string foretell(const ModelHearing& hearing, const Actor& who, const HearingFacts& facts) {
    if (facts.expected_version != hearing.version) return "stale_version";
    if (!HearingModel::may(hearing.state, facts.verb)) return "transition_unknown";
    const ModelPlace& place = hearing.places[facts.addressee];
    const bool is_called =
        std::find(place.people.begin(), place.people.end(), &who) != place.people.end();
    switch (facts.verb) {
      case HearingVerb::propose_date:
        return is_called ? "accepted" : "not_your_part";
      case HearingVerb::record_service:
        return is_called ? "not_your_part" : "accepted";
      case HearingVerb::confirm_told:
        return is_called && place.is_centre ? "accepted" : "not_your_part";
      default:
        break;
    }
    if (&who != &clerk_ && &who != &judge_) return "not_your_part";
    if (facts.verb < HearingVerb::record_held) return "accepted";
    return now() < moment_of(hearing.goes_on.value_or(hearing.start)) ? "hearing_not_begun"
                                                                      : "accepted";
  }

  void begin_version(ModelHearing& hearing, const sealing::EntryReference& entry) {
    hearing.version += 1;
    hearing.older.push_back(hearing.entry);
    hearing.entry = entry;
    hearing.goes_on.reset();
    hearing.looked_ms = now();
  }

  void act_one(ModelHearing& hearing) {
    constexpr HearingVerb verbs[] = {
        HearingVerb::reschedule,     HearingVerb::reschedule,         HearingVerb::cancel,
        HearingVerb::propose_date,   HearingVerb::record_service,     HearingVerb::record_service,
        HearingVerb::record_service, HearingVerb::confirm_told,       HearingVerb::record_held,
        HearingVerb::record_recess,  HearingVerb::record_adjournment, HearingVerb::record_judgment};
    const HearingVerb chosen = verbs[pick(std::size(verbs))];
    if (chosen == HearingVerb::cancel && !one_in(4)) return;  // else hardly any is left
    HearingFacts facts = verb(hearing.id, chosen, hearing.version);
    if (one_in(12)) facts.expected_version += one_in(2) ? 1 : -1;
    facts.addressee = static_cast<std::uint16_t>(pick(8));
    if (chosen == HearingVerb::confirm_told && !one_in(4))
      while (!hearing.places[facts.addressee].is_centre)
        facts.addressee = static_cast<std::uint16_t>(pick(8));
    facts.done_ms = now();
    facts.date = some_start();
    std::vector<ModelPlace> places;
    if (chosen == HearingVerb::reschedule) std::tie(facts.notice, places) = some_notice();
    const bool is_the_courts =
        chosen < HearingVerb::propose_date || chosen >= HearingVerb::record_held;
    Actor& who =
        is_the_courts && !one_in(10) ? (one_in(2) ? clerk_ : judge_) : *everybody()[pick(9)];
    const std::string foretold = foretell(hearing, who, facts);
    const Sent sent = act(who, channel_, facts);
    expect(outcome_of(sent.outcome), foretold, std::string(sealing::name_of(chosen)).c_str());
    if (foretold == "accepted") take(hearing, facts, sent.entry, std::move(places));
  }

  void take(ModelHearing& hearing, const HearingFacts& facts, const sealing::EntryReference& entry,
            std::vector<ModelPlace> places) {
    ModelPlace& place = hearing.places[facts.addressee];
    switch (facts.verb) {
      case HearingVerb::reschedule:
        hearing.state = HearingState::scheduled;
        hearing.start = facts.notice.start;
        hearing.places = std::move(places);
        return begin_version(hearing, entry);
      case HearingVerb::cancel:
        hearing.state = HearingState::cancelled;
        for (ModelPlace& each : hearing.places)
          each = {each.people, each.is_centre, {}, false, false, {}};
        return begin_version(hearing, entry);
      case HearingVerb::propose_date:
        place.proposed = facts.date;
        return;
      case HearingVerb::record_service:
        place.is_stated = true;
        return;
      case HearingVerb::confirm_told:
        place.is_told = true;
        return;
      case HearingVerb::record_held:
        hearing.state = HearingState::held;
        return;
      case HearingVerb::record_recess:
        hearing.state = HearingState::recessed;
        hearing.goes_on = facts.date;
        return;
      case HearingVerb::record_adjournment:
        hearing.state = HearingState::adjourned;
        hearing.goes_on = facts.date;
        return;
      case HearingVerb::record_judgment:
        hearing.state = HearingState::closed;
        return;
      case HearingVerb::schedule:
        return;
    }
  }

  void pass_time() {
    if (one_in(60)) {
      stage_.be_down((1 + pick(100)) * hour_ms);
    } else if (one_in(60)) {
      stage_.restart();
    } else {
      stage_.clock().pass((hours_a_look - 1) * hour_ms);
      stage_.pass(hour_ms);
    }
    // Behind days without a server more has come due than one look takes.
    for (std::size_t i = 0; i < model_.hearings.size(); i += DeadlineWatch::hearings_a_look)
      stage_.pass(1);
    model_.look(now());
  }

  void fill_channel(std::size_t count) {
    const unsigned steps = steps_a_hearing * static_cast<unsigned>(count);
    unsigned looks = 0;
    for (unsigned step = 0; step < steps && !HasFatalFailure(); ++step) {
      // All are there when a third of the steps is done.
      if (model_.hearings.size() < count && step * count >= steps / 3 * model_.hearings.size())
        schedule_one();
      else if (one_in(3))
        act_one(model_.hearings[pick(static_cast<unsigned>(model_.hearings.size()))]);
      else
        answer_one(model_.hearings[pick(static_cast<unsigned>(model_.hearings.size()))]);
      for (; looks * steps < looks_a_channel * step; ++looks) pass_time();
    }
  }

  static std::string words_of(const sealing::HearingEvent& event) {
    const bool is_alarm = event.what == sealing::HearingEventWhat::alarm;
    std::string words = 'v' + std::to_string(event.version) +
                        (is_alarm ? " alarm " : " reminder ") +
                        std::to_string(event.minutes / (24 * 60)) + (is_alarm ? ":" : "");
    for (const std::uint16_t place : event.unserved) words += ' ' + std::to_string(place);
    return words;
  }

  void compare(const ModelHearing& hearing, const sealing::Hearing& found) {
    ASSERT_EQ(found.state, hearing.state);
    ASSERT_EQ(found.version, hearing.version);
    ASSERT_EQ(found.notice.start, hearing.start);
    ASSERT_EQ(found.entry, hearing.entry);
    ASSERT_EQ(found.services.size(), hearing.places.size());
    for (std::size_t i = 0; i < hearing.places.size(); ++i) {
      ASSERT_EQ(found.services[i].answer, hearing.places[i].answer) << i;
      ASSERT_EQ(found.services[i].way.has_value(), hearing.places[i].is_stated) << i;
      ASSERT_EQ(found.services[i].told_ms != 0, hearing.places[i].is_told) << i;
      ASSERT_EQ(found.services[i].proposed, hearing.places[i].proposed) << i;
    }
  }

  void compare_all() {
    read(clerk_, channel_);
    transcripts::Conversation& court_view = clerk_.conversation(channel_);
    ASSERT_EQ(court_view.hearings.size(), model_.hearings.size());
    for (const ModelHearing& hearing : model_.hearings) {
      compare(hearing, *court_view.hearings.at(hearing.id));
      if (HasFatalFailure()) return;
    }
    std::map<HearingId, std::vector<std::string>> said;
    for (const sealing::HearingEvent& event : court_view.said_of_hearings)
      said[event.hearing].push_back(words_of(event));
    std::erase_if(model_.said, [](const auto& each) { return each.second.empty(); });
    ASSERT_EQ(said, model_.said);
    for (const auto& [id, words] : said) events_ += words.size();
    for (Actor* who : everybody()) {
      if (who == &clerk_) continue;
      read(*who, channel_);
      const auto& own = who->conversation(channel_).hearings;
      ASSERT_EQ(own.size(), court_view.hearings.size());
      for (const auto& [id, hearing] : own) ASSERT_EQ(*hearing, *court_view.hearings.at(id));
      who->conversation(channel_) = transcripts::Conversation();
    }
    court_view = transcripts::Conversation();
  }

  Actor& clerk_ = enrol(court, Role::court_clerk);
  Actor& judge_ = enrol(court, Role::judge);
  Actor& prosecutor_ = enrol(prosecution, Role::prosecutor);
  Actor& second_prosecutor_ = enrol(prosecution, Role::prosecutor);
  Actor& counsel_ = enrol(legal_aid, Role::defence_counsel);
  Actor& co_counsel_ = enrol(legal_aid, Role::defence_counsel);
  Actor& coordinator_ = enrol(centre, Role::coordinator);
  Actor& officer_ = enrol(police, Role::investigator);
  Actor& second_officer_ = enrol(police, Role::investigator);
  const UnitId desk_ = found_unit(prosecution, {&prosecutor_, &second_prosecutor_});
  const UnitId centre_desk_ = found_unit(centre, {&coordinator_});
  const unsigned seed_ = static_cast<unsigned>(number_from("OBERIH_SEED", 6));
  std::mt19937 random_{seed_};
  ChannelId channel_;
  HearingModel model_;
  std::map<std::string, int> outcomes_;
  std::size_t events_ = 0;
};

TEST_F(RandomHearings, end_alike_for_the_court_for_everybody_called_and_for_the_check) {
  std::size_t left = static_cast<std::size_t>(number_from("OBERIH_HEARINGS", 100));
  SCOPED_TRACE("OBERIH_SEED=" + std::to_string(seed_));
  while (left > 0) {
    const std::size_t count = std::min(left, hearings_a_channel);
    left -= count;
    std::vector<const Actor*> members;
    for (Actor* who : everybody())
      if (who != &clerk_) members.push_back(who);
    channel_ = open_channel(clerk_, members);
    for (Actor* who : everybody()) read(*who, channel_);
    model_ = {};
    fill_channel(count);
    if (HasFatalFailure()) return;
    compare_all();
    if (HasFatalFailure()) return;
  }
  EXPECT_EQ(findings(), "");
  std::cout << events_ << " reminders and alarms\n";
  for (const auto& [outcome, times] : outcomes_) std::cout << outcome << ": " << times << '\n';
  EXPECT_GT(events_, 0u);
}

}  // namespace
}  // namespace oberih::test
