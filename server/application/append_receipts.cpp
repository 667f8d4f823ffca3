// SPDX-License-Identifier: Apache-2.0
#include "server/application/append_receipts.hpp"

#include "protocol/sealing/receipt_rules.hpp"

namespace oberih::application {
namespace {

using SignedReceipts = std::vector<sealing::SignedReceipt>;

class ReceiptUnit final : public Unit {
 public:
  ReceiptUnit(const Origin& origin, SignedReceipts receipts, Answer<wire::ReceiptsAppended> done)
      : Unit(origin), receipts_(std::move(receipts)), done_(std::move(done)) {}

  std::size_t size_bytes() const override { return receipts_.size() * 512; }

  Result<wire::Appended> judge(BatchView& batch) override {
    std::vector<std::optional<wire::Appended>> known;
    for (const sealing::SignedReceipt& each : receipts_) {
      Result<std::optional<wire::Appended>> judged = judge_one(batch, each.receipt);
      if (!judged) return judged.error();
      known.push_back(*judged);
    }
    appended_.receipts.clear();
    for (std::size_t i = 0; i < receipts_.size(); ++i)
      appended_.receipts.push_back(known[i] ? *known[i] : batch.stage_receipt(receipts_[i]));
    return appended_.receipts.back();
  }

  void answer(Result<wire::Appended> outcome) override {
    if (!outcome) return done_(outcome.error());
    done_(std::move(appended_));
  }

 private:
  /// The answer of one that stands already: sent again because the answer was lost.
  static Result<std::optional<wire::Appended>> judge_one(BatchView& batch,
                                                         const sealing::Receipt& receipt) {
    const ReceiptHead last = batch.load_receipt(receipt.channel, receipt.device, receipt.step);
    if (last.receipt == receipt) return std::optional(last.appended);
    const sealing::ChannelState& state = batch.channel(receipt.channel);
    OBERIH_TRY(sealing::judge_receipt(state, batch.directory(), batch.place_in(state), receipt,
                                      last.receipt.channel_seq,
                                      batch.leaf_hashes(receipt.channel)));
    const bool is_asked_for =
        batch.asks_at_once(receipt.channel, last.receipt.channel_seq, receipt.channel_seq);
    if (last.receipt.channel_seq != 0 && !is_asked_for &&
        batch.server_ms() < last.appended.server_ms + sealing::receipt_pause_ms)
      return refuse(RefusalCode::receipt_too_soon);
    return std::optional<wire::Appended>();
  }

  SignedReceipts receipts_;
  wire::ReceiptsAppended appended_;
  Answer<wire::ReceiptsAppended> done_;
};

Result<SignedReceipts> parse(const wire::ReceiptAppend& request) {
  SignedReceipts receipts;
  for (const Bytes& body : request.bodies) {
    Result<sealing::SignedReceipt> parsed = sealing::parse_receipt_body(body);
    if (!parsed) return parsed.error();
    for (const sealing::SignedReceipt& other : receipts)
      if (other.receipt.channel != parsed->receipt.channel ||
          other.receipt.step == parsed->receipt.step)
        return refuse(RefusalCode::malformed_object,
                      "receipts of several channels, or of one step twice");
    receipts.push_back(*parsed);
  }
  return receipts;
}

Result<void> check_before_queue(const Services& services, const domain::Caller& caller,
                                const SignedReceipts& receipts) {
  for (const sealing::SignedReceipt& each : receipts)
    if (each.receipt.device != caller.device)
      return refuse(RefusalCode::forbidden, "a receipt is sent by its device");
  OBERIH_TRY(authorize(services, caller, domain::Action::receipt_append,
                       {receipts.front().receipt.channel, {}}));
  const DirectoryPointer directory = services.view.directory();
  const sealing::Device* device = directory->find_device(caller.device);
  if (device == nullptr) return refuse(RefusalCode::unknown_device);
  for (const sealing::SignedReceipt& each : receipts)
    if (!sealing::verify_receipt_signature(each, device->certificate.signature_key))
      return refuse(RefusalCode::bad_signature);
  return {};
}

}  // namespace

void append_receipts(const Services& services, const domain::Caller& caller,
                     const wire::ReceiptAppend& request, Answer<wire::ReceiptsAppended> done) {
  Result<SignedReceipts> receipts = parse(request);
  if (!receipts) return done(receipts.error());
  if (auto checked = check_before_queue(services, caller, *receipts); !checked)
    return done(checked.error());
  services.recorder.submit(
      std::make_unique<ReceiptUnit>(caller.origin(), std::move(*receipts), std::move(done)));
}

}  // namespace oberih::application
