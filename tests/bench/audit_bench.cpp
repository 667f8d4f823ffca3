// SPDX-License-Identifier: Apache-2.0
// Fills a private PostgreSQL with so many leaves and asks for pages of 100 of each filter alone and
// of five pairs, from random places on: median, p99 and the longest, in milliseconds. The leaves
// are none (random bytes); the table that is searched is as the server writes it. Then proofs that
// single leaves stand in that tree, made by the server, and verified by a client.
//
//   oberih-audit-bench [LEAVES [PAGES]]
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <future>
#include <iostream>
#include <random>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/journal/tlog_proof.hpp"
#include "server/storage/journal_reader.hpp"
#include "tests/support/postgres_fixture.hpp"

namespace oberih::test {
namespace {

using application::AuditWish;
using journal::LeafKind;

constexpr std::uint64_t devices = 2'000, agencies = 40, roles = 11, channels = 5'000,
                        tasks = 20'000, hearings = 2'000;
constexpr std::uint64_t portion = 250'000;
constexpr std::size_t warming = 20;  // pages of each filter that are not counted
constexpr Milliseconds begin_ms = 1'700'000'000'000;
constexpr std::uint64_t ms_a_leaf = 100;

// In a hundred leaves: 84 messages, 3 about tasks, 2 about hearings, 9 accesses, 1 refusal, 1
// record. Every twentieth has a handling code. Numbers are spread so that none goes with another.
std::string fill_sql(std::uint64_t from, std::uint64_t to) {
  const std::string range = std::to_string(from) + "::bigint, " + std::to_string(to - 1);
  const auto id = [](const std::string& number, int digits) {
    return "decode(lpad(to_hex(" + number + "), " + std::to_string(digits) + ", '0'), 'hex')";
  };
  const std::string device = "(1 + (i * 7919 + i / 2000) % " + std::to_string(devices) + ")";
  const std::string channel =
      "(1 + (i * 104729 + i / 5000 * 7) % " + std::to_string(channels) + ")";
  const std::string kind =
      "CASE WHEN i % 100 < 89 THEN 5 WHEN i % 100 < 98 THEN 12 WHEN i % 100 = 98 THEN 13 ELSE 4 "
      "END";
  return "INSERT INTO journal SELECT i, " + kind + ", " + std::to_string(begin_ms) + " + i * " +
         std::to_string(ms_a_leaf) + ", " + id(channel, 64) +
         ", 0, sha256(int8send(i)), sha256(int8send(i)) || sha256(int8send(i + 1)) || "
         "sha256(int8send(i + 2)) || repeat('x', 400)::bytea FROM generate_series(" +
         range + ") AS i; INSERT INTO audit_row SELECT i, " + kind +
         ", CASE WHEN i % 100 < 84 THEN 1 WHEN i % 100 < 87 THEN 2 WHEN i % 100 < 89 THEN 3 "
         "WHEN i % 100 < 98 THEN 2 ELSE 0 END, 1 + " +
         device + " % " + std::to_string(roles) +
         ", CASE WHEN i % 20 = 3 AND i % 100 < 89 THEN 1 + i / 20 % 12 END, CASE WHEN i % 100 = 98 "
         "THEN 32020 + i / 100 % 20 END, " +
         id(device, 32) + ", " + id("(1 + " + device + " % " + std::to_string(agencies) + ")", 32) +
         ", " + id(channel, 64) + ", CASE WHEN i % 100 BETWEEN 84 AND 86 THEN " +
         id("(1 + (i / 100 * 3 + i % 100) % " + std::to_string(tasks) + ")", 32) +
         " END, CASE WHEN i % 100 BETWEEN 87 AND 88 THEN " +
         id("(1 + (i / 100 * 2 + i % 100) % " + std::to_string(hearings) + ")", 32) +
         " END FROM generate_series(" + range + ") AS i";
}

double ms_since(std::chrono::steady_clock::time_point started) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started)
      .count();
}

void print_times(const char* name, std::vector<double>& times) {
  std::sort(times.begin(), times.end());
  std::printf("%-24s %8.3f %8.3f %8.3f\n", name, times[times.size() / 2],
              times[times.size() * 99 / 100], times.back());
}

