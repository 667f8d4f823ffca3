// SPDX-License-Identifier: Apache-2.0
// Of actor.hpp: tasks and hearings, judged as everybody judges them.
#include "protocol/sealing/roster_actors.hpp"
#include "protocol/sealing/task_text.hpp"
#include "tests/transcripts/actor.hpp"

namespace oberih::transcripts {

Result<void> Actor::take_task(Conversation& conversation, const sealing::EntryHeader& header,
                              const sealing::Place& place) {
  auto facts = sealing::parse_task_facts(header.facts);
  if (!facts) return facts.error();
  const sealing::RosterActors actors(conversation.state, directory_, place);
  auto task = sealing::judge_task(
      sealing::task_case_of(conversation.state, directory_, header.sender, place, actors,
                            [&](const TaskId& id) {
                              const auto found = conversation.tasks.find(id);
                              return found == conversation.tasks.end() ? sealing::TaskPointer()
                                                                       : found->second;
                            }),
      *facts);
  if (!task) return task.error();
  conversation.tasks[facts->task] = std::make_shared<const sealing::Task>(std::move(*task));
  return {};
}

Result<void> Actor::take_hearing(Conversation& conversation, const sealing::EntryHeader& header,
                                 const Digest& hash, const sealing::Place& place,
                                 const sealing::EntryAt& entries) {
  const sealing::RosterActors actors(conversation.state, directory_, place);
  const sealing::HearingCase hearing_case = sealing::hearing_case_of(
      conversation.state, directory_, header.sender, place, {place.channel_seq, hash}, actors,
      [&](const HearingId& id) {
        const auto found = conversation.hearings.find(id);
        return found == conversation.hearings.end() ? sealing::HearingPointer() : found->second;
      });
  std::optional<sealing::Hearing> after;
  if (header.type == EntryType::acknowledgement) {
    auto facts = sealing::parse_acknowledgement_facts(header.facts);
    if (!facts) return facts.error();
    auto answered = sealing::judge_hearing_answer(hearing_case, *facts, entries);
    if (!answered) return answered.error();
    after = std::move(*answered);
  } else {
    auto facts = sealing::parse_hearing_facts(header.facts);
    if (!facts) return facts.error();
    auto judged = sealing::judge_hearing(hearing_case, *facts);
    if (!judged) return judged.error();
    after = std::move(*judged);
  }
  if (after)
    conversation.hearings[after->id] = std::make_shared<const sealing::Hearing>(std::move(*after));
  return {};
}

Result<void> Actor::take_hearing_event(Conversation& conversation, const journal::Leaf& leaf,
                                       const sealing::Place& place) {
  auto event = sealing::parse_hearing_event(leaf.body);
  if (!event) return event.error();
  const auto known = conversation.hearings.find(event->hearing);
  auto after =
      sealing::judge_hearing_event(known == conversation.hearings.end() ? nullptr : known->second,
                                   *event, conversation.state, place);
  if (!after) return after.error();
  known->second = std::make_shared<const sealing::Hearing>(std::move(*after));
  conversation.said_of_hearings.push_back(std::move(*event));
  return {};
}

wire::EntryPost Actor::act_on_task(const ChannelId& channel, const sealing::TaskFacts& facts,
                                   const std::string& title, const std::string& words,
                                   Milliseconds now_ms) {
  MessageOptions options;
  options.type = EntryType::task;
  options.facts = sealing::encode_task_facts(facts);
  const bool is_proposal = facts.action == sealing::TaskAction::propose;
  auto text = sealing::encode_task_text({facts.action, is_proposal ? title : "", words});
  options.body = to_bytes(text.value().view());
  return post(channel, {}, now_ms, options);
}

wire::EntryPost Actor::act_on_hearing(const ChannelId& channel, const sealing::HearingFacts& facts,
                                      const sealing::HearingText& text, Milliseconds now_ms) {
  MessageOptions options;
  options.type = EntryType::hearing;
  options.facts = sealing::encode_hearing_facts(facts);
  options.body = to_bytes(sealing::encode_hearing_text(text).value().view());
  return post(channel, {}, now_ms, options);
}

}  // namespace oberih::transcripts
