// SPDX-License-Identifier: Apache-2.0
// C2: the journal only ever grows. Every checkpoint must be proven to continue the one before it,
// and the directory, our own leaves and what others quote to lie in the same tree. What is not
// proven is not accepted, whatever reason the server gives.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <span>

#include "client-cli/verification/evidence.hpp"
#include "client-cli/verification/verified_directory.hpp"
#include "protocol/wire/proofs.hpp"

namespace oberih::client {

/// Where proofs are asked for. Refusals not_connected, unavailable and server_busy: not now.
struct ProofSource {
  std::function<Result<wire::Proofs>(const wire::ProofConsistency&)> consistency;
  std::function<Result<wire::Proofs>(const wire::ProofInclusion&)> inclusion;
};

struct PlacedLeaf {
  std::uint64_t index = 0;
  Digest hash;
};

class TreeGuard {
 public:
  TreeGuard(LocalStore& store, VerifiedDirectory& directory, std::filesystem::path profile_folder,
            ProofSource source)
      : store_(store),
        directory_(directory),
        profile_folder_(std::move(profile_folder)),
        source_(std::move(source)) {}

  /// Proves the checkpoint and accepts it, then proves the own leaves that it covers.
  /// INVARIANT: its signature is verified, and the directory reaches its line. verification_failed,
  /// with evidence kept; or what the source says.
  Result<> accept(const journal::Checkpoint& checkpoint, const std::string& note);
  /// Own leaves that the newest accepted checkpoint covers.
  Result<> prove_own_leaves();

  /// That the newest accepted checkpoint continues this one; the same size: has the same root.
  /// INVARIANT: its signature is verified. Refusals as of accept().
  Result<> prove_older(const journal::Checkpoint& checkpoint, const std::string& note);

  /// Leaves of others that the newest accepted checkpoint covers.
  Result<> prove_covered(std::span<const PlacedLeaf> leaves);

  /// Each (log_size, log_root) that an item quotes lies on the tree of the newest accepted
  /// checkpoint; asked once per size. `read_checkpoint` brings the server's newest one, where
  /// somebody quotes more than we have.
  Result<> check_quotes(std::span<const wire::ChannelItem> items,
                        const std::function<Result<>()>& read_checkpoint);

 private:
  struct Quote {
    std::uint64_t size = 0;
    Digest root;
  };
  /// What proofs are held against, with the note that makes it evidence.
  using Head = StoredCheckpoint;

  std::vector<Quote> open_quotes(std::span<const wire::ChannelItem> items);
  bool is_known(const Quote& quote);
  void remember(const Quote& quote);
  Result<> prove_continuation(const Head& older, const Head& newer);
  Result<> prove_directory(const Head& head, std::uint64_t directory_count);
  Result<> prove_leaves(const Head& head, std::span<const PlacedLeaf> leaves,
                        const std::string& what);
  /// The refusal of a proof: passed on where it says nothing of the proof, evidence otherwise.
  Refusal withheld(const Refusal& refusal, const std::string& what, const Head& head) const;
  Refusal accuse(const std::string& what, const std::string& why, const Head& head,
                 std::vector<EvidencePart> parts, const journal::ProofPath& proof) const;

  LocalStore& store_;
  VerifiedDirectory& directory_;
  std::filesystem::path profile_folder_;
  ProofSource source_;
  std::map<std::uint64_t, Digest> known_;  // some of the proven roots: most items quote the same
};

}  // namespace oberih::client
