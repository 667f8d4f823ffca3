// SPDX-License-Identifier: Apache-2.0
// A witness's folder and its process, `oberih witness run`.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "protocol/base/ids.hpp"
#include "protocol/encoding/hex.hpp"
#include "tests/support/deployment.hpp"

namespace oberih::test {

/// The first text under this key in JSON that the commands print.
inline std::string field_of(const std::string& json, const std::string& key) {
  const auto at = json.find('"' + key + "\":\"");
  if (at == std::string::npos) return {};
  const auto from = at + key.size() + 4;
  return json.substr(from, json.find('"', from) - from);
}
/// Of what `witness run` prints.
inline std::uint16_t port_of(const std::string& output) {
  const auto at = output.find(" port ");
  return at == std::string::npos ? std::uint16_t{0}
                                 : static_cast<std::uint16_t>(std::stoi(output.substr(at + 6)));
}

/// A witness's folder and process.
class RunningWitness {
 public:
  RunningWitness(const std::filesystem::path& folder, std::string name, const std::string& agency)
      : name_(std::move(name)), folder_(folder / name_) {
    const Finished created = run_process({program(), "--json", "witness", "create", "--dir",
                                          folder_, "--name", name_, "--agency", agency});
    EXPECT_EQ(created.exit_code, 0) << created.err;
    spki_ = encoding::decode_hex_as<Digest>(field_of(created.out, "tls_spki")).value();
  }
  Finished trust(const std::string& genesis, const std::string& hash) const {
    return run_process({program(), "witness", "trust", "--dir", folder_, "--genesis", genesis,
                        "--genesis-hash", hash});
  }
  /// On the port that it had before, where it had one.
  void start(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {program(),
                                          "witness",
                                          "run",
                                          "--dir",
                                          folder_,
                                          "--listen",
                                          "127.0.0.1:" + std::to_string(port_)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    std::filesystem::remove(folder_ / "output");
    process_ = std::make_unique<BackgroundProcess>(arguments, Environment{}, folder_ / "output");
    ASSERT_TRUE(process_->wait_for_output("listens on")) << process_->output();
    port_ = port_of(process_->output());
  }
  void stop(int signal) { process_->stop(signal); }
  std::string output() const { return process_->output(); }
  bool has_said(const std::string& text) const { return process_->wait_for_output(text); }

  static std::string program() { return std::string(OBERIH_BINARIES) + "/oberih"; }
  const std::string& name() const { return name_; }
  std::uint16_t port() const { return port_; }
  const Digest& spki() const { return spki_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::string name_;
  std::filesystem::path folder_;
  Digest spki_;
  std::uint16_t port_ = 0;
  std::unique_ptr<BackgroundProcess> process_;
};

}  // namespace oberih::test
