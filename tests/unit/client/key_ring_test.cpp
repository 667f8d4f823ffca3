// SPDX-License-Identifier: Apache-2.0
// A key ring that does not open: what is said, and that how long it takes says nothing.
#include "client-cli/keyring/key_ring.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "client-cli/keyring/private_file.hpp"
#include "tests/unit/client/temporary_folder.hpp"

namespace oberih::client {
namespace {

class KeyRingFile : public testing::Test {
 protected:
  KeyRingFile() {
    EXPECT_TRUE(create_key_ring(folder_.path(), generate_key_ring(), as_bytes("correct horse")));
    good_ = read_whole_file(key_ring_file(folder_.path()), 1 << 16).value();
  }
  struct Tried {
    std::string outcome;
    double seconds = 0;
  };
  Tried unlock(std::string_view passphrase) const {
    const auto start = std::chrono::steady_clock::now();
    const Result<SymmetricKey> key = unlock_key_ring(folder_.path(), as_bytes(passphrase));
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    return {key ? "open" : std::string(refusal_row(key.error().code).name), spent.count()};
  }
  void put(ByteView file) const {
    ASSERT_TRUE(replace_file(key_ring_file(folder_.path()), file, FileAccess::owner_only));
  }

  TemporaryFolder folder_;
  Bytes good_;
};

TEST_F(KeyRingFile, a_wrong_passphrase_and_a_file_cut_short_take_the_same_path) {
  const Tried wrong = unlock("correct horsf");
  EXPECT_EQ(wrong.outcome, "wrong_passphrase");
  put(ByteView(good_).first(good_.size() - 1));
  EXPECT_EQ(unlock("correct horse").outcome, "wrong_passphrase");
  put(good_);
  EXPECT_EQ(unlock("correct horse").outcome, "open");
}

TEST_F(KeyRingFile, what_is_no_key_ring_is_refused_as_slowly_as_a_wrong_passphrase) {
  const Tried wrong = unlock("correct horsf");
  for (const Bytes& file : {Bytes{}, Bytes(good_.begin(), good_.begin() + 30), Bytes(200, 'x')}) {
    put(file);
    const Tried tried = unlock("correct horse");
    EXPECT_EQ(tried.outcome, "local_state_broken");
    // Argon2id makes most of both; a quarter leaves room for a busy machine.
    EXPECT_GT(tried.seconds, wrong.seconds / 4);
  }
}

TEST_F(KeyRingFile, another_ring_does_not_open_with_this_ones_key) {
  const SymmetricKey key = unlock_key_ring(folder_.path(), as_bytes("correct horse")).value();
  const TemporaryFolder other;
  ASSERT_TRUE(create_key_ring(other.path(), generate_key_ring(), as_bytes("correct horse")));
  const Result<KeyRing> ring = open_key_ring(other.path(), key);
  ASSERT_FALSE(ring);
  EXPECT_EQ(ring.error().code, RefusalCode::wrong_passphrase);
}

}  // namespace
}  // namespace oberih::client
