// SPDX-License-Identifier: Apache-2.0
// Who may include whom. Debian puts all headers into one place, so linking does not stop a wrong
// include; these two tables do. ARCHITECTURE.md says the same in words.
#pragma once

#include <optional>

#include "source_tree.hpp"

namespace oberih::lint {

struct Arrow {
  std::string_view folder;
  std::vector<std::string_view> may_include;  // besides itself; "x/*": every folder below x
};

// One row, one folder. What does not stand here is forbidden. Tests may include everything.
inline const std::vector<Arrow> arrows{
    {"protocol/base", {}},
    {"protocol/crypto", {"protocol/base"}},
    {"protocol/encoding", {"protocol/base"}},
    {"protocol/journal", {"protocol/base", "protocol/crypto", "protocol/encoding"}},
    {"protocol/sealing",
     {"protocol/base", "protocol/crypto", "protocol/encoding", "protocol/journal"}},
    {"protocol/wire",
     {"protocol/base", "protocol/crypto", "protocol/encoding", "protocol/journal",
      "protocol/sealing"}},
    {"protocol/evidence",
     {"protocol/base", "protocol/crypto", "protocol/encoding", "protocol/journal",
      "protocol/sealing"}},
    {"protocol/socket", {"protocol/base", "protocol/crypto"}},

    {"server/domain", {"protocol/base"}},
    {"server/application",
     {"server/domain", "protocol/base", "protocol/crypto", "protocol/encoding", "protocol/journal",
      "protocol/sealing", "protocol/wire"}},
    {"server/storage",
     {"server/application", "server/domain", "protocol/base", "protocol/crypto",
      "protocol/encoding", "protocol/journal", "protocol/sealing", "protocol/wire"}},
    {"server/transport", {"server/application", "server/domain", "protocol/*"}},
    {"server/runtime",
     {"server/transport", "server/storage", "server/application", "server/domain", "protocol/*"}},
    {"server", {"server/runtime"}},  // main.cpp

    {"client-cli/output", {"protocol/*"}},
    {"client-cli/keyring", {"client-cli/output", "protocol/*"}},
    {"client-cli/connection", {"client-cli/keyring", "client-cli/output", "protocol/*"}},
    {"client-cli/verification",
     {"client-cli/connection", "client-cli/keyring", "client-cli/output", "protocol/*"}},
    {"client-cli/printing", {"client-cli/output", "protocol/*"}},
    {"client-cli/calendar", {"client-cli/output", "protocol/*"}},
    {"client-cli/docket", {"client-cli/output", "protocol/*"}},
    {"client-cli/witness", {"client-cli/keyring", "client-cli/output", "protocol/*"}},
    {"client-cli/archive", {"client-cli/output", "protocol/*"}},
    {"client-cli/commands", {"client-cli/*", "protocol/*"}},
    {"client-cli", {"client-cli/*"}},  // main.cpp
};

struct Fence {
  std::string_view header;                // a header's name or its beginning
  std::vector<std::string_view> only_in;  // folders, or single files
};

// The first row that fits decides. Libraries that stand in no row are free.
inline const std::vector<Fence> fences{
    {"openssl/ssl.h", {"protocol/socket"}},
    {"openssl/", {"protocol/crypto", "protocol/socket"}},
    {"sodium", {"protocol/crypto"}},
    {"boost/asio", {"protocol/socket"}},
    {"boost/beast", {"protocol/socket"}},
    {"soci/", {"server/storage"}},
    {"libpq", {"server/storage"}},
    {"postgresql/", {"server/storage"}},
    {"sqlite3.h", {"client-cli/keyring", "client-cli/verification"}},
    {"nlohmann/json_fwd.hpp",  // passing JSON on without looking into it
     {"protocol/encoding", "protocol/wire", "server/application", "server/transport",
      "server/runtime", "client-cli"}},
    {"nlohmann/",
     {"protocol/encoding", "protocol/wire", "server/runtime", "client-cli",
      "server/application/request_router.cpp"}},  // holds what the wire made of a reply
    {"valijson/", {"server/runtime"}},
    {"utf8proc.h", {"protocol/encoding", "client-cli/output"}},
    {"cairo", {"client-cli/printing"}},
    {"pango/", {"client-cli/printing"}},
    {"qrencode.h", {"client-cli/printing"}},
    {"libical/", {"client-cli/calendar"}},
    {"archive", {"client-cli/archive"}},
    {"CLI/", {"server/runtime", "client-cli"}},
    {"spdlog/", {"server/runtime"}},
    {"gtest/", {}},
    {"gmock/", {}},
};

// The domain is rules and values: no clock, no file, no thread. (Boost's result comes with base.)
inline const std::vector<std::string_view> forbidden_in_domain{
    "chrono", "ctime",   "time.h", "fstream", "iostream",     "filesystem",
    "cstdio", "stdio.h", "thread", "mutex",   "shared_mutex", "condition_variable",
    "future", "atomic",  "random"};

// What is checked offline gives the same verdict on a machine whose clock is wrong.
inline bool reads_no_clock(std::string_view folder) {
  return folder == "protocol/journal" || folder == "protocol/sealing" ||
         folder == "protocol/evidence" || folder == "client-cli/archive";
}

struct Include {
  std::string header;
  bool is_quoted;
  std::size_t line;
};

inline std::vector<Include> includes_of(const SourceFile& file) {
  std::vector<Include> includes;
  const auto lines = lines_of(file.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = lines[i];
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (!line.starts_with("#")) continue;
    line.remove_prefix(1);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (!line.starts_with("include")) continue;
    const auto open = line.find_first_of("<\"");
    if (open == line.npos) continue;
    const auto close = line.find(line[open] == '<' ? '>' : '"', open + 1);
    if (close == line.npos) continue;
    includes.push_back(
        {std::string(line.substr(open + 1, close - open - 1)), line[open] == '"', i + 1});
  }
  return includes;
}

inline bool names_folder(std::string_view pattern, std::string_view folder) {
  if (!pattern.ends_with("/*")) return pattern == folder;
  return folder.starts_with(pattern.substr(0, pattern.size() - 1));
}

inline const Arrow* find_arrow(std::string_view folder) {
  for (const auto& arrow : arrows) {
    if (arrow.folder == folder) return &arrow;
  }
  return nullptr;
}

/// Why `folder` may not include `header` of our own, or nothing.
inline std::optional<std::string> judge_own_include(const std::string& folder,
                                                    const std::string& header) {
  const std::string other = folder_of(header);
  if (other == folder) return std::nullopt;
  const Arrow* arrow = find_arrow(folder);
  if (!arrow) return "the folder " + folder + " stands in no row of the arrows";
  for (const auto& pattern : arrow->may_include) {
    if (names_folder(pattern, other)) return std::nullopt;
  }
  return folder + " may not include " +
         (other.empty() ? header + " (say the path from the root)" : other);
}

inline std::optional<std::string> judge_library_include(const std::string& path,
                                                        const std::string& header) {
  if (folder_of(path) == "server/domain") {
    const bool is_standard = header.find_first_of("/.") == header.npos;
    const auto& forbidden = forbidden_in_domain;
    if (!is_standard || std::find(forbidden.begin(), forbidden.end(), header) != forbidden.end()) {
      return "server/domain is rules and values only: no <" + header + ">";
    }
  }
  if (reads_no_clock(folder_of(path)) &&
      (header == "chrono" || header == "ctime" || header == "time.h"))
    return folder_of(path) + " reads no clock: no <" + header + ">";
  for (const auto& fence : fences) {
    if (!header.starts_with(fence.header)) continue;
    for (const auto& allowed : fence.only_in) {
      if (path == allowed || path.starts_with(std::string(allowed) + "/")) return std::nullopt;
    }
    return "<" + header + "> stays inside its own folders: " + folder_of(path) + " is none of them";
  }
  return std::nullopt;
}

inline std::vector<Finding> check_includes(const SourceFile& file) {
  std::vector<Finding> findings;
  if (!is_cpp(file) || is_test(file)) return findings;
  const std::string folder = folder_of(file.path);
  for (const auto& include : includes_of(file)) {
    const auto wrong = include.is_quoted ? judge_own_include(folder, include.header)
                                         : judge_library_include(file.path, include.header);
    if (wrong) findings.push_back({file.path, include.line, *wrong});
  }
  return findings;
}

struct WaitingHeader {
  std::string_view path;
  std::string_view reason;
};

// Headers that may wait for their first user, each with its reason. A row that has one is refused.
inline const std::vector<WaitingHeader> waiting_headers{};

/// Headers that nobody needs: included by no product file but the .cpp of the same name. A header
/// that only tests include is dead too.
inline std::vector<Finding> check_dead_headers(
    const std::vector<SourceFile>& files,
    const std::vector<WaitingHeader>& waiting = waiting_headers) {
  std::vector<Finding> findings;
  for (const auto& header : files) {
    const std::string extension = extension_of(header.path);
    if ((extension != ".hpp" && extension != ".def") || is_test(header)) continue;
    const std::string stem = header.path.substr(0, header.path.size() - extension.size());
    const bool is_used = std::any_of(files.begin(), files.end(), [&](const SourceFile& user) {
      if (!is_cpp(user) || is_test(user) || user.path == header.path) return false;
      if (extension == ".hpp" && user.path == stem + ".cpp") return false;
      const auto includes = includes_of(user);
      return std::any_of(includes.begin(), includes.end(),
                         [&](const Include& include) { return include.header == header.path; });
    });
    const bool may_wait = std::any_of(waiting.begin(), waiting.end(),
                                      [&](const auto& row) { return row.path == header.path; });
    if (!is_used && !may_wait)
      findings.push_back({header.path, 0, "nobody but its own .cpp and tests includes it"});
    if (is_used && may_wait) findings.push_back({header.path, 0, "has its user; waits no more"});
  }
  return findings;
}

}  // namespace oberih::lint
