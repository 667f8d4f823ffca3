// SPDX-License-Identifier: Apache-2.0
// A court, those it calls, and a hearing channel, over a real database: the server of the plays, in
// this process, whose people verify everything they read. Clock and restarts are the test's.
#pragma once

#include <gtest/gtest.h>

#include "protocol/crypto/digest.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "server/runtime/policy_loader.hpp"
#include "server/storage/journal_checker.hpp"
#include "server/storage/journal_reader.hpp"
#include "server/storage/journal_store.hpp"
#include "tests/support/postgres_fixture.hpp"
#include "tests/transcripts/stage.hpp"

namespace oberih::test {

using sealing::AddresseeKind;
using sealing::HearingAddressee;
using sealing::HearingFacts;
using sealing::HearingNotice;
using sealing::HearingPointer;
using sealing::HearingVerb;
using transcripts::Actor;
using transcripts::day_ms;
using transcripts::hour_ms;

template <class Value>
Value must(Result<Value> result) {
  if (!result)
    throw std::runtime_error(std::string(refusal_row(result.error().code).name) + " " +
                             result.error().detail);
  return std::move(*result);
}
inline void must(const Result<void>& result) {
  if (!result)
    throw std::runtime_error(std::string(refusal_row(result.error().code).name) + " " +
                             result.error().detail);
}
template <class Value>
std::string outcome_of(const Result<Value>& result) {
  return result ? "accepted" : std::string(refusal_row(result.error().code).name);
}

class HearingDatabase final : public transcripts::StorePlace {
 public:
  std::unique_ptr<application::JournalStore> open_store() override {
    return std::make_unique<storage::PostgresJournalStore>(database_.settings(), nullptr);
  }
  std::unique_ptr<application::JournalReader> open_reader() override {
    return std::make_unique<storage::PostgresJournalReader>(database_.settings(), nullptr);
  }
  const PostgresDatabase& database() const { return database_; }

