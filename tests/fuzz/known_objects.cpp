// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/known_objects.hpp"

#include <algorithm>

#include "protocol/crypto/hpke.hpp"
#include "protocol/journal/merkle_tree.hpp"
#include "protocol/sealing/entry_facts.hpp"

namespace oberih::fuzz {
namespace {

constexpr Milliseconds begin_ms = 1'790'000'000'000;
constexpr std::string_view origin = "oberih.example/journal";
constexpr std::string_view witness_name = "witness.example/dawn";

journal::NoteSigner note_signer(std::string_view name, std::uint8_t number) {
  return {std::string(name), signer_of(number)};
}

sealing::Agency agency_of(std::uint8_t number, AgencyKind kind, const char* name) {
  return {made_of<AgencyId>(number), kind, name, signer_of(number).public_key()};
}

}  // namespace

crypto::Signer signer_of(std::uint8_t number) {
  return crypto::Signer(secret_of<SignatureSecretKey>(number));
}

sealing::Genesis known_genesis() {
  sealing::Genesis genesis;
  genesis.origin = origin;
  genesis.journal_key = signer_of(journal_number).public_key();
  genesis.server_spki = made_of<Digest>(9);
  genesis.created_ms = begin_ms;
  genesis.governance_quorum = 2;
  genesis.agencies = {agency_of(police_root, AgencyKind::police, "Поліція"),
                      agency_of(court_root, AgencyKind::court, "Court"),
                      agency_of(dawn_root, AgencyKind::ngo, "Dawn")};
  std::ranges::sort(genesis.agencies, {}, &sealing::Agency::id);
  genesis.witnesses = {{std::string(witness_name), signer_of(5).public_key(), made_of<Digest>(8),
                        made_of<AgencyId>(dawn_root)}};
  genesis.witness_quorum = {{1, {AgencyKind::ngo, AgencyKind::court}}};
  return genesis;
}

sealing::SignedGenesis known_signed_genesis() {
  sealing::SignedGenesis genesis{sealing::encode_genesis_content(known_genesis()), {}};
  for (const std::uint8_t root : {police_root, court_root, dawn_root})
    genesis.signatures.push_back(
        {made_of<AgencyId>(root), signer_of(root).sign("genesis", genesis.content)});
  std::ranges::sort(genesis.signatures, {}, &sealing::RootSignature::agency);
  return genesis;
}

sealing::DeviceCertificate known_certificate(std::uint8_t number) {
  sealing::DeviceCertificate certificate;
  certificate.agency = made_of<AgencyId>(police_root);
  certificate.person = made_of<PersonId>(number);
  certificate.device = made_of<DeviceId>(number);
  if (number != admin_number) certificate.certifier_device = made_of<DeviceId>(admin_number);
  certificate.role = number == admin_number ? Role::agency_admin : Role::investigator;
  certificate.name_hash = sealing::name_hash(made_of<NameSalt>(number), "Слідча");
  certificate.signature_key = signer_of(number).public_key();
  certificate.hpke_key = crypto::hpke_keys_from_secret(secret_of<HpkeSecretKey>(number)).public_key;
  certificate.tls_spki = made_of<Digest>(number);
  certificate.not_before_ms = begin_ms;
  certificate.not_after_ms = begin_ms + 1'000'000'000;
  return certificate;
}

sealing::SignedCertificate known_signed_certificate(std::uint8_t number) {
  const Bytes content = sealing::encode_certificate_content(known_certificate(number));
  const std::uint8_t certifier = number == admin_number ? police_root : admin_number;
  return {content, signer_of(certifier).sign("device-cert", content),
          signer_of(number).sign("device-pop", content)};
}

sealing::SignedRevocation known_revocation() {
  const Bytes content = sealing::encode_revocation_content({made_of<AgencyId>(police_root),
                                                            made_of<DeviceId>(investigator_number),
                                                            3, made_of<DeviceId>(admin_number)});
  return {content, signer_of(admin_number).sign("device-revoke", content)};
}

sealing::SignedGovernance known_signed_governance() {
  constexpr std::uint8_t newcomer = 7;
  sealing::Governance governance;
  governance.previous = sealing::genesis_hash(known_signed_genesis().content);
  governance.change = sealing::GovernanceChange::admit_agency;
  governance.agency = agency_of(newcomer, AgencyKind::oversight, "Уповноважений");
  sealing::SignedGovernance known{sealing::encode_governance_content(governance), {}, {}};
  for (const std::uint8_t root : {police_root, court_root})
    known.signatures.push_back(
        {made_of<AgencyId>(root), signer_of(root).sign("governance", known.content)});
  std::ranges::sort(known.signatures, {}, &sealing::RootSignature::agency);
  known.new_key_signature = signer_of(newcomer).sign("governance", known.content);
  return known;
}

sealing::SignedUnit known_signed_unit() {
  using sealing::UnitDuty;
  const auto admin = made_of<PersonId>(admin_number);
  const auto investigator = made_of<PersonId>(investigator_number);
  const sealing::Unit unit{made_of<AgencyId>(police_root),
                           made_of<UnitId>(70),
                           1,
                           {},
                           "Відділ 5",
                           {{admin, UnitDuty::supervisor, {}, 0, 0},
                            {admin, UnitDuty::deputy, investigator, begin_ms, begin_ms + 1'000},
                            {investigator, UnitDuty::member, {}, begin_ms, 0},
                            {investigator, UnitDuty::duty_officer, {}, begin_ms, begin_ms + 5}},
                           made_of<DeviceId>(admin_number)};
  const Bytes content = sealing::encode_unit_content(unit);
  return {content, signer_of(admin_number).sign("unit", content)};
}

sealing::SignedOutOfService known_out_of_service() {
  const sealing::OutOfService interval{made_of<AgencyId>(police_root),
                                       made_of<sealing::IntervalId>(71),
                                       1,
                                       {},
                                       false,
                                       sealing::OutOfServiceReason::blackout,
                                       begin_ms,
                                       begin_ms + 1'000,
                                       made_of<DeviceId>(admin_number)};
  const Bytes content = sealing::encode_out_of_service_content(interval);
  return {content, signer_of(admin_number).sign("out-of-service", content)};
}

journal::NoteVerifier known_journal_key() { return note_signer(origin, journal_number).verifier(); }
journal::NoteVerifier known_witness_key() {
  return note_signer(witness_name, 5).verifier(journal::NoteKeyType::cosignature);
}

std::vector<std::string> known_checkpoint_texts() {
  const journal::Checkpoint empty{std::string(origin), 0, journal::empty_root(), 0, {}};
  const journal::Checkpoint large{std::string(origin), 1'000'000, made_of<Digest>(20), 417,
                                  made_of<Digest>(21)};
  return {journal::format_checkpoint(empty), journal::format_checkpoint(large)};
}

std::vector<std::string> known_notes() {
  const std::vector<std::string> texts = known_checkpoint_texts();
  const journal::NoteSigner signer = note_signer(origin, journal_number);
  const std::string empty = journal::sign_note_line(texts[0], signer);
  const std::string large = journal::sign_note_line(texts[1], signer);
  const std::string witness =
      journal::cosign_note_line(texts[1], note_signer(witness_name, 5), 1'790'000'000);
  const std::string stranger = journal::sign_note_line(texts[1], note_signer("stranger", 6));
  const std::string two[] = {large, witness};
  const std::string three[] = {stranger, large, witness};
  return {journal::join_note(texts[0], {&empty, 1}), journal::join_note(texts[1], two),
          journal::join_note(texts[1], three)};
}

ChannelId known_channel() { return made_of<ChannelId>(40); }
HpkeSecretKey known_recipient() { return secret_of<HpkeSecretKey>(investigator_number); }

sealing::WrapContext known_wrap_context(sealing::WrapKind kind) {
  const auto keys = sealing::derive_epoch_keys(secret_of<EpochKey>(50), known_channel(), 1);
  const sealing::DeviceCertificate recipient = known_certificate(investigator_number);
  return {known_channel(),
          1,
          kind,
          keys.key_commitment,
          recipient.device,
          recipient.agency,
          recipient.device,
          recipient.hpke_key};
}

sealing::KeyWrap known_wrap(sealing::WrapKind kind) {
  return sealing::wrap_key_with_ephemeral(known_wrap_context(kind), secret_of<EpochKey>(50).view(),
                                          secret_of<HpkeSecretKey>(60))
      .value();
}

sealing::EpochKeys known_second_epoch() {
  return sealing::derive_epoch_keys(secret_of<EpochKey>(51), known_channel(), 2);
}

Bytes known_prev_box() {
  const auto first = sealing::derive_epoch_keys(secret_of<EpochKey>(50), known_channel(), 1);
  return sealing::seal_previous_key(known_second_epoch(), known_channel(), 2, first.key_commitment,
                                    secret_of<EpochKey>(50));
}

namespace {

/// What every type bears, and behind it what this one does.
Bytes known_facts(EntryType type) {
  const sealing::HandlingCode handling{sealing::Restriction::not_passed_on,
                                       sealing::TrafficLight::amber};
  const sealing::EntryReference entry{6, made_of<Digest>(46)};
  const auto admitted = sealing::Admitted::of(made_of<AgencyId>(police_root));
  if (type == EntryType::acknowledgement)
    return sealing::encode_acknowledgement_facts(
        {{handling, 1, 0}, entry, sealing::AcknowledgementKind::understood, {}});
  if (type == EntryType::consent)
    return sealing::encode_consent_facts(
        {{handling, 1, 0}, {7, made_of<Digest>(47)}, entry, admitted, true});
  return {1, 2 + 8 * 3, 1, 3};
}

}  // namespace

sealing::EntryHeader known_header(EntryType type) {
  sealing::EntryHeader header;
  header.type = type;
  header.channel = known_channel();
  header.epoch = 1;
  header.channel_head = made_of<Digest>(41);
  header.sender = made_of<DeviceId>(investigator_number);
  header.sender_seq = 2;
  header.sender_prev = made_of<Digest>(42);
  header.seen_seq = 7;
  header.seen_hash = made_of<Digest>(43);
  header.log_size = 1'000;
  header.log_root = made_of<Digest>(44);
  header.client_ms = begin_ms;
  header.message_id = made_of<MessageId>(45);
  header.facts = known_facts(type);
  return header;
}

MessageKey known_message_key() { return secret_of<MessageKey>(52); }

sealing::SealedEntryWithBody known_entry(EntryType type, std::string_view text) {
  return sealing::seal_entry_with(known_header(type), as_bytes(text), known_message_key(),
                                  signer_of(investigator_number), made_of<Salt>(53),
                                  ByteArray<16>{1, 2, 3})
      .value();
}

}  // namespace oberih::fuzz
