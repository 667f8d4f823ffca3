// SPDX-License-Identifier: Apache-2.0
// Writes the seeds of every corpus: real objects, encoded by the code that sends them, under keys
// that never change, so that a second run writes the same bytes.
//
//   fuzz_seeds FOLDER
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "protocol/base/byte_writer.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/journal/leaf.hpp"
#include "protocol/journal/tile.hpp"
#include "protocol/journal/tlog_proof.hpp"
#include "protocol/journal/witness_request.hpp"
#include "protocol/sealing/entry_facts.hpp"
#include "protocol/sealing/message_text.hpp"
#include "protocol/sealing/proposal.hpp"
#include "protocol/sealing/receipt.hpp"
#include "protocol/sealing/remark_text.hpp"
#include "protocol/sealing/server_event.hpp"
#include "protocol/sealing/unit_mark.hpp"
#include "protocol/wire/alerts.hpp"
#include "protocol/wire/audit_export.hpp"
#include "protocol/wire/audit_reads.hpp"
#include "protocol/wire/audits.hpp"
#include "protocol/wire/exchange_files.hpp"
#include "protocol/wire/receipts.hpp"
#include "protocol/wire/requests.hpp"
#include "protocol/wire/rpc_frame.hpp"
#include "tests/fuzz/anchor_seeds.hpp"
#include "tests/fuzz/attachment_seeds.hpp"
#include "tests/fuzz/export_seeds.hpp"
#include "tests/fuzz/hearing_seeds.hpp"
#include "tests/fuzz/known_objects.hpp"
#include "tests/fuzz/notice_seeds.hpp"
#include "tests/fuzz/proof_seeds.hpp"
#include "tests/fuzz/reply_seeds.hpp"
#include "tests/fuzz/task_seeds.hpp"

