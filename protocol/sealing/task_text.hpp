// SPDX-License-Identifier: Apache-2.0
// The sealed part of a task entry: title and instructions of a proposal, reasons, results. Nothing
// of it is known to the server. Bytes: docs/protocol.md, section 15.
#pragma once

#include <string>

#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"
#include "protocol/sealing/task_transitions.hpp"

namespace oberih::sealing {

struct TaskText {
  TaskAction action{};  // the same as in the facts: a text cannot be put under another action
  std::string title;    // of propose alone: 1 to 200 characters, no control characters
  std::string words;    // instructions, reason, result or note
};

/// Where an action must say something: a reason or a result.
bool needs_words(TaskAction action);

/// Refuses invalid_parameters (not UTF-8, no title, no reason) and body_too_large.
Result<SecretBuffer> encode_task_text(const TaskText& text);
/// n must be 0 until attachments exist. Refusal: malformed_object.
Result<TaskText> parse_task_text(ByteView bytes);

}  // namespace oberih::sealing
