// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/witness_request.hpp"

#include <gtest/gtest.h>

#include "protocol/encoding/base64.hpp"

namespace oberih::journal {
namespace {

const std::string hash_line = "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=\n";

std::string body_with(const std::string& old_line, const std::string& hashes,
                      const std::string& rest = "\nnote") {
  return old_line + "\n" + hashes + rest;
}
std::string why_refused(const std::string& body) {
  const auto parsed = parse_add_checkpoint(body);
  return parsed ? "accepted" : std::string(refusal_row(parsed.error().code).name);
}

}  // namespace

TEST(AddCheckpoint, has_one_form) {
  AddCheckpoint request{23, {Digest{}, Digest{}}, "any text\n"};
  request.proof[1].bytes.fill('B');
  const std::string body = format_add_checkpoint(request);
  EXPECT_EQ(body, "old 23\n" + encoding::encode_base64(Digest{}.view()) + "\n" + hash_line +
                      "\nany text\n");
  const auto parsed = parse_add_checkpoint(body);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->old_size, 23u);
  EXPECT_EQ(parsed->proof, request.proof);
  EXPECT_EQ(parsed->note, request.note);
}

TEST(AddCheckpoint, refuses_other_spellings_of_the_old_size) {
  EXPECT_EQ(why_refused(body_with("old 0", "")), "accepted");
  for (const std::string line :
       {"", "old", "old ", "old  1", "old 01", "old 00", "old +1", "old -1", "old 1 ", "Old 1",
        "old 1\r", "old 18446744073709551616", "old 9223372036854775809", "1"})
    EXPECT_EQ(why_refused(body_with(line, "")), "malformed_object") << line;
}

TEST(AddCheckpoint, refuses_what_is_no_proof) {
  for (const std::string line : {"x\n", "QkJC\n", " \n", "QkJC=\n"})
    EXPECT_EQ(why_refused(body_with("old 1", line)), "malformed_object") << line;
  std::string most, more;
  for (std::size_t i = 0; i < most_proof_lines; ++i) most += hash_line;
  more = most + hash_line;
  EXPECT_EQ(why_refused(body_with("old 1", most)), "accepted");
  EXPECT_EQ(why_refused(body_with("old 1", more)), "malformed_object");
  EXPECT_EQ(why_refused("old 1\n" + hash_line), "malformed_object") << "no empty line";
  EXPECT_EQ(why_refused("old 1\n\n"), "malformed_object") << "no checkpoint";
  EXPECT_EQ(why_refused(body_with("old 1", "", "\n" + std::string(add_checkpoint_bytes, 'x'))),
            "malformed_object");
}

TEST(AddCheckpoint, size_answer_has_one_form) {
  EXPECT_EQ(parse_tlog_size(format_tlog_size(417)), 417u);
  for (const std::string body : {"", "417", "417\n\n", "0417\n", " 417\n", "x\n", "-1\n", "\n"})
    EXPECT_FALSE(parse_tlog_size(body)) << body;
}

}  // namespace oberih::journal
