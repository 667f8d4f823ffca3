// SPDX-License-Identifier: Apache-2.0
// directory.read: the directory whole, page by page, for every certified device.
#pragma once

#include "protocol/wire/requests.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

void read_directory(const Services& services, const domain::Caller& caller,
                    const wire::DirectoryRead& request, Answer<wire::DirectoryPage> done);

}  // namespace oberih::application
