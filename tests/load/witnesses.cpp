// SPDX-License-Identifier: Apache-2.0
#include "tests/load/witnesses.hpp"

#include <stdexcept>

#include "client-cli/witness/witness_folder.hpp"

namespace oberih::load {

Witnesses::Witnesses(const std::filesystem::path& folder, const AgencyId& agency, std::size_t count)
    : folder_(folder) {
  for (std::size_t i = 1; i <= count; ++i) {
    const std::string name = "witness-" + std::to_string(i) + ".load";
    auto card = client::WitnessFolder(folder_ / name).create(name, agency);
    if (!card) throw std::runtime_error("witness: " + card.error().detail);
    cards_.push_back(std::move(*card));
  }
}

std::string Witnesses::run(const std::string& origin, const SignaturePublicKey& journal_key,
                           const Digest& genesis_hash) {
  const client::WatchedJournal journal{{origin, journal::NoteKeyType::ed25519, journal_key},
                                       genesis_hash};
  std::string addresses;
  for (const sealing::Witness& card : cards_) {
    const client::WitnessFolder folder(folder_of(card));
    if (auto put = folder.put_journal(journal); !put)
      throw std::runtime_error("witness: " + put.error().detail);
    processes_.push_back(std::make_unique<test::BackgroundProcess>(
        std::vector<std::string>{OBERIH_BINARIES "/oberih", "witness", "run", "--dir",
                                 folder.path(), "--listen", "127.0.0.1:0", "--accept-first"},
        test::Environment{}, folder.path() / "output"));
    constexpr std::string_view before_port = " port ";
    const bool is_ready = processes_.back()->wait_for_output(before_port) &&
                          processes_.back()->wait_for_output("\n");
    const std::string text = processes_.back()->output();
    if (!is_ready) throw std::runtime_error("the witness does not start:\n" + text);
    const int port = std::stoi(text.substr(text.find(before_port) + before_port.size()));
    addresses += (addresses.empty() ? "" : " ") + card.name + "=127.0.0.1:" + std::to_string(port);
  }
  return addresses;
}

}  // namespace oberih::load
