// SPDX-License-Identifier: Apache-2.0
#include "server/storage/attachment_catalogue.hpp"

#include <soci/soci.h>

#include "server/storage/full_disk.hpp"
#include "server/storage/migrations.hpp"
#include "server/storage/sql_text.hpp"

namespace oberih::storage {

using application::AttachmentRow;
using sealing::ContentId;

PostgresAttachmentCatalogue::PostgresAttachmentCatalogue(const DatabaseSettings& settings,
                                                         DatabaseRole role, ChunkPlace place)
    : session_(settings, role), place_(place) {
  require_schema(session_);
}

std::optional<AttachmentRow> PostgresAttachmentCatalogue::find(const ContentId& content) {
  return session_.read([&]() -> std::optional<AttachmentRow> {
    std::string id = to_hex(content.view()), channel, agency, device, commitment;
    long long padded = 0, begun = 0;
    int received = 0, is_complete = 0, is_kept = 0, in_directory = 0;
    session_.sql() << "SELECT encode(channel_id, 'hex'), encode(agency, 'hex'), "
                      "encode(device, 'hex'), padded_bytes, encode(commitment, 'hex'), begun_ms, "
                      "received, cast(is_complete as int), cast(is_kept as int), "
                      "cast(in_directory as int) "
                      "FROM attachment WHERE content = decode(:content, 'hex')",
        soci::use(id), soci::into(channel), soci::into(agency), soci::into(device),
        soci::into(padded), soci::into(commitment), soci::into(begun), soci::into(received),
        soci::into(is_complete), soci::into(is_kept), soci::into(in_directory);
    if (!session_.sql().got_data()) return std::nullopt;
    AttachmentRow row;
    row.content = content;
    row.channel = fixed_from_hex<ChannelId>(channel);
    row.agency = fixed_from_hex<AgencyId>(agency);
    row.device = fixed_from_hex<DeviceId>(device);
    row.padded_bytes = static_cast<std::uint64_t>(padded);
    row.commitment = fixed_from_hex<Digest>(commitment);
    row.begun_ms = static_cast<Milliseconds>(begun);
    row.received = static_cast<std::uint32_t>(received);
    row.is_complete = is_complete != 0;
    row.is_kept = is_kept != 0;
    row.is_elsewhere = (in_directory != 0) != (place_ == ChunkPlace::directory);
    return row;
  });
}

void PostgresAttachmentCatalogue::insert(const AttachmentRow& row, const Bytes& chunk_hashes) {
  std::string content = to_hex(row.content.view()), channel = to_hex(row.channel.view());
  std::string agency = to_hex(row.agency.view()), device = to_hex(row.device.view());
  std::string commitment = to_hex(row.commitment.view()), hashes = to_hex(chunk_hashes);
  std::string in_directory = place_ == ChunkPlace::directory ? "true" : "false";
  auto padded = static_cast<long long>(row.padded_bytes);
  auto begun = static_cast<long long>(row.begun_ms);
  run_or_say_full(session_, [&] {
    session_.sql() << "INSERT INTO attachment (content, channel_id, agency, device, padded_bytes, "
                      "commitment, chunk_hashes, begun_ms, received, is_complete, is_kept, "
                      "in_directory) VALUES (decode(:content, 'hex'), decode(:channel, 'hex'), "
                      "decode(:agency, 'hex'), decode(:device, 'hex'), :padded, "
                      "decode(:commitment, 'hex'), decode(:hashes, 'hex'), :begun, 0, false, "
                      "false, cast(:place as boolean)) ON CONFLICT (content) DO NOTHING",
        soci::use(content), soci::use(channel), soci::use(agency), soci::use(device),
        soci::use(padded), soci::use(commitment), soci::use(hashes), soci::use(begun),
        soci::use(in_directory);
  });
}

Bytes PostgresAttachmentCatalogue::load_hashes(const ContentId& content) {
  return session_.read([&] {
    std::string id = to_hex(content.view()), hashes;
    session_.sql() << "SELECT encode(chunk_hashes, 'hex') FROM attachment "
                      "WHERE content = decode(:content, 'hex')",
        soci::use(id), soci::into(hashes);
    return bytes_from_hex(hashes);
  });
}

Digest PostgresAttachmentCatalogue::load_hash(const ContentId& content, std::uint32_t number) {
  return session_.read([&] {
    std::string id = to_hex(content.view()), hash;
    int place = static_cast<int>(number * Digest::size + 1);  // SQL counts from 1
    session_.sql() << "SELECT encode(substring(chunk_hashes FROM :place FOR 32), 'hex') "
                      "FROM attachment WHERE content = decode(:content, 'hex')",
        soci::use(place), soci::use(id), soci::into(hash);
    return fixed_from_hex<Digest>(hash);
  });
}

void PostgresAttachmentCatalogue::update(const AttachmentRow& row) {
  std::string content = to_hex(row.content.view());
  std::string is_complete = row.is_complete ? "true" : "false";
  std::string is_kept = row.is_kept ? "true" : "false";
  int received = static_cast<int>(row.received);
  run_or_say_full(session_, [&] {
    session_.sql() << "UPDATE attachment SET received = :received, "
                      "is_complete = cast(:complete as boolean), is_kept = cast(:kept as boolean) "
                      "WHERE content = decode(:content, 'hex')",
        soci::use(received), soci::use(is_complete), soci::use(is_kept), soci::use(content);
  });
}

void PostgresAttachmentCatalogue::remove(const ContentId& content) {
  std::string id = to_hex(content.view());
  session_.read([&] {
    session_.sql() << "DELETE FROM attachment WHERE content = decode(:content, 'hex')",
        soci::use(id);
  });
}

std::uint64_t PostgresAttachmentCatalogue::used_bytes(const AgencyId& agency) {
  return session_.read([&] {
    std::string id = to_hex(agency.view());
    long long used = 0;
    session_.sql() << "SELECT cast(coalesce(sum(padded_bytes + 16 * ((padded_bytes + 131071) / "
                      "131072)), 0) as bigint) FROM attachment WHERE agency = decode(:id, 'hex')",
        soci::use(id), soci::into(used);
    return static_cast<std::uint64_t>(used);
  });
}

std::uint32_t PostgresAttachmentCatalogue::count_incomplete(const DeviceId& device) {
  return session_.read([&] {
    std::string id = to_hex(device.view());
    int count = 0;
    session_.sql() << "SELECT cast(count(*) as int) FROM attachment WHERE NOT is_kept "
                      "AND NOT is_complete AND device = decode(:id, 'hex')",
        soci::use(id), soci::into(count);
    return static_cast<std::uint32_t>(count);
  });
}

std::vector<ContentId> PostgresAttachmentCatalogue::list_lapsed(Milliseconds begun_before_ms,
                                                                std::uint32_t limit) {
  return session_.read([&] {
    auto before = static_cast<long long>(begun_before_ms);
    int most = static_cast<int>(limit);
    std::string content;
    soci::statement statement =
        (session_.sql().prepare << "SELECT encode(content, 'hex') FROM attachment "
                                   "WHERE NOT is_kept AND begun_ms < :before "
                                   "ORDER BY begun_ms LIMIT :most",
         soci::use(before), soci::use(most), soci::into(content));
    statement.execute();
    std::vector<ContentId> found;
    while (statement.fetch()) found.push_back(fixed_from_hex<ContentId>(content));
    return found;
  });
}

std::vector<ContentId> PostgresAttachmentCatalogue::list_after(const ContentId& after,
                                                               std::uint32_t limit) {
  return session_.read([&] {
    std::string first = to_hex(after.view()), content;
    int most = static_cast<int>(limit);
    soci::statement statement =
        (session_.sql().prepare << "SELECT encode(content, 'hex') FROM attachment "
                                   "WHERE content > decode(:after, 'hex') "
                                   "ORDER BY content LIMIT :most",
         soci::use(first), soci::use(most), soci::into(content));
    statement.execute();
    std::vector<ContentId> found;
    while (statement.fetch()) found.push_back(fixed_from_hex<ContentId>(content));
    return found;
  });
}

std::uint64_t PostgresAttachmentCatalogue::count_elsewhere() {
  return session_.read([&] {
    std::string other = place_ == ChunkPlace::directory ? "false" : "true";
    long long count = 0;
    session_.sql() << "SELECT count(*) FROM attachment WHERE in_directory = cast(:o as boolean)",
        soci::use(other), soci::into(count);
    return static_cast<std::uint64_t>(count);
  });
}

}  // namespace oberih::storage
