// SPDX-License-Identifier: Apache-2.0
// The keys of one device. They exist in this file's memory and, encrypted, in the profile's
// `key_ring` file; nowhere else.
#pragma once

#include <filesystem>
#include <string>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"
#include "protocol/crypto/passphrase.hpp"

namespace oberih::client {

struct KeyRing {
  DeviceId device;
  SignatureSecretKey signature_seed;
  HpkeSecretKey hpke_secret;
  SymmetricKey storage_key;  // seals the secret rows of the local store
  SecretBuffer tls_private_key_pem;
  std::string tls_certificate_pem;
};

KeyRing generate_key_ring();

std::filesystem::path key_ring_file(const std::filesystem::path& profile_folder);

/// Refuses where the profile has one: keys are never overwritten.
Result<> create_key_ring(const std::filesystem::path& profile_folder, const KeyRing& ring,
                         ByteView passphrase,
                         const crypto::PassphraseCost& cost = crypto::usual_passphrase_cost());
/// What the agent keeps. Refusals: local_state_broken, wrong_passphrase.
Result<SymmetricKey> unlock_key_ring(const std::filesystem::path& profile_folder,
                                     ByteView passphrase);
Result<KeyRing> open_key_ring(const std::filesystem::path& profile_folder,
                              const SymmetricKey& unlocking_key);

}  // namespace oberih::client
