// SPDX-License-Identifier: Apache-2.0
// attachment.begin, put, keep, status, get: permission and whatever needs no storage are judged
// here; the desk does the rest. Members of the channel alone, as it is when they ask.
#pragma once

#include "protocol/wire/attachments.hpp"
#include "server/application/services.hpp"

namespace oberih::application {

void begin_attachment(const Services& services, const domain::Caller& caller,
                      const wire::AttachmentBegin& request, Answer<wire::AttachmentProgress> done);
void put_attachment(const Services& services, const domain::Caller& caller,
                    const wire::AttachmentPut& request, Answer<wire::AttachmentProgress> done);
void keep_attachment(const Services& services, const domain::Caller& caller,
                     const wire::AttachmentKeep& request, Answer<wire::AttachmentProgress> done);
void read_attachment_state(const Services& services, const domain::Caller& caller,
                           const wire::AttachmentStatus& request,
                           Answer<wire::AttachmentState> done);
void get_attachment(const Services& services, const domain::Caller& caller,
                    const wire::AttachmentGet& request, Answer<wire::AttachmentChunk> done);

}  // namespace oberih::application
