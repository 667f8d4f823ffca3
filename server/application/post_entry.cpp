// SPDX-License-Identifier: Apache-2.0
#include "server/application/post_entry.hpp"

#include "protocol/base/limits.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/encoding/hex.hpp"
#include "server/application/evidence_limits.hpp"
#include "server/application/hearing_limits.hpp"
#include "server/application/judge_hearing.hpp"
#include "server/application/judge_task.hpp"
#include "server/application/task_deadlines.hpp"
#include "server/application/urgent_rings.hpp"

namespace oberih::application {
namespace {

struct Parsed {
  sealing::EntryHeader header;
  sealing::SealedEntry entry;
  Digest message_hash;
  std::optional<sealing::TaskFacts> task;        // of type 2
  std::optional<sealing::HearingFacts> hearing;  // of type 3
};

/// Asked of policy in the batch, where it is known how the caller stands to task or hearing.
struct MayAct {
  MayActOnTask on_task;
  MayActOnHearing on_hearing;
};

class EntryUnit final : public Unit {
 public:
  EntryUnit(const Origin& origin, Parsed parsed, Bytes ciphertext, std::shared_ptr<ChangePace> pace,
            MayAct may_act, const PoliciesInForce& policies, Answer<wire::Appended> done)
      : Unit(origin),
        parsed_(std::move(parsed)),
        ciphertext_(std::move(ciphertext)),
        pace_(std::move(pace)),
        may_act_(std::move(may_act)),
        deadlines_(policies),
        limits_(policies),
        hearings_(policies),
        done_(std::move(done)) {}

  std::size_t size_bytes() const override {
    return parsed_.entry.header.size() + ciphertext_.size() + 256;
  }

  Result<wire::Appended> judge(BatchView& batch) override {
    const sealing::EntryHeader& header = parsed_.header;
    const sealing::SenderHead head = batch.load_sender(header.channel, header.sender);
    // Before every other rule: what stands in the journal is answered as it was, whatever has
    // changed.
    if (header.sender_seq <= head.sender_seq || batch.asks_for_every_id())
      if (auto known = batch.load_entry(header.sender, header.message_id)) {
        if (known->message_hash != parsed_.message_hash)
          return refuse(RefusalCode::message_id_reused);
        return known->appended;
      }
    const sealing::ChannelState& state = batch.channel(header.channel);
    Result<void> judged = state.judge_entry(header, batch.directory(), batch.place_in(state),
                                            batch.leaf_hashes(header.channel));
    if (!judged) return with_chain_head(judged.error(), head);
    OBERIH_TRY(sealing::judge_references(header, batch.directory(), batch.entries(header.channel)));
    if (!batch.is_signed_checkpoint(header.log_size, header.log_root))
      return refuse(RefusalCode::checkpoint_unknown);
    OBERIH_TRY(keep_pace(batch));
    if (header.type == EntryType::hearing || header.type == EntryType::acknowledgement)
      return stage_with_hearing(batch);
    if (!parsed_.task) return stage(batch);
    const sealing::TaskPointer before = batch.load_task(header.channel, parsed_.task->task);
    Result<sealing::Task> task = judge_task_entry(batch, header, *parsed_.task, may_act_.on_task);
    if (!task) return task.error();
    batch.stage_task(header.channel, std::move(*task));
    const wire::Appended appended = stage(batch);
    deadlines_.follow_entry(batch, header.channel, before, parsed_.task->task);
    return appended;
  }

  void answer(Result<wire::Appended> outcome) override { done_(std::move(outcome)); }

 private:
  /// The client goes on from the server's head of its chain, after checking that it is its own
  /// entry.
  static Refusal with_chain_head(Refusal refusal, const sealing::SenderHead& head) {
    if (refusal.code == RefusalCode::sender_chain_broken)
      refusal.detail = "sender_seq=" + std::to_string(head.sender_seq) +
                       " message_hash=" + encoding::encode_hex(head.message_hash);
    return refusal;
  }

  /// An entry about a hearing, or an acknowledgement, which may be an answer to one.
  Result<wire::Appended> stage_with_hearing(BatchView& batch) const {
    const sealing::EntryHeader& header = parsed_.header;
    std::optional<sealing::Hearing> hearing;
    if (parsed_.hearing) {
      Result<sealing::Hearing> judged = judge_hearing_entry(batch, header, parsed_.message_hash,
                                                            *parsed_.hearing, may_act_.on_hearing);
      if (!judged) return judged.error();
      hearing = std::move(*judged);
    } else {
      auto judged = judge_acknowledged_hearing(batch, header, parsed_.message_hash);
      if (!judged) return judged.error();
      hearing = std::move(*judged);
    }
    if (hearing) hearings_.stage_hearing(batch, header.channel, std::move(*hearing));
    return stage(batch);
  }

