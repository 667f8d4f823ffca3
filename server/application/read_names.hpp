// SPDX-License-Identifier: Apache-2.0
// directory.names: name cards, as far as name_visibility shows them to the caller. Devices whose
// names are hidden and devices without a card are left out alike.
#pragma once

#include "protocol/wire/requests.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

/// Without a list: the first 1,024 devices that the caller may see. A reply is bounded by
/// page_bytes.
void read_names(const Services& services, const domain::Caller& caller,
                const wire::DirectoryNames& request, Answer<wire::NameCards> done);

}  // namespace oberih::application
