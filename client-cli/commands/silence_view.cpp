// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/silence_view.hpp"

#include <algorithm>

#include "client-cli/commands/entry_search.hpp"
#include "client-cli/commands/task_parties.hpp"
#include "client-cli/output/display_width.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "client-cli/verification/evidence_ladder.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;

constexpr std::size_t shown_names = 10;
constexpr std::size_t quoted_width = 40;
constexpr std::size_t hash_digits = 8;

Sentence sentence_of(EvidenceStep step, bool is_repeat) {
  switch (step) {
    case EvidenceStep::delivered:
      return Sentence::step_missing_delivered;
    case EvidenceStep::opened:
      return Sentence::step_missing_opened;
    case EvidenceStep::acknowledged:
      return is_repeat ? Sentence::step_missing_again : Sentence::step_missing_acknowledged;
  }
  return Sentence::step_missing_delivered;
}

std::string step_words(const Console& console, EvidenceStep step, bool is_repeat,
                       Milliseconds due_ms, const std::string& who) {
  return console.text(sentence_of(step, is_repeat),
                      {{"due", format_time(due_ms, console.language())}, {"who", who}});
}

std::string names_of(CommandContext& context, const std::vector<PersonId>& people) {
  std::string names;
  for (std::size_t i = 0; i < std::min(people.size(), shown_names); ++i)
    names += (i == 0 ? "" : ", ") + describe_holder(context.session(), people[i]);
  if (people.size() > shown_names)
    names += context.console().text(Sentence::and_others,
                                    {{"count", std::to_string(people.size() - shown_names)}});
  return names;
}

nlohmann::ordered_json people_json(const std::vector<PersonId>& people) {
  nlohmann::ordered_json ids = nlohmann::ordered_json::array();
  for (const PersonId& person : people) ids.push_back(encode_hex(person));
  return ids;
}

std::string channel_name(VerifiedChannel& channel) {
  const std::optional<std::string> title = channel.title();
  return title ? encoding::printable(*title) : encode_hex(channel.id()).substr(0, hash_digits);
}

std::optional<HistoryItem> entry_at(ClientSession& session, VerifiedChannel& channel,
                                    std::uint64_t seq) {
  std::optional<HistoryItem> found;
  ChannelHistory history(session.store(), channel.keys(), channel.id());
  history.for_each(seq - 1, [&](HistoryItem& item) {
    if (item.seq == seq) found = std::move(item);
    return false;
  });
  return found;
}

std::string quoted_words(const HistoryItem& entry) {
  const std::string words =
      entry.task_event && entry.task_event->text ? entry.task_event->text->title : entry.text;
  return shorten_to(encoding::printable(words.substr(0, words.find('\n'))), quoted_width);
}

/// Whether the proposed task still waits for somebody: whoever has taken it on has acted.
bool is_awaited(ClientSession& session, VerifiedChannel& channel,
                const sealing::AskedEntry& asked) {
  if (asked.task.is_zero()) return true;
  const sealing::TaskPointer task =
      TaskBook(session.store(), channel.keys(), channel.id()).find(asked.task);
  return task && std::any_of(task->slots.begin(), task->slots.end(), [](const auto& slot) {
           return slot.state == sealing::TaskState::proposed;
         });
}

bool has_done(const LadderPerson& person, EvidenceStep step) {
  if (person.acknowledged) return true;
  if (step == EvidenceStep::acknowledged) return false;
  return person.opened || (step == EvidenceStep::delivered && person.delivered);
}

/// Of the newest word about each step: who has not done it yet. A person stands at the first step
/// that is missing alone.
class StillSilent {
 public:
  StillSilent(const sealing::AskedEntry& asked, const std::vector<SaidSilence>& said)
      : asked_(asked) {
    for (const SaidSilence& each : said)
      steps_[static_cast<std::size_t>(each.event.step) - 1] = each.event;
  }

  void leave_out(const std::vector<LadderPerson>& ladder) {
    for (std::optional<sealing::MissingStep>& step : steps_) {
      if (!step) continue;
      std::erase_if(step->people, [&](const PersonId& person) {
        const auto on_it =
            std::find_if(ladder.begin(), ladder.end(),
                         [&](const LadderPerson& each) { return each.person == person; });
        return on_it == ladder.end() || has_done(*on_it, step->step);
      });
    }
  }

  std::vector<sealing::MissingStep> take() {
    std::vector<sealing::MissingStep> steps;
    std::vector<PersonId> told;
    for (std::optional<sealing::MissingStep>& step : steps_) {
      if (!step) continue;
      std::erase_if(step->people, [&](const PersonId& person) {
        return asked_.has_acknowledged(person) ||
               std::find(told.begin(), told.end(), person) != told.end();
      });
      told.insert(told.end(), step->people.begin(), step->people.end());
      if (!step->people.empty()) steps.push_back(std::move(*step));
    }
    return steps;
  }

 private:
  const sealing::AskedEntry& asked_;
  std::array<std::optional<sealing::MissingStep>, 3> steps_;
};

void print_own(CommandContext& context, VerifiedChannel& channel, const HistoryItem& entry,
               const std::vector<sealing::MissingStep>& steps) {
  Console& console = context.console();
  const std::string name = channel_name(channel) + "#" + std::to_string(entry.seq);
  std::string words;
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const sealing::MissingStep& step : steps) {
    words += words.empty() ? "" : "; ";
    words += step_words(console, step.step, step.is_repeat(), step.due_ms,
                        names_of(context, step.people));
    list.push_back(silence_json(step));
  }
  console.say(Sentence::silence_line,
              {{"entry", name}, {"text", quoted_words(entry)}, {"what", words}});
  console.say(Sentence::silence_hint, {{"entry", name}});
  console.object({{"silence", std::move(list)},
                  {"channel", encode_hex(channel.id())},
                  {"channel_seq", entry.seq},
                  {"index", entry.index},
                  {"server_ms", entry.server_ms},
                  {"time", format_rfc3339(entry.server_ms)}});
}