 private:
  PostgresDatabase database_;
};

inline application::Policies shipped_policies() {
  return must(runtime::load_policies(OBERIH_SOURCE "/policies"));
}

/// The minute of Kyiv's clocks that begins at or behind the moment, where they are as in winter.
inline WallTime wall_time(Milliseconds ms) {
  for (const unsigned hours : {2u, 3u}) {
    const Milliseconds minutes = (ms + 59'999) / 60'000 + hours * 60;
    const WallTime time{date_of(static_cast<DayNumber>(minutes / (24 * 60))),
                        static_cast<unsigned>(minutes / 60 % 24),
                        static_cast<unsigned>(minutes % 60)};
    if (!find_fault(time) && moment_of(time) == (ms + 59'999) / 60'000 * 60'000) return time;
  }
  return wall_time(ms + 3'600'000);  // that hour is doubled or skipped
}

class HearingScene : public testing::Test {
 protected:
  HearingScene() : HearingScene(std::make_unique<HearingDatabase>()) {}

  // -- people -------------------------------------------------------------------------------------
  Actor& enrol(transcripts::Root& agency, Role role) {
    Actor& administrator = *administrators_.at(agency.agency.id);
    people_.push_back(std::make_unique<Actor>(agency.agency.name + std::to_string(people_.size()),
                                              agency.agency.id, role, now()));
    people_.back()->draft().not_after_ms = now() + 3'000 * day_ms;
    must(stage_.ask<wire::Appended>(
        administrator, people_.back()->certify(&administrator, administrator.signer())));
    return *people_.back();
  }
  UnitId found_unit(const transcripts::Root& agency, const std::vector<const Actor*>& members) {
    Actor& administrator = *administrators_.at(agency.agency.id);
    sealing::Unit unit;
    unit.agency = agency.agency.id;
    unit.unit = crypto::random_id<UnitId>();
    unit.version = 1;
    unit.name = "Unit " + std::to_string(++units_);
    for (const Actor* member : members)
      unit.lines.push_back({member->certificate().person, sealing::UnitDuty::member, {}, 0, 0});
    std::sort(unit.lines.begin(), unit.lines.end());
    unit.signer = administrator.device();
    const Bytes content = sealing::encode_unit_content(unit);
    must(stage_.ask<wire::Appended>(
        administrator,
        wire::DirectoryAppend{
            journal::LeafKind::unit,
            sealing::encode_unit_body({content, administrator.signer().sign("unit", content)}),
            {}}));
    return unit.unit;
  }
  static HearingAddressee called(const Actor& who) {
    return {AddresseeKind::person, who.certificate().agency, who.certificate().person.bytes};
  }
  static HearingAddressee called(const transcripts::Root& agency, const UnitId& unit) {
    return {AddresseeKind::unit, agency.agency.id, unit.bytes};
  }
  static HearingAddressee stranger() {
    return {AddresseeKind::no_account, {}, crypto::random_id<PersonId>().bytes};
  }

  // -- the channel --------------------------------------------------------------------------------
  Milliseconds now() { return stage_.clock().now_ms(); }
  void read_directory(Actor& who) {
    for (bool more = true; more;) {
      const auto page = must(
          stage_.ask<wire::DirectoryPage>(who, wire::DirectoryRead{who.directory_count(), 200}));
      must(who.take_directory(page));
      more = who.directory_count() < page.directory_count;
    }
    must(who.take_checkpoint(
        must(stage_.ask<wire::CheckpointReply>(who, wire::CheckpointRead{})).checkpoint));
  }
  void read(Actor& who, const ChannelId& channel) {
    read_directory(who);
    for (;;) {
      const std::uint64_t known = who.conversation(channel).state.newest_seq();
      const auto page =
          must(stage_.ask<wire::ItemPage>(who, wire::ChannelRead{channel, known, 200, false}));
      for (const wire::ChannelItem& item : page.items) must(who.take_item(channel, item));
      if (who.conversation(channel).state.newest_seq() >= page.newest_seq) return;
    }
  }
  ChannelId open_channel(Actor& admin, const std::vector<const Actor*>& members,
                         ChannelKind kind = ChannelKind::hearing) {
    read_directory(admin);
    ChannelId channel;
    must(stage_.ask<wire::Appended>(admin, admin.create_channel(kind, now(), &channel)));
    read(admin, channel);
    for (const Actor* member : members) must(add(admin, channel, *member));
    read(admin, channel);
    return channel;
  }
  Result<wire::Appended> add(Actor& admin, const ChannelId& channel, const Actor& who) {
    read(admin, channel);
    sealing::Change change;
    change.add = {"Order 1", {who.line(RosterRole::member)}};
    return stage_.ask<wire::Appended>(admin,
                                      admin.change_channel(channel, change, {&admin}, now()));
  }

  // -- hearings -----------------------------------------------------------------------------------
  struct Sent {
    Result<wire::Appended> outcome;
    sealing::EntryReference entry;  // where it was accepted
  };
  Sent post(Actor& who, const ChannelId& channel, const wire::EntryPost& request) {
    Sent sent{stage_.ask<wire::Appended>(who, request), {}};
    if (!sent.outcome) return sent;
    who.note_accepted(channel, request);
    sent.entry = {sent.outcome->channel_seq, who.conversation(channel).own.message_hash};
    return sent;
  }
  static sealing::HearingText text_of(const HearingFacts& facts) {
    sealing::HearingText text;
    text.verb = facts.verb;
    if (facts.notice.addressees.empty()) {
      text.words = "sealed";
      return text;
    }
    sealing::SummonsText& summons = text.summons.emplace();
    for (std::string* line : {&summons.summoned_by, &summons.court_name, &summons.court_address,
                              &summons.court_phone, &summons.case_number, &summons.place,
                              &summons.act, &summons.consequences, &summons.valid_reasons})
      *line = "sealed";
    const std::size_t calls =
        std::min(facts.notice.addressees.size(), sealing::hearing_addressees_at_most);
    for (std::size_t i = 0; i < calls; ++i)
      summons.called.push_back({sealing::ProceduralStatus::witness, 0, "Свідок", ""});
    return text;
  }
  Sent act(Actor& who, const ChannelId& channel, const HearingFacts& facts) {
    return post(who, channel, who.act_on_hearing(channel, facts, text_of(facts), now()));
  }
  Sent answer(Actor& who, const ChannelId& channel, const sealing::EntryReference& entry,
              sealing::AcknowledgementKind kind = sealing::AcknowledgementKind::understood) {
    sealing::AcknowledgementFacts facts;
    facts.entry = entry;
    facts.kind = kind;
    transcripts::MessageOptions options;
    options.type = EntryType::acknowledgement;
    options.facts = sealing::encode_acknowledgement_facts(facts);
    return post(who, channel, who.post(channel, "", now(), options));
  }
  HearingNotice notice(const WallTime& start, std::vector<HearingAddressee> addressees) const {
    HearingNotice notice;
    notice.proceeding = proceeding_;
    notice.court = court.agency.id;
    notice.start = start;
    notice.minutes = 60;
    notice.addressees = std::move(addressees);
    std::sort(notice.addressees.begin(), notice.addressees.end());
    return notice;
  }
  static HearingFacts schedule(HearingNotice notice) {
    HearingFacts facts;
    facts.hearing = crypto::random_id<HearingId>();
    facts.verb = HearingVerb::schedule;
    facts.notice = std::move(notice);
    return facts;
  }
  static HearingFacts verb(const HearingId& hearing, HearingVerb verb, std::uint64_t version) {
    HearingFacts facts;
    facts.hearing = hearing;
    facts.verb = verb;
    facts.expected_version = version;
    facts.reason = sealing::HearingReason::other;
    facts.way = sealing::ServiceWay::post;
    return facts;
  }
  /// As the person's own reading adds up.
  HearingPointer view(Actor& who, const ChannelId& channel, const HearingId& hearing) {
    read(who, channel);
    const auto& hearings = who.conversation(channel).hearings;
    const auto found = hearings.find(hearing);
    return found == hearings.end() ? nullptr : found->second;
  }

  // -- the check ----------------------------------------------------------------------------------
  const PostgresDatabase& database() const { return place_->database(); }
  std::string findings() const {
    std::string text;
    for (const auto& finding : storage::check_journal(database().settings(), {}).findings)
      text += std::to_string(finding.index.value_or(0)) + ": " + finding.sentence + "\n";
    return text;
  }

  transcripts::Root court{"Court", AgencyKind::court};
  transcripts::Root prosecution{"Prosecution", AgencyKind::prosecution};
  transcripts::Root legal_aid{"Legal aid", AgencyKind::legal_aid};
  transcripts::Root centre{"Centre", AgencyKind::coordination_centre};
  transcripts::Root police{"Police", AgencyKind::police};
  transcripts::Root other_court{"Other court", AgencyKind::court};

 private:
  explicit HearingScene(std::unique_ptr<HearingDatabase> place)
      : place_(place.get()), stage_(std::move(place), shipped_policies()) {
    const std::vector<transcripts::Root*> roots{&court,  &prosecution, &legal_aid,
                                                &centre, &police,      &other_court};
    stage_.begin_journal({roots.begin(), roots.end()});
    for (transcripts::Root* root : roots) {
      auto administrator = std::make_unique<Actor>("Administrator of " + root->agency.name,
                                                   root->agency.id, Role::agency_admin, now());
      administrator->draft().not_after_ms = now() + 3'000 * day_ms;
      stage_.append_offline(administrator->certify(nullptr, root->signer));
      administrators_[root->agency.id] = std::move(administrator);
    }
  }

  HearingDatabase* place_;

 protected:
  transcripts::Stage stage_;

 private:
  const ProceedingId proceeding_ = crypto::random_id<ProceedingId>();
  std::map<AgencyId, std::unique_ptr<Actor>> administrators_;
  std::vector<std::unique_ptr<Actor>> people_;
  int units_ = 0;
};

}  // namespace oberih::test
