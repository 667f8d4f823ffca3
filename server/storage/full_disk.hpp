// SPDX-License-Identifier: Apache-2.0
// Tells a database whose disk is full from one that fails otherwise: the first is for the person
// who sends a file to know, the second is the operator's alone.
#pragma once

#include "server/application/attachment_ports.hpp"
#include "server/storage/database_session.hpp"

namespace oberih::storage {

/// `query()` once more on a new connection when the old one is lost: it must be harmless twice.
/// Throws AttachmentStoreFull, DatabaseError.
template <class Query>
auto run_or_say_full(DatabaseSession& session, Query&& query) {
  constexpr std::string_view disk_full = "53100";
  return session.read([&] {
    try {
      return query();
    } catch (const soci::soci_error& error) {
      if (session.describe(error).sqlstate == disk_full)
        throw application::AttachmentStoreFull("the database's disk is full");
      throw;
    }
  });
}

}  // namespace oberih::storage
