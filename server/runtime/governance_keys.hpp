// SPDX-License-Identifier: Apache-2.0
// Successors of the server's two keys, beside the first ones in the state directory: made before
// the agencies' roots sign the change, used from the governance leaf on that names them.
#pragma once

#include <optional>
#include <string>

#include "server/runtime/server_keys.hpp"

namespace oberih::runtime {

struct NewKey {
  std::string file;
  std::string key;  // in hexadecimal, as a governance change names it
};

/// A further journal key of the same origin. Nothing signs with it yet.
Result<NewKey> make_new_journal_key(const std::string& state_directory);
/// A further TLS key and certificate; the key is named by its SPKI hash.
Result<NewKey> make_new_server_key(const std::string& state_directory);

/// Nothing where the state directory does not have it.
std::optional<journal::NoteSigner> find_journal_key(const std::string& state_directory,
                                                    const SignaturePublicKey& key);
std::optional<socket::TlsIdentity> find_server_key(const std::string& state_directory,
                                                   const Digest& tls_spki);

/// Signs a journal-key change with the new journal key, which must be in the state directory.
Result<void> sign_governance_file(const std::string& state_directory, const std::string& file);

}  // namespace oberih::runtime
