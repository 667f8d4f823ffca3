// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "pattern_rules.hpp"
#include "tree_under_test.hpp"

namespace oberih::lint {
namespace {

bool is_trapped(const std::string& line) {
  return !check_co_await({"protocol/socket/a.cpp", "void f() {\n  " + line + "\n}\n"}).empty();
}

TEST(Patterns, no_temporary_dies_twice_inside_co_await) {
  const auto findings = check_tree(check_co_await);
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

TEST(Patterns, no_switch_of_protocol_or_domain_has_a_default) {
  const auto findings = check_tree(check_default_labels);
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

TEST(Patterns, nothing_runs_detached) {
  const auto findings = check_tree(check_detached);
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

TEST(Patterns, nothing_is_left_for_later_in_the_sources) {
  const auto findings = check_tree(check_leftovers);
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

TEST(CoAwaitRule, catches_brace_initialised_temporaries) {
  EXPECT_TRUE(is_trapped("co_await append(Entry{text});"));
  EXPECT_TRUE(is_trapped("co_await append({text, 1});"));
  EXPECT_TRUE(is_trapped("auto x = co_await append(1, std::vector<int>{1, 2});"));
  EXPECT_TRUE(is_trapped("if (co_await append(Entry{text})) return;"));
  EXPECT_TRUE(is_trapped("co_await append(\n      1,\n      Entry{text});"));
}

TEST(CoAwaitRule, catches_capturing_lambdas) {
  EXPECT_TRUE(is_trapped("co_await run([&] { return 1; });"));
  EXPECT_TRUE(is_trapped("co_await run([this](int a) { return a; });"));
}

TEST(CoAwaitRule, lets_named_objects_and_plain_calls_pass) {
  EXPECT_FALSE(is_trapped("Entry entry{text}; co_await append(std::move(entry));"));
  EXPECT_FALSE(is_trapped("co_await run([](int a) { return a; });"));
  EXPECT_FALSE(is_trapped("auto n = co_await read(buffers[1], use_awaitable);"));
  EXPECT_FALSE(is_trapped("if (co_await read(buffer)) { Entry entry{text}; }"));
  EXPECT_FALSE(is_trapped("f(co_await read(buffer)); g(Entry{text});"));
  EXPECT_FALSE(is_trapped("// co_await append(Entry{text});"));
}

TEST(DefaultRule, catches_a_default_label_and_no_defaulted_member) {
  EXPECT_FALSE(
      check_default_labels({"protocol/base/a.cpp", "switch (a) {\n  default:\n}\n"}).empty());
  EXPECT_FALSE(
      check_default_labels({"server/domain/a.cpp", "switch (a) { default : b(); }\n"}).empty());
  EXPECT_TRUE(check_default_labels({"protocol/base/a.cpp", "A() = default;\n"}).empty());
  EXPECT_TRUE(check_default_labels({"protocol/base/a.cpp", "// default: none\n"}).empty());
}

TEST(DetachedRule, catches_a_detached_coroutine_or_thread) {
  EXPECT_FALSE(
      check_detached({"protocol/socket/a.cpp", "co_spawn(e, f(), asio::detached);\n"}).empty());
  EXPECT_TRUE(check_detached({"protocol/socket/a.cpp", "// never detached\n"}).empty());
}

TEST(LeftoverRule, catches_marks_in_code_and_documents) {
  EXPECT_FALSE(
      check_leftovers({"protocol/base/a.cpp", std::string("// TO") + "DO: later\n"}).empty());
  EXPECT_FALSE(check_leftovers({"docs/a.md", std::string("FIX") + "ME\n"}).empty());
}

}  // namespace
}  // namespace oberih::lint
