// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/witness_view.hpp"
#include "client-cli/keyring/agent.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;

/// One line for people and one field for programs at a time.
class StatusLines {
 public:
  explicit StatusLines(Console& console) : console_(console) {}
  void add(const char* key, nlohmann::ordered_json value, Sentence sentence, Values values) {
    json_[key] = std::move(value);
    console_.say(sentence, values);
  }
  void add(const char* key, nlohmann::ordered_json value) { json_[key] = std::move(value); }
  void finish() { console_.object(json_); }

 private:
  Console& console_;
  nlohmann::ordered_json json_;
};

void add_profile(StatusLines& lines, const Profile& profile) {
  lines.add("profile", profile.name, Sentence::status_profile,
            {{"name", profile.name}, {"folder", profile.folder.string()}});
  lines.add("client_version", OBERIH_VERSION);
  if (profile.device)
    lines.add("device", encode_hex(*profile.device), Sentence::status_device,
              {{"device", encode_hex(*profile.device)}});
  std::optional<std::chrono::seconds> left = agent_time_left(profile.folder);
  if (left)
    lines.add("agent_seconds_left", left->count(), Sentence::status_unlocked,
              {{"minutes", std::to_string((left->count() + 59) / 60)}});
  else
    lines.add("agent_seconds_left", nullptr, Sentence::status_locked, {});
}

void add_server(StatusLines& lines, const ClientSession& session) {
  const wire::HelloReply& hello = session.hello();
  lines.add("server", session.profile().server, Sentence::status_server,
            {{"server", session.profile().server}, {"version", hello.server_version}});
  lines.add("connected", true);
  lines.add("server_version", hello.server_version);
  lines.add("server_ms", hello.server_ms);
  lines.add(
      "journal_size", hello.journal_size, Sentence::status_journal,
      {{"size", std::to_string(hello.journal_size)}, {"origin", session.directory().origin()}});
}

/// What an administrator must see to before colleagues cannot connect any more.
void add_expiring(StatusLines& lines, const ClientSession& session, const AgencyId& agency) {
  std::size_t count = 0;
  for (const auto& [id, device] : session.directory().devices())
    count += device.certificate.agency == agency && expires_soon(session, device) ? 1 : 0;
  if (count == 0)
    lines.add("expiring_devices", count);
  else
    lines.add("expiring_devices", count, Sentence::status_expiring,
              {{"count", std::to_string(count)}});
}

void add_known(StatusLines& lines, Console& console, ClientSession& session) {
  const sealing::Directory& directory = session.directory();
  if (const sealing::Device* own = directory.find_device(session.ring().device)) {
    lines.add("certificate_not_after_ms", own->certificate.not_after_ms,
              Sentence::status_certificate,
              {{"role", std::string(name_of(own->certificate.role))},
               {"until", format_date(own->certificate.not_after_ms)}});
    lines.add("role", name_of(own->certificate.role));
    lines.add("name", name_or_digits(session.verified_directory(), session.ring().device));
    if (own->certificate.role == Role::agency_admin)
      add_expiring(lines, session, own->certificate.agency);
  }
  if (auto checkpoint = session.verified_directory().newest_checkpoint())
    lines.add("checkpoint_size", checkpoint->size, Sentence::status_checkpoint,
              {{"size", std::to_string(checkpoint->size)}, {"root", encode_hex(checkpoint->root)}});
  lines.add("witnessing", show_witnessing(console, session));
  if (auto anchoring = show_anchoring(console, session); !anchoring.is_null())
    lines.add("anchoring", std::move(anchoring));
  lines.add("directory_count", directory.count(), Sentence::status_directory,
            {{"count", std::to_string(directory.count())},
             {"agencies", std::to_string(directory.agencies().size())},
             {"devices", std::to_string(directory.devices().size())}});
  const std::string genesis = encode_hex(session.profile().genesis_hash);
  lines.add("genesis", genesis, Sentence::status_genesis, {{"genesis", genesis}});
  std::uint64_t waiting = session.store().outbox().size();
  lines.add("outbox", waiting,
            waiting == 0 ? Sentence::status_outbox_empty : Sentence::status_outbox,
            {{"count", std::to_string(waiting)}});
}

Result<> status(CommandContext& context) {
  Result<Profile> profile = context.load_profile();
  if (!profile) return profile.error();
  Console& console = context.console();
  StatusLines lines(console);
  add_profile(lines, *profile);
  Result<> opened = context.open_session(CommandContext::Reach::online);
  if (opened) {
    opened = context.session().read_checkpoint();
    add_server(lines, context.session());
  } else {
    // A locked profile never tried.
    lines.add("server", profile->server,
              context.has_session() ? Sentence::status_not_connected : Sentence::status_server_only,
              {{"server", profile->server}});
    lines.add("connected", false);
  }
  if (context.has_session()) add_known(lines, console, context.session());
  lines.finish();
  return opened;
}

}  // namespace

void add_status_command(CommandTree& tree) {
  tree.command(nullptr, "status", Sentence::help_status, "oberih --profile oksana status", status);
}

}  // namespace oberih::client
