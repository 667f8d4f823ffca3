// SPDX-License-Identifier: Apache-2.0
// A target without libFuzzer: its corpus, each file of which must be accepted (but refused_*), and
// then seeded mutations of it. What every build runs, in a second or two.
//
//   fuzz_TARGET CORPUS [MUTATIONS [SEED]]
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/mutation.hpp"

namespace oberih::fuzz {
namespace {

// Plain memory for the signal handler: what was being judged when the process died.
const std::uint8_t* current_bytes = nullptr;
std::size_t current_size = 0;

void keep_crasher(int signal) {
  std::FILE* file = std::fopen("crash-replay", "wb");
  if (file != nullptr) {
    std::fwrite(current_bytes, 1, current_size, file);
    std::fclose(file);
  }
  constexpr char sentence[] = "the input was kept as ./crash-replay\n";
  [[maybe_unused]] const auto written = ::write(2, sentence, sizeof sentence - 1);
  ::_exit(128 + signal);  // and not by the signal: ctest takes no crash for an expected failure
}

bool judge_watched(const Bytes& input) {
  current_bytes = input.data();
  current_size = input.size();
  return judge(input);
}

Bytes read(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(stream), {});
}

int run(const std::filesystem::path& corpus, std::size_t mutations, std::uint64_t seed) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(corpus))
    paths.push_back(entry.path());
  std::ranges::sort(paths);
  std::vector<Bytes> seeds;
  for (const auto& path : paths) {
    seeds.push_back(read(path));
    const bool is_accepted = judge_watched(seeds.back());
    if (is_accepted == path.filename().string().starts_with("refused_")) {
      std::fprintf(stderr, "%s is %s\n", path.c_str(), is_accepted ? "accepted" : "refused");
      return 1;
    }
  }
  if (seeds.empty()) {
    std::fprintf(stderr, "%s holds no seeds\n", corpus.c_str());
    return 1;
  }
  Mutator mutator(seed);
  std::size_t accepted = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < mutations; ++i)
    accepted += judge_watched(mutator.mutate(seeds)) ? 1 : 0;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::printf("%zu seeds, %zu mutations from seed %llu: %zu accepted, no finding, %.1f s\n",
              seeds.size(), mutations, static_cast<unsigned long long>(seed), accepted,
              took.count());
  return 0;
}

}  // namespace
}  // namespace oberih::fuzz

int main(int argc, char** argv) {
  if (argc < 2 || argc > 4) {
    std::fprintf(stderr, "usage: %s CORPUS [MUTATIONS [SEED]]\n", argv[0]);
    return 64;
  }
  for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGILL, SIGBUS})
    std::signal(signal, oberih::fuzz::keep_crasher);
  const std::size_t mutations = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 5'000;
  const std::uint64_t seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
  return oberih::fuzz::run(argv[1], mutations, seed);
}
