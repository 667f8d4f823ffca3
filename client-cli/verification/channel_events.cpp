// SPDX-License-Identifier: Apache-2.0
// Of verified_channel.hpp: entries of tasks and hearings, and the server's own word, judged as
// everybody judges them.
#include "client-cli/verification/asked_book.hpp"
#include "client-cli/verification/hearing_book.hpp"
#include "client-cli/verification/task_book.hpp"
#include "client-cli/verification/verified_channel.hpp"
#include "protocol/sealing/task_events.hpp"

namespace oberih::client {

/// Judged by the channel as it was before the entry.
Result<> VerifiedChannel::apply_task(const sealing::EntryHeader& header,
                                     const sealing::Place& place) {
  const Result<sealing::TaskFacts> facts = sealing::parse_task_facts(header.facts);
  if (!facts) return facts.error();
  TaskBook book(store_, keys_, id_);
  const Result<sealing::Task> task =
      book.judge(state_, directory_.directory(), header.sender, place, *facts);
  if (!task) return task.error();
  book.put(*task, place.channel_seq);
  return {};
}

/// Also an acknowledgement, where it answers a hearing's notice.
Result<> VerifiedChannel::apply_hearing(const sealing::EntryHeader& header,
                                        const Digest& message_hash, const sealing::Place& place) {
  HearingBook book(store_, keys_, id_);
  const sealing::Directory& directory = directory_.directory();
  if (header.type == EntryType::hearing) {
    const Result<sealing::HearingFacts> facts = sealing::parse_hearing_facts(header.facts);
    if (!facts) return facts.error();
    const Result<sealing::Hearing> hearing =
        book.judge(state_, directory, header.sender, place, message_hash, *facts);
    if (!hearing) return hearing.error();
    book.put(*hearing, place.channel_seq);
  }
  if (header.type == EntryType::acknowledgement) {
    const auto facts = sealing::parse_acknowledgement_facts(header.facts);
    if (!facts) return facts.error();
    const Result<std::optional<sealing::Hearing>> hearing =
        book.judge_answer(state_, directory, header.sender, place, *facts);
    if (!hearing) return hearing.error();
    if (*hearing) book.put(**hearing, place.channel_seq);
  }
  return {};
}

/// It cannot say a thing twice or too early, nor of somebody whose acknowledgement stands there.
Result<> VerifiedChannel::apply_server_event(const journal::Leaf& leaf, const sealing::Place& place,
                                             const Digest& leaf_hash) {
  if (sealing::is_missing_step(leaf.body)) {
    const Result<sealing::MissingStep> event = sealing::parse_missing_step(leaf.body);
    if (!event) return event.error();
    OBERIH_TRY(AskedBook(store_, id_).take_event(state_, directory_.directory(), *event, place));
  } else if (sealing::is_hearing_event(leaf.body)) {
    const Result<sealing::HearingEvent> event = sealing::parse_hearing_event(leaf.body);
    if (!event) return event.error();
    HearingBook book(store_, keys_, id_);
    const Result<sealing::Hearing> hearing =
        sealing::judge_hearing_event(book.find(event->hearing), *event, state_, place);
    if (!hearing) return hearing.error();
    book.put(*hearing, place.channel_seq);
  } else {
    const Result<sealing::ServerEvent> event = sealing::parse_server_event(leaf.body);
    if (!event) return event.error();
    TaskBook book(store_, keys_, id_);
    const Result<sealing::Task> task = sealing::judge_event(book.find(event->task), *event, place);
    if (!task) return task.error();
    book.put(*task, place.channel_seq);
  }
  state_.apply_other(place, leaf_hash);
  return {};
}

}  // namespace oberih::client
