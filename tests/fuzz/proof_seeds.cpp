// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/proof_seeds.hpp"

#include "protocol/evidence/service_proof.hpp"
#include "protocol/journal/leaf.hpp"
#include "tests/fuzz/known_objects.hpp"

namespace oberih::fuzz {
namespace {

Bytes leaf_of(journal::LeafKind kind, std::uint64_t seq, const Digest& previous, Bytes body) {
  journal::Leaf leaf;
  leaf.kind = kind;
  leaf.server_ms = 1'804'000'000'000;
  leaf.channel_seq = seq;
  leaf.prev_leaf = previous;
  leaf.body = std::move(body);
  return journal::encode_leaf(leaf);
}

/// Whose directory is true up to its last leaf; the rest is well formed alone.
evidence::ServiceProof known_proof() {
  evidence::ServiceProof proof;
  proof.hearing = made_of<HearingId>(60);
  const Bytes genesis = leaf_of(journal::LeafKind::genesis, 1, {},
                                sealing::encode_genesis_body(known_signed_genesis()));
  proof.directory.push_back({0, genesis});
  proof.directory.push_back(
      {1, leaf_of(journal::LeafKind::device_certificate, 2, journal::leaf_hash(genesis),
                  sealing::encode_certificate_body(known_signed_certificate(admin_number)))});
  proof.channel.push_back({2, leaf_of(journal::LeafKind::refusal, 0, {}, Bytes(40, 7))});
  proof.note = known_checkpoint_texts().front() + "\n";
  proof.hashes = {made_of<Digest>(61), made_of<Digest>(62)};
  proof.texts.push_back({3, Bytes(272, 9), secret_of<SymmetricKey>(63)});
  proof.names.push_back({made_of<DeviceId>(64), made_of<NameSalt>(65), "Олена Коваль"});
  return proof;
}

}  // namespace

std::vector<std::pair<std::string, Bytes>> proof_seeds() {
  std::vector<std::pair<std::string, Bytes>> seeds;
  seeds.emplace_back("whole", evidence::encode_service_proof(known_proof()));
  evidence::ServiceProof bare = known_proof();
  bare.texts.clear();
  bare.names.clear();
  seeds.emplace_back("without_disclosures", evidence::encode_service_proof(bare));
  seeds.emplace_back("empty", evidence::encode_service_proof({}));
  return seeds;
}

}  // namespace oberih::fuzz
