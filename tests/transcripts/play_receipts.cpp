// SPDX-License-Identifier: Apache-2.0
// The sentences of a play about what is said, and about receipts, acknowledgements and handling
// codes.
#include <set>
#include <sstream>
#include <stdexcept>

#include "protocol/crypto/digest.hpp"
#include "protocol/wire/receipts.hpp"
#include "tests/transcripts/play.hpp"

namespace oberih::transcripts {
namespace {

using sealing::AsksFor;
using sealing::ReceiptStep;

ReceiptStep step_named(const std::string& word) {
  return word == "opened" ? ReceiptStep::opened : ReceiptStep::delivered;
}

/// "H2", "RED", "AMBER+STRICT", "a receipt at once", "urgent".
sealing::CommonFacts facts_named(const std::string& words) {
  sealing::CommonFacts facts;
  if (words == "H2") facts.handling.restriction = sealing::Restriction::not_passed_on;
  if (words == "RED") facts.handling.traffic_light = sealing::TrafficLight::red;
  if (words == "AMBER+STRICT") facts.handling.traffic_light = sealing::TrafficLight::amber_strict;
  if (words == "a receipt at once")
    facts.asks_for = static_cast<std::uint8_t>(AsksFor::receipt_at_once);
  if (words == "urgent") facts.priority = sealing::priority_urgent;
  if (words == "an acknowledgement" || words == "urgent")
    facts.asks_for = static_cast<std::uint8_t>(AsksFor::acknowledgement);
  if (facts == sealing::CommonFacts{}) throw std::runtime_error("no such mark: " + words);
  return facts;
}

}  // namespace

const Play::Said& Play::said(const std::string& text) {
  auto found = said_.find(text);
  if (found == said_.end()) throw std::runtime_error("nobody has said " + text);
  return found->second;
}

void Play::note_said(const std::string& text) {
  sealing::SealedEntry entry{last_post_.header, last_post_.salt, last_post_.commitment,
                             crypto::sha256(last_post_.ciphertext), last_post_.signature};
  said_[text] = {last_channel_, {last_appended_->channel_seq, sealing::message_hash(entry)}};
}

Result<void> Play::say(const Words& words) {
  Actor& who = actor(words[0]);
  const ChannelId& id = channel(words[2]);
  if (words[3] != "without reading first") catch_up(who, id);
  MessageOptions options;
  if (words[3] == "leaving out a number") options.skip = 1;
  options.forge_signature = words[3] == "with a forged signature";
  OBERIH_TRY(send(who, id, who.post(id, words[1], stage_.clock().now_ms(), options)));
  note_said(words[1]);
  return {};
}

Result<void> Play::say_marked(const Words& words) {
  Actor& who = actor(words[0]);
  const ChannelId& id = channel(words[2]);
  catch_up(who, id);
  MessageOptions options;
  options.facts = sealing::encode_common_facts(facts_named(words[3]));
  OBERIH_TRY(send(who, id, who.post(id, words[1], stage_.clock().now_ms(), options)));
  note_said(words[1]);
  return {};
}

Result<void> Play::send_receipt(const Words& words) {
  Actor& who = actor(words[0]);
  const ChannelId& id = channel(words[2]);
  catch_up(who, id);
  const sealing::SignedReceipt receipt =
      who.receipt(id, step_named(words[1]), stage_.clock().now_ms());
  const wire::ReceiptAppend request{{sealing::encode_receipt_body(receipt)}};
  auto appended = stage_.ask<wire::ReceiptsAppended>(who, request);
  if (!appended) return appended.error();
  last_receipt_ = request;
  if (appended->receipts.size() != 1) throw std::runtime_error("no answer for each receipt");
  last_appended_ = appended->receipts.front();
  return {};
}

Result<void> Play::send_receipt_again(const Words& words) {
  auto again = stage_.ask<wire::ReceiptsAppended>(actor(words[0]), last_receipt_);
  if (!again) return again.error();
  if (again->receipts.front().index != last_appended_->index)
    throw std::runtime_error("it became another leaf");
  return {};
}

Result<void> Play::send_false_receipt(const Words& words) {
  Actor& who = actor(words[0]);
  const ChannelId& id = channel(words[2]);
  if (words[3] != "without reading") catch_up(who, id);
  Actor& signer = words[4].empty() ? who : actor(words[4]);
  catch_up(signer, id);
  sealing::SignedReceipt receipt =
      signer.receipt(id, step_named(words[1]), stage_.clock().now_ms());
  if (words[3] == "without reading") receipt.receipt.channel_seq += 1;
  if (words[3] == "for another leaf") receipt.receipt.leaf_hash.bytes[0] ^= 1;
  receipt = sealing::sign_receipt(receipt.receipt, who.signer());
  auto appended = stage_.ask<wire::ReceiptsAppended>(
      who, wire::ReceiptAppend{{sealing::encode_receipt_body(receipt)}});
  if (!appended) return appended.error();
  return {};
}

/// "nobody", "Pavlo", "Pavlo and Dawn".
Result<void> Play::see_receipts(const Words& words) {
  Actor& who = actor(words[0]);
  const Said& what = said(words[3]);
  catch_up(who, what.channel);
  auto page = stage_.ask<wire::ReceiptPage>(
      who, wire::ReceiptRead{what.channel, what.entry.channel_seq, {}});
  if (!page) return page.error();
  std::set<DeviceId> found, wanted;
  for (const wire::DirectoryLeaf& leaf : page->leaves) {
    auto receipt = who.take_receipt(what.channel, leaf);
    if (!receipt) return receipt.error();
    if (receipt->channel_seq < what.entry.channel_seq)
      throw std::runtime_error("a receipt that does not reach the entry");
    if (receipt->step == step_named(words[2])) found.insert(receipt->device);
  }
  std::istringstream names(words[1]);
  for (std::string name; names >> name;)
    if (name != "and" && name != "nobody") wanted.insert(actor(name).device());
  if (found != wanted)
    throw std::runtime_error("but there are receipts of " + std::to_string(found.size()));
  return {};
}

Result<void> Play::acknowledge(const Words& words) {
  Actor& who = actor(words[0]);
  const Said& what = said(words[2]);
  catch_up(who, what.channel);
  sealing::AcknowledgementFacts facts;
  facts.entry = what.entry;
  facts.kind = words[1] == "cannot attend" ? sealing::AcknowledgementKind::cannot_attend
                                           : sealing::AcknowledgementKind::understood;
  if (words[1] == "acknowledges what is not") facts.entry.message_hash.bytes[0] ^= 1;
  MessageOptions options;
  options.type = EntryType::acknowledgement;
  options.facts = sealing::encode_acknowledgement_facts(facts);
  return send(who, what.channel,
              who.post(what.channel, "прийнято", stage_.clock().now_ms(), options));
}

Result<void> Play::ask_originator(const Words& words) {
  Actor& who = actor(words[0]);
  const Said& what = said(words[1]);
  catch_up(who, what.channel);
  sealing::RequestFacts facts;
  facts.common.asks_for = static_cast<std::uint8_t>(AsksFor::consent);
  facts.entry = what.entry;
  const auto root = roots_.find(words[2]);
  facts.admitted = root != roots_.end()
                       ? sealing::Admitted::of(root->second->agency.id)
                       : sealing::Admitted::of(actor(words[2]).certificate().person);
  MessageOptions options;
  options.facts = sealing::encode_request_facts(facts);
  const std::string text = "may it be passed on?";
  OBERIH_TRY(
      send(who, what.channel, who.post(what.channel, text, stage_.clock().now_ms(), options)));
  note_said(text);
  last_request_ = said(text).entry;
  last_asked_ = facts;
  return {};
}

/// To the newest request; `about`: for another entry than was asked about.
Result<void> Play::answer_request(const Words& words) {
  Actor& who = actor(words[0]);
  catch_up(who, said("may it be passed on?").channel);
  sealing::ConsentFacts facts;
  facts.request = last_request_;
  facts.entry = words[2].empty() ? last_asked_.entry : said(words[2]).entry;
  facts.admitted = last_asked_.admitted;
  facts.agrees = words[1] == "agrees";
  MessageOptions options;
  options.type = EntryType::consent;
  options.facts = sealing::encode_consent_facts(facts);
  const ChannelId id = said("may it be passed on?").channel;
  return send(who, id, who.post(id, "", stage_.clock().now_ms(), options));
}

Result<void> Play::pass_seconds(const Words& words) {
  stage_.clock().pass(std::stoull(words[0]) * 1000);
  return {};
}

}  // namespace oberih::transcripts
