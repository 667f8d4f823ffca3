// SPDX-License-Identifier: Apache-2.0
// receipt.read: for every member of the channel, also after its close.
#pragma once

#include "protocol/wire/receipts.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

void read_receipts(const Services& services, const domain::Caller& caller,
                   const wire::ReceiptRead& request, Answer<wire::ReceiptPage> done);

}  // namespace oberih::application
