// SPDX-License-Identifier: Apache-2.0
#include "tests/load/stage.hpp"

#include <signal.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/genesis.hpp"
#include "server/runtime/server_keys.hpp"

namespace oberih::load {
namespace {

constexpr const char* origin = "journal.load";

// The generator is one address and one agency; in the field neither would carry such a load. What
// is measured is the work, not these limits.
constexpr const char* raised_limits =
    "connections = 100000\n"
    "handshakes = 16384\n"
    "handshakes_per_address = 16384\n"
    "handshake_timeout_ms = 120000\n"
    "requests_per_second = 1000000\n"
    "agency_requests_per_second = 1000000\n"
    "bytes_per_second = 1073741824\n"
    "agency_bytes_per_second = 1073741824\n"
    "read_bytes_per_second = 1073741824\n"
    "agency_read_bytes_per_second = 1073741824\n"
    "connections_per_minute = 1000000\n"
    "connections_at_once = 1000000\n"
    "agency_connections_per_minute = 1000000\n";

pid_t read_postmaster() {
  std::ifstream file(test::PostgresCluster::shared().folder() + "/pg/data/postmaster.pid");
  pid_t id = -1;
  if (!(file >> id)) throw std::runtime_error("the cluster's postmaster.pid cannot be read");
  return id;
}

}  // namespace

Stage::Stage(Limits limits, std::size_t others, std::size_t witnesses)
    : postmaster_(read_postmaster()) {
  for (std::size_t i = 0; i <= others; ++i)
    agencies_.push_back(std::make_unique<Agency>(crypto::random_id<AgencyId>(),
                                                 crypto::generate_signature_keys(), nullptr));
  std::ranges::sort(agencies_, {}, &Agency::id);
  write_settings(limits);
  found(witnesses);
}

Stage::~Stage() {
  history_.reset();
  if (server_ && server_->is_running()) server_->stop(SIGTERM);
}

std::string Stage::settings_note() {
  std::string note;
  for (const char* letter = raised_limits; *letter != '\0'; ++letter)
    note += *letter == '\n' ? std::string("; ") : std::string(1, *letter);
  return "Raised limits (not in abuse), since all clients are of one address and agency: " + note;
}

void Stage::write_settings(Limits limits) const {
  test::write_file(folder_.path() / "oberihd.conf",
                   "listen_port = 0\nstate_directory = " + (folder_.path() / "state").string() +
                       "\ndatabase = " + database_.settings().connection +
                       "\nschema_directory = " OBERIH_SOURCE "/schema" +
                       "\npolicies_directory = " OBERIH_SOURCE "/policies" +
                       "\nlog_file = " + (folder_.path() / "server.log").string() + "\n" +
                       (limits == Limits::raised ? raised_limits : ""));
}

void Stage::found(std::size_t witnesses) {
  const std::string state = folder_.path() / "state";
  const auto keys = require(runtime::make_server_keys(state, origin), "keys");
  sealing::Genesis genesis;
  genesis.origin = origin;
  genesis.journal_key = keys.journal.signer.public_key();
  genesis.server_spki = keys.tls_spki;
  genesis.created_ms = wall_clock_ms();
  genesis.governance_quorum = 1;
  for (const auto& agency : agencies_)
    genesis.agencies.push_back(
        {agency->id, AgencyKind::police, "Поліція", agency->root_keys.public_key});
  if (witnesses > 0) {
    witnesses_ =
        std::make_unique<Witnesses>(folder_.path() / "witnesses", agencies_[0]->id, witnesses);
    genesis.witnesses = witnesses_->cards();
    genesis.witness_quorum = {{static_cast<std::uint8_t>(witnesses), {AgencyKind::police}}};
  }
  sealing::SignedGenesis signed_genesis{sealing::encode_genesis_content(genesis), {}};
  genesis_hash_ = sealing::genesis_hash(signed_genesis.content);
  if (witnesses_) {
    std::ofstream settings(folder_.path() / "oberihd.conf", std::ios::app);
    settings << "witnesses = " << witnesses_->run(origin, genesis.journal_key, genesis_hash_)
             << '\n';
  }
  for (const auto& agency : agencies_)
    signed_genesis.signatures.push_back(
        {agency->id,
         crypto::Signer(agency->root_keys.secret_key).sign("genesis", signed_genesis.content)});
  history().append({journal::LeafKind::genesis, sealing::encode_genesis_body(signed_genesis), {}});
  for (const auto& agency : agencies_) {
    const crypto::Signer root(agency->root_keys.secret_key);
    agency->administrator = make_member({agency->id, {}, &root}, Role::agency_admin);
    history().append(agency->administrator->leaf);
  }
  history().wait();
  checkpoint_ = history().checkpoint();
}

HistoryWriter& Stage::history() {
  if (server_) throw std::logic_error("history is laid while no server runs");
  if (!history_)
    history_ = std::make_unique<HistoryWriter>(database_.settings(), folder_.path() / "state");
  return *history_;
}

std::vector<Member*> Stage::enrol(std::size_t count, const Agency& agency) {
  std::vector<Member*> enrolled;
  const Certifier certifier{agency.id, agency.administrator->device(),
                            agency.administrator->signer.get()};
  for (auto& member : make_members(count, certifier)) {
    history().append(member->leaf);
    enrolled.push_back(member.get());
    members_.push_back(std::move(member));
  }
  history().wait();
  return enrolled;
}

Channel& Stage::open_channel(const std::vector<Member*>& members) {
  auto channel = std::make_unique<Channel>();
  channel->members = members;
  history().append(*members[0], make_channel(checkpoint_, *channel));
  channels_.push_back(std::move(channel));
  return *channels_.back();
}

std::vector<Channel*> Stage::open_channels(std::size_t count, std::size_t size) {
  const auto people = enrol(count * size);
  std::vector<Channel*> opened;
  for (std::size_t i = 0; i < count; ++i) {
    const auto first = people.begin() + static_cast<std::ptrdiff_t>(i * size);
    opened.push_back(&open_channel({first, first + static_cast<std::ptrdiff_t>(size)}));
  }
  history().wait();
  return opened;
}

void Stage::start_server() {
  history_.reset();
  // A new file each time: its ready line must be this server's.
  const auto output = folder_.path() / ("server-" + std::to_string(++starts_) + ".out");
  server_ = std::make_unique<test::BackgroundProcess>(
      std::vector<std::string>{OBERIH_BINARIES "/oberihd", "serve", "--settings",
                               folder_.path() / "oberihd.conf"},
      test::Environment{}, output);
  const bool is_ready = server_->wait_for_output(" port ", std::chrono::seconds(300)) &&
                        server_->wait_for_output("\n", std::chrono::seconds(10));
  const std::string text = server_->output();
  const auto at = text.find(" port ");
  if (!is_ready || at == std::string::npos)
    throw std::runtime_error("the server does not start:\n" + text);
  port_ = static_cast<std::uint16_t>(std::stoul(text.substr(at + 6)));
}

void Stage::stop_server() {
  if (server_ && server_->stop(SIGTERM) != 0)
    throw std::runtime_error("the server ended badly:\n" + server_->output());
  server_.reset();
}

}  // namespace oberih::load
