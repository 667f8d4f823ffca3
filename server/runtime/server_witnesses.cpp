// SPDX-License-Identifier: Apache-2.0
// The part of the server that deals with witnesses: who is asked, and what the operator is told.
#include "protocol/encoding/utf8.hpp"
#include "server/application/gathered.hpp"
#include "server/runtime/server_app.hpp"
#include "server/runtime/settings_arguments.hpp"

namespace oberih::runtime {
namespace {

constexpr Milliseconds minute_ms = 60'000;

std::string_view event_of(application::WitnessNews::What what) {
  using What = application::WitnessNews::What;
  switch (what) {
    case What::failed:
      return "witness_failed";
    case What::answers:
      return "witness_answers";
    case What::lost_state:
      return "witness_lost_state";
    case What::quorum_reached:
      return "witness_quorum_reached";
    case What::quorum_missing:
      return "witness_quorum_missing";
    case What::is_ahead:
      return "witness_is_ahead";
    case What::desk:
      return "witness_desk_failed";
  }
  return "witness_failed";
}

LogLevel level_of(application::WitnessNews::What what) {
  using What = application::WitnessNews::What;
  if (what == What::answers || what == What::quorum_reached) return LogLevel::info;
  return what == What::is_ahead || what == What::desk ? LogLevel::error : LogLevel::warning;
}

}  // namespace

void ServerApp::begin_witnessing() {
  // The settings were judged when they were read.
  auto addresses = transport::parse_witness_addresses(settings_.witnesses);
  if (!addresses) throw std::runtime_error(addresses.error().detail);
  witness_client_ = std::make_unique<transport::WitnessClient>(
      loop_, std::move(*addresses), keys_.tls,
      std::chrono::milliseconds(settings_.witness_timeout_ms));
  cosignatures_ = std::make_unique<storage::PostgresCosignatureStore>(database_settings(settings_));
  application::WitnessDeskSettings desk;
  desk.round_ms = settings_.witness_timeout_ms + 1'000;  // the link gives up first, and says why
  desk.refresh_ms = settings_.witness_refresh_ms;
  witness_desk_ = std::make_unique<application::WitnessDesk>(
      view_, *reader_, *witness_client_, *cosignatures_, ringing_, clock_, steady_clock_, desk,
      [this](const application::WitnessNews& news) { note_witnesses(news); });
  signer_.ask_witnesses(
      [this](const sealing::Directory& directory) { return ask_witnesses(directory); });
}

std::vector<application::CheckpointSigner::WitnessedBy> ServerApp::ask_witnesses(
    const sealing::Directory& directory) {
  const std::vector<sealing::Witness>& witnesses = directory.witnesses();
  application::Gathered<Result<application::WitnessReply>> gathered(witnesses.size());
  for (std::size_t i = 0; i < witnesses.size(); ++i)
    witness_client_->read_witnessed(witnesses[i], gathered.slot(i));
  std::vector<application::CheckpointSigner::WitnessedBy> shown;
  if (witnesses.empty()) return shown;
  const auto replies =
      gathered.wait_for(std::chrono::milliseconds(settings_.witness_timeout_ms + 1'000));
  for (std::size_t i = 0; i < witnesses.size(); ++i) {
    if (replies[i] && *replies[i] && (**replies[i]).status == 200) {
      shown.push_back({witnesses[i].name, (**replies[i]).body});
      continue;
    }
    // Blackouts are normal: who cannot be compared with now is compared with in its first round.
    log_.write(LogLevel::warning, "witness_not_compared", {{"witness", witnesses[i].name}});
  }
  return shown;
}

void ServerApp::note_witnesses(const application::WitnessNews& news) {
  log_.write(level_of(news.what), event_of(news.what),
             {{"witness", encoding::printable(news.witness)},
              {"reason", news.reason},
              {"since_ms", news.since_ms}});
}

void ServerApp::look_at_witnesses() {
  if (view_.directory()->witness_quorum().empty()) return;
  const domain::WitnessingPolicy policy = policies_.current()->witnessing;
  const auto witnessed = view_.witnessed();
  const Milliseconds since_ms = witnessed ? witnessed->at_ms : 0;
  const bool is_late = clock_.now_ms() > since_ms + policy.limit_minutes * minute_ms;
  if (is_late == told_of_freshness_) return;
  told_of_freshness_ = is_late;
  // A journal that has just begun, or a server that has just started, is late for a moment only.
  if (is_late)
    log_.write(LogLevel::error, "unwitnessed",
               {{"since_ms", since_ms},
                {"reason", policy.behaviour == domain::UnwitnessedBehaviour::read_only
                               ? "No quorum of witnesses for longer than policy permits: nothing "
                                 "is written until there is one."
                               : "No quorum of witnesses for longer than policy permits."}});
  else
    log_.write(LogLevel::info, "witnessed_again", {{"since_ms", since_ms}});
}

}  // namespace oberih::runtime
