// SPDX-License-Identifier: Apache-2.0
// Where a workload plays: a fresh database of the private cluster, a journal with its people and
// channels, and `oberihd serve` as a process of its own. People and history come while no server
// runs.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "tests/load/history_writer.hpp"
#include "tests/load/measurement.hpp"
#include "tests/load/population.hpp"
#include "tests/load/witnesses.hpp"
#include "tests/support/postgres_fixture.hpp"
#include "tests/support/process.hpp"

namespace oberih::load {

class Stage {
 public:
  enum class Limits { raised, as_shipped };

  /// `others`: agencies besides the one whose people work here, such as attackers'.
  /// `witnesses`: of the first agency, each a process of its own.
  explicit Stage(Limits limits = Limits::raised, std::size_t others = 0, std::size_t witnesses = 0);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  // -- while no server runs -----------------------------------------------------------------------
  std::vector<Member*> enrol(std::size_t count) { return enrol(count, *agencies_[0]); }
  std::vector<Member*> enrol_elsewhere(std::size_t count, std::size_t other) {
    return enrol(count, *agencies_.at(1 + other));
  }
  Channel& open_channel(const std::vector<Member*>& members);
  /// That many channels of `size` members each, all of them different people.
  std::vector<Channel*> open_channels(std::size_t count, std::size_t size);
  HistoryWriter& history();

  // -- the server ---------------------------------------------------------------------------------
  void start_server();
  void stop_server();
  std::uint16_t port() const { return port_; }
  CpuSeconds cpu() const { return read_cpu(server_->id(), postmaster_); }
  double server_kib() const { return resident_kib(server_->id()); }
  /// The most that the server had resident since forget_peak().
  double server_peak_kib() const { return peak_resident_kib(server_->id()); }
  void forget_peak() const { forget_peak_resident(server_->id()); }
  const Digest& genesis_hash() const { return genesis_hash_; }
  /// Signed by this journal: what entries quote.
  const application::SignedCheckpoint& checkpoint() const { return checkpoint_; }

  /// What the settings file says besides places: the table's footnote.
  static std::string settings_note();

 private:
  struct Agency {
    AgencyId id;
    crypto::SignatureKeyPair root_keys;
    std::unique_ptr<Member> administrator;
  };

  std::vector<Member*> enrol(std::size_t count, const Agency& agency);
  void found(std::size_t witnesses);
  void write_settings(Limits limits) const;

  test::PostgresDatabase database_;
  test::TemporaryFolder folder_;
  pid_t postmaster_ = -1;
  std::vector<std::unique_ptr<Agency>> agencies_;
  std::vector<std::unique_ptr<Member>> members_;
  std::vector<std::unique_ptr<Channel>> channels_;
  std::unique_ptr<HistoryWriter> history_;
  std::unique_ptr<Witnesses> witnesses_;  // none: nullptr
  Digest genesis_hash_;
  application::SignedCheckpoint checkpoint_;
  std::unique_ptr<test::BackgroundProcess> server_;
  unsigned starts_ = 0;
  std::uint16_t port_ = 0;
};

}  // namespace oberih::load
