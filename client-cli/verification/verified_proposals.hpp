// SPDX-License-Identifier: Apache-2.0
// Proposals as this device has verified them: each signed by its author, each approval by its
// approver, keys from the verified directory alone. What does not verify is kept as evidence and
// never shown.
#pragma once

#include <filesystem>

#include "protocol/sealing/proposal_rules.hpp"
#include "protocol/wire/replies.hpp"

namespace oberih::client {

class VerifiedProposals {
 public:
  VerifiedProposals(const sealing::Directory& directory, std::filesystem::path profile_folder)
      : directory_(directory), profile_folder_(std::move(profile_folder)) {}

  /// In journal order. Refusal: verification_failed.
  Result<> add(const wire::DirectoryLeaf& leaf);
  const sealing::ProposalBook& book() const { return book_; }

 private:
  Result<> verify(const sealing::ParsedProposalBody& body) const;
  Result<> verify_approval(const sealing::ProposalApproval& approval) const;

  const sealing::Directory& directory_;
  std::filesystem::path profile_folder_;
  sealing::ProposalBook book_;
};

}  // namespace oberih::client
