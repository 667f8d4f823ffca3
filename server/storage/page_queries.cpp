// SPDX-License-Identifier: Apache-2.0
#include "server/storage/page_queries.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <iterator>

#include "protocol/base/limits.hpp"
#include "server/storage/sql_text.hpp"

namespace oberih::storage {
namespace {

// Beyond bigint there is nothing.
long long sequence_to_sql(std::uint64_t number) {
  return static_cast<long long>(std::min<std::uint64_t>(number, INT64_MAX));
}

// Whoever asks for a thousand items gets as many as page_bytes hold, often a seventh of them: a
// statement looks up no more than this, and only where they all fit asks another for the rest.
constexpr std::uint32_t rows_at_once = 160;

// `measured` adds up what the items so far weigh as base64url with their keys, from the end where
// the page begins. Sub-selects rather than joins: the plan must stay "look up by index" at any
// table size, and rows that do not fit are never read from TOAST. OFFSET 0 keeps each of them from
// being looked up twice.
std::string channel_sql(std::string_view order) {
  std::string text = R"sql(
SELECT newest, directory_count, coalesce(journal_index, -1), coalesce(encode(leaf, 'hex'), ''),
       coalesce(encode(ciphertext, 'hex'), '-'), coalesce(encode(wraps, 'hex'), ''),
       coalesce(encode(prev_box, 'hex'), ''), coalesce(channel_seq, 0), coalesce(weight, 0)
  FROM (SELECT coalesce((SELECT channel_seq FROM journal WHERE channel_seq > 0
                          AND channel_id = decode(:channel, 'hex')
                          ORDER BY channel_seq DESC LIMIT 1), 0) AS newest,
               (SELECT directory_count FROM journal_head) AS directory_count) AS ends
  LEFT JOIN (
    SELECT *, row_number() OVER sequence AS place,
           sum((octet_length(leaf) + coalesce(octet_length(ciphertext), 0)
                + coalesce(octet_length(wraps) + octet_length(prev_box), 0)) * 4 / 3 + 100)
             OVER sequence AS weight
      FROM (SELECT journal_index, channel_seq, leaf,
                   (SELECT ciphertext FROM ciphertext AS c
                     WHERE c.journal_index = page.journal_index AND kind = 5) AS ciphertext,
                   (SELECT wraps FROM epoch_wraps AS w
                     WHERE w.journal_index = page.journal_index AND kind = 4) AS wraps,
                   (SELECT prev_box FROM epoch_wraps AS w
                     WHERE w.journal_index = page.journal_index AND kind = 4) AS prev_box
              FROM (SELECT * FROM journal WHERE channel_seq > 0
                       AND channel_id = decode(:channel2, 'hex') AND channel_seq > :after
                       AND channel_seq < :before
                     ORDER BY channel_seq $ORDER LIMIT :limit) AS page OFFSET 0) AS items
    WINDOW sequence AS (ORDER BY channel_seq $ORDER)) AS measured
  ON (place = 1 AND cast(:is_first as bigint) = 1) OR weight <= cast(:room as bigint)
  ORDER BY channel_seq)sql";
  for (std::size_t at; (at = text.find("$ORDER")) != std::string::npos;) text.replace(at, 6, order);
  return text;
}

}  // namespace

class PageQueries::ChannelPage {
 public:
  ChannelPage(std::shared_ptr<soci::session> connection, PageEnd end)
      : end_(end),
        connection_(std::move(connection)),
        statement_((connection_->prepare << channel_sql(end == PageEnd::newest ? "DESC" : "ASC"),
                    soci::use(channel_), soci::use(channel_), soci::use(after_), soci::use(before_),
                    soci::use(limit_), soci::use(is_first_), soci::use(room_), soci::into(newest_),
                    soci::into(directory_count_), soci::into(index_), soci::into(leaf_),
                    soci::into(ciphertext_), soci::into(wraps_), soci::into(prev_box_),
                    soci::into(sequence_), soci::into(weight_))) {}

  wire::ItemPage load(const ChannelId& channel, std::uint64_t after_seq, std::uint32_t limit) {
    channel_ = to_hex(channel.view());
    after_ = sequence_to_sql(after_seq);
    before_ = INT64_MAX;
    room_ = limits::page_bytes;
    wire::ItemPage page = load_part(std::min(limit, rows_at_once));
    // All fitted: there may be more, and about so many of them fit, too.
    while (page.items.size() < limit && parts_rows_ == limit_ && parts_weight_ > 0) {
      const auto fitting = static_cast<std::uint32_t>(room_ * parts_rows_ / parts_weight_) + 1;
      append(page, load_part(std::min({limit - static_cast<std::uint32_t>(page.items.size()),
                                       fitting, rows_at_once})));
    }
    return page;
  }

 private:
  /// What comes next within the room that is left; and less room then.
  wire::ItemPage load_part(std::uint32_t limit) {
    limit_ = limit;
    is_first_ = room_ == limits::page_bytes ? 1 : 0;
    parts_rows_ = parts_weight_ = 0;
    wire::ItemPage part;
    statement_.execute();
    while (statement_.fetch()) {
      part.newest_seq = from_sql(newest_);
      part.directory_count = from_sql(directory_count_);
      if (index_ < 0) continue;
      part.items.push_back(take_item());
      parts_rows_ += 1;
      parts_weight_ = std::max(parts_weight_, weight_);
      if (end_ == PageEnd::oldest)
        after_ = sequence_;
      else
        before_ = std::min(before_, sequence_);
    }
    room_ -= parts_weight_;
    return part;
  }

