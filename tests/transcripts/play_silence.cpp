// SPDX-License-Identifier: Apache-2.0
// The sentences of a play about silence: who has not done what an entry asks for, and who is told.
#include <algorithm>

#include "protocol/sealing/missing_step.hpp"
#include "protocol/wire/alerts.hpp"
#include "tests/transcripts/play.hpp"

namespace oberih::transcripts {
namespace {

std::string step_name(EvidenceStep step, bool is_repeat) {
  return std::string(name_of(step)) + (is_repeat ? " again" : "");
}

void expect_said(std::string found, const std::string& wanted) {
  if (found.empty()) found = "nothing";
  if (found != wanted) unwritten("but it is: " + found);
}

}  // namespace

Result<void> Play::pass_minutes(const Words& words) {
  stage_.pass(std::stoull(words[0]) * 60'000);
  return {};
}

/// In order: `delivered Pavlo, opened Pavlo and Petro, acknowledged again Pavlo`, or `nothing`.
Result<void> Play::see_silence(const Words& words) {
  Actor& who = actor(words[0]);
  const Said& what = said(words[1]);
  OBERIH_TRY(read_channel(who, what.channel));
  std::string found;
  for (const sealing::MissingStep& event : who.conversation(what.channel).silence) {
    if (event.message_hash != what.entry.message_hash) continue;
    found += (found.empty() ? "" : ", ") + step_name(event.step, event.is_repeat());
    std::string names;
    for (const auto& [name, person] : actors_)
      if (std::binary_search(event.people.begin(), event.people.end(),
                             person->certificate().person))
        names += (names.empty() ? " " : " and ") + name;
    found += names;
  }
  expect_said(found, words[2]);
  return {};
}

/// Of the actor's own agency, as the server lists it: `delivered 1, acknowledged again 2`.
Result<void> Play::be_told_of_silence(const Words& words) {
  Actor& who = actor(words[0]);
  auto page = stage_.ask<wire::AlertPage>(who, wire::AlertList{0, wire::alerts_at_once});
  if (!page) return page.error();
  std::string found;
  for (const wire::DirectoryLeaf& each : page->leaves) {
    const Result<journal::Leaf> leaf = journal::parse_leaf(each.leaf);
    if (!leaf) return leaf.error();
    if (!sealing::is_silence_alert(leaf->body)) continue;
    const Result<sealing::SilenceAlert> alert = sealing::parse_silence_alert(leaf->body);
    if (!alert) return alert.error();
    if (alert->agency != who.certificate().agency) unwritten("but it is another agency's");
    if (alert->message_hash != said(words[1]).entry.message_hash) continue;
    found += (found.empty() ? "" : ", ") + step_name(alert->step, alert->is_repeat()) + " " +
             std::to_string(alert->count);
  }
  expect_said(found, words[2]);
  return {};
}

}  // namespace oberih::transcripts
