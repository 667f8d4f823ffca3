// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/audit_words.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/id_digits.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/sealing/access_leaf.hpp"
#include "protocol/sealing/entry_facts.hpp"
#include "protocol/sealing/receipt.hpp"
#include "protocol/sealing/refusal_leaf.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using journal::LeafKind;
using sealing::AccessWhat;

constexpr LeafKind all_kinds[] = {
    LeafKind::genesis,
    LeafKind::governance,
    LeafKind::device_certificate,
    LeafKind::device_revocation,
    LeafKind::channel_record,
    LeafKind::entry,
    LeafKind::audit_query,
    LeafKind::administration,
    LeafKind::erasure,
    LeafKind::timestamp_token,
    LeafKind::software_release,
    LeafKind::server_event,
    LeafKind::access,
    LeafKind::refusal,
    LeafKind::unit,
    LeafKind::out_of_service,
};

template <class What>
std::uint8_t as_type(What what) {
  return static_cast<std::uint8_t>(what);
}

std::string name_of_refusal(std::uint16_t number) {
  for (const RefusalRow& row : refusal_table())
    if (row.number == -int{number}) return std::string(row.name);
  return std::to_string(number);
}

std::string describe_access(const Console& console, const FoundLeaf& found) {
  const Result<sealing::AccessLeaf> access = sealing::parse_access_leaf(found.leaf.body);
  if (!access) return console.text(Sentence::audit_unreadable);
  const bool is_session = access->what == AccessWhat::session;
  const auto bound = [&](std::uint64_t value) {
    return is_session ? format_time(value, console.language()) : std::to_string(value);
  };
  const Values values = {{"from", bound(access->from)},
                         {"to", bound(access->to)},
                         {"count", std::to_string(access->count)}};
  switch (access->what) {
    case AccessWhat::session:
      return console.text(Sentence::audit_session, values);
    case AccessWhat::history:
      return console.text(Sentence::audit_history, values);
    case AccessWhat::leaves:
      return console.text(Sentence::audit_leaves, values);
    case AccessWhat::attachment:
      return console.text(Sentence::audit_attachment, values);
  }
  return {};
}

std::string describe_receipt(const Console& console, const FoundLeaf& found) {
  const Result<sealing::SignedReceipt> body = sealing::parse_receipt_body(found.leaf.body);
  if (!body) return console.text(Sentence::audit_unreadable);
  return console.text(body->receipt.step == sealing::ReceiptStep::opened
                          ? Sentence::audit_opened
                          : Sentence::audit_delivered,
                      {{"seq", std::to_string(body->receipt.channel_seq)}});
}

std::string describe_question(const Console& console, const FoundLeaf& found) {
  const Result<sealing::SignedAuditQuestion> body = sealing::parse_audit_body(found.leaf.body);
  if (!body) return console.text(Sentence::audit_unreadable);
  return console.text(Sentence::audit_question,
                      {{"what", std::string(sealing::name_of(body->question.what))}});
}

std::string describe_refusal(const Console& console, const FoundLeaf& found) {
  const Result<sealing::RefusalLeaf> refusal = sealing::parse_refusal_leaf(found.leaf.body);
  if (!refusal) return console.text(Sentence::audit_unreadable);
  return console.text(Sentence::audit_refused, {{"method", refusal->method},
                                                {"code", name_of_refusal(refusal->code)},
                                                {"count", std::to_string(refusal->count)}});
}

/// The word that --kind takes for it.
std::string word_of(const sealing::LeafFacts& facts) {
  std::string word(journal::name_of(facts.kind));
  for (const AuditKind& each : audit_kinds())
    if (each.kind == facts.kind && each.type == facts.type) word = each.word;
  return word;
}

template <class Id>
std::string about(const char* what, const Id& id) {
  return id.is_zero() ? std::string()
                      : std::string(", ") + what + " " + encode_hex(id).substr(0, fewest_digits);
}

}  // namespace

std::vector<AuditKind> audit_kinds() {
  std::vector<AuditKind> kinds;
  for (const LeafKind kind : all_kinds)
    kinds.push_back({std::string(journal::name_of(kind)), kind, {}});
  for (const EntryType type :
       {EntryType::message, EntryType::task, EntryType::hearing, EntryType::acknowledgement,
        EntryType::leave, EntryType::wrap_unusable, EntryType::consent})
    kinds.push_back({std::string(name_of(type)), LeafKind::entry, as_type(type)});
  for (const auto what :
       {sealing::AuditWhat::find, sealing::AuditWhat::read, sealing::AuditWhat::export_})
    kinds.push_back({std::string(sealing::name_of(what)), LeafKind::audit_query, as_type(what)});
  kinds.push_back({"receipt", LeafKind::access, std::uint8_t{0}});
  for (const AccessWhat what :
       {AccessWhat::session, AccessWhat::history, AccessWhat::leaves, AccessWhat::attachment})
    kinds.push_back({std::string(sealing::name_of(what)), LeafKind::access, as_type(what)});
  return kinds;
}

