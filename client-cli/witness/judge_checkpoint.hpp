// SPDX-License-Identifier: Apache-2.0
// What a witness says to `add-checkpoint`: the rules of C2SP tlog-witness, and of the directory
// line. Pure: it reads no file and no clock, and stores nothing.
#pragma once

#include <optional>
#include <string>

#include "client-cli/witness/witness_folder.hpp"

namespace oberih::client {

struct WitnessAnswer {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;                 // 200: cosignature lines; 409: the known size; else a sentence
  std::optional<std::string> note;  // 200: what must be durable before the answer leaves
};

/// A witness without a state may be new, or may have lost it: it cosigns a first checkpoint only
/// where its operator has said so.
enum class FirstCheckpoint { refused, accepted };

struct WitnessView {
  const WatchedJournal& journal;
  const journal::NoteSigner& witness;
  std::optional<journal::Checkpoint> known;  // the newest that it has cosigned
  FirstCheckpoint first = FirstCheckpoint::refused;
  std::uint64_t now_s = 0;
};

/// 400 malformed, or older than it says; 404 another journal; 403 not signed by the journal's key;
/// 409 `old` is not the size known here, or another root for this size; 422 the proof does not
/// verify, the directory has become smaller or another; 503 no state, and none may be begun.
WitnessAnswer judge_checkpoint(const WitnessView& view, std::string_view body);

}  // namespace oberih::client
