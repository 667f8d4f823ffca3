// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/reply_seeds.hpp"

#include "protocol/wire/alerts.hpp"
#include "protocol/wire/audits.hpp"
#include "protocol/wire/events.hpp"
#include "protocol/wire/receipts.hpp"
#include "protocol/wire/replies.hpp"
#include "protocol/wire/rpc_frame.hpp"
#include "tests/fuzz/known_objects.hpp"

namespace oberih::fuzz {

void write_replies(const Corpus& corpus, const Bytes& entry_leaf,
                   const sealing::NameCard& known_card) {
  const auto add = [&](const char* name, const auto& reply) {
    corpus.add(std::string("reply_") + name, wire::encode_reply(7, wire::encode_result(reply)));
  };
  const wire::Appended appended{9, 2, made_of<Digest>(5), 1'790'000'000'000};
  const wire::ChannelItem item{9, entry_leaf, Bytes{1, 2, 3}, {}, {}};
  const wire::ChannelItem record{8, {1, 2}, {}, Bytes(105, 1), Bytes(48, 2)};
  add("hello", wire::HelloReply{"0.1.0", made_of<DeviceId>(11), 5, 6, 7, known_notes()[1]});
  add("directory_page", wire::DirectoryPage{{{1, {1, 2, 3}}}, 2});
  add("names", wire::NameCards{{known_card}});
  add("appended", appended);
  add("channels", wire::ChannelSummaries{
                      {{known_channel(), ChannelKind::case_, 4, 2, RosterRole::read_only, true}}});
  add("items", wire::ItemPage{{record, item}, 9, 3});
  add("followed", wire::Followed{9});
  add("found", wire::FoundEntries{{{made_of<MessageId>(1), made_of<Digest>(2), appended}}});
  add("checkpoint", wire::CheckpointReply{known_notes()[0], {}, {}});
  add("anchored",
      wire::CheckpointReply{known_notes()[0], known_notes()[0], wire::Anchored{417, 5, 6}});
  add("proposals", wire::ProposalPage{{{8, {1, 2, 3}}}, true, 3});
  add("receipts", wire::ReceiptsAppended{{appended}});
  add("receipt_page", wire::ReceiptPage{{{8, {1, 2, 3}}}, true, made_of<DeviceId>(11), 3});
  add("alert_page", wire::AlertPage{{{8, {1, 2, 3}}}, true, 3});
  add("audit_page", wire::AuditPage{{9, 0, made_of<Digest>(5), 6}, {{8, {1, 2, 3}}}, true, 7, 3});
  add("done", wire::Done{});
  corpus.add("refusal", wire::encode_refusal(7, refuse(RefusalCode::not_found, "the channel")));
  corpus.add("refusal_without_id", wire::encode_refusal({}, refuse(RefusalCode::malformed_frame)));
  const std::string first = wire::encode_event(wire::ItemEvent{known_channel(), item, 3});
  corpus.add("events",
             wire::join_events({first, wire::encode_event(wire::UnfollowedEvent{known_channel()}),
                                wire::encode_event(wire::CheckpointEvent{known_notes()[1]}),
                                wire::encode_event(wire::ItemEvent{known_channel(), record, 3})}));
}

}  // namespace oberih::fuzz