/// The file of `entry prove`, read and verified: leaf, path and signature.
void measure_verifying(std::uint64_t leaves, std::size_t proofs) {
  journal::Leaf leaf;
  leaf.kind = LeafKind::access;
  leaf.body = Bytes(500, 7);
  std::vector<Digest> hashes;
  const auto leaf_at = [&](std::uint64_t index) {
    leaf.server_ms = begin_ms + index;
    return journal::encode_leaf(leaf);
  };
  for (std::uint64_t i = 0; i < leaves; ++i) hashes.push_back(journal::leaf_hash(leaf_at(i)));
  const journal::NoteSigner signer{"journal.bench",
                                   crypto::Signer(crypto::random_secret<SignatureSecretKey>())};
  const std::uint64_t index = leaves / 3;
  const std::string text = journal::format_tlog_proof(
      {leaf_at(index), index, journal::prove_inclusion(index, hashes),
       journal::sign_checkpoint(
           {signer.name, leaves, journal::merkle_root(hashes), 1, hashes.front()}, signer)});
  std::vector<double> times;
  for (std::size_t i = 0; i < proofs; ++i) {
    const auto started = std::chrono::steady_clock::now();
    const auto proof = journal::parse_tlog_proof(text);
    if (!proof || !journal::verify_tlog_proof(*proof, signer.verifier()))
      throw std::runtime_error("a proof does not verify");
    times.push_back(ms_since(started));
  }
  print_times("a proof verified", times);
}

template <class Id>
Id id_of(std::uint64_t number) {
  Id id;
  for (std::size_t place = 0; place < 8; ++place)
    id.bytes[Id::size - 1 - place] = static_cast<std::uint8_t>(number >> (8 * place));
  return id;
}

class Bench {
 public:
  Bench(std::uint64_t leaves, std::size_t pages) : leaves_(leaves), pages_(pages) {
    for (std::uint64_t from = 0; from < leaves; from += portion) {
      database_.run_as_superuser(fill_sql(from, std::min(leaves, from + portion)));
      std::cerr << "\rfilled " << std::min(leaves, from + portion) << std::flush;
    }
    std::cerr << '\n';
    database_.run_as_superuser("UPDATE journal_head SET size = " + std::to_string(leaves));
    database_.run_as_superuser("ANALYZE journal");
    database_.run_as_superuser("VACUUM ANALYZE audit_row");
    database_.run_as_superuser("CHECKPOINT");
    reader_ = std::make_unique<storage::PostgresJournalReader>(
        database_.settings(), [](const std::string& sentence) { std::cerr << sentence << '\n'; });
  }

  void measure(const std::string& name, const std::function<void(AuditWish&, Bench&)>& ask_for) {
    std::vector<double> times;
    std::size_t empty = 0;
    for (std::size_t i = 0; i < warming + pages_; ++i) {
      AuditWish wish;
      wish.size = leaves_;
      wish.limit = 100;
      wish.from_index = random(leaves_);
      ask_for(wish, *this);
      const auto started = std::chrono::steady_clock::now();
      std::promise<Result<wire::AuditPage>> promise;
      reader_->find_leaves(
          {}, wish, [&](Result<wire::AuditPage> page) { promise.set_value(std::move(page)); });
      const auto page = promise.get_future().get();
      if (!page) throw std::runtime_error(name + ": " + page.error().detail);
      if (i < warming) continue;
      times.push_back(
          std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started)
              .count());
      empty += page->leaves.empty() ? 1 : 0;
    }
    std::sort(times.begin(), times.end());
    std::printf("%-24s %8.2f %8.2f %8.2f   %zu of %zu empty\n", name.c_str(),
                times[times.size() / 2], times[times.size() * 99 / 100], times.back(), empty,
                times.size());
  }

  /// One inclusion proof at a time, as `entry prove` asks for it. Before that one of each 65,536
  /// leaves: a server warms its tree after a start, too.
  void measure_proofs() {
    std::vector<double> times;
    for (std::uint64_t first = 0; first < leaves_; first += 65'536) {
      const double took = prove(first);
      if (first == 0) std::printf("the first proof, in a cold tree: %.0f ms\n", took);
    }
    for (std::size_t i = 0; i < 10 * pages_; ++i) times.push_back(prove(random(leaves_)));
    print_times("a proof made", times);
  }

  std::uint64_t random(std::uint64_t below) { return random_() % below; }
  std::uint64_t leaves() const { return leaves_; }

 private:
  double prove(std::uint64_t index) {
    const application::ProofWish wish{application::ProofWish::What::inclusion, index, leaves_};
    std::promise<Result<std::vector<journal::ProofPath>>> promise;
    const auto started = std::chrono::steady_clock::now();
    reader_->read_proofs({}, {wish}, [&](auto paths) { promise.set_value(std::move(paths)); });
    const auto paths = promise.get_future().get();
    if (!paths) throw std::runtime_error("a proof: " + paths.error().detail);
    return ms_since(started);
  }

  const std::uint64_t leaves_;
  const std::size_t pages_;
  std::mt19937_64 random_{417};
  PostgresDatabase database_;
  std::unique_ptr<storage::PostgresJournalReader> reader_;
};

