// SPDX-License-Identifier: Apache-2.0
#include "server/storage/notice_checker.hpp"

#include <algorithm>

#include "protocol/sealing/refusal_leaf.hpp"

namespace oberih::storage {
namespace {

bool is_known_code(std::uint16_t code) {
  return std::ranges::any_of(refusal_table(),
                             [&](const RefusalRow& row) { return row.number == -int{code}; });
}

}  // namespace

void NoticeChecker::check(const journal::Leaf& leaf, std::uint64_t index) {
  if (leaf.kind == journal::LeafKind::administration && leaf.channel_id.is_zero())
    check_policies(leaf, index);
  if (leaf.kind == journal::LeafKind::refusal) check_refusal(leaf, index);
}

void NoticeChecker::check_policies(const journal::Leaf& leaf, std::uint64_t index) {
  const Result<sealing::PolicyLeaf> policies = sealing::parse_policy_leaf(leaf.body);
  if (!policies)
    return report_.add(index, "The policies' hashes cannot be read: " + policies.error().detail);
  if (report_.policies_index && policies->files == report_.policies)
    report_.add(index,
                "The policies' hashes are those that were in force before: a leaf was put "
                "in.");
  report_.policies = policies->files;
  report_.policies_index = index;
}

void NoticeChecker::check_refusal(const journal::Leaf& leaf, std::uint64_t index) {
  const Result<sealing::RefusalLeaf> refusal = sealing::parse_refusal_leaf(leaf.body);
  if (!refusal) return report_.add(index, "The refusal cannot be read: " + refusal.error().detail);
  ++report_.refusals;
  if (directory_.find_device(refusal->device) == nullptr)
    report_.add(index, "The refused device is none of the directory.");
  if (!is_known_code(refusal->code))
    report_.add(index, "The refusal's code " + std::to_string(refusal->code) + " is unknown.");
}

}  // namespace oberih::storage
