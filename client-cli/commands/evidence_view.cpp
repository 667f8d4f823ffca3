// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/evidence_view.hpp"

#include <nlohmann/json.hpp>

#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/journal/leaf.hpp"
#include "protocol/sealing/channel_state.hpp"
#include "protocol/sealing/sealed_entry.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using encoding::printable;

constexpr std::size_t digits_shown = 8;

const Bytes* find_part(const Evidence& evidence, std::string_view name) {
  for (const auto& [each, bytes] : evidence.parts)
    if (each == name) return &bytes;
  return nullptr;
}

/// `why` begins with the code of a refusal where a rule was broken.
std::optional<RefusalCode> code_of(const Evidence& evidence) {
  return find_refusal_code(evidence.why.substr(0, evidence.why.find_first_of(", ")));
}

/// Says who is named as the signer, and whether that device's key really signed it.
class SignerLine {
 public:
  SignerLine(Console& console, const sealing::Directory* directory)
      : console_(console), directory_(directory) {}

  template <class Verify>
  void say(const DeviceId& signer, const Verify& verify) {
    const std::string digits = encode_hex(signer);
    if (directory_ == nullptr) return console_.say(Sentence::evidence_locked, {{"device", digits}});
    const sealing::Device* device = directory_->find_device(signer);
    if (device == nullptr)
      return console_.say(Sentence::evidence_unknown_signer, {{"device", digits}});
    const sealing::Agency* agency = directory_->find_agency(device->certificate.agency);
    const std::string name = agency == nullptr ? std::string() : printable(agency->name);
    console_.say(verify(device->certificate.signature_key) ? Sentence::evidence_signed
                                                           : Sentence::evidence_not_signed,
                 {{"device", digits}, {"agency", name}});
  }

 private:
  Console& console_;
  const sealing::Directory* directory_;
};

void print_record(Console& console, ByteView body, SignerLine signer) {
  auto signed_record = sealing::parse_record_body(body);
  if (!signed_record) return console.say(Sentence::evidence_unreadable);
  auto record = sealing::parse_record_content(signed_record->content);
  if (!record) return console.say(Sentence::evidence_unreadable);
  console.say(Sentence::evidence_record, {{"op", std::string(sealing::name_of(record->op))},
                                          {"number", std::to_string(record->seq)},
                                          {"epoch", std::to_string(record->epoch)},
                                          {"lines", std::to_string(record->roster.size())}});
  signer.say(record->author, [&](const SignaturePublicKey& key) {
    return sealing::verify_record_signature(*signed_record, key);
  });
}

void print_entry(Console& console, ByteView body, SignerLine signer) {
  auto entry = sealing::parse_entry_body(body);
  if (!entry) return console.say(Sentence::evidence_unreadable);
  auto header = sealing::parse_header(entry->header);
  if (!header) return console.say(Sentence::evidence_unreadable);
  console.say(Sentence::evidence_entry, {{"type", std::string(oberih::name_of(header->type))},
                                         {"number", std::to_string(header->sender_seq)},
                                         {"epoch", std::to_string(header->epoch)},
                                         {"seen", std::to_string(header->seen_seq)},
                                         {"size", std::to_string(header->log_size)}});
  signer.say(header->sender, [&](const SignaturePublicKey& key) {
    return sealing::verify_entry_signature(*entry, key);
  });
}

void print_certificate(Console& console, ByteView body) {
  auto signed_certificate = sealing::parse_certificate_body(body);
  if (!signed_certificate) return console.say(Sentence::evidence_unreadable);
  auto certificate = sealing::parse_certificate_content(signed_certificate->content);
  if (!certificate) return console.say(Sentence::evidence_unreadable);
  console.say(Sentence::evidence_certificate,
              {{"device", encode_hex(certificate->device)},
               {"role", std::string(oberih::name_of(certificate->role))},
               {"agency", encode_hex(certificate->agency)},
               {"certifier", encode_hex(certificate->certifier_device)}});
}

void print_leaf(Console& console, ByteView bytes, const sealing::Directory* directory) {
  auto leaf = journal::parse_leaf(bytes);
  if (!leaf) return console.say(Sentence::evidence_unreadable);
  console.say(Sentence::evidence_leaf, {{"kind", std::string(journal::name_of(leaf->kind))},
                                        {"time", format_time(leaf->server_ms, console.language())},
                                        {"seq", std::to_string(leaf->channel_seq)},
                                        {"hash", encode_hex(journal::leaf_hash(bytes))}});
  const SignerLine signer(console, directory);
  if (leaf->kind == journal::LeafKind::channel_record) print_record(console, leaf->body, signer);
  if (leaf->kind == journal::LeafKind::entry) print_entry(console, leaf->body, signer);
  if (leaf->kind == journal::LeafKind::device_certificate) print_certificate(console, leaf->body);
}

void print_text(Console& console, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    console.line("    " + printable(text.substr(0, end)));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
}

}  // namespace

std::vector<std::string> evidence_row(const Console& console, const Evidence& evidence) {
  const auto& channel = evidence.context.channel;
  return {evidence.id.substr(0, digits_shown), format_time(evidence.client_ms, console.language()),
          evidence.what, channel ? encode_hex(*channel).substr(0, digits_shown) : "", evidence.why};
}

nlohmann::ordered_json evidence_json(const Evidence& evidence) {
  nlohmann::ordered_json json{{"id", evidence.id},
                              {"what", evidence.what},
                              {"why", evidence.why},
                              {"client_ms", evidence.client_ms}};
  if (evidence.context.channel) json["channel"] = encode_hex(*evidence.context.channel);
  if (evidence.context.index) json["index"] = *evidence.context.index;
  return json;
}

void print_evidence(Console& console, const Evidence& evidence,
                    const sealing::Directory* directory) {
  console.say(Sentence::evidence_shown,
              {{"id", evidence.id},
               {"what", printable(evidence.what)},
               {"time", format_time(evidence.client_ms, console.language())}});
  if (evidence.context.channel)
    console.say(Sentence::evidence_channel, {{"channel", encode_hex(*evidence.context.channel)}});
  if (const auto code = code_of(evidence))
    console.say(Sentence::evidence_rule,
                {{"sentence", std::string(refusal_sentence(console.language(), *code))}});
  console.say(Sentence::evidence_why, {{"why", printable(evidence.why)}});
  if (const Bytes* leaf = find_part(evidence, "leaf")) print_leaf(console, *leaf, directory);
  if (const Bytes* note = find_part(evidence, "note")) {
    console.say(Sentence::evidence_note);
    print_text(console, as_text(*note));
  }
  for (const std::string& note : evidence.context.notes) {
    console.say(Sentence::evidence_known_note);
    print_text(console, note);
  }
  for (const auto& [name, bytes] : evidence.parts)
    console.say(Sentence::evidence_part,
                {{"name", printable(name)}, {"bytes", std::to_string(bytes.size())}});
}

}  // namespace oberih::client
