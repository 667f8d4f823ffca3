// SPDX-License-Identifier: Apache-2.0
// Tasks: the facts that a server judges by, the sealed words, and the form in which a client keeps
// what they add up to. Whatever is accepted has one form.
#include "protocol/sealing/task.hpp"
#include "protocol/sealing/task_text.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace oberih::fuzz {
namespace {

bool judge_text(ByteView input) {
  const auto text = sealing::parse_task_text(input);
  if (!text) return false;
  const auto encoded = sealing::encode_task_text(*text);
  require(encoded.has_value() && equal(encoded->view(), input), "a task's text has one form");
  require(text->title.empty() == (text->action != sealing::TaskAction::propose),
          "a proposal and nothing else has a title");
  return true;
}

bool judge_facts(ByteView input) {
  const auto facts = sealing::parse_task_facts(input);
  if (!facts) return false;
  require(equal(sealing::encode_task_facts(*facts), input), "a task's facts have one form");
  const bool is_proposal = facts->action == sealing::TaskAction::propose;
  require(facts->slots.empty() != is_proposal, "a proposal and nothing else names assignees");
  require(facts->reason.has_value() == (facts->action == sealing::TaskAction::pause),
          "a pause and nothing else has a reason");
  require(facts->due_ms <= sealing::latest_due_ms, "a due time that a database can hold");
  return true;
}

}  // namespace

bool judge(ByteView input) {
  bool accepted = judge_facts(input);
  accepted |= judge_text(input);
  accepted |=
      round_trip(input, sealing::parse_task, sealing::encode_task, "a stored task has one form");
  return accepted;
}

}  // namespace oberih::fuzz