  /// A part is a snapshot of its own: what the page says of the channel goes with its newest item.
  void append(wire::ItemPage& page, wire::ItemPage part) const {
    auto& items = part.items;
    if (end_ == PageEnd::oldest) {
      page.newest_seq = part.newest_seq;
      page.directory_count = part.directory_count;
    }
    page.items.insert(end_ == PageEnd::oldest ? page.items.end() : page.items.begin(),
                      std::make_move_iterator(items.begin()), std::make_move_iterator(items.end()));
  }

  wire::ChannelItem take_item() const {
    wire::ChannelItem item;
    item.index = from_sql(index_);
    item.leaf = bytes_from_hex(leaf_);
    if (ciphertext_ != "-") item.ciphertext = bytes_from_hex(ciphertext_);
    item.wraps = bytes_from_hex(wraps_);
    item.prev_box = bytes_from_hex(prev_box_);
    return item;
  }

  const PageEnd end_;
  std::shared_ptr<soci::session> connection_;  // outlives the statement
  std::string channel_, leaf_, ciphertext_, wraps_, prev_box_;
  long long after_ = 0, before_ = 0, limit_ = 0, is_first_ = 0, room_ = 0;
  long long newest_ = 0, directory_count_ = 0, index_ = 0, sequence_ = 0, weight_ = 0;
  long long parts_rows_ = 0, parts_weight_ = 0;  // of the newest part
  soci::statement statement_;                    // last: it refers to all of the above
};

namespace {

// Planned once: planning took half as long as reading. Without knowing LIMIT and the channel the
// planner would sort the whole channel, so it is left the index only.
DatabaseSession& with_one_plan(DatabaseSession& session) {
  session.run_script(
      "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; "
      "SET enable_bitmapscan = off");
  return session;
}

}  // namespace

PageQueries::PageQueries(DatabaseSession& session)
    : session_(with_one_plan(session)),
      from_oldest_(std::make_unique<ChannelPage>(session.connection(), PageEnd::oldest)),
      from_newest_(std::make_unique<ChannelPage>(session.connection(), PageEnd::newest)) {}

PageQueries::~PageQueries() = default;

wire::ItemPage PageQueries::load_channel(const ChannelId& channel, std::uint64_t after_seq,
                                         std::uint32_t limit, PageEnd end) {
  ChannelPage& page = end == PageEnd::newest ? *from_newest_ : *from_oldest_;
  return page.load(channel, after_seq, limit);
}

// The directory is the chain of the zero channel id.
wire::DirectoryPage PageQueries::load_directory(std::uint64_t after_count, std::uint32_t limit) {
  wire::ItemPage items = from_oldest_->load(ChannelId{}, after_count, limit);
  wire::DirectoryPage page;
  page.directory_count = items.directory_count;
  for (wire::ChannelItem& item : items.items)
    page.leaves.push_back({item.index, std::move(item.leaf)});
  return page;
}

wire::NameCards PageQueries::load_name_cards(const std::vector<DeviceId>& devices) {
  ArrayLiteral wanted;
  for (const DeviceId& device : devices) wanted.add(device.view());
  std::string wanted_array = wanted.close(), device, salt, name, languages;
  soci::statement statement =
      (session_.sql().prepare
           << "SELECT encode(device, 'hex'), encode(salt, 'hex'), name, languages FROM name_card "
              "WHERE device IN (SELECT decode(a, 'hex') FROM unnest(cast(:devices as text[])) AS "
              "wanted (a)) ORDER BY device",
       soci::use(wanted_array), soci::into(device), soci::into(salt), soci::into(name),
       soci::into(languages));
  statement.execute();
  wire::NameCards found;
  while (statement.fetch())
    found.cards.push_back(
        {fixed_from_hex<DeviceId>(device), fixed_from_hex<NameSalt>(salt), name, languages});
  return found;
}

wire::FoundEntries PageQueries::find_entries(const DeviceId& sender, const ChannelId& channel,
                                             const std::vector<MessageId>& ids) {
  ArrayLiteral wanted;
  for (const MessageId& id : ids) wanted.add(id.view());
  std::string wanted_array = wanted.close(), message_id, message_hash, leaf_hash;
  std::string sender_hex = to_hex(sender.view()), channel_hex = to_hex(channel.view());
  long long index = 0, channel_seq = 0, server_ms = 0;
  soci::statement statement =
      (session_.sql().prepare
           << "SELECT encode(message_id, 'hex'), encode(message_hash, 'hex'), journal_index, "
              "journal.channel_seq, encode(leaf_hash, 'hex'), server_ms "
              "FROM entry JOIN journal USING (journal_index) "
              "WHERE sender_device = decode(:sender, 'hex') "
              "AND entry.channel_id = decode(:channel, 'hex') AND message_id IN "
              "(SELECT decode(a, 'hex') FROM unnest(cast(:ids as text[])) AS wanted (a)) "
              "ORDER BY journal_index",
       soci::use(sender_hex), soci::use(channel_hex), soci::use(wanted_array),
       soci::into(message_id), soci::into(message_hash), soci::into(index), soci::into(channel_seq),
       soci::into(leaf_hash), soci::into(server_ms));
  statement.execute();
  wire::FoundEntries found;
  while (statement.fetch())
    found.entries.push_back({fixed_from_hex<MessageId>(message_id),
                             fixed_from_hex<Digest>(message_hash),
                             {from_sql(index), from_sql(channel_seq),
                              fixed_from_hex<Digest>(leaf_hash), from_sql(server_ms)}});
  return found;
}

}  // namespace oberih::storage
