// SPDX-License-Identifier: Apache-2.0
#include "server/application/read_receipts.hpp"

namespace oberih::application {

void read_receipts(const Services& services, const domain::Caller& caller,
                   const wire::ReceiptRead& request, Answer<wire::ReceiptPage> done) {
  if (auto may = authorize(services, caller, domain::Action::receipt_read, {request.channel, {}});
      !may)
    return done(may.error());
  services.reader.read_receipts(caller.origin(), request.channel, request.channel_seq,
                                request.after_device, std::move(done));
}

}  // namespace oberih::application
