// SPDX-License-Identifier: Apache-2.0
#include "tests/garbage/connection_run.hpp"

#include "protocol/wire/requests.hpp"

namespace oberih::garbage {
namespace {

constexpr std::chrono::milliseconds glance{100};

/// Reads until the server ends the connection. Half of the peers answer a close frame.
bool wait_for_end(Scene& scene, Clock::time_point deadline) {
  bool answers_close = scene.random.one_in(2);
  while (Clock::now() < deadline) {
    const std::string heard = scene.line.receive(glance);
    scene.words.hear(heard);
    if (heard.empty() && scene.line.has_ended()) return true;
    if (scene.words.close_code() && std::exchange(answers_close, false))
      scene.send_frame({.opcode = opcode_close, .payload = "\x03\xe8"});
  }
  return false;
}

/// How the server ended it, by the most telling of its words.
void describe_end(const Scene& scene, Outcome& outcome) {
  const unsigned status = scene.words.http_status();
  if (const auto code = scene.words.close_code()) {
    outcome.ending = Ending::closed;
    outcome.detail = "close " + std::to_string(*code);
  } else if (const auto alert = scene.line.alert()) {
    outcome.ending = Ending::alerted;
    outcome.detail = "alert " + std::to_string(*alert);
  } else if (status != 0 && status != 101) {
    outcome.ending = Ending::http_refused;
    outcome.detail = "http " + std::to_string(status);
  } else {
    outcome.ending = Ending::cut;
    outcome.detail = "cut";
  }
}

/// Reasons to close that have nothing to do with what a mischief did: time and rates.
bool is_anybodys_reason(const Scene& scene) {
  const unsigned code = scene.words.close_code().value_or(0);
  return code >= 4001 && code <= 4005;
}

void finish(Scene& scene, Afterwards afterwards, Outcome& outcome) {
  if (afterwards == Afterwards::we_leave) {
    scene.line.cut();
    outcome.ending = Ending::left;
    return;
  }
  const auto deadline = Clock::now() + scene.target.patience;
  if (afterwards != Afterwards::server_ends) {
    const std::uint64_t id = scene.next_id;
    scene.send_request(wire::CheckpointRead{});
    if (scene.wait_for_reply(id)) {
      outcome.ending = Ending::answered;
      scene.line.cut();
      return;
    }
  }
  if (!wait_for_end(scene, deadline)) {
    outcome.violation = "the server neither answers nor ends the connection";
    return;
  }
  describe_end(scene, outcome);
  if (afterwards == Afterwards::answers && outcome.has_reached_stage && !is_anybodys_reason(scene))
    outcome.violation = "a connection on which nothing was wrong got no answer";
}

}  // namespace

Outcome run_connection(Target& target, std::uint64_t seed) {
  const auto& table = mischief_table();
  return run_connection(target, seed, table[fuzz::Mutator(seed).below(table.size())]);
}

Outcome run_connection(Target& target, std::uint64_t seed, const Mischief& mischief) {
  Outcome outcome;
  outcome.mischief = &mischief;
  try {
    Scene scene(target, seed + 1);
    outcome.has_reached_stage = scene.climb(mischief.stage);
    finish(scene, outcome.has_reached_stage ? mischief.commit(scene) : Afterwards::server_ends,
           outcome);
    outcome.replies = scene.words.replies();
    if (!scene.words.violation().empty()) outcome.violation = scene.words.violation();
    if (!scene.violation.empty()) outcome.violation = scene.violation;
  } catch (const std::exception& failure) {
    outcome.violation = failure.what();
  }
  return outcome;
}

}  // namespace oberih::garbage
