// SPDX-License-Identifier: Apache-2.0
#include "ed25519_file.hpp"

#include <gtest/gtest.h>

namespace oberih::vectors {
namespace {

// RFC 8032, 7.1, test 2: the message is the byte 0x72, the letter r.
const std::string key = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
const std::string signature =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

nlohmann::json cctv_case(const nlohmann::json& flags) {
  return {{"number", 0}, {"key", key}, {"sig", signature}, {"msg", "r"}, {"flags", flags}};
}

nlohmann::json wycheproof_file(const std::string& message, const std::string& sig,
                               const std::string& result) {
  const nlohmann::json test = {{"tcId", 1}, {"msg", message}, {"sig", sig}, {"result", result}};
  return {{"numberOfTests", 1},
          {"testGroups", {{{"publicKey", {{"pk", key}}}, {"tests", {test}}}}}};
}

/// Not `{test}`, which compilers take for a copy or for a list as they like.
nlohmann::json list_of(const nlohmann::json& test) { return nlohmann::json::array({test}); }

bool signature_passes(const nlohmann::json& file) {
  return check_ed25519_text(file.dump()).passed();
}

TEST(Ed25519File, takes_wycheproofs_verdicts) {
  EXPECT_TRUE(signature_passes(wycheproof_file("72", signature, "valid")));
  EXPECT_FALSE(signature_passes(wycheproof_file("72", signature, "invalid")));
  EXPECT_FALSE(signature_passes(wycheproof_file("73", signature, "valid")));
  EXPECT_TRUE(signature_passes(wycheproof_file("73", signature, "invalid")));
  EXPECT_FALSE(signature_passes(wycheproof_file("72", signature, "acceptable")));
}

TEST(Ed25519File, refuses_signatures_of_wrong_length_without_reading_on) {
  EXPECT_TRUE(signature_passes(wycheproof_file("72", signature + "00", "invalid")));
  EXPECT_TRUE(signature_passes(wycheproof_file("72", signature.substr(2), "invalid")));
  EXPECT_TRUE(signature_passes(wycheproof_file("72", "", "invalid")));
}

TEST(Ed25519File, counts_wycheproofs_cases) {
  nlohmann::json file = wycheproof_file("72", signature, "valid");
  file["numberOfTests"] = 2;
  EXPECT_FALSE(signature_passes(file));
}

TEST(Ed25519File, takes_cctvs_flags_as_verdicts) {
  EXPECT_TRUE(signature_passes(list_of(cctv_case(nullptr))));
  EXPECT_TRUE(signature_passes(list_of(cctv_case({"low_order_component_A"}))));
  for (const char* flag :
       {"low_order_A", "non_canonical_A", "low_order_R", "non_canonical_R", "low_order_residue"})
    EXPECT_FALSE(signature_passes(list_of(cctv_case({flag}))))
        << flag;  // a good signature, so it is accepted
  EXPECT_FALSE(signature_passes(list_of(cctv_case({"no_such_flag"}))));
}

TEST(Ed25519File, refuses_what_is_no_file_of_cases) {
  EXPECT_FALSE(check_ed25519_text("").passed());
  EXPECT_FALSE(check_ed25519_text("[]").passed());
  EXPECT_FALSE(check_ed25519_text("{}").passed());
  EXPECT_FALSE(check_ed25519_text("[{}]").passed());
}

// Points of low order and other spellings of points, from the list in CCTV's description: with such
// a key or such an R one signature fits many messages.
TEST(Ed25519File, cases_of_low_order_and_non_canonical_points_are_refused) {
  const std::string zeros(64, '0');
  const std::string identity = "01" + std::string(62, '0');
  const std::string identity_with_sign = "01" + std::string(60, '0') + "80";
  const std::string not_below_p = "ee" + std::string(60, 'f') + "7f";
  const std::string order_two = "ec" + std::string(60, 'f') + "7f";
  for (const std::string& point : {identity, identity_with_sign, not_below_p, order_two, zeros}) {
    nlohmann::json test = cctv_case({"low_order_A"});
    test["key"] = point;
    test["sig"] = identity + zeros;  // R = the identity, S = 0 fits any message under the identity
    EXPECT_TRUE(signature_passes(list_of(test))) << point;
    test["key"] = key;
    test["sig"] = point + signature.substr(64);
    EXPECT_TRUE(signature_passes(list_of(test))) << point;
  }
}

}  // namespace
}  // namespace oberih::vectors
