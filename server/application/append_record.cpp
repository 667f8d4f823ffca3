// SPDX-License-Identifier: Apache-2.0
#include "server/application/append_record.hpp"

#include <algorithm>

#include "protocol/sealing/key_wrap.hpp"
#include "server/application/record_seats.hpp"

namespace oberih::application {
namespace {

struct Parsed {
  sealing::ChannelRecord record;
  sealing::SignedRecord signed_record;
};

/// What had to be done anyhow: it counts for nobody's pace. Close and grant bring no new key.
bool is_needed(const sealing::ChannelRecord& record, const sealing::ChannelState& state,
               const std::vector<DeviceId>& due) {
  switch (record.op) {
    case sealing::RecordOp::create:
    case sealing::RecordOp::close:
    case sealing::RecordOp::grant:
      return true;
    case sealing::RecordOp::rotate:
      return state.is_wrap_unusable();
    case sealing::RecordOp::change:
      break;
  }
  const sealing::Change& change = record.change;
  if (change.add || change.alter || change.policy || !change.remove) return false;
  return std::ranges::includes(due, change.remove->devices);
}

class RecordUnit final : public Unit {
 public:
  RecordUnit(const Origin& origin, Parsed parsed, Bytes wraps, Bytes prev_box,
             std::shared_ptr<ChangePace> pace, Answer<wire::Appended> done)
      : Unit(origin),
        parsed_(std::move(parsed)),
        hash_(sealing::record_hash(parsed_.signed_record.content)),
        wraps_(std::move(wraps)),
        prev_box_(std::move(prev_box)),
        pace_(std::move(pace)),
        done_(std::move(done)) {}

  std::size_t size_bytes() const override {
    return parsed_.signed_record.content.size() + wraps_.size() + prev_box_.size();
  }

  Result<wire::Appended> judge(BatchView& batch) override {
    const sealing::ChannelRecord& record = parsed_.record;
    // Sent again because the answer was lost.
    if (const auto& known = batch.channel(record.channel); known.exists() && known.head() == hash_)
      return batch.newest_record(record.channel);
    batch.load_sender(record.channel, record.author);
    const sealing::ChannelState& state = batch.channel(record.channel);
    OBERIH_TRY(state.judge_record(record, parsed_.signed_record, batch.directory(),
                                  batch.place_in(state)));
    if (!batch.is_signed_checkpoint(record.log_size, record.log_root))
      return refuse(RefusalCode::checkpoint_unknown);
    OBERIH_TRY(keep_pace(batch, state));
    return batch.stage_record(record, parsed_.signed_record, wraps_, prev_box_);
  }

  void answer(Result<wire::Appended> outcome) override { done_(std::move(outcome)); }

 private:
  /// Once, however often the unit is judged.
  Result<void> keep_pace(const BatchView& batch, const sealing::ChannelState& state) {
    const sealing::ChannelRecord& record = parsed_.record;
    const sealing::Place place = batch.place_in(state);
    const auto due = state.lines_to_remove(batch.directory(), place.index, place.server_ms);
    if (is_counted_ || is_needed(record, state, due)) return {};
    OBERIH_TRY(pace_->take(record.author, record.channel, batch.server_ms()));
    is_counted_ = true;
    return {};
  }

  Parsed parsed_;
  Digest hash_;
  Bytes wraps_;
  Bytes prev_box_;
  std::shared_ptr<ChangePace> pace_;
  bool is_counted_ = false;
  Answer<wire::Appended> done_;
};

Result<Parsed> parse(const wire::ChannelAppend& request) {
  Parsed parsed;
  Result<sealing::ChannelRecord> record = sealing::parse_record_content(request.content);
  if (!record) return record.error();
  Result<std::vector<sealing::Approval>> approvals = sealing::parse_approvals(request.approvals);
  if (!approvals) return approvals.error();
  parsed.record = std::move(*record);
  parsed.signed_record = {request.content, request.signature, std::move(*approvals)};
  if (sealing::encode_record_body(parsed.signed_record).size() > journal::leaf_body_bytes)
    return refuse(RefusalCode::malformed_object, "the record does not fit in one leaf");
  return parsed;
}

Result<void> authorize_record(const Services& services, const domain::Caller& caller,
                              const sealing::ChannelRecord& record) {
  const Object channel{record.channel, {}};
  switch (record.op) {
    case sealing::RecordOp::create:
      return authorize(services, caller, domain::Action::channel_create);
    case sealing::RecordOp::change:
      return authorize(services, caller, domain::Action::channel_change, channel);
    case sealing::RecordOp::rotate:
      return authorize(services, caller, domain::Action::channel_rotate, channel);
    case sealing::RecordOp::close:
      return authorize(services, caller, domain::Action::channel_close, channel);
    case sealing::RecordOp::grant:
      return authorize(services, caller, domain::Action::channel_grant, channel);
  }
  return refuse(RefusalCode::record_invalid);
}

Result<void> check_before_queue(const Services& services, const domain::Caller& caller,
                                const Parsed& parsed, const wire::ChannelAppend& request) {
  const sealing::ChannelRecord& record = parsed.record;
  if (record.author != caller.device)
    return refuse(RefusalCode::forbidden, "a record is sent by its author");
  OBERIH_TRY(authorize_record(services, caller, record));
  const DirectoryPointer directory = services.view.directory();
  OBERIH_TRY(check_new_seats(services, *directory, record));
  OBERIH_TRY(sealing::check_wraps(record, request.wraps));
  OBERIH_TRY(sealing::check_prev_box(record, request.prev_box));
  const sealing::Device* author = directory->find_device(record.author);
  if (author == nullptr) return refuse(RefusalCode::unknown_device);
  if (!sealing::verify_record_signature(parsed.signed_record, author->certificate.signature_key))
    return refuse(RefusalCode::bad_signature);
  return {};
}

}  // namespace

void append_record(const Services& services, const domain::Caller& caller,
                   const wire::ChannelAppend& request, Answer<wire::Appended> done) {
  Result<Parsed> parsed = parse(request);
  if (!parsed) return done(parsed.error());
  if (auto checked = check_before_queue(services, caller, *parsed, request); !checked)
    return done(checked.error());
  services.recorder.submit(std::make_unique<RecordUnit>(caller.origin(), std::move(*parsed),
                                                        request.wraps, request.prev_box,
                                                        services.change_pace, std::move(done)));
}

}  // namespace oberih::application
