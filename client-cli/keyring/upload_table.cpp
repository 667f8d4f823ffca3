// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/upload_table.hpp"

#include "protocol/base/byte_writer.hpp"
#include "protocol/crypto/digest.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t stored_bytes = 32 + 32;

Digest row_name(const ChannelId& channel, const std::filesystem::path& file) {
  ByteWriter writer;
  writer.raw(channel).vec(std::filesystem::absolute(file).lexically_normal().string());
  return crypto::labelled_hash("upload", writer.bytes());
}

}  // namespace

std::optional<StoredUpload> UploadTable::find(const ChannelId& channel,
                                              const std::filesystem::path& file) {
  const Digest name = row_name(channel, file);
  Statement statement = database_.prepare("SELECT sealed FROM upload WHERE name = ?");
  statement.bind(name);
  if (!statement.step()) return std::nullopt;
  const SecretBuffer value = seal_.open("upload", name.view(), statement.blob(0));
  if (value.size() != stored_bytes)
    throw LocalStoreFailure("the local store: an upload is damaged");
  StoredUpload upload;
  const ByteView key = value.view().first(32);
  std::copy(key.begin(), key.end(), upload.key.writable().begin());
  upload.content = sealing::ContentId::from(value.view().last(32)).value_or(sealing::ContentId{});
  return upload;
}

void UploadTable::put(const ChannelId& channel, const std::filesystem::path& file,
                      const StoredUpload& upload, Milliseconds now_ms) {
  const Digest name = row_name(channel, file);
  SecretBuffer value(stored_bytes);
  const ByteView key = upload.key.view(), content = upload.content.view();
  std::copy(key.begin(), key.end(), value.writable().begin());
  std::copy(content.begin(), content.end(), value.writable().begin() + 32);
  const Bytes sealed = seal_.seal("upload", name.view(), value.view());
  database_.prepare("INSERT OR REPLACE INTO upload VALUES(?, ?, ?, ?)")
      .bind(name)
      .bind(channel)
      .bind(sealed)
      .bind(now_ms)
      .run();
}

void UploadTable::remove(const ChannelId& channel, const std::filesystem::path& file) {
  database_.prepare("DELETE FROM upload WHERE name = ?").bind(row_name(channel, file)).run();
}

void UploadTable::await_keep(const ChannelId& channel, const sealing::ContentId& content) {
  database_.prepare("INSERT OR IGNORE INTO upload_keep VALUES(?, ?)")
      .bind(channel)
      .bind(content)
      .run();
}

void UploadTable::remove_keep(const ChannelId& channel, const sealing::ContentId& content) {
  database_.prepare("DELETE FROM upload_keep WHERE channel = ? AND content = ?")
      .bind(channel)
      .bind(content)
      .run();
}

std::vector<sealing::ContentId> UploadTable::list_keeps(const ChannelId& channel) {
  std::vector<sealing::ContentId> contents;
  Statement statement = database_.prepare("SELECT content FROM upload_keep WHERE channel = ?");
  statement.bind(channel);
  while (statement.step()) contents.push_back(statement.id<sealing::ContentId>(0));
  return contents;
}

}  // namespace oberih::client
