// SPDX-License-Identifier: Apache-2.0
// The sentences of a play about auditors: what they ask, and what the server wrote down of reading.
#include <set>
#include <sstream>
#include <thread>

#include "protocol/base/byte_writer.hpp"
#include "protocol/sealing/access_leaf.hpp"
#include "protocol/sealing/audit_filter.hpp"
#include "protocol/sealing/audit_leaf.hpp"
#include "protocol/wire/audit_export.hpp"
#include "protocol/wire/audits.hpp"
#include "tests/transcripts/play.hpp"

namespace oberih::transcripts {
namespace {

using sealing::AccessWhat;

}  // namespace

Result<void> Play::end_minute(const Words&) {
  stage_.end_minute();
  return {};
}

/// All pages of the answer; each leaf fits what was asked.
Result<std::vector<wire::DirectoryLeaf>> Play::find_leaves(Actor& who,
                                                           const sealing::AuditFilter& filter,
                                                           Actor& signer) {
  OBERIH_TRY(read_directory(who));
  const sealing::SignedAuditQuestion question =
      sealing::sign_audit_question({sealing::AuditWhat::find, signer.device(), stage_.signed_size(),
                                    sealing::encode_audit_filter(filter), stage_.clock().now_ms()},
                                   signer.signer());
  wire::AuditFind find{
      sealing::encode_audit_content(question.question), question.signature, 0, 2, true, {}};
  std::vector<wire::DirectoryLeaf> found;
  for (bool more = true; more;) {
    auto page = stage_.ask<wire::AuditPage>(who, find);
    if (!page) return page.error();
    for (const wire::DirectoryLeaf& leaf : page->leaves) {
      if (leaf.index < find.from_index || leaf.index >= question.question.size ||
          !sealing::fits(filter, *journal::parse_leaf(leaf.leaf), who.directory()))
        unwritten("but the server answers with what was not asked for");
      find.from_index = leaf.index + 1;
      found.push_back(leaf);
    }
    if (find.asked_index && page->asked.index != *find.asked_index)
      unwritten("but a later page answers another question");
    find.asked_index = page->asked.index;
    last_question_ = find;
    more = page->more;
    if (!more && page->count != found.size()) unwritten("but the server counts others");
  }
  return found;
}

/// "nobody", "Pavlo and Dawn": whose reads of the channel's history, or receipts, cover the text.
Result<void> Play::find_readers(const Words& words) {
  Actor& who = actor(words[0]);
  const Said& what = said(words[2]);
  sealing::AuditFilter filter;
  filter.channel = what.channel;
  filter.kind = journal::LeafKind::access;
  auto leaves = find_leaves(who, filter, words[3].empty() ? who : actor(words[3]));
  if (!leaves) return leaves.error();
  std::set<DeviceId> found, wanted;
  for (const wire::DirectoryLeaf& each : *leaves) {
    const journal::Leaf leaf = *journal::parse_leaf(each.leaf);
    if (!sealing::is_access_leaf(leaf.body)) {
      const auto receipt = sealing::parse_receipt_body(leaf.body)->receipt;
      if (receipt.channel_seq >= what.entry.channel_seq) found.insert(receipt.device);
      continue;
    }
    const sealing::AccessLeaf access = *sealing::parse_access_leaf(leaf.body);
    if (access.what == AccessWhat::history && access.from <= what.entry.channel_seq &&
        access.to >= what.entry.channel_seq)
      found.insert(access.device);
  }
  std::istringstream names(words[1]);
  for (std::string name; names >> name;)
    if (name != "and" && name != "nobody") wanted.insert(actor(name).device());
  if (found == wanted) return {};
  std::string others;
  for (const auto& [name, person] : actors_)
    if (found.contains(person->device())) others += " " + name;
  unwritten("but it was read by" + others);
}

/// What one person did of a kind: "messages", "questions".
Result<void> Play::count_acts(const Words& words) {
  Actor& who = actor(words[0]);
  sealing::AuditFilter filter;
  filter.person = actor(words[3]).certificate().person;
  filter.kind =
      words[2].starts_with("question") ? journal::LeafKind::audit_query : journal::LeafKind::entry;
  auto leaves = find_leaves(who, filter, who);
  if (!leaves) return leaves.error();
  if (std::to_string(leaves->size()) != words[1])
    unwritten("but there are " + std::to_string(leaves->size()));
  return {};
}

/// A page of the newest question, an hour or more after it was asked, or as another's.
Result<void> Play::ask_on(const Words& words) {
  auto page = stage_.ask<wire::AuditPage>(actor(words[0]), last_question_);
  if (!page) return page.error();
  return {};
}

/// The question alone: what an auditor or a member makes of the leaves is no server's business.
Result<void> Play::export_channel(const Words& words) {
  Actor& who = actor(words[0]);
  OBERIH_TRY(read_directory(who));
  ByteWriter query;
  query.u8(1).raw(words[1].empty() ? ChannelId{} : channel(words[1]));
  query.raw(PersonId{}).u64(0).u64(0);
  return ask_for_export(who, query.take());
}

Result<void> Play::export_case(const Words& words) {
  Actor& who = actor(words[0]);
  OBERIH_TRY(read_directory(who));
  ByteWriter query;
  query.u8(2).raw(ChannelId{}).raw(PersonId{}).u64(0).u64(0).vec(words[1]);
  return ask_for_export(who, query.take());
}

Result<void> Play::ask_for_export(Actor& who, Bytes query) {
  const sealing::SignedAuditQuestion question =
      sealing::sign_audit_question({sealing::AuditWhat::export_, who.device(), stage_.signed_size(),
                                    std::move(query), stage_.clock().now_ms()},
                                   who.signer());
  auto recorded = stage_.ask<wire::Appended>(
      who, wire::AuditExport{sealing::encode_audit_content(question.question), question.signature});
  if (!recorded) return recorded.error();
  return {};
}

}  // namespace oberih::transcripts
