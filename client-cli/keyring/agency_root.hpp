// SPDX-License-Identifier: Apache-2.0
// An agency's root key: made offline, kept offline, in one file encrypted under a passphrase.
#pragma once

#include <filesystem>

#include "protocol/base/secret.hpp"
#include "protocol/crypto/passphrase.hpp"
#include "protocol/sealing/genesis.hpp"

namespace oberih::client {

struct AgencyRoot {
  sealing::Agency agency;
  SignatureSecretKey seed;
};

AgencyRoot generate_agency_root(AgencyKind kind, std::string name);

/// Refuses where the file exists.
Result<> create_agency_root(const std::filesystem::path& file, const AgencyRoot& root,
                            ByteView passphrase,
                            const crypto::PassphraseCost& cost = crypto::usual_passphrase_cost());
/// Refusals: local_state_broken, wrong_passphrase.
Result<AgencyRoot> open_agency_root(const std::filesystem::path& file, ByteView passphrase);

}  // namespace oberih::client