  wire::Appended stage(BatchView& batch) const {
    const wire::Appended appended =
        batch.stage_entry(parsed_.header, parsed_.entry, parsed_.message_hash, ciphertext_);
    limits_.follow_entry(batch, parsed_.header, parsed_.message_hash, appended);
    stage_rings(batch, parsed_.header, parsed_.task);
    return appended;
  }

  /// Whoever says that a wrap does not open makes the others change the key.
  Result<void> keep_pace(const BatchView& batch) {
    const sealing::EntryHeader& header = parsed_.header;
    if (header.type != EntryType::wrap_unusable || is_counted_) return {};
    OBERIH_TRY(pace_->take(header.sender, header.channel, batch.server_ms()));
    is_counted_ = true;
    return {};
  }

  Parsed parsed_;
  Bytes ciphertext_;
  std::shared_ptr<ChangePace> pace_;
  MayAct may_act_;
  TaskDeadlines deadlines_;
  EvidenceLimits limits_;
  HearingLimits hearings_;
  bool is_counted_ = false;
  Answer<wire::Appended> done_;
};

Result<Parsed> parse(const wire::EntryPost& request) {
  Result<sealing::EntryHeader> header = sealing::parse_header(request.header);
  if (!header) return header.error();
  if (request.ciphertext.size() > limits::ciphertext_bytes)
    return refuse(RefusalCode::body_too_large);
  Parsed parsed{std::move(*header),
                {request.header, request.salt, request.commitment, {}, request.signature},
                {},
                {},
                {}};
  if (parsed.header.type == EntryType::task) {
    Result<sealing::TaskFacts> facts = sealing::parse_task_facts(parsed.header.facts);
    if (!facts) return facts.error();
    parsed.task = std::move(*facts);
  }
  if (parsed.header.type == EntryType::hearing) {
    Result<sealing::HearingFacts> facts = sealing::parse_hearing_facts(parsed.header.facts);
    if (!facts) return facts.error();
    parsed.hearing = std::move(*facts);
  }
  if (sealing::has_body(parsed.header.type)) {
    if (request.ciphertext.empty())
      return refuse(RefusalCode::malformed_object, "an entry of this type has a sealed body");
    parsed.entry.ciphertext_hash = crypto::sha256(request.ciphertext);
  } else if (!request.ciphertext.empty() || !request.salt.is_zero() ||
             !request.commitment.is_zero()) {
    return refuse(RefusalCode::malformed_object, "an entry of this type has no sealed body");
  }
  parsed.message_hash = sealing::message_hash(parsed.entry);
  return parsed;
}

/// What is asked of policy before the queue; of a task's action and a hearing's verb in the batch.
std::optional<domain::Action> action_of(EntryType type) {
  switch (type) {
    case EntryType::message:
      return domain::Action::message_post;
    case EntryType::leave:
      return domain::Action::channel_leave;
    case EntryType::wrap_unusable:
      return domain::Action::channel_wrap_unusable;
    case EntryType::acknowledgement:
      return domain::Action::entry_acknowledge;
    case EntryType::consent:
      return domain::Action::entry_consent;
    case EntryType::task:
    case EntryType::hearing:
      return std::nullopt;
  }
  return std::nullopt;
}

Result<void> check_before_queue(const Services& services, const domain::Caller& caller,
                                const Parsed& parsed) {
  if (parsed.header.sender != caller.device)
    return refuse(RefusalCode::forbidden, "an entry is sent by its author");
  const std::optional<domain::Action> action = action_of(parsed.header.type);
  if (action) OBERIH_TRY(authorize(services, caller, *action, {parsed.header.channel, {}}));
  // Strangers must not even cost a place in the queue.
  if (!action &&
      !services.view.find_member(parsed.header.channel, caller.device, rule_time_ms(services)))
    return refuse(RefusalCode::not_found);
  const DirectoryPointer directory = services.view.directory();
  const sealing::Device* sender = directory->find_device(caller.device);
  if (sender == nullptr) return refuse(RefusalCode::unknown_device);
  if (!sealing::verify_entry_signature(parsed.entry, sender->certificate.signature_key))
    return refuse(RefusalCode::bad_signature);
  return {};
}

}  // namespace

void post_entry(const Services& services, const domain::Caller& caller,
                const wire::EntryPost& request, Answer<wire::Appended> done) {
  Result<Parsed> parsed = parse(request);
  if (!parsed) return done(parsed.error());
  if (auto checked = check_before_queue(services, caller, *parsed); !checked)
    return done(checked.error());
  MayAct may_act;
  if (parsed->task)
    may_act.on_task =
        ask_policy_for(services, caller, parsed->header.channel, parsed->task->action);
  if (parsed->hearing)
    may_act.on_hearing =
        ask_policy_for(services, caller, parsed->header.channel, parsed->hearing->verb);
  services.recorder.submit(std::make_unique<EntryUnit>(
      caller.origin(), std::move(*parsed), request.ciphertext, services.change_pace,
      std::move(may_act), services.policies, std::move(done)));
}

}  // namespace oberih::application
