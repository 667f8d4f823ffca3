// SPDX-License-Identifier: Apache-2.0
// What a reader thread asks, on its own session: pages of channels and of the directory, name
// cards, outcomes of posts. What an answer says of the whole is of one snapshot, that of its newest
// item; nothing in a journal changes behind it.
#pragma once

#include <memory>
#include <vector>

#include "protocol/wire/replies.hpp"
#include "server/storage/database_session.hpp"

namespace oberih::storage {

enum class PageEnd { oldest, newest };  // from which end of the channel a page is filled

class PageQueries {
 public:
  explicit PageQueries(DatabaseSession& session);
  ~PageQueries();
  PageQueries(const PageQueries&) = delete;
  PageQueries& operator=(const PageQueries&) = delete;

  /// Items after `after_seq`, ascending and without gaps; as many as `limit` and page_bytes allow,
  /// and at least one where there is one. Throws soci::soci_error.
  wire::ItemPage load_channel(const ChannelId& channel, std::uint64_t after_seq,
                              std::uint32_t limit, PageEnd end);
  wire::DirectoryPage load_directory(std::uint64_t after_count, std::uint32_t limit);
  wire::NameCards load_name_cards(const std::vector<DeviceId>& devices);
  wire::FoundEntries find_entries(const DeviceId& sender, const ChannelId& channel,
                                  const std::vector<MessageId>& ids);

 private:
  class ChannelPage;  // a prepared statement and the variables bound to it

  DatabaseSession& session_;
  std::unique_ptr<ChannelPage> from_oldest_, from_newest_;
};

}  // namespace oberih::storage
