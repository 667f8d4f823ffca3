// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/device_request.hpp"

#include <nlohmann/json.hpp>

#include "client-cli/commands/exchange.hpp"
#include "client-cli/commands/fingerprint.hpp"
#include "client-cli/keyring/passphrase_prompt.hpp"
#include "protocol/crypto/certificate.hpp"
#include "protocol/crypto/hpke.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/crypto/signature.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

constexpr Milliseconds day_ms = 24ull * 3600 * 1000;
constexpr Milliseconds clock_tolerance_ms = 10 * 60 * 1000;

/// Who asks whom to certify what, before there are keys.
struct Terms {
  AgencyId agency;
  DeviceId certifier;
  Role role{};
  Milliseconds not_before_ms = 0;
  Milliseconds not_after_ms = 0;
};

Result<Terms> terms_of_card(const CommandContext& context, const DeviceRequestOptions& options) {
  const auto agency = read_exchange_file(options.agency_card, wire::parse_agency_card);
  if (!agency) return agency.error();
  if (find_role(options.role) != Role::agency_admin)
    return refuse(RefusalCode::usage, context.text(Message::root_certifies_administrators));
  const Milliseconds now_ms = wall_clock_ms();
  return Terms{agency->id,
               {},
               Role::agency_admin,
               now_ms - clock_tolerance_ms,
               now_ms + options.days * day_ms};
}

/// The profile, made from the invitation where there is none.
Result<Profile> profile_for(const CommandContext& context, const wire::InvitationFile& invitation) {
  const auto home = profiles_folder();
  if (!home) return home.error();
  if (!is_profile_name(context.profile_name))
    return refuse(RefusalCode::usage, context.text(Message::profile_name_rule));
  if (has_profile(*home, context.profile_name)) {
    auto profile = context.load_profile();
    if (profile && profile->genesis_hash != invitation.genesis_hash)
      return refuse(RefusalCode::usage, context.text(Message::invitation_of_another_journal));
    return profile;
  }
  if (const auto address = parse_server_address(invitation.server); !address)
    return address.error();
  Profile profile;
  profile.name = context.profile_name;
  profile.folder = *home / profile.name;
  profile.server = invitation.server;
  profile.genesis_hash = invitation.genesis_hash;
  OBERIH_TRY(create_profile(profile));
  context.say(Message::pin_genesis, {encoding::encode_hex(profile.genesis_hash.view())});
  return profile;
}

sealing::DeviceCertificate certificate_for(const Terms& terms, const KeyRing& ring,
                                           const PersonId& person, const Digest& name_hash) {
  sealing::DeviceCertificate certificate;
  certificate.agency = terms.agency;
  certificate.person = person;
  certificate.device = ring.device;
  certificate.certifier_device = terms.certifier;
  certificate.role = terms.role;
  certificate.name_hash = name_hash;
  certificate.signature_key = crypto::signature_keys_from_seed(ring.signature_seed).public_key;
  certificate.hpke_key = crypto::hpke_keys_from_secret(ring.hpke_secret).public_key;
  certificate.tls_spki = crypto::spki_sha256_of_certificate(ring.tls_certificate_pem);
  certificate.not_before_ms = terms.not_before_ms;
  certificate.not_after_ms = terms.not_after_ms;
  return certificate;
}

Result<PersonId> person_of(const CommandContext& context, const std::string& hex) {
  if (hex.empty()) return crypto::random_id<PersonId>();
  const auto bytes = encoding::decode_hex(hex);
  const auto person = bytes ? PersonId::from(*bytes) : std::nullopt;
  if (!person) return refuse(RefusalCode::usage, context.text(Message::person_is_hex));
  return *person;
}

Result<> make_request(const CommandContext& context, const DeviceRequestOptions& options,
                      Profile profile, const Terms& terms) {
  const auto name = encoding::to_nfc(options.name);
  if (!name || name->empty() || name->size() > limits::name_bytes ||
      encoding::has_control_characters(*name))
    return refuse(RefusalCode::usage, context.text(Message::name_not_text));
  const auto person = person_of(context, options.person);
  if (!person) return person.error();
  const auto passphrase =
      ask_new_passphrase(context.text(Message::new_passphrase_question, {profile.name}),
                         context.text(Message::passphrase_again));
  if (!passphrase) return passphrase.error();

  const KeyRing ring = generate_key_ring();
  OBERIH_TRY(create_key_ring(profile.folder, ring, passphrase->view()));
  const sealing::NameCard card{ring.device, crypto::random_id<NameSalt>(), *name,
                               options.languages};
  const Bytes content = sealing::encode_certificate_content(
      certificate_for(terms, ring, *person, sealing::name_hash(card.salt, card.name)));
  const crypto::Signer signer(ring.signature_seed);
  OBERIH_TRY(write_exchange_file(
      options.out,
      wire::format_device_request_file({content, signer.sign("device-pop", content), card})));
  profile.agency = terms.agency;
  profile.person = *person;
  profile.device = ring.device;
  OBERIH_TRY(save_profile(profile));
  context.say(Message::device_requested, {options.out, fingerprint(content)});
  if (context.json)
    context.print({{"device", encoding::encode_hex(ring.device.view())},
                   {"person", encoding::encode_hex(person->view())},
                   {"fingerprint", fingerprint(content)}});
  return {};
}

}  // namespace

Result<> request_device(const CommandContext& context, const DeviceRequestOptions& options) {
  if (options.agency_card.empty() == options.invitation.empty())
    return refuse(RefusalCode::usage, context.text(Message::card_or_invitation));
  if (!options.agency_card.empty()) {
    const auto terms = terms_of_card(context, options);
    if (!terms) return terms.error();
    auto profile = context.load_profile();
    if (!profile) return profile.error();
    return make_request(context, options, *std::move(profile), *terms);
  }
  const auto invitation = read_exchange_file(options.invitation, wire::parse_invitation_file);
  if (!invitation) return invitation.error();
  auto profile = profile_for(context, *invitation);
  if (!profile) return profile.error();
  return make_request(context, options, *std::move(profile),
                      {invitation->agency.id, invitation->certifier_device, invitation->role,
                       invitation->not_before_ms, invitation->not_after_ms});
}

}  // namespace oberih::client
