// SPDX-License-Identifier: Apache-2.0
// The leaves of a batch by which the server speaks for itself, and what auditors ask: they stand
// in no chain.
#include "server/application/batch_view.hpp"

namespace oberih::application {

const std::vector<sealing::PolicyFile>& BatchView::policy_files() const {
  return staged_policy_files_ ? *staged_policy_files_ : working_.policy_files();
}

wire::Appended BatchView::stage_policies(const sealing::PolicyLeaf& leaf) {
  staged_policy_files_ = leaf.files;
  return stage_leaf({journal::LeafKind::administration,
                     server_ms_,
                     {},
                     0,
                     {},
                     sealing::encode_policy_leaf(leaf)});
}

wire::Appended BatchView::stage_anchor(const sealing::AnchorLeaf& leaf) {
  return stage_leaf({journal::LeafKind::timestamp_token,
                     server_ms_,
                     {},
                     0,
                     {},
                     sealing::encode_anchor_leaf(leaf)});
}

wire::Appended BatchView::stage_question(const ChannelId& id,
                                         const sealing::SignedAuditQuestion& question) {
  const ChannelId concerned = channel(id).exists() ? id : ChannelId{};
  return stage_leaf({journal::LeafKind::audit_query,
                     server_ms_,
                     concerned,
                     0,
                     {},
                     sealing::encode_audit_body(question)});
}

wire::Appended BatchView::stage_access(const ChannelId& id, const sealing::AccessLeaf& access) {
  const ChannelId concerned = channel(id).exists() ? id : ChannelId{};
  return stage_leaf({journal::LeafKind::access,
                     server_ms_,
                     concerned,
                     0,
                     {},
                     sealing::encode_access_leaf(access)});
}

wire::Appended BatchView::stage_refusal(const ChannelId& id, const sealing::RefusalLeaf& leaf) {
  const ChannelId concerned = channel(id).exists() ? id : ChannelId{};
  return stage_leaf({journal::LeafKind::refusal,
                     server_ms_,
                     concerned,
                     0,
                     {},
                     sealing::encode_refusal_leaf(leaf)});
}

}  // namespace oberih::application
