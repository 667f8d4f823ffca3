// SPDX-License-Identifier: Apache-2.0
// The table hearing: hearings as their entries add up, and when the server looks at them again.
// Written by the statement that writes the leaves, so that what was said and what is to be said
// never part.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/application/ports.hpp"

namespace soci {
class session;
}

namespace oberih::storage {

/// A common table expression that goes on behind those of AppendStatement; joins with its `head`.
extern const std::string_view append_hearings_sql;

/// The arrays that append_hearings_sql takes, in its order.
class HearingColumns {
 public:
  static constexpr std::size_t hearing_columns = 6;

  /// False: there are none, and the arrays are as they were.
  bool bind(const std::vector<application::HearingRow>& rows);
  std::vector<std::string>& hearings() { return hearings_; }

 private:
  std::vector<std::string> hearings_{hearing_columns};
};

/// Whether it names somebody who may not be told, and is not over.
bool excludes_somebody(const sealing::Hearing& hearing);

/// Throw soci::soci_error, and DatabaseError for what no program has written.
std::optional<application::HearingRow> load_hearing(soci::session& sql, const ChannelId& channel,
                                                    const HearingId& hearing);
std::vector<application::HearingRow> load_due_hearings(soci::session& sql, Milliseconds now_ms,
                                                       std::size_t most);
std::vector<application::HearingRow> load_excluding_hearings(soci::session& sql);

/// A row as it stands; nothing: `hearing` cannot be read, or is another one.
struct StoredHearing {
  ChannelId channel;
  HearingId id;
  std::optional<application::HearingRow> row;
  bool excludes = false;
};
using TakeStoredHearing = std::function<void(const StoredHearing&)>;
/// All of them. Throws soci::soci_error.
void walk_hearings(soci::session& sql, const TakeStoredHearing& take);

}  // namespace oberih::storage
