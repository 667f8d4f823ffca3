// SPDX-License-Identifier: Apache-2.0
// Fetches an attachment and believes none of it: the reference in the entry is checked first, then
// the manifest, then every chunk, and only what verified is handed on.
#pragma once

#include "client-cli/verification/attachment_upload.hpp"

namespace oberih::client {

/// `take` gets the file's bytes in order. Refusals: attachment_invalid (with the chunk),
/// attachment_incomplete, not_found, what `take` refuses.
Result<> fetch_attachment(ClientSession& session, const ChannelId& channel,
                          const sealing::Attachment& attachment,
                          const std::function<Result<>(ByteView)>& take,
                          const AttachmentProgressNotice& notice);

}  // namespace oberih::client
