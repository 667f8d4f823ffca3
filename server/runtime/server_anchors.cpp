// SPDX-License-Identifier: Apache-2.0
// The part of the server that has the journal time-stamped.
#include <fstream>
#include <sstream>

#include "server/runtime/server_app.hpp"
#include "server/runtime/settings_arguments.hpp"
#include "server/storage/anchor_store.hpp"

namespace oberih::runtime {
namespace {

constexpr std::size_t most_ca_bytes = 1 << 20;
constexpr std::chrono::milliseconds authority_patience{15'000};

std::string read_ca_file(const std::string& setting, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || text.str().empty() || text.str().size() > most_ca_bytes)
    throw std::runtime_error(setting + ": the certificates in '" + path + "' cannot be read.");
  return text.str();
}

std::shared_ptr<const socket::WebTrust> web_trust(const std::string& path) {
  return std::make_shared<const socket::WebTrust>(
      path.empty() ? std::string() : read_ca_file("timestamp_tls_ca", path));
}

}  // namespace

void ServerApp::begin_anchoring() {
  if (settings_.timestamp_url.empty()) return;
  // The settings were judged when they were read.
  auto url = transport::parse_timestamp_url(settings_.timestamp_url);
  if (!url) throw std::runtime_error(url.error().detail);
  auto trust = url->is_tls ? web_trust(settings_.timestamp_tls_ca) : nullptr;
  timestamp_client_ = std::make_unique<transport::TimestampClient>(
      loop_, std::move(*url), std::move(trust), authority_patience);
  application::AnchorDeskSettings desk;
  desk.interval_ms = settings_.timestamp_interval_minutes * 60'000;
  anchor_desk_ = std::make_unique<application::AnchorDesk>(
      view_, recorder_, *timestamp_client_, clock_, steady_clock_,
      read_ca_file("timestamp_ca", settings_.timestamp_ca), desk,
      [this](const application::AnchorNews& news) { note_anchor(news); });
  storage::PostgresAnchorArchive archive(database_settings(settings_));
  anchor_desk_->start(archive);
}

void ServerApp::note_anchor(const application::AnchorNews& news) {
  if (news.is_anchored)
    return log_.write(
        LogLevel::info, "anchored",
        {{"size", news.size}, {"authority", news.reason}, {"timestamp_ms", news.since_ms}});
  log_.write(LogLevel::warning, "unanchored",
             {{"since_ms", news.since_ms}, {"reason", news.reason}});
}

}  // namespace oberih::runtime
