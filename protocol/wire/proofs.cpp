// SPDX-License-Identifier: Apache-2.0
#include "protocol/wire/proofs.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "protocol/encoding/strict_json.hpp"
#include "protocol/wire/json_fields.hpp"

namespace oberih::wire {

using encoding::StrictObject;
using nlohmann::json;

namespace {

constexpr std::size_t longest_path = 128;  // of a consistency proof; no honest one comes near
constexpr std::size_t most_hashes = proofs_at_once * longest_path;

Result<void> parse_numbers(StrictObject& object, std::string_view name, std::size_t most,
                           std::vector<std::uint64_t>& numbers) {
  for (const json& item : object.array(name, most)) {
    if (!item.is_number_unsigned())
      return refuse(RefusalCode::invalid_parameters,
                    std::string(name) + " must hold numbers that are not negative");
    numbers.push_back(item.get<std::uint64_t>());
  }
  if (numbers.empty()) object.fail(name, "must name at least one");
  return {};
}

std::uint64_t tree_size(StrictObject& object) {
  const std::uint64_t size = object.u64("size", journal::max_tree_size);
  if (size == 0) object.fail("size", "must be at least 1: nothing is proven of an empty tree");
  return size;
}

Result<void> parse_path(const json& list, const std::vector<Digest>& hashes,
                        journal::ProofPath& path) {
  if (!list.is_array() || list.size() > longest_path)
    return refuse(RefusalCode::invalid_parameters, "a path is no list, or too long");
  for (const json& place : list) {
    if (!place.is_number_unsigned() || place.get<std::uint64_t>() >= hashes.size())
      return refuse(RefusalCode::invalid_parameters, "a path names a hash that is not there");
    path.push_back(hashes[place.get<std::size_t>()]);
  }
  return {};
}

}  // namespace

json encode_params(const ProofConsistency& request) {
  return {{"size", request.size}, {"old_sizes", request.old_sizes}};
}
Result<void> parse_params(const json& params, ProofConsistency& request) {
  StrictObject object(params, "params");
  request.size = tree_size(object);
  OBERIH_TRY(parse_numbers(object, "old_sizes", proofs_at_once, request.old_sizes));
  for (const std::uint64_t old_size : request.old_sizes)
    if (old_size == 0 || old_size > request.size)
      object.fail("old_sizes", "must lie between 1 and size");
  return object.finish();
}

json encode_params(const ProofInclusion& request) {
  return {{"size", request.size}, {"indexes", request.indexes}};
}
Result<void> parse_params(const json& params, ProofInclusion& request) {
  StrictObject object(params, "params");
  request.size = tree_size(object);
  OBERIH_TRY(parse_numbers(object, "indexes", proofs_at_once, request.indexes));
  for (const std::uint64_t index : request.indexes)
    if (index >= request.size) object.fail("indexes", "must lie below size");
  return object.finish();
}

std::string encode_result(const Proofs& reply) {
  std::map<Digest, std::size_t> places;
  json hashes = json::array(), paths = json::array();
  for (const journal::ProofPath& path : reply.paths) {
    json numbers = json::array();
    for (const Digest& hash : path) {
      const auto [place, is_new] = places.emplace(hash, places.size());
      if (is_new) hashes.push_back(json_bytes(hash.view()));
      numbers.push_back(place->second);
    }
    paths.push_back(std::move(numbers));
  }
  return json{{"hashes", std::move(hashes)}, {"paths", std::move(paths)}}.dump();
}
Result<void> parse_result(const json& result, Proofs& reply) {
  StrictObject object(result, "result");
  std::vector<Digest> hashes;
  OBERIH_TRY(parse_ids(object.array("hashes", most_hashes), "hashes", hashes));
  for (const json& list : object.array("paths", proofs_at_once)) {
    journal::ProofPath path;
    OBERIH_TRY(parse_path(list, hashes, path));
    reply.paths.push_back(std::move(path));
  }
  return object.finish();
}

}  // namespace oberih::wire
