// SPDX-License-Identifier: Apache-2.0
// receipt.append: how far a device has received a channel, and how far its person was shown it.
// All of a request stand, or none.
#pragma once

#include "protocol/wire/receipts.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

/// Refusals: those of judge_receipt; receipt_too_soon, forbidden (of another device),
/// malformed_object (of several channels, a step twice), bad_signature.
void append_receipts(const Services& services, const domain::Caller& caller,
                     const wire::ReceiptAppend& request, Answer<wire::ReceiptsAppended> done);

}  // namespace oberih::application
