// SPDX-License-Identifier: Apache-2.0
#include "server/storage/receipt_queries.hpp"

#include <soci/soci.h>

#include <algorithm>

#include "server/storage/sql_text.hpp"

namespace oberih::storage {
namespace {

constexpr int devices_of_a_page = 200;  // two receipts each, of half a kilobyte as base64url

// Each device is found from the one before it; a DISTINCT would read every receipt.
std::string receipts_sql(bool newest) {
  const std::string first_or_newest = newest ? "channel_seq > :seq ORDER BY channel_seq DESC"
                                             : "channel_seq >= :seq ORDER BY channel_seq";
  return R"sql(
WITH RECURSIVE known AS (
  (SELECT device, 1 AS place FROM receipt
    WHERE channel_id = decode(:channel, 'hex') AND device > decode(:after, 'hex')
    ORDER BY device LIMIT 1)
  UNION ALL
  SELECT (SELECT r.device FROM receipt AS r
           WHERE r.channel_id = decode(:channel2, 'hex') AND r.device > known.device
           ORDER BY r.device LIMIT 1), place + 1
    FROM known WHERE known.device IS NOT NULL AND place <= )sql" +
         std::to_string(devices_of_a_page) + R"sql()
SELECT place, encode(known.device, 'hex'), coalesce(found.journal_index, -1),
       coalesce(encode(leaf, 'hex'), ''),
       (SELECT directory_count FROM journal_head)
  FROM known CROSS JOIN (VALUES (1), (2)) AS steps (step)
  LEFT JOIN LATERAL (
    SELECT journal_index FROM receipt
     WHERE channel_id = decode(:channel3, 'hex') AND device = known.device
       AND receipt.step = steps.step AND )sql" +
         first_or_newest + R"sql( LIMIT 1) AS found ON true
  LEFT JOIN LATERAL (
    SELECT leaf FROM journal WHERE journal.journal_index = found.journal_index) AS held ON true
 WHERE known.device IS NOT NULL ORDER BY known.device, steps.step)sql";
}

}  // namespace

wire::ReceiptPage ReceiptQueries::load(const ChannelId& channel, std::uint64_t channel_seq,
                                       const DeviceId& after_device) {
  std::string channel_hex = to_hex(channel.view()), after_hex = to_hex(after_device.view()), device,
              leaf;
  long long wanted = static_cast<long long>(std::min<std::uint64_t>(channel_seq, INT64_MAX));
  long long place = 0, index = 0, directory_count = 0;
  soci::statement statement =
      (session_.sql().prepare << receipts_sql(channel_seq == 0), soci::use(channel_hex),
       soci::use(after_hex), soci::use(channel_hex), soci::use(channel_hex), soci::use(wanted),
       soci::into(place), soci::into(device), soci::into(index), soci::into(leaf),
       soci::into(directory_count));
  statement.execute();
  wire::ReceiptPage page;
  while (statement.fetch()) {
    page.directory_count = static_cast<std::uint64_t>(directory_count);
    page.more = place > devices_of_a_page;
    if (page.more) break;
    page.last_device = fixed_from_hex<DeviceId>(device);
    if (index >= 0)
      page.leaves.push_back({static_cast<std::uint64_t>(index), bytes_from_hex(leaf)});
  }
  return page;
}

}  // namespace oberih::storage