/// False: nobody is silent about it any more.
Result<bool> show_if_silent(CommandContext& context, VerifiedChannel& channel,
                            const sealing::AskedEntry& asked, CommandContext::Reach reach) {
  ClientSession& session = context.session();
  if (channel.state().is_closed() || !is_awaited(session, channel, asked)) return false;
  const std::optional<HistoryItem> entry = entry_at(session, channel, asked.channel_seq);
  if (!entry || person_of(session.directory(), entry->author) != own_person(session)) return false;
  StillSilent silent(asked, AskedBook(session.store(), channel.id()).said_of(asked.channel_seq));
  if (reach == CommandContext::Reach::online) {
    Result<std::vector<LadderPerson>> ladder = read_ladder(session, channel, *entry);
    if (!ladder) return ladder.error();
    silent.leave_out(*ladder);
  }
  const std::vector<sealing::MissingStep> steps = silent.take();
  if (!steps.empty()) print_own(context, channel, *entry, steps);
  return !steps.empty();
}

}  // namespace

std::string describe_silence(CommandContext& context, const sealing::MissingStep& event) {
  const Console& console = context.console();
  return console.text(Sentence::event_step_missing,
                      {{"entry", std::to_string(event.channel_seq)},
                       {"what", step_words(console, event.step, event.is_repeat(), event.due_ms,
                                           names_of(context, event.people))}});
}

nlohmann::ordered_json silence_json(const sealing::MissingStep& event) {
  return {{"what", "step_missing"},
          {"entry", event.channel_seq},
          {"step", name_of(event.step)},
          {"due_ms", event.due_ms},
          {"due", format_rfc3339(event.due_ms)},
          {"said_for_ms", event.said_for_ms},
          {"is_repeat", event.is_repeat()},
          {"people", people_json(event.people)}};
}

void print_silence_of(CommandContext& context, const ChannelId& channel, const HistoryItem& entry) {
  Console& console = context.console();
  for (const SaidSilence& said : AskedBook(context.session().store(), channel).said_of(entry.seq)) {
    const sealing::MissingStep& event = said.event;
    console.say(Sentence::ladder_missing,
                {{"time", format_time(said.server_ms, console.language())},
                 {"what", step_words(console, event.step, event.is_repeat(), event.due_ms,
                                     names_of(context, event.people))}});
    console.object({{"event", silence_json(event)},
                    {"channel_seq", said.seq},
                    {"index", said.index},
                    {"server_ms", said.server_ms},
                    {"time", format_rfc3339(said.server_ms)}});
  }
}

void print_silence_alert(CommandContext& context, const VerifiedAlert& verified) {
  Console& console = context.console();
  ClientSession& session = context.session();
  const sealing::SilenceAlert& alert = *verified.silence;
  const std::string party =
      alert.unit.is_zero()
          ? console.text(Sentence::silence_your_agency)
          : describe_party(session, sealing::TaskParty::of(alert.agency, alert.unit));
  const std::string digits = encode_hex(alert.message_hash).substr(0, hash_digits);
  const std::string who = console.text(Sentence::silence_count,
                                       {{"count", std::to_string(alert.count)}, {"who", party}});
  console.say(Sentence::silence_alert,
              {{"time", format_time(verified.server_ms, console.language())},
               {"entry", digits},
               {"what", step_words(console, alert.step, alert.is_repeat(), alert.due_ms, who)}});
  if (!verified.is_proven) console.say(Sentence::alert_not_proven);
  console.say(Sentence::silence_ask, {{"who", party}, {"entry", digits}});
}

nlohmann::ordered_json silence_alert_json(ClientSession& session, const VerifiedAlert& verified) {
  const sealing::SilenceAlert& alert = *verified.silence;
  nlohmann::ordered_json json{{"alert", "step_missing"},
                              {"agency", encode_hex(alert.agency)},
                              {"entry", encode_hex(alert.message_hash)},
                              {"step", name_of(alert.step)},
                              {"due_ms", alert.due_ms},
                              {"due", format_rfc3339(alert.due_ms)},
                              {"said_for_ms", alert.said_for_ms},
                              {"is_repeat", alert.is_repeat()},
                              {"count", alert.count},
                              {"index", verified.index},
                              {"server_ms", verified.server_ms},
                              {"time", format_rfc3339(verified.server_ms)},
                              {"is_proven", verified.is_proven}};
  if (alert.unit.is_zero()) return json;
  json["unit"] = encode_hex(alert.unit);
  json["unit_name"] = session.directory().find_unit(alert.unit)->unit.name;
  return json;
}

Result<std::size_t> show_own_silent_entries(CommandContext& context, CommandContext::Reach reach) {
  ClientSession& session = context.session();
  std::size_t shown = 0;
  for (const ChannelId& id : session.store().channels().list()) {
    std::optional<VerifiedChannel> channel;
    for (const sealing::AskedEntry& asked : AskedBook(session.store(), id).list()) {
      if (asked.said_ms == decltype(asked.said_ms){}) continue;
      if (!channel) channel.emplace(session.open_channel(id));
      Result<bool> is_silent = show_if_silent(context, *channel, asked, reach);
      if (!is_silent) return is_silent.error();
      shown += *is_silent ? 1 : 0;
    }
  }
  return shown;
}

}  // namespace oberih::client
