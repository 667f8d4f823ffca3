// SPDX-License-Identifier: Apache-2.0
// The sentences of a play about units, who is on duty, and who is out of service.
#include <algorithm>
#include <stdexcept>

#include "protocol/crypto/random_bytes.hpp"
#include "tests/transcripts/play.hpp"

namespace oberih::transcripts {
namespace {

using sealing::UnitDuty;
using sealing::UnitLine;

Milliseconds hours(const std::string& count) { return std::stoull(count) * hour_ms; }

}  // namespace

Actor& Play::signer_named(const std::string& name) {
  auto administrator = administrators_.find(name);
  return administrator != administrators_.end() ? *administrator->second : actor(name);
}

const UnitId& Play::unit(const std::string& name) {
  auto found = units_.find(name);
  if (found == units_.end()) throw std::runtime_error("no unit is called " + name);
  return found->second;
}

Result<void> Play::send(Actor& who, sealing::Unit list) {
  std::sort(list.lines.begin(), list.lines.end());
  list.signer = who.device();
  const Bytes content = sealing::encode_unit_content(list);
  last_list_ = {journal::LeafKind::unit,
                sealing::encode_unit_body({content, who.signer().sign("unit", content)}),
                {}};
  auto appended = stage_.ask<wire::Appended>(who, last_list_);
  if (!appended) return appended.error();
  return {};
}

/// As the signer's own client knows the unit.
Result<sealing::Unit> Play::next_version(Actor& who, const std::string& name) {
  OBERIH_TRY(read_directory(who));
  const sealing::UnitInForce* newest = who.directory().find_unit(unit(name));
  if (newest == nullptr) throw std::runtime_error("the directory does not know the unit");
  sealing::Unit next = newest->unit;
  next.version += 1;
  next.previous = newest->hash;
  return next;
}

Result<void> Play::make_unit(const Words& words) {
  Actor& who = signer_named(words[0]);
  sealing::Unit made;
  made.agency = who.certificate().agency;
  made.unit = crypto::random_id<UnitId>();
  made.version = 1;
  made.name = words[1];
  for (const Actor* member : approvers(words[2]))
    made.lines.push_back({member->certificate().person, UnitDuty::member, {}, 0, 0});
  units_[words[1]] = made.unit;
  return send(who, std::move(made));
}

Result<void> Play::put_on_duty(const Words& words) {
  Actor& who = signer_named(words[0]);
  Result<sealing::Unit> next = next_version(who, words[2]);
  if (!next) return next.error();
  const Milliseconds now = stage_.clock().now_ms();
  next->lines.push_back({actor(words[1]).certificate().person,
                         UnitDuty::duty_officer,
                         {},
                         now,
                         now + hours(words[3])});
  return send(who, std::move(*next));
}

Result<void> Play::let_stand_in(const Words& words) {
  Actor& who = signer_named(words[0]);
  Result<sealing::Unit> next = next_version(who, words[3]);
  if (!next) return next.error();
  const Milliseconds now = stage_.clock().now_ms();
  next->lines.push_back({actor(words[1]).certificate().person, UnitDuty::deputy,
                         actor(words[2]).certificate().person, now, now + hours(words[4])});
  return send(who, std::move(*next));
}

Result<void> Play::send_list_again(const Words& words) {
  auto appended = stage_.ask<wire::Appended>(signer_named(words[0]), last_list_);
  if (!appended) return appended.error();
  return {};
}

Result<void> Play::find_on_duty(const Words& words) {
  Actor& who = signer_named(words[0]);
  OBERIH_TRY(read_directory(who));
  const sealing::UnitInForce* found = who.directory().find_unit(unit(words[2]));
  if (found == nullptr) throw std::runtime_error("but does not know the unit");
  const Milliseconds now = stage_.clock().now_ms();
  for (const auto& [name, person] : actors_) {
    const bool is_on_duty =
        sealing::standing_in(found->unit, person->certificate().person, now).is_duty_officer;
    if (is_on_duty != (name == words[1]))
      throw std::runtime_error(is_on_duty ? "but " + name + " is on duty"
                                          : "but " + name + " is not on duty");
  }
  return {};
}

Result<void> Play::find_standing_in(const Words& words) {
  Actor& who = signer_named(words[0]);
  OBERIH_TRY(read_directory(who));
  const sealing::UnitInForce* found = who.directory().find_unit(unit(words[3]));
  if (found == nullptr) throw std::runtime_error("but does not know the unit");
  const sealing::UnitStanding standing = sealing::standing_in(
      found->unit, actor(words[1]).certificate().person, stage_.clock().now_ms());
  if (!standing.may_act_for(actor(words[2]).certificate().person))
    throw std::runtime_error("but that is over, or never was");
  return {};
}

Result<void> Play::send(Actor& who, sealing::OutOfService interval) {
  interval.signer = who.device();
  const Bytes content = sealing::encode_out_of_service_content(interval);
  auto appended = stage_.ask<wire::Appended>(
      who, wire::DirectoryAppend{journal::LeafKind::out_of_service,
                                 sealing::encode_out_of_service_body(
                                     {content, who.signer().sign("out-of-service", content)}),
                                 {}});
  if (!appended) return appended.error();
  return {};
}

Result<void> Play::declare_out_of_service(const Words& words) {
  Actor& who = signer_named(words[0]);
  sealing::OutOfService interval;
  interval.agency = roots_.at(words[1])->agency.id;
  interval.id = last_interval_ = crypto::random_id<sealing::IntervalId>();
  interval.version = 1;
  interval.reason = sealing::OutOfServiceReason::blackout;
  interval.from_ms = stage_.clock().now_ms() - hours(words[2]);
  return send(who, interval);
}

Result<void> Play::end_out_of_service(const Words& words) {
  Actor& who = signer_named(words[0]);
  OBERIH_TRY(read_directory(who));
  const sealing::OutOfServiceInForce* newest = who.directory().find_out_of_service(last_interval_);
  if (newest == nullptr) throw std::runtime_error("the directory does not know the interval");
  sealing::OutOfService interval = newest->interval;
  interval.version += 1;
  interval.previous = newest->hash;
  interval.to_ms = stage_.clock().now_ms() - hours(words[1]);
  return send(who, interval);
}

Result<void> Play::see_service(const Words& words) {
  Actor& who = signer_named(words[0]);
  OBERIH_TRY(read_directory(who));
  const Milliseconds then = stage_.clock().now_ms() - hours(words[3]);
  const bool is_out =
      !who.directory().out_of_service_at(roots_.at(words[1])->agency.id, then, UINT64_MAX).empty();
  if (is_out != (words[2] == "out of")) throw std::runtime_error("but it was the other way round");
  return {};
}

Result<void> Play::pass_hours(const Words& words) {
  stage_.pass(hours(words[0]));
  return {};
}

}  // namespace oberih::transcripts