void of_time(AuditWish& wish, Bench& bench) {
  wish.filter.from_ms = begin_ms + bench.random(bench.leaves()) * ms_a_leaf;
  wish.filter.to_ms = *wish.filter.from_ms + 24 * 3'600'000;
  wish.from_index = 0;
}
void of_person(AuditWish& wish, Bench& bench) {  // of three devices
  wish.filter.person = PersonId{{1}};
  for (int i = 0; i < 3; ++i) wish.devices.push_back(id_of<DeviceId>(1 + bench.random(devices)));
}
void of_device(AuditWish& wish, Bench& bench) {
  wish.filter.device = id_of<DeviceId>(1 + bench.random(devices));
}
void of_agency(AuditWish& wish, Bench& bench) {
  wish.filter.agency = id_of<AgencyId>(1 + bench.random(agencies));
}
void of_role(AuditWish& wish, Bench& bench) {
  wish.filter.role = sealing::role_of(static_cast<std::uint8_t>(1 + bench.random(roles)));
}
void of_channel(AuditWish& wish, Bench& bench) {
  wish.filter.channel = id_of<ChannelId>(1 + bench.random(channels));
}
void of_history(AuditWish& wish, Bench&) {
  wish.filter.kind = LeafKind::access;
  wish.filter.type = 2;
}
void of_task(AuditWish& wish, Bench& bench) {
  wish.filter.task = id_of<TaskId>(1 + bench.random(tasks));
  wish.from_index = 0;
}
void of_hearing(AuditWish& wish, Bench& bench) {
  wish.filter.hearing = id_of<HearingId>(1 + bench.random(hearings));
  wish.from_index = 0;
}
void of_handling(AuditWish& wish, Bench& bench) {
  wish.filter.handling = static_cast<std::uint8_t>(1 + bench.random(12));
}
void of_refusal(AuditWish& wish, Bench& bench) {
  wish.filter.refusal = static_cast<std::uint16_t>(32'020 + bench.random(20));
}

using Ask = void (*)(AuditWish&, Bench&);

auto both(Ask one, Ask other) {
  return [=](AuditWish& wish, Bench& bench) {
    one(wish, bench);
    other(wish, bench);
  };
}

int run(std::uint64_t leaves, std::size_t pages) {
  Bench bench(leaves, pages);
  std::printf("%llu leaves, %zu pages of 100 each; ms\n%-24s %8s %8s %8s\n",
              static_cast<unsigned long long>(leaves), pages, "", "median", "p99", "longest");
  bench.measure("time", of_time);
  bench.measure("person", of_person);
  bench.measure("device", of_device);
  bench.measure("agency", of_agency);
  bench.measure("role", of_role);
  bench.measure("channel", of_channel);
  bench.measure("kind", of_history);
  bench.measure("task", of_task);
  bench.measure("hearing", of_hearing);
  bench.measure("handling", of_handling);
  bench.measure("refusal", of_refusal);
  bench.measure("person and time", both(of_person, of_time));
  bench.measure("channel and time", both(of_channel, of_time));
  bench.measure("channel and person", both(of_channel, of_person));
  bench.measure("channel and kind", both(of_channel, of_history));
  bench.measure("agency and refusal", both(of_agency, of_refusal));
  bench.measure_proofs();
  measure_verifying(leaves, 10 * pages);
  return 0;
}

}  // namespace
}  // namespace oberih::test

int main(int count, char** words) {
  const std::uint64_t leaves = count > 1 ? std::strtoull(words[1], nullptr, 10) : 1'000'000;
  const std::size_t pages = count > 2 ? std::strtoull(words[2], nullptr, 10) : 500;
  try {
    return oberih::test::run(std::max<std::uint64_t>(leaves, 1'000),
                             std::max<std::size_t>(pages, 1));
  } catch (const std::exception& failure) {
    std::cerr << failure.what() << '\n';
    return 1;
  }
}
