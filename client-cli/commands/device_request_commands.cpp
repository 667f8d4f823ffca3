// SPDX-License-Identifier: Apache-2.0
// How a device comes into the directory: invited, it asks; an administrator certifies it.
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/certificate_request.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/input_file.hpp"
#include "client-cli/keyring/passphrase_prompt.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/crypto/certificate.hpp"
#include "protocol/crypto/hpke.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using encoding::printable;

constexpr Milliseconds day_ms = 24ull * 3600 * 1000;
// Clocks differ: a certificate that begins now would not be valid yet for a server that is behind.
constexpr Milliseconds before_now_ms = 3600ull * 1000;

struct RequestOptions {
  std::string agency, invitation, role, name, languages, person, request, out;
  unsigned days = 730;
  bool yes = false;
};

/// What the certificate shall say, before the device's own part.
Result<wire::InvitationFile> read_terms(const RequestOptions& options) {
  if (options.agency.empty() == options.invitation.empty())
    return refuse(RefusalCode::usage, "give --invitation, or --agency and --role");
  if (!options.invitation.empty())
    return parse_public_file(options.invitation, wire::parse_invitation_file);
  Result<sealing::Agency> agency = parse_public_file(options.agency, wire::parse_agency_card);
  if (!agency) return agency.error();
  std::optional<Role> role = find_role(options.role);
  if (!role) return refuse(RefusalCode::usage, "--role is a role, for example agency_admin");
  wire::InvitationFile terms;
  terms.agency = std::move(*agency);
  terms.role = *role;
  terms.not_before_ms = wall_clock_ms() - before_now_ms;
  terms.not_after_ms = wall_clock_ms() + options.days * day_ms;
  return terms;
}

/// The profile named; from an invitation made where there is none.
Result<Profile> profile_for(CommandContext& context, const RequestOptions& options,
                            const wire::InvitationFile& terms) {
  Result<std::filesystem::path> home = context.home();
  if (!home) return home.error();
  const std::string& name = context.options().profile;
  if (!options.invitation.empty() && !has_profile(*home, name)) {
    Profile profile;
    profile.name = name;
    profile.folder = *home / name;
    profile.server = terms.server;
    profile.genesis_hash = terms.genesis_hash;
    OBERIH_TRY(parse_server_address(terms.server));
    OBERIH_TRY(create_profile(profile));
    return profile;
  }
  Result<Profile> profile = load_profile(*home, name);
  if (!profile) return profile.error();
  if (!options.invitation.empty() && profile->genesis_hash != terms.genesis_hash)
    return refuse(RefusalCode::usage, "the invitation is for another journal than this profile's");
  if (profile->agency && *profile->agency != terms.agency.id)
    return refuse(RefusalCode::usage, "this profile belongs to another agency");
  return profile;
}

/// A renewal repeats the keys; the first request makes them.
Result<KeyRing> ring_for(CommandContext& context, const Profile& profile) {
  std::error_code error;
  if (std::filesystem::exists(key_ring_file(profile.folder), error))
    return context.open_ring(profile);
  Console& console = context.console();
  Result<SecretBuffer> passphrase =
      ask_new_passphrase(console.text(Sentence::ask_new_passphrase, {{"name", profile.name}}),
                         console.text(Sentence::ask_passphrase_again));
  if (!passphrase) return passphrase.error();
  KeyRing ring = generate_key_ring();
  OBERIH_TRY(create_key_ring(profile.folder, ring, passphrase->view()));
  return ring;
}

wire::DeviceRequestFile make_request(const Profile& profile, const KeyRing& ring,
                                     const wire::InvitationFile& terms, const std::string& name,
                                     const std::string& languages) {
  crypto::Signer signer(ring.signature_seed);
  sealing::DeviceCertificate certificate;
  certificate.agency = terms.agency.id;
  certificate.person = *profile.person;
  certificate.device = ring.device;
  certificate.certifier_device = terms.certifier_device;
  certificate.role = terms.role;
  certificate.signature_key = signer.public_key();
  certificate.hpke_key = crypto::hpke_keys_from_secret(ring.hpke_secret).public_key;
  certificate.tls_spki = crypto::spki_sha256_of_certificate(ring.tls_certificate_pem);
  certificate.not_before_ms = terms.not_before_ms;
  certificate.not_after_ms = terms.not_after_ms;
  wire::DeviceRequestFile request;
  request.name_card = {ring.device, crypto::random_id<NameSalt>(), name, languages};
  certificate.name_hash = sealing::name_hash(request.name_card.salt, name);
  request.content = sealing::encode_certificate_content(certificate);
  request.possession_signature = signer.sign("device-pop", request.content);
  return request;
}

