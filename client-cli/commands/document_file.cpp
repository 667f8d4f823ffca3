// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/document_file.hpp"

#include "client-cli/keyring/private_file.hpp"

namespace oberih::client {

Result<> write_document(const std::filesystem::path& file, ByteView content) {
  Result<> written = create_file(file, content, FileAccess::owner_only);
  if (!written) return refuse(RefusalCode::usage, written.error().detail);
  return {};
}

Result<std::string> read_foreign_file(const std::string& path, std::size_t bytes_at_most) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status))
    return refuse(RefusalCode::usage, path + ": there is no such file");
  // A pipe or a device has no size and may never end.
  if (!std::filesystem::is_regular_file(status))
    return refuse(RefusalCode::docket_invalid, path + ": it is no plain file");
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (!error && size > bytes_at_most)
    return refuse(RefusalCode::docket_invalid, path + ": it has " + std::to_string(size) +
                                                   " bytes; at most " +
                                                   std::to_string(bytes_at_most) + " are read");
  Result<Bytes> content = read_whole_file(path, bytes_at_most);
  if (!content) return refuse(RefusalCode::usage, content.error().detail);
  return std::string(as_text(*content));
}

}  // namespace oberih::client
