// SPDX-License-Identifier: Apache-2.0
#include "server/storage/database_settings.hpp"

#include <stdexcept>

namespace oberih::storage {

std::string_view name_of(DatabaseRole role) {
  switch (role) {
    case DatabaseRole::owner:
      return "oberih_owner";
    case DatabaseRole::writer:
      return "oberih_writer";
    case DatabaseRole::reader:
      return "oberih_reader";
  }
  throw std::logic_error("no such database role");
}

std::string connection_string(const DatabaseSettings& settings, DatabaseRole role) {
  if (settings.connection.find("://") != std::string::npos)
    throw std::runtime_error(
        "The database connection must be given as keyword=value pairs "
        "(host=/run/oberih/socket dbname=oberih), not as a URI.");
  // Of a keyword given twice libpq takes the last, so that the role below always counts.
  return settings.connection + " user=" + std::string(name_of(role)) +
         " connect_timeout=" + std::to_string(settings.connect_timeout.count()) +
         " application_name=oberihd client_encoding=UTF8";
}

}  // namespace oberih::storage
