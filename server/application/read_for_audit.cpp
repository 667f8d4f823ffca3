// SPDX-License-Identifier: Apache-2.0
#include "server/application/read_for_audit.hpp"

#include <algorithm>

#include "protocol/sealing/audit_reading.hpp"
#include "server/application/audit_question.hpp"

namespace oberih::application {
namespace {

using sealing::AuditReading;
using sealing::ReadingDepth;

struct ParsedReading {
  sealing::SignedAuditQuestion question;
  AuditReading reading;
};

/// A grant that the batch or the clock has ended meanwhile opens nothing any more.
Result<void> judge_grant(const sealing::ChannelState& channel, const DeviceId& auditor,
                         Milliseconds server_ms) {
  if (!channel.exists() || !sealing::has_ever_been_granted(channel, auditor))
    return refuse(RefusalCode::not_found);
  if (sealing::grants_in_force(channel, auditor, server_ms).empty())
    return refuse(RefusalCode::forbidden, "the grant has ended or was withdrawn");
  return {};
}

std::optional<sealing::EntryHeader> header_of(const journal::Leaf& leaf) {
  if (leaf.kind != journal::LeafKind::entry) return std::nullopt;
  const Result<sealing::SealedEntry> entry = sealing::parse_entry_body(leaf.body);
  if (!entry) return std::nullopt;
  Result<sealing::EntryHeader> header = sealing::parse_header(entry->header);
  return header ? std::optional(std::move(*header)) : std::nullopt;
}

/// Only the wraps of a grant to this device, that is in force.
bool has_own_wraps(const journal::Leaf& leaf, const std::vector<sealing::GrantItem>& grants) {
  if (leaf.kind != journal::LeafKind::channel_record) return false;
  const Result<sealing::SignedRecord> body = sealing::parse_record_body(leaf.body);
  if (!body) return false;
  const Result<sealing::ChannelRecord> record = sealing::parse_record_content(body->content);
  if (!record || !record->change.grant) return false;
  return std::any_of(grants.begin(), grants.end(), [&](const sealing::GrantItem& grant) {
    return grant.grant == record->change.grant->grant;
  });
}

/// Takes out whatever the auditor is not given. The grants are looked at when the page is there,
/// so that a withdrawal that was committed meanwhile counts.
void withhold(const Services& services, const domain::Caller& caller, const AuditReading& reading,
              wire::ItemPage& page) {
  const std::optional<ChannelFacts> facts = services.view.find_channel(reading.channel);
  std::vector<sealing::GrantItem> grants;
  if (facts && reading.depth == ReadingDepth::contents)
    grants = sealing::grants_in_force(*facts->state, caller.device, rule_time_ms(services));
  const DirectoryPointer directory = services.view.directory();
  for (wire::ChannelItem& item : page.items) {
    const Result<journal::Leaf> leaf = journal::parse_leaf(item.leaf);
    const auto header = leaf ? header_of(*leaf) : std::nullopt;
    if (!header || grants.empty() ||
        !sealing::gives(grants, *facts->state, *directory, *header, leaf->channel_seq))
      item.ciphertext.reset();
    if (!leaf || !has_own_wraps(*leaf, grants)) item.wraps.clear();
    item.prev_box.clear();
  }
}

class ReadingUnit final : public Unit {
 public:
  ReadingUnit(const Services& services, const domain::Caller& caller, ParsedReading parsed,
              Answer<wire::ItemPage> done)
      : Unit(caller.origin()),
        services_(services),
        caller_(caller),
        parsed_(std::move(parsed)),
        done_(std::move(done)) {}

  std::size_t size_bytes() const override { return 512; }

  Result<wire::Appended> judge(BatchView& batch) override {
    const AuditReading& reading = parsed_.reading;
    const sealing::ChannelState& channel = batch.channel(reading.channel);
    if (!channel.exists()) return refuse(RefusalCode::not_found);
    if (reading.depth == ReadingDepth::contents)
      OBERIH_TRY(judge_grant(channel, caller_.device, batch.server_ms()));
    return stage_asked(batch, reading.channel, parsed_.question);
  }

  /// On the recorder's thread, after COMMIT: the reading is handed to the readers.
  void answer(Result<wire::Appended> outcome) override {
    if (!outcome) return done_(outcome.error());
    services_.reader.read_channel(
        caller_.origin(), parsed_.reading.channel, parsed_.reading.after_seq, parsed_.reading.limit,
        false,
        [services = services_, caller = caller_, reading = parsed_.reading,
         done = std::move(done_)](Result<wire::ItemPage> page) {
          if (page) withhold(services, caller, reading, *page);
          done(std::move(page));
        });
  }

 private:
  const Services services_;
  const domain::Caller caller_;
  const ParsedReading parsed_;
  Answer<wire::ItemPage> done_;
};

Result<AuditReading> reading_of(const wire::AuditRead& request) {
  const Result<sealing::AuditQuestion> question = sealing::parse_audit_content(request.content);
  if (!question) return question.error();
  if (question->what != sealing::AuditWhat::read)
    return refuse(RefusalCode::malformed_object, "the question is one of another kind");
  return sealing::parse_audit_reading(question->query);
}

/// Before the queue: what needs no state of the batch. Permission first, which the depth decides.
Result<ParsedReading> take_reading(const Services& services, const domain::Caller& caller,
                                   const wire::AuditRead& request) {
  const Result<AuditReading> reading = reading_of(request);
  if (!reading) return reading.error();
  const bool wants_contents = reading->depth == ReadingDepth::contents;
  OBERIH_TRY(authorize(services, caller,
                       wants_contents ? domain::Action::audit_read : domain::Action::leaves_read));
  Result<sealing::SignedAuditQuestion> question =
      take_question(services, caller, sealing::AuditWhat::read, request.content, request.signature);
  if (!question) return question.error();
  if (wants_contents) OBERIH_TRY(require_grant(services, caller, reading->channel));
  if (!services.view.find_channel(reading->channel)) return refuse(RefusalCode::not_found);
  return ParsedReading{std::move(*question), *reading};
}

}  // namespace

Result<void> require_grant(const Services& services, const domain::Caller& caller,
                           const ChannelId& channel) {
  OBERIH_TRY(authorize(services, caller, domain::Action::audit_read));
  const std::optional<ChannelFacts> facts = services.view.find_channel(channel);
  if (!facts) return refuse(RefusalCode::not_found);
  return judge_grant(*facts->state, caller.device, rule_time_ms(services));
}

void read_for_audit(const Services& services, const domain::Caller& caller,
                    const wire::AuditRead& request, Answer<wire::ItemPage> done) {
  Result<ParsedReading> parsed = take_reading(services, caller, request);
  if (!parsed) return done(parsed.error());
  services.recorder.submit(
      std::make_unique<ReadingUnit>(services, caller, std::move(*parsed), std::move(done)));
}

}  // namespace oberih::application
