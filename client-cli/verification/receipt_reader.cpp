// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/receipt_reader.hpp"

#include "client-cli/verification/evidence.hpp"

namespace oberih::client {
namespace {

Refusal not_verified(std::string why) {
  return refuse(RefusalCode::verification_failed, std::move(why));
}

Result<sealing::SignedReceipt> parse(const journal::Leaf& leaf, const ChannelId& channel) {
  if (leaf.kind != journal::LeafKind::access || leaf.channel_id != channel ||
      leaf.channel_seq != 0 || !leaf.prev_leaf.is_zero())
    return not_verified("it is no receipt of this channel");
  Result<sealing::SignedReceipt> body = sealing::parse_receipt_body(leaf.body);
  if (body && body->receipt.channel != channel)
    return not_verified("it is of another channel than its leaf");
  return body;
}

}  // namespace

Result<VerifiedReceipt> ReceiptReader::verify(VerifiedChannel& channel,
                                              const wire::DirectoryLeaf& stored,
                                              std::uint64_t channel_seq) {
  Result<journal::Leaf> leaf = journal::parse_leaf(stored.leaf);
  if (!leaf) return leaf.error();
  Result<sealing::SignedReceipt> body = parse(*leaf, channel.id());
  if (!body) return body.error();
  const sealing::Receipt& receipt = body->receipt;
  const sealing::Device* device = session_.directory().find_device(receipt.device);
  if (device == nullptr) return refuse(RefusalCode::unknown_device);
  if (!sealing::verify_receipt_signature(*body, device->certificate.signature_key))
    return refuse(RefusalCode::bad_signature);
  const sealing::Standing standing =
      session_.directory().standing(receipt.device, stored.index, leaf->server_ms);
  if (standing != sealing::Standing::active) return sealing::refusal_of(standing);
  if (receipt.channel_seq < channel_seq) return not_verified("it does not reach the entry");
  if (receipt.channel_seq > channel.state().newest_seq()) OBERIH_TRY(session_.pull(channel));
  // A device that was shown another channel says so here.
  if (session_.store().channels().leaf_hash_at(channel.id(), receipt.channel_seq) !=
      receipt.leaf_hash)
    return not_verified("its device was shown another leaf of the channel at that place");
  return VerifiedReceipt{receipt, stored.index, leaf->server_ms, false};
}

Result<std::vector<VerifiedReceipt>> ReceiptReader::read(VerifiedChannel& channel,
                                                         std::uint64_t channel_seq) {
  std::vector<VerifiedReceipt> receipts;
  std::vector<PlacedLeaf> leaves;
  wire::ReceiptRead request{channel.id(), channel_seq, {}};
  for (bool more = true; more;) {
    Result<wire::ReceiptPage> page = session_.ask(request);
    if (!page) return page.error();
    OBERIH_TRY(session_.read_directory(page->directory_count));
    for (const wire::DirectoryLeaf& leaf : page->leaves) {
      Result<VerifiedReceipt> verified = verify(channel, leaf, channel_seq);
      if (!verified && is_passing(verified.error())) return verified.error();
      if (!verified)
        return keep_evidence(
            session_.profile().folder, "leaf " + std::to_string(leaf.index) + " of the journal",
            std::string(refusal_row(verified.error().code).name) + ", " + verified.error().detail,
            {{"leaf", leaf.leaf}});
      receipts.push_back(*verified);
      leaves.push_back({leaf.index, journal::leaf_hash(leaf.leaf)});
    }
    // Ascending, so that a server cannot keep us asking for ever.
    more = page->more && page->last_device > request.after_device;
    request.after_device = page->last_device;
  }
  Result<std::uint64_t> proven = session_.prove(leaves);
  if (!proven) return proven.error();
  for (VerifiedReceipt& receipt : receipts) receipt.is_proven = receipt.index < *proven;
  return receipts;
}

}  // namespace oberih::client