/// As the invitation says, as was said on the command line, as before; else somebody new.
Result<> choose_person(Profile& profile, const RequestOptions& options,
                       const wire::InvitationFile& terms) {
  std::optional<PersonId> said = terms.person;
  if (!options.person.empty()) {
    said = encoding::decode_hex_as<PersonId>(options.person);
    if (!said) return refuse(RefusalCode::usage, "--person is 32 hexadecimal digits");
    if (terms.person && *terms.person != *said)
      return refuse(RefusalCode::usage, "the invitation is for another person");
  }
  // The directory would refuse it: a renewal repeats the person.
  if (said && profile.person && *profile.person != *said)
    return refuse(RefusalCode::usage, "this profile's device belongs to another person");
  if (said) profile.person = said;
  if (!profile.person) profile.person = crypto::random_id<PersonId>();
  return {};
}

Result<> request(CommandContext& context, const RequestOptions& options) {
  std::optional<std::string> name = encoding::to_nfc(options.name);
  if (!name || name->empty() || name->size() > limits::name_bytes ||
      encoding::has_control_characters(*name))
    return refuse(RefusalCode::usage, "--name is a line of at most 256 bytes");
  Result<wire::InvitationFile> terms = read_terms(options);
  if (!terms) return terms.error();
  if (!may_certify(terms->agency.kind, terms->role)) return refuse(RefusalCode::role_not_allowed);
  Result<Profile> profile = profile_for(context, options, *terms);
  if (!profile) return profile.error();
  Result<KeyRing> ring = ring_for(context, *profile);
  if (!ring) return ring.error();
  profile->agency = terms->agency.id;
  profile->device = ring->device;
  OBERIH_TRY(choose_person(*profile, options, *terms));
  OBERIH_TRY(save_profile(*profile));
  wire::DeviceRequestFile made = make_request(*profile, *ring, *terms, *name, options.languages);
  OBERIH_TRY(write_public_file(options.out, wire::format_device_request_file(made)));
  std::string fingerprint = request_fingerprint(made.content);
  context.console().say(
      Sentence::request_written,
      {{"device", encode_hex(ring->device)}, {"file", options.out}, {"fingerprint", fingerprint}});
  context.console().object({{"device", encode_hex(ring->device)},
                            {"person", encode_hex(*profile->person)},
                            {"fingerprint", fingerprint},
                            {"request", options.out}});
  return {};
}

Result<> invite(CommandContext& context, const RequestOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  const sealing::Device* own = session.directory().find_device(session.ring().device);
  if (own == nullptr) return refuse(RefusalCode::unknown_device);
  if (own->certificate.role != Role::agency_admin) return refuse(RefusalCode::not_certifier);
  const sealing::Agency* agency = session.directory().find_agency(own->certificate.agency);
  std::optional<Role> role = find_role(options.role);
  if (!role) return refuse(RefusalCode::usage, "--role is a role, for example investigator");
  if (agency == nullptr || !may_certify(agency->kind, *role))
    return refuse(RefusalCode::role_not_allowed);
  wire::InvitationFile invitation;
  invitation.agency = *agency;
  invitation.certifier_device = session.ring().device;
  invitation.server = session.profile().server;
  invitation.genesis_hash = session.profile().genesis_hash;
  invitation.role = *role;
  if (!options.person.empty()) {
    Result<PersonId> person = find_person(session, options.person);
    if (!person) return person.error();
    invitation.person = *person;
  }
  invitation.not_before_ms = wall_clock_ms() - before_now_ms;
  invitation.not_after_ms = wall_clock_ms() + options.days * day_ms;
  OBERIH_TRY(write_public_file(options.out, wire::format_invitation_file(invitation)));
  context.console().say(Sentence::invitation_written,
                        {{"file", options.out}, {"role", std::string(name_of(*role))}});
  context.console().object({{"invitation", options.out}, {"role", name_of(*role)}});
  return {};
}

