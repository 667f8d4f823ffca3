// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/digest.hpp"

#include <thread>

#include "tests/unit/crypto/vectors.hpp"

namespace oberih::crypto {

TEST(Digest, of_nothing_and_of_abc_is_that_of_fips_180_4) {
  EXPECT_EQ(shown(sha256(ByteView{}).view()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(shown(sha256(as_bytes("abc")).view()),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, of_parts_is_that_of_their_concatenation) {
  EXPECT_EQ(sha256({as_bytes("a"), ByteView{}, as_bytes("bc")}), sha256(as_bytes("abc")));
}

TEST(Digest, a_labelled_hash_begins_with_the_length_of_prefix_and_label) {
  // vec("oberih1 name") || content
  EXPECT_EQ(labelled_hash("name", as_bytes("content")),
            sha256({hex("0000000c"), as_bytes("oberih1 name"), as_bytes("content")}));
}

TEST(Digest, every_thread_has_a_context_of_its_own) {
  const Digest expected = sha256(as_bytes("abc"));
  auto work = [&] {
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(sha256(as_bytes("abc")), expected);
  };
  std::thread first(work), second(work);
  first.join();
  second.join();
}

}  // namespace oberih::crypto