namespace oberih::fuzz {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

constexpr EntryType all_types[] = {
    EntryType::message, EntryType::task,          EntryType::hearing, EntryType::acknowledgement,
    EntryType::leave,   EntryType::wrap_unusable, EntryType::consent};

sealing::RosterLine line_of(std::uint8_t number, RosterRole role, Milliseconds ends_ms = 0) {
  const sealing::DeviceCertificate certificate = known_certificate(number);
  return {certificate.device, certificate.hpke_key, role, ends_ms};
}

// -- records --------------------------------------------------------------------------------------

sealing::Change change_with(std::initializer_list<int> items) {
  sealing::Change change;
  for (const int item : items) {
    if (item == 1)
      change.add = sealing::LinesItem{
          "наказ 417", {line_of(20, RosterRole::member), line_of(21, RosterRole::read_only, 5)}};
    if (item == 2) change.remove = sealing::RemoveItem{"left", {made_of<DeviceId>(22)}};
    if (item == 3) change.alter = sealing::LinesItem{"order", {line_of(23, RosterRole::admin)}};
    if (item == 4)
      change.policy = sealing::ChannelPolicy{ChannelKind::case_, 3, History::from_joining};
    if (item == 5)
      change.grant = sealing::GrantItem{made_of<GrantId>(24),
                                        made_of<DeviceId>(25),
                                        known_certificate(25).hpke_key,
                                        1,
                                        2,
                                        9,
                                        "order 5"};
    if (item == 6) change.close_reason = "judgment";
  }
  return change;
}

sealing::ChannelRecord record_of(sealing::RecordOp op, const sealing::Change& change) {
  sealing::ChannelRecord record;
  record.op = op;
  record.channel = known_channel();
  record.seq = op == sealing::RecordOp::create ? 1 : 2;
  record.prev_record = made_of<Digest>(30);
  record.epoch = 1;
  record.key_commitment = made_of<Digest>(31);
  record.message_key_commitment = made_of<Digest>(32);
  record.roster = {line_of(investigator_number, RosterRole::admin)};
  record.policy = {ChannelKind::ordinary, 1, History::full};
  record.change = change;
  record.log_root = made_of<Digest>(33);
  record.author = made_of<DeviceId>(investigator_number);
  record.client_ms = 1'790'000'000'000;
  return record;
}

sealing::SignedRecord signed_record(const sealing::ChannelRecord& record) {
  const Bytes content = sealing::encode_record_content(record);
  sealing::SignedRecord signed_one{
      content, signer_of(investigator_number).sign("channel-record", content), {}};
  const auto items = sealing::encode_change_items(record.change);
  for (std::size_t i = 0; i < items.size(); ++i) {
    sealing::Approval approval{static_cast<std::uint8_t>(i),
                               made_of<ApprovalId>(70),
                               9'000'000'000'000,
                               made_of<DeviceId>(clerk_number),
                               {}};
    approval.signature =
        signer_of(clerk_number)
            .sign("approval", sealing::approval_content(approval, record.channel, items[i]));
    signed_one.approvals.push_back(approval);
  }
  return signed_one;
}

void write_proposals(const Corpus& corpus, const sealing::ChannelRecord& record) {
  sealing::Proposal proposal;
  proposal.channel = known_channel();
  proposal.id = made_of<sealing::ProposalId>(46);
  proposal.op = sealing::RecordOp::change;
  proposal.change = record.change;
  proposal.expires_ms = record.client_ms + 1'000;
  proposal.author = record.author;
  const crypto::Signer& author = signer_of(clerk_number);
  corpus.add("proposal_body", sealing::encode_proposal_body(proposal, author));
  const std::vector<sealing::Approval> approvals = signed_record(record).approvals;
  corpus.add("proposal_approval",
             sealing::encode_approval_body(
                 {proposal.channel, proposal.id, approvals.at(0).approver, approvals}));
  corpus.add(
      "proposal_withdrawal",
      sealing::encode_withdrawal_body({proposal.channel, proposal.id, proposal.author, 5}, author));
  proposal.op = sealing::RecordOp::grant;
  proposal.change = {};
  proposal.change.grant = sealing::GrantItem{
      made_of<GrantId>(46), proposal.author, made_of<HpkePublicKey>(48), 1, 2, 5, "5/2027"};
  proposal.times = {1, 2};
  proposal.reason = "leak";
  corpus.add("grant_request", sealing::encode_proposal_body(proposal, author));
}

Bytes bundle_of(sealing::ChannelRecord record, const std::vector<sealing::KeyWrap>& wraps,
                const Bytes& prev_box) {
  const Bytes encoded = sealing::encode_wraps(wraps);
  record.wraps_root = sealing::wraps_root(encoded);
  if (!prev_box.empty()) record.prev_box_hash = crypto::sha256(prev_box);
  ByteWriter writer;
  writer.vec(sealing::encode_record_body(signed_record(record))).vec(encoded).raw(prev_box);
  return writer.take();
}

void write_records(const Corpus& corpus) {
  using sealing::RecordOp;
  const std::pair<const char*, sealing::ChannelRecord> records[] = {
      {"create", record_of(RecordOp::create, {})},
      {"change", record_of(RecordOp::change, change_with({1, 2, 3, 4}))},
      {"rotate", record_of(RecordOp::rotate, {})},
      {"close", record_of(RecordOp::close, change_with({6}))},
      {"grant", record_of(RecordOp::grant, change_with({5}))}};
  for (const auto& [name, record] : records) {
    corpus.add(std::string(name) + "_content", sealing::encode_record_content(record));
    corpus.add(std::string(name) + "_body", sealing::encode_record_body(signed_record(record)));
  }
  const auto wrap = known_wrap(sealing::WrapKind::epoch_key);
  corpus.add("create_bundle", bundle_of(records[0].second, {wrap}, {}));
  corpus.add("rotate_bundle", bundle_of(records[2].second, {wrap}, known_prev_box()));
  corpus.add("close_bundle", bundle_of(records[3].second, {}, {}));
  corpus.add("approvals", sealing::encode_approvals(signed_record(records[1].second).approvals));
  write_proposals(corpus, records[1].second);
  corpus.add("roster", sealing::encode_roster(change_with({1}).add->lines));
  corpus.add("policy", sealing::encode_policy({ChannelKind::hearing, 2, History::full}));
}

// -- entries, certificates, notes, wraps, texts ---------------------------------------------------

void write_entries(const Corpus& corpus) {
  for (const EntryType type : all_types) {
    const std::string name(name_of(type));
    corpus.add(name + "_header", sealing::encode_header(known_header(type)));
    if (type == EntryType::message || type == EntryType::leave)
      corpus.add(name + "_body",
                 sealing::encode_entry_body(
                     known_entry(type, sealing::has_body(type) ? "text" : "").entry));
  }
  sealing::EntryHeader unmarked = known_header(EntryType::message);
  unmarked.facts.clear();
  corpus.add("unmarked_header", sealing::encode_header(unmarked));
  corpus.add("receipt", sealing::encode_receipt_content({known_channel(), made_of<DeviceId>(11),
                                                         sealing::ReceiptStep::opened, 7,
                                                         made_of<Digest>(43), 1'790'000'000'000}));
  const sealing::Receipt receipt{
      known_channel(),     made_of<DeviceId>(11), sealing::ReceiptStep::delivered, 7,
      made_of<Digest>(43), 1'790'000'000'000};
  corpus.add("receipt_body", sealing::encode_receipt_body(
                                 sealing::sign_receipt(receipt, signer_of(investigator_number))));
  const Bytes request = sealing::encode_request_facts(
      {{{}, 0, 4}, {6, made_of<Digest>(46)}, sealing::Admitted::of(made_of<PersonId>(11))});
  corpus.add("request_facts", request);
  unmarked.facts = request;
  corpus.add("request_header", sealing::encode_header(unmarked));
  unmarked.facts.clear();
  corpus.add("refused_cut", ByteView(sealing::encode_header(unmarked)).first(100));
}

void write_certificates(const Corpus& corpus) {
  for (const std::uint8_t number : {admin_number, investigator_number}) {
    const std::string name = number == admin_number ? "admin" : "investigator";
    corpus.add(name + "_content", known_signed_certificate(number).content);
    corpus.add(name + "_body", sealing::encode_certificate_body(known_signed_certificate(number)));
  }
  corpus.add("revocation_content", known_revocation().content);
  corpus.add("revocation_body", sealing::encode_revocation_body(known_revocation()));
  corpus.add("genesis_content", known_signed_genesis().content);
  corpus.add("genesis_body", sealing::encode_genesis_body(known_signed_genesis()));
}

void write_governance(const Corpus& corpus) {
  using sealing::GovernanceChange;
  const sealing::Genesis genesis = known_genesis();
  corpus.add("admission_body", sealing::encode_governance_body(known_signed_governance()));
  for (std::uint8_t what = 1; what <= 7; ++what) {
    sealing::Governance governance;
    governance.previous = sealing::genesis_hash(known_signed_genesis().content);
    governance.change = static_cast<GovernanceChange>(what);
    governance.agency = genesis.agencies[0];
    governance.replacement = {made_of<AgencyId>(police_root),
                              signer_of(7).public_key(),
                              true,
                              {made_of<DeviceId>(admin_number)}};
    governance.journal_key = signer_of(8).public_key();
    governance.server_spki = made_of<Digest>(44);
    governance.witnesses = genesis.witnesses;
    governance.witness_quorum = genesis.witness_quorum;
    governance.quorum = 2;
    governance.continuation = {12, made_of<Digest>(45), 10, made_of<Digest>(46)};
    corpus.add(std::string(sealing::name_of(governance.change)),
               sealing::encode_governance_content(governance));
  }
}

void write_units(const Corpus& corpus) {
  corpus.add("unit_content", known_signed_unit().content);
  corpus.add("unit_body", sealing::encode_unit_body(known_signed_unit()));
  corpus.add("interval_content", known_out_of_service().content);
  corpus.add("interval_body", sealing::encode_out_of_service_body(known_out_of_service()));
  corpus.add("mandate", as_bytes(sealing::with_unit_marks(
                            "Наказ 5", {made_of<UnitId>(70), made_of<UnitId>(72)})));
  corpus.add("refused_cut", ByteView(known_signed_unit().content).first(100));
}

void write_notes(const Corpus& corpus) {
  const char* names[] = {"note_of_empty_journal", "note_cosigned", "note_with_stranger"};
  for (std::size_t i = 0; i < std::size(names); ++i) corpus.add(names[i], known_notes()[i]);
  journal::AddCheckpoint request{7, {Digest{}}, known_notes()[1]};
  request.proof[0].bytes.fill('B');
  corpus.add("witness_request", journal::format_add_checkpoint(request));
  corpus.add("leaf_proof",
             journal::format_tlog_proof(
                 {Bytes(61, 5), 417, {made_of<Digest>(3), made_of<Digest>(4)}, known_notes()[1]}));
  corpus.add("witness_size", journal::format_tlog_size(417));
  corpus.add("checkpoint", known_checkpoint_texts()[1]);
  corpus.add("journal_key", journal::format_verifier_key(known_journal_key()));
  corpus.add("witness_key", journal::format_verifier_key(known_witness_key()));
  corpus.add("signer_key",
             journal::format_signer_key("oberih.example/journal", secret_of<SignatureSecretKey>(1))
                 .view());
  corpus.add("bare_checkpoint", journal::format_checkpoint_without_directory(
                                    {"example.com/log", 15, made_of<Digest>(2), 0, {}}));
  corpus.add("refused_crlf", "origin\r\n1\r\n\r\n");
}

void write_wraps(const Corpus& corpus) {
  const auto first = known_wrap(sealing::WrapKind::epoch_key);
  const auto second = known_wrap(sealing::WrapKind::message_key);
  corpus.add("epoch_key", sealing::encode_wraps({first}));
  corpus.add("message_key", sealing::encode_wraps({second}));
  corpus.add("both", sealing::encode_wraps({first, second}));
  corpus.add("prev_box", known_prev_box());
}

Bytes padded(std::string_view text) {
  ByteWriter writer;
  writer.vec(ByteView()).raw(Bytes(16, 7)).raw(text);
  Bytes bytes = writer.take();
  bytes[3] = static_cast<std::uint8_t>(text.size());
  bytes.resize((bytes.size() + 255) / 256 * 256);
  return bytes;
}

void write_texts(const Corpus& corpus) {
  using sealing::MessageWhat;
  corpus.add("message",
             sealing::encode_message_text({MessageWhat::text, "Зустріч о 10:00"})->view());
  corpus.add("title", sealing::encode_message_text({MessageWhat::channel_title, "417"})->view());
  corpus.add("remark", sealing::encode_remark("відпустка")->view());
  corpus.add("padded_empty", padded(""));
  corpus.add("padded_short", padded("text"));
  corpus.add("padded_to_the_brim", padded(std::string(236, 'x')));
  corpus.add("refused_overpadded", Bytes(512, 0));
}

// -- the journal ----------------------------------------------------------------------------------

journal::Leaf entry_leaf() {
  return {journal::LeafKind::entry,
          1'790'000'000'000,
          known_channel(),
          2,
          made_of<Digest>(3),
          sealing::encode_entry_body(known_entry(EntryType::message, "text").entry)};
}

void write_leaves(const Corpus& corpus) {
  corpus.add("entry", journal::encode_leaf(entry_leaf()));
  corpus.add("genesis",
             journal::encode_leaf({journal::LeafKind::genesis,
                                   1,
                                   {},
                                   1,
                                   {},
                                   sealing::encode_genesis_body(known_signed_genesis())}));
  corpus.add("access", journal::encode_leaf({journal::LeafKind::access, 1, {}, 0, {}, {1, 2}}));
  corpus.add("erasure",
             journal::encode_leaf({journal::LeafKind::erasure, 1, known_channel(), 1, {}, {}}));
  corpus.add("path", "tile/0/x001/x234/067");
  corpus.add("partial_path", "tile/entries/x001/234.p/255");
  const Digest hashes[] = {made_of<Digest>(1), made_of<Digest>(2)};
  ByteWriter tile, bundle;
  tile.u8(1).raw(journal::encode_tile(hashes));
  corpus.add("tile", tile.bytes());
  const Bytes leaves[] = {{1, 2, 3}, {}};
  bundle.u8(1).raw(journal::encode_entry_bundle(leaves));
  corpus.add("bundle", bundle.bytes());
}

// -- JSON -----------------------------------------------------------------------------------------

template <class Request>
void add_request(const Corpus& corpus, const Request& request) {
  corpus.add("request_" + std::string(Request::method),
             wire::encode_request(7, Request::method, wire::encode_params(request)));
}

sealing::NameCard known_card() {
  return {made_of<DeviceId>(11), made_of<NameSalt>(11), "Слідча", "uk,en"};
}

void write_requests(const Corpus& corpus) {
  const auto record = record_of(sealing::RecordOp::change, change_with({4}));
  const auto signed_one = signed_record(record);
  const auto entry = known_entry(EntryType::message, "text");
  add_request(corpus, wire::SessionHello{"oberih 0.1.0", 1'000});
  add_request(corpus, wire::DirectoryRead{3, 100});
  add_request(corpus,
              wire::DirectoryAppend{journal::LeafKind::device_certificate,
                                    sealing::encode_certificate_body(known_signed_certificate(11)),
                                    known_card()});
  add_request(corpus, wire::DirectoryNames{{made_of<DeviceId>(10), made_of<DeviceId>(11)}});
  add_request(corpus,
              wire::ChannelAppend{signed_one.content, signed_one.signature,
                                  sealing::encode_approvals(signed_one.approvals),
                                  sealing::encode_wraps({known_wrap(sealing::WrapKind::epoch_key)}),
                                  known_prev_box()});
  add_request(corpus, wire::ChannelList{});
  add_request(corpus, wire::ChannelRead{known_channel(), 5, 100, true});
  add_request(corpus, wire::ChannelFollow{known_channel(), 5});
  add_request(corpus, wire::ChannelUnfollow{known_channel()});
  add_request(corpus, wire::EntryPost{entry.entry.header, entry.entry.salt, entry.entry.commitment,
                                      entry.ciphertext, entry.entry.signature});
  add_request(corpus, wire::EntryFind{known_channel(), {made_of<MessageId>(45)}});
  add_request(corpus, wire::CheckpointRead{});
  add_request(corpus, wire::ProposalAppend{{1, 2, 3}});
  add_request(corpus, wire::ApprovalAppend{{1, 2, 3}});
  add_request(corpus, wire::ProposalList{known_channel(), 5});
  add_request(corpus, wire::ReceiptAppend{{{1, 2, 3}, {4}}});
  add_request(corpus, wire::ReceiptRead{known_channel(), 5, made_of<DeviceId>(11)});
  add_request(corpus, wire::AlertList{5, 500});
  add_request(corpus, wire::AuditRead{{1, 2, 3}, made_of<Signature>(49)});
  add_request(corpus, wire::AuditFind{{1, 2, 3}, made_of<Signature>(3), 5, 500, true, 4});
  add_request(corpus, wire::AuditExport{Bytes(101, 1), made_of<Signature>(9)});
}

void write_json(const Corpus& corpus) {
  corpus.add("object", R"({"a":[1,-2,true,null,"\u0456\n"],"b":{"c":18446744073709551615}})");
  corpus.add("deep", "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]");
  corpus.add("refused_deeper", "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]");
  corpus.add("refused_twice", R"({"a":1,"a":2})");
  corpus.add("refused_fraction", "[1.5]");
  corpus.add("refused_large", "[18446744073709551616]");
  corpus.add("text", R"("текст \ud83d\ude00")");
  corpus.add("least", "-9223372036854775808");
  corpus.add("base64", "AAEC/w==");
  corpus.add("base64url", "AAEC_w");
  corpus.add("hex", "0123456789abcdef");
}

void write_files(const Corpus& corpus) {
  const sealing::Genesis genesis = known_genesis();
  const auto certificate = known_signed_certificate(11);
  corpus.add("agency", wire::format_agency_card(genesis.agencies[0]));
  corpus.add("genesis", wire::format_genesis_file(known_signed_genesis()));
  corpus.add("governance", wire::format_governance_file(known_signed_governance()));
  corpus.add("certificate", wire::format_directory_leaf_file(
                                {journal::LeafKind::device_certificate,
                                 sealing::encode_certificate_body(certificate), known_card()}));
  corpus.add("revocation",
             wire::format_directory_leaf_file({journal::LeafKind::device_revocation,
                                               sealing::encode_revocation_body(known_revocation()),
                                               {}}));
  corpus.add("request", wire::format_device_request_file(
                            {certificate.content, certificate.possession_signature, known_card()}));
  corpus.add("invitation", wire::format_invitation_file({genesis.agencies[0],
                                                         made_of<DeviceId>(10),
                                                         "oberih.example:7417",
                                                         made_of<Digest>(1),
                                                         Role::investigator,
                                                         1,
                                                         2,
                                                         {}}));
}

void write_server_files(const fs::path& root) {
  const fs::path source = OBERIH_SOURCE;
  const Corpus policies(root, "policy");
  policies.add("permissions", "p" + read(source / "policies/permissions.json"));
  policies.add("seating", "s" + read(source / "policies/channel_seating.json"));
  policies.add("names", "n" + read(source / "policies/name_visibility.json"));
  policies.add("calendar", "c" + read(source / "policies/calendar.json"));
  policies.add("deadlines", "d" + read(source / "policies/deadlines.json"));
  policies.add("refused_permissions_none", R"(p{"version":1,"rules":[]})");
  const Corpus settings(root, "settings");
  settings.add("example", read(source / "ops/oberihd.conf.example"));
  settings.add("some", "# few\nlisten_port = 0\n\tlog_level=debug \r\ndatabase = dbname=oberih\n");
  settings.add("refused_password", "database = host=x password=y\n");
  settings.add("refused_twice", "listen_port = 1\nlisten_port = 1\n");
}

void write_all(const fs::path& root) {
  write_records(Corpus(root, "record"));
  write_entries(Corpus(root, "header"));
  Corpus(root, "control").add("header", sealing::encode_header(known_header(EntryType::message)));
  write_certificates(Corpus(root, "certificate"));
  write_governance(Corpus(root, "governance"));
  write_units(Corpus(root, "unit"));
  write_notes(Corpus(root, "note"));
  write_wraps(Corpus(root, "wrap"));
  write_texts(Corpus(root, "text"));
  const Corpus exports(root, "export");
  for (const auto& [name, bytes] : export_seeds()) exports.add(name, bytes);
  const Corpus anchors(root, "anchor");
  for (const auto& [name, bytes] : anchor_seeds()) anchors.add(name, bytes);
  const Corpus archives(root, "archive");
  for (const auto& [name, bytes] : archive_seeds()) archives.add(name, bytes);
  const Corpus proofs(root, "proof");
  for (const auto& [name, bytes] : proof_seeds()) proofs.add(name, bytes);
  const Corpus hearings(root, "hearing");
  for (const auto& [name, bytes] : hearing_seeds()) hearings.add(name, bytes);
  const Corpus tasks(root, "task");
  for (const auto& [name, bytes] : task_seeds()) tasks.add(name, bytes);
  write_attachments(Corpus(root, "attachment"), Corpus(root, "text"));
  write_leaves(Corpus(root, "leaf"));
  const Corpus notices(root, "notice");
  for (const auto& [name, bytes] : notice_seeds()) notices.add(name, bytes);
  const Corpus frames(root, "frame");
  write_requests(frames);
  write_replies(frames, journal::encode_leaf(entry_leaf()), known_card());
  write_json(Corpus(root, "json"));
  write_files(Corpus(root, "exchange"));
  write_server_files(root);
}

}  // namespace
}  // namespace oberih::fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 64;
  }
  oberih::fuzz::write_all(argv[1]);
}