Result<AgencyId> find_agency(const sealing::Directory& directory, const std::string& text) {
  const std::optional<std::string> name = encoding::to_nfc(text);
  const AgencyId* found = nullptr;
  for (const auto& [id, agency] : directory.agencies()) {
    const bool is_meant =
        (name && agency.name == *name) || (are_digits(text) && encode_hex(id).starts_with(text));
    if (!is_meant) continue;
    if (found != nullptr) return refuse(RefusalCode::usage, "'" + text + "' means several");
    found = &id;
  }
  if (found == nullptr) return refuse(RefusalCode::not_found, "no agency '" + text + "' is known");
  return *found;
}

Result<std::uint16_t> find_refusal_number(const std::string& text) {
  for (const RefusalRow& row : refusal_table())
    if (row.name == text || std::to_string(-row.number) == text ||
        std::to_string(row.number) == text)
      return static_cast<std::uint16_t>(-row.number);
  return refuse(RefusalCode::usage, "--refusal is a name of the table of refusals, as not_found");
}

std::string describe_leaf(CommandContext& context, const FoundLeaf& found) {
  const Console& console = context.console();
  switch (found.leaf.kind) {
    case LeafKind::access:
      return sealing::is_access_leaf(found.leaf.body) ? describe_access(console, found)
                                                      : describe_receipt(console, found);
    case LeafKind::audit_query:
      return describe_question(console, found);
    case LeafKind::refusal:
      return describe_refusal(console, found);
    case LeafKind::genesis:
    case LeafKind::governance:
    case LeafKind::device_certificate:
    case LeafKind::device_revocation:
    case LeafKind::channel_record:
    case LeafKind::entry:
    case LeafKind::administration:
    case LeafKind::erasure:
    case LeafKind::timestamp_token:
    case LeafKind::software_release:
    case LeafKind::server_event:
    case LeafKind::unit:
    case LeafKind::out_of_service:
      break;
  }
  std::string text = word_of(found.facts) + about("task", found.facts.task) +
                     about("hearing", found.facts.hearing);
  if (found.facts.handling == 0) return text;
  const auto handling = sealing::handling_of(found.facts.handling);
  return handling ? text + " [" + sealing::name_of(*handling) + "]" : text;
}

nlohmann::ordered_json leaf_json(ClientSession& session, const FoundLeaf& found) {
  using Json = nlohmann::ordered_json;
  const sealing::LeafFacts& facts = found.facts;
  const auto id_or_null = [](const auto& id) {
    return id.is_zero() ? Json() : Json(encode_hex(id));
  };
  Json json{{"index", found.index},
            {"leaf_hash", encode_hex(found.hash)},
            {"server_ms", found.leaf.server_ms},
            {"time", format_rfc3339(found.leaf.server_ms)},
            {"kind", journal::name_of(facts.kind)},
            {"what", word_of(facts)},
            {"device", id_or_null(facts.device)},
            {"person", found.actor ? Json(encode_hex(found.actor->person)) : Json()},
            {"name", nullptr},
            {"agency", found.actor ? Json(encode_hex(found.actor->agency)) : Json()},
            {"role", found.actor ? Json(name_of(found.actor->role)) : Json()},
            {"channel", id_or_null(found.leaf.channel_id)},
            {"channel_seq", found.leaf.channel_seq},
            {"task", id_or_null(facts.task)},
            {"hearing", id_or_null(facts.hearing)},
            {"handling", facts.handling}};
  if (const auto name = session.verified_directory().find_name(facts.device)) json["name"] = *name;
  if (facts.refusal != 0) json["refusal"] = name_of_refusal(facts.refusal);
  if (facts.kind != LeafKind::access) return json;
  if (const auto access = sealing::parse_access_leaf(found.leaf.body)) {
    json["from"] = access->from;
    json["to"] = access->to;
    json["count"] = access->count;
    json["since_ms"] = access->since_ms;
  } else if (const auto receipt = sealing::parse_receipt_body(found.leaf.body)) {
    json["step"] = sealing::name_of(receipt->receipt.step);
    json["to"] = receipt->receipt.channel_seq;
  }
  return json;
}

}  // namespace oberih::client
