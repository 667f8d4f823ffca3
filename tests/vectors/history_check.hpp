// SPDX-License-Identifier: Apache-2.0
// One history: what its parts have in common, and the checks of its parts.
#pragma once

#include <map>

#include "protocol/base/secret.hpp"
#include "protocol/sealing/channel_record.hpp"
#include "protocol/sealing/epoch_keys.hpp"
#include "vector_report.hpp"

namespace oberih::vectors {

struct KnownDevice {
  AgencyId agency;
  SignaturePublicKey signature_key;
  HpkePublicKey hpke_key;
  HpkeSecretKey hpke_secret;
};

/// What the parts of a history look up in each other.
struct History {
  std::map<DeviceId, KnownDevice> devices;
  ChannelId channel;
  std::map<std::uint64_t, EpochKey> epoch_keys;
  std::map<std::uint64_t, sealing::EpochKeys> epochs;
  std::map<std::uint64_t, Digest> leaf_hashes;  // of the channel, by channel_seq
  std::map<std::string, Digest> record_hashes;  // create, add, grant

  const KnownDevice& device(const DeviceId& id) const;
  const sealing::EpochKeys& epoch(std::uint64_t number) const;
};

void check_history(const Value& history);

// directory_check.cpp
void check_devices(const Value& history, History& known);
void check_certificates(const Value& history, const History& known);
void check_revocation(const Value& history, const History& known);
void check_directory_leaves(const Value& history);

// record_check.cpp
void check_epochs(const Value& history, History& known);
void check_records(const Value& history, History& known);
void check_approval(const Value& history, const History& known);
void check_record_leaves(const Value& history, History& known);

// entry_check.cpp
void check_entries(const Value& history, const History& known);
void check_entry_leaves(const Value& history, History& known);
void check_receipt(const Value& history, const History& known);

// published_values.cpp
/// Values that nothing recomputes, held against the digests of the published histories.
void check_published_values(const Value& history);

// history_check.cpp
/// fields, data, leaf_hash and body of one leaf; the leaf hash.
Digest check_leaf(const Value& leaf, std::uint8_t kind, ByteView body);
/// A signature by the device whose key the file also gives in full.
/// A signature that fails is the fault of all three: any of them may be what was changed.
void check_signature(const Value& signature, const Value& public_key, const Value& content,
                     const SignaturePublicKey& expected_key, std::string_view label);

}  // namespace oberih::vectors
