// SPDX-License-Identifier: Apache-2.0
#include "ed25519_file.hpp"

#include <set>

#include "protocol/crypto/signature.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/strict_json.hpp"

namespace oberih::vectors {
namespace {

const std::set<std::string> refused_flags = {
    "low_order_A", "non_canonical_A", "low_order_R", "non_canonical_R", "low_order_residue"};
const std::set<std::string> other_flags = {"low_order_component_A", "low_order_component_R",
                                           "reencoded_k"};

/// A signature of a wrong length is never accepted; the wire cannot even carry it.
bool accepts(const Bytes& key, const Bytes& message, const Bytes& signature) {
  const auto fixed_key = SignaturePublicKey::from(key);
  const auto fixed_signature = Signature::from(signature);
  return fixed_key && fixed_signature &&
         crypto::verify_plain(*fixed_key, message, *fixed_signature);
}

std::string name_of_case(const std::string& suite, std::uint64_t number) {
  return suite + " case " + std::to_string(number);
}

void check_wycheproof_case(const Value& group, const Value& test, VectorReport& report) {
  const std::string result = test["result"].text();
  const bool accepted =
      accepts(group["publicKey"]["pk"].bytes(), test["msg"].bytes(), test["sig"].bytes());
  const bool known = result == "valid" || result == "invalid";
  const bool passed = known && accepted == (result == "valid");
  report.record(name_of_case("wycheproof", test["tcId"].number()), passed,
                (accepted ? "accepted, but it is " : "refused, but it is ") + result);
}

void check_wycheproof(const Value& file, VectorReport& report) {
  std::uint64_t count = 0;
  for (const Value& group : file["testGroups"].items())
    for (const Value& test : group["tests"].items()) {
      check_wycheproof_case(group, test, report);
      ++count;
    }
  file["numberOfTests"].expect(count > 0 && file["numberOfTests"].number() == count,
                               "is not the number of cases in the file");
}

void check_cctv_case(const Value& test, VectorReport& report) {
  std::string must_refuse;
  bool known = true;
  // The published file has null where a case has no flag.
  const bool has_flags = !test["flags"].json().is_null();
  for (const Value& flag : has_flags ? test["flags"].items() : std::vector<Value>()) {
    const std::string name = flag.text();
    if (refused_flags.contains(name)) must_refuse += (must_refuse.empty() ? "" : ", ") + name;
    known = known && (refused_flags.contains(name) || other_flags.contains(name));
  }
  const std::string text = test["msg"].text();
  const bool accepted =
      accepts(test["key"].bytes(), to_bytes(as_bytes(text)), test["sig"].bytes());
  const std::string name = name_of_case("cctv", test["number"].number());
  if (!known)
    report.record(name, false, "bears a flag that is not known");
  else if (!must_refuse.empty())
    report.record(name, !accepted, "accepted in spite of " + must_refuse);
  else
    report.record(name, accepted, "refused, but a verifier without cofactor accepts it");
}

}  // namespace

VectorReport check_ed25519_text(std::string_view text) {
  VectorReport report;
  Result<nlohmann::json> json = encoding::parse_strict_json(text);
  if (!json) {
    report.record("", false, "is no strict JSON: " + json.error().detail);
    return report;
  }
  const Value file(*json, report);
  if (json->is_object()) {
    check_wycheproof(file, report);
    return report;
  }
  const std::vector<Value> cases = file.items();
  file.expect(!cases.empty(), "holds no case");
  for (const Value& test : cases) check_cctv_case(test, report);
  return report;
}

}  // namespace oberih::vectors
