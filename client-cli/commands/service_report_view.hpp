// SPDX-License-Identifier: Apache-2.0
// What a proof of service proves, in words for a judge and as JSON. Says no more than is proven.
#pragma once

#include "client-cli/output/console.hpp"
#include "protocol/evidence/service_proof.hpp"

namespace oberih::client {

void print_service_report(Console& console, const evidence::ServiceReport& report);

}  // namespace oberih::client
