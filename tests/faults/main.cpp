// SPDX-License-Identifier: Apache-2.0
// oberih-faults --runs N --seed S [--kind K]: N runs over all kinds of fault (or of one), a line
// for each, a summary for each kind; exit code 1 where a promise was broken.
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <iostream>
#include <optional>

#include "tests/faults/fault_run.hpp"

namespace {

using namespace oberih::faults;
namespace fs = std::filesystem;

struct Wish {
  std::uint64_t runs = 17;
  std::uint64_t seed = 1;
  std::string kind;
};

struct Sum {
  std::size_t runs = 0, failed = 0;
  Verdict all;
};

constexpr unsigned runs_between_beginnings = 6;

std::optional<Wish> parse(int count, char** words) {
  Wish wish;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = words[i], value = words[i + 1];
    if (name == "--runs")
      wish.runs = std::stoull(value);
    else if (name == "--seed")
      wish.seed = std::stoull(value);
    else if (name == "--kind")
      wish.kind = value;
    else
      return std::nullopt;
  }
  return count % 2 == 1 ? std::optional(wish) : std::nullopt;
}

void add(Sum& sum, const Verdict& verdict) {
  ++sum.runs;
  if (!verdict.violations.empty()) ++sum.failed;
  sum.all.posts += verdict.posts;
  sum.all.acknowledged += verdict.acknowledged;
  sum.all.unknown += verdict.unknown;
  sum.all.found += verdict.found;
  sum.all.absent += verdict.absent;
  sum.all.refused += verdict.refused;
}

std::string figures(const Verdict& verdict) {
  std::string text;
  for (const auto& [name, value] :
       std::vector<std::pair<const char*, std::size_t>>{{"posts", verdict.posts},
                                                        {"acknowledged", verdict.acknowledged},
                                                        {"unknown", verdict.unknown},
                                                        {"found", verdict.found},
                                                        {"absent", verdict.absent},
                                                        {"refused", verdict.refused}})
    text += std::string(name) + ' ' + std::to_string(value) + "  ";
  return text;
}

void print(const char* what, const std::string& name, const Sum& sum) {
  std::printf("%-5s %-17s runs %zu  %sfailed %zu\n", what, name.c_str(), sum.runs,
              figures(sum.all).c_str(), sum.failed);
}

class Series {
 public:
  explicit Series(std::string program) : program_(std::move(program)) {
    folder_ = fs::temp_directory_path() / ("oberih-faults." + std::to_string(getpid()));
  }
  ~Series() {
    std::error_code ignored;
    if (total_.failed == 0) fs::remove_all(folder_, ignored);
  }

  void run(const FaultRow& fault, std::uint64_t first_seed, std::uint64_t runs) {
    if (const std::string why = why_skipped(fault.kind, ground_); !why.empty()) {
      std::printf("skipped   %-17s %s\n", std::string(fault.name).c_str(), why.c_str());
      return;
    }
    Sum sum;
    for (std::uint64_t i = 0; i < runs; ++i) {
      if (i % runs_between_beginnings == 0) ground_.begin_anew();
      run_once(fault, first_seed + i, sum);
    }
    sums_.emplace_back(fault.name, sum);
  }

  int finish() {
    for (const auto& [name, sum] : sums_) print("kind", name, sum);
    print("all", "", total_);
    return total_.failed == 0 ? 0 : 1;
  }

 private:
  void run_once(const FaultRow& fault, std::uint64_t seed, Sum& sum) {
    const auto folder = folder_ / (std::string(fault.name) + "-" + std::to_string(seed));
    const auto began = std::chrono::steady_clock::now();
    const Verdict verdict = run_faults(ground_, fault, seed, folder, program_);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    add(sum, verdict);
    add(total_, verdict);
    const bool is_good = verdict.violations.empty();
    std::printf("seed %-8llu %-17s %s%.1f s  %s\n", static_cast<unsigned long long>(seed),
                std::string(fault.name).c_str(), figures(verdict).c_str(), took.count(),
                is_good ? "kept" : "BROKEN");
    std::fflush(stdout);
    if (is_good) {
      fs::remove_all(folder);
      return;
    }
    for (const std::string& violation : verdict.violations)
      std::printf("  %s\n", violation.c_str());
    keep_evidence(folder);
    std::printf("  evidence: %s; again: %s --runs 1 --seed %llu --kind %s\n", folder.c_str(),
                program_.c_str(), static_cast<unsigned long long>(seed),
                std::string(fault.name).c_str());
    std::fflush(stdout);
    ground_.begin_anew();
  }

  void keep_evidence(const fs::path& folder) {
    std::error_code ignored;
    auto& deployment = ground_.deployment();
    for (const fs::path& file :
         {deployment.server_log(), deployment.folder() / "server.out",
          deployment.folder() / "second.out", deployment.folder() / "cluster/postgresql.log"})
      fs::copy_file(file, folder / file.filename(), ignored);
  }

  std::string program_;
  fs::path folder_;
  Ground ground_;
  std::vector<std::pair<std::string, Sum>> sums_;
  Sum total_;
};

int run_all(const Wish& wish) {
  std::vector<FaultRow> chosen;
  for (const FaultRow& row : fault_table())
    if (wish.kind.empty() || wish.kind == row.name) chosen.push_back(row);
  if (chosen.empty()) {
    std::cerr << "there is no kind " << wish.kind << '\n';
    return 64;
  }
  Series series(fs::canonical("/proc/self/exe"));
  std::uint64_t left = wish.runs, seed = wish.seed;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const std::uint64_t runs = left / (chosen.size() - i);
    series.run(chosen[i], seed, runs);
    left -= runs;
    seed += runs;
  }
  return series.finish();
}

}  // namespace

int main(int count, char** words) {
  ::signal(SIGPIPE, SIG_IGN);
  if (count == 3 && std::string(words[1]) == "--post-as")
    return oberih::faults::post_in_own_process(words[2]);
  const auto wish = parse(count, words);
  if (!wish) {
    std::cerr << "oberih-faults --runs N --seed S [--kind K], K one of\n";
    for (const FaultRow& row : fault_table())
      std::cerr << "  " << row.name << ": " << row.what << '\n';
    return 64;
  }
  try {
    return run_all(*wish);
  } catch (const std::exception& failure) {
    std::cerr << failure.what() << '\n';
    return 70;
  }
}
