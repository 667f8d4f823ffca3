// SPDX-License-Identifier: Apache-2.0
#include "server/application/read_tree.hpp"

namespace oberih::application {
namespace {

/// What is not signed may still be lost, and is nobody's evidence.
Result<std::uint64_t> signed_size(const Services& services) {
  const std::optional<SignedCheckpoint> checkpoint = services.view.checkpoint();
  if (!checkpoint) return refuse(RefusalCode::unavailable, "no checkpoint is signed yet");
  return checkpoint->size;
}

void read_proofs(const Services& services, const domain::Caller& caller, ProofWish::What what,
                 const std::vector<std::uint64_t>& from, std::uint64_t size,
                 Answer<wire::Proofs> done) {
  if (auto may = authorize(services, caller, domain::Action::checkpoint_read); !may)
    return done(may.error());
  const Result<std::uint64_t> most = signed_size(services);
  if (!most) return done(most.error());
  if (size > *most)
    return done(refuse(RefusalCode::not_found, "The newest signed checkpoint is over " +
                                                   std::to_string(*most) + " leaves."));
  std::vector<ProofWish> wishes;
  for (const std::uint64_t each : from) wishes.push_back({what, each, size});
  services.reader.read_proofs(caller.origin(), std::move(wishes),
                              [done = std::move(done)](auto paths) {
                                if (!paths) return done(paths.error());
                                done(wire::Proofs{std::move(*paths)});
                              });
}

}  // namespace

void read_tile(const Services& services, const domain::Caller& caller,
               const journal::TileAddress& tile, Answer<Bytes> done) {
  const bool has_leaves = tile.kind == journal::TileKind::entries;
  if (auto may =
          authorize(services, caller,
                    has_leaves ? domain::Action::leaves_read : domain::Action::checkpoint_read);
      !may)
    return done(may.error());
  const Result<std::uint64_t> size = signed_size(services);
  if (!size) return done(size.error());
  if (!journal::tile_exists(tile, *size))
    return done(refuse(RefusalCode::not_found, "The newest signed checkpoint is over " +
                                                   std::to_string(*size) +
                                                   " leaves; that tile lies beyond."));
  const std::uint32_t leaves = has_leaves ? tile.width : 0;
  services.reader.read_tile(
      caller.origin(), *size, tile,
      [origin = caller.origin(), first = tile.index * journal::tile_width, leaves,
       accesses = services.accesses, done = std::move(done)](Result<Bytes> found) {
        if (accesses && found && leaves > 0) accesses->note_leaves(origin, first, leaves);
        done(std::move(found));
      });
}

void prove_consistency(const Services& services, const domain::Caller& caller,
                       const wire::ProofConsistency& request, Answer<wire::Proofs> done) {
  read_proofs(services, caller, ProofWish::What::consistency, request.old_sizes, request.size,
              std::move(done));
}

void prove_inclusion(const Services& services, const domain::Caller& caller,
                     const wire::ProofInclusion& request, Answer<wire::Proofs> done) {
  read_proofs(services, caller, ProofWish::What::inclusion, request.indexes, request.size,
              std::move(done));
}

}  // namespace oberih::application
