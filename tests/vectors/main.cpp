// SPDX-License-Identifier: Apache-2.0
// oberih-vectors FILE            a verdict for every value of a file of sealed channels
// oberih-vectors --ed25519 FILE  the same for Wycheproof's or CCTV's cases of signatures
// oberih-vectors --proof FILE    whether our verifier's verdict on one Merkle proof is the one
// wanted Exit code: 0 when everything passes, 1 when something fails, 64 usage, 66 no such file.
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>

#include "ed25519_file.hpp"
#include "proof_file.hpp"
#include "vector_file.hpp"

namespace {

constexpr int exit_failed = 1;
constexpr int exit_usage = 64;
constexpr int exit_no_input = 66;

std::optional<std::string> read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) return std::nullopt;
  return text.str();
}

int print_report(const oberih::vectors::VectorReport& report) {
  for (const auto& [path, verdict] : report.verdicts()) {
    const std::string& place = path.empty() ? std::string("(the file)") : path;
    if (verdict.passed)
      std::cout << "pass " << place << '\n';
    else
      std::cout << "FAIL " << place << ": " << verdict.why << '\n';
  }
  std::cout << report.verdicts().size() - report.failures() << " passed, " << report.failures()
            << " failed\n";
  return report.passed() ? 0 : exit_failed;
}

}  // namespace

int main(int argc, char** argv) {
  using Check = oberih::vectors::VectorReport (*)(std::string_view);
  Check check = oberih::vectors::check_vector_text;
  const std::string_view option = argc == 3 ? argv[1] : "";
  if (option == "--ed25519")
    check = oberih::vectors::check_ed25519_text;
  else if (option == "--proof")
    check = oberih::vectors::check_proof_text;
  else if (argc != 2 || argv[1][0] == '-') {
    std::cerr << "usage: oberih-vectors [--ed25519 | --proof] FILE\n";
    return exit_usage;
  }
  const char* path = argv[argc - 1];
  const std::optional<std::string> text = read_file(path);
  if (!text) {
    std::cerr << "oberih-vectors: cannot read " << path << '\n';
    return exit_no_input;
  }
  return print_report(check(*text));
}