/// Channels take a known person's further device in without asking anybody: whoever certifies one
/// must see whose it will be.
void show_same_person(Console& console, ClientSession& session,
                      const sealing::DeviceCertificate& certificate) {
  for (const auto& [id, device] : session.directory().devices()) {
    if (device.certificate.person != certificate.person) continue;
    console.say(id == certificate.device ? Sentence::request_renews : Sentence::request_same_person,
                {{"name", name_or_digits(session.verified_directory(), id)},
                 {"device", encode_hex(id)},
                 {"until", format_date(device.certificate.not_after_ms)}});
  }
}

Result<> certify_device(CommandContext& context, const RequestOptions& options) {
  Result<wire::DeviceRequestFile> asked =
      parse_public_file(options.request, parse_certificate_request);
  if (!asked) return asked.error();
  Result<sealing::DeviceCertificate> certificate =
      sealing::parse_certificate_content(asked->content);
  if (!certificate) return certificate.error();
  Console& console = context.console();
  // First: whether this is a further device of somebody stands in the directory.
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  OBERIH_TRY(session.read_names());
  std::string fingerprint = request_fingerprint(asked->content);
  console.say(Sentence::request_shown, {{"name", printable(asked->name_card.name)},
                                        {"role", std::string(name_of(certificate->role))},
                                        {"device", encode_hex(certificate->device)},
                                        {"until", format_date(certificate->not_after_ms)},
                                        {"fingerprint", fingerprint}});
  show_same_person(console, session, *certificate);
  if (!options.yes && !ask_yes(console.text(Sentence::ask_same_fingerprint)))
    return refuse(RefusalCode::usage, console.text(Sentence::not_confirmed));
  if (certificate->certifier_device != session.ring().device)
    return refuse(RefusalCode::not_certifier, "the request names another certifier");
  sealing::SignedCertificate signed_certificate{
      asked->content, session.signer().sign("device-cert", asked->content),
      asked->possession_signature};
  wire::DirectoryAppend append{journal::LeafKind::device_certificate,
                               sealing::encode_certificate_body(signed_certificate),
                               asked->name_card};
  Result<wire::Appended> appended = session.ask(append);
  if (!appended) return appended.error();
  console.say(Sentence::device_certified, {{"name", printable(asked->name_card.name)},
                                           {"device", encode_hex(certificate->device)},
                                           {"index", std::to_string(appended->index)}});
  console.object({{"device", encode_hex(certificate->device)},
                  {"fingerprint", fingerprint},
                  {"index", appended->index}});
  return {};
}

}  // namespace

void add_device_request_commands(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<RequestOptions>();
  auto with = [options](auto function) {
    return [options, function](CommandContext& context) { return function(context, *options); };
  };
  CLI::App* command =
      tree.command(group, "request", Sentence::help_device_request,
                   "oberih --profile oksana device request --invitation oksana.invitation "
                   "--name \"Слідча Оксана\" --out oksana.request",
                   with(request));
  command->add_option("--invitation", options->invitation,
                      tree.text(Sentence::help_option_invitation));
  command->add_option("--agency", options->agency, tree.text(Sentence::help_option_card));
  command->add_option("--role", options->role, tree.text(Sentence::help_option_role));
  command->add_option("--name", options->name, tree.text(Sentence::help_option_person_name))
      ->required();
  command->add_option("--languages", options->languages,
                      tree.text(Sentence::help_option_languages));
  command->add_option("--person", options->person, tree.text(Sentence::help_option_same_person));
  command->add_option("--days", options->days, tree.text(Sentence::help_option_days));
  command->add_option("--out", options->out, tree.text(Sentence::help_option_out))->required();

  command = tree.command(group, "invite", Sentence::help_device_invite,
                         "oberih --profile police-admin device invite --role investigator "
                         "--out oksana.invitation",
                         with(invite));
  command->add_option("--role", options->role, tree.text(Sentence::help_option_role))->required();
  command->add_option("--person", options->person, tree.text(Sentence::help_option_invited_person));
  command->add_option("--days", options->days, tree.text(Sentence::help_option_days));
  command->add_option("--out", options->out, tree.text(Sentence::help_option_out))->required();

  command = tree.command(group, "certify", Sentence::help_device_certify,
                         "oberih --profile police-admin device certify --request oksana.request",
                         with(certify_device));
  command->add_option("--request", options->request, tree.text(Sentence::help_option_request))
      ->required();
  command->add_flag("--yes", options->yes, tree.text(Sentence::help_option_yes));
}

}  // namespace oberih::client
