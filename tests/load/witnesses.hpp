// SPDX-License-Identifier: Apache-2.0
// `oberih witness run` beside the server, as agencies run it: each a process of its own that
// cosigns every checkpoint.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "protocol/sealing/genesis.hpp"
#include "tests/support/process.hpp"

namespace oberih::load {

class Witnesses {
 public:
  /// Makes their folders below `folder`; none runs yet.
  Witnesses(const std::filesystem::path& folder, const AgencyId& agency, std::size_t count);

  /// What the genesis names, ascending by name.
  const std::vector<sealing::Witness>& cards() const { return cards_; }
  /// They watch this journal from now on. Returns the setting `witnesses`.
  std::string run(const std::string& origin, const SignaturePublicKey& journal_key,
                  const Digest& genesis_hash);

 private:
  std::filesystem::path folder_of(const sealing::Witness& witness) const {
    return folder_ / witness.name;
  }

  const std::filesystem::path folder_;
  std::vector<sealing::Witness> cards_;
  std::vector<std::unique_ptr<test::BackgroundProcess>> processes_;
};

}  // namespace oberih::load
