// SPDX-License-Identifier: Apache-2.0
#include "protocol/evidence/excerpt_rules.hpp"

#include "protocol/evidence/failed_leaf.hpp"

namespace oberih::evidence {
namespace {

Refusal no_such_export(std::string why) {
  return refuse(RefusalCode::proof_invalid, std::move(why));
}

}  // namespace

Result<> check_excerpt_leaf(const ExportHead& head, std::uint64_t index,
                            const journal::Leaf& leaf) {
  const bool is_of_the_chain = leaf.channel_id == head.query.channel && leaf.channel_seq != 0;
  if (is_of_the_chain || index == head.question_index || journal::is_directory_kind(leaf.kind))
    return {};
  return no_such_export(leaf_in_words(index, &leaf) + ": it belongs to no excerpt of that channel");
}

Result<> check_asker(const ExportHead& head, const DeviceId& asker,
                     const sealing::Directory& directory, const ExportReport& report) {
  const sealing::Device* device = directory.find_device(asker);
  if (device == nullptr) return no_such_export("who asked is no device of the directory");
  if (head.form != ExportForm::excerpt)
    return device->certificate.role == Role::auditor ? Result<>()
                                                     : no_such_export("who asked is no auditor");
  const auto channel = report.channels.find(head.query.channel);
  if (channel == report.channels.end()) return no_such_export("the channel is not in it");
  for (const Stay& stay : channel->second.stays)
    if (stay.device == asker) return {};
  return no_such_export("who asked never sat in the channel");
}

}  // namespace oberih::evidence
