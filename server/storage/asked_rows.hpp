// SPDX-License-Identifier: Apache-2.0
// The table asked_entry: entries that ask people for steps of the evidence ladder, and when the
// server looks at them again. Written by the statement that writes the leaves, so that what was
// said and what is to be said never part.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/application/ports.hpp"

namespace soci {
class session;
}

namespace oberih::storage {

/// A common table expression that goes on behind those of AppendStatement; joins with its `head`.
extern const std::string_view append_asked_sql;

/// The arrays that append_asked_sql takes, in its order.
class AskedColumns {
 public:
  static constexpr std::size_t asked_columns = 5;

  /// False: there are none, and the arrays are as they were.
  bool bind(const std::vector<application::AskedRow>& rows);
  std::vector<std::string>& asked() { return asked_; }

 private:
  std::vector<std::string> asked_{asked_columns};
};

/// Throw soci::soci_error, and DatabaseError for what no program has written.
std::optional<application::AskedRow> load_asked(soci::session& sql, const ChannelId& channel,
                                                std::uint64_t channel_seq);
std::vector<application::AskedRow> load_due_asked(soci::session& sql, Milliseconds now_ms,
                                                  std::size_t most);
std::vector<application::ReceiptReach> load_receipt_reach(soci::session& sql,
                                                          const ChannelId& channel,
                                                          const std::vector<DeviceId>& devices);

/// A row as it stands; nothing: `asked` cannot be read.
using TakeStoredAsked = std::function<void(const ChannelId&, std::uint64_t channel_seq,
                                           const std::optional<application::AskedRow>&)>;
/// All of them. Throws soci::soci_error.
void walk_asked(soci::session& sql, const TakeStoredAsked& take);
/// From which journal index on an entry that asks has a row.
std::uint64_t load_asked_begin(soci::session& sql);

}  // namespace oberih::storage
