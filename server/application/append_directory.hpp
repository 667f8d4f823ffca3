// SPDX-License-Identifier: Apache-2.0
// directory.append: a certificate, a revocation, a unit or an interval out of service by an
// administrator or supervisor of the agency; and the same without a caller, for leaves that a root
// signed offline and the operator brings.
#pragma once

#include "protocol/wire/requests.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

void append_directory(const Services& services, const domain::Caller& caller,
                      const wire::DirectoryAppend& request, Answer<wire::Appended> done);

/// Without asking who the caller is: the signatures decide. `oberihd init` (genesis) and `oberihd
/// directory append` have no origin.
void append_directory_leaf(Recorder& recorder, const domain::Origin& origin,
                           const wire::DirectoryAppend& request, Answer<wire::Appended> done);

}  // namespace oberih::application
