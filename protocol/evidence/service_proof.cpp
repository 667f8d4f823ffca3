// SPDX-License-Identifier: Apache-2.0
#include "protocol/evidence/service_proof.hpp"

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/base/limits.hpp"

namespace oberih::evidence {
namespace {

constexpr std::string_view file_head = "oberih proof of service 1\n";

Refusal no_service_proof(const char* detail) {
  return refuse(RefusalCode::malformed_object, detail);
}

void write_leaves(ByteWriter& writer, const std::vector<PlacedLeaf>& leaves) {
  writer.u32(static_cast<std::uint32_t>(leaves.size()));
  for (const PlacedLeaf& each : leaves) writer.u64(each.index).vec(each.leaf);
}

// Counts are not trusted for memory: a list ends where the bytes do.
std::vector<PlacedLeaf> read_leaves(ByteReader& reader) {
  std::vector<PlacedLeaf> leaves;
  const std::uint32_t count = reader.u32();
  for (std::uint32_t i = 0; i < count && !reader.failed(); ++i) {
    const std::uint64_t index = reader.u64();
    leaves.push_back({index, to_bytes(reader.vec(limits::leaf_bytes))});
  }
  return leaves;
}

std::vector<DisclosedText> read_texts(ByteReader& reader) {
  std::vector<DisclosedText> texts;
  const std::uint32_t count = reader.u32();
  for (std::uint32_t i = 0; i < count && !reader.failed(); ++i) {
    DisclosedText& text = texts.emplace_back();
    text.channel_seq = reader.u64();
    text.ciphertext = to_bytes(reader.vec(limits::ciphertext_bytes));
    const ByteView prk = reader.take(text.prk.view().size());
    std::copy(prk.begin(), prk.end(), text.prk.writable().begin());
  }
  return texts;
}

std::vector<DisclosedName> read_names(ByteReader& reader) {
  std::vector<DisclosedName> names;
  const std::uint32_t count = reader.u32();
  for (std::uint32_t i = 0; i < count && !reader.failed(); ++i) {
    DisclosedName& name = names.emplace_back();
    name.device = reader.id<DeviceId>();
    name.salt = reader.id<NameSalt>();
    name.name = std::string(as_text(reader.vec(limits::name_bytes)));
  }
  return names;
}

}  // namespace

Bytes encode_service_proof(const ServiceProof& proof) {
  ByteWriter writer;
  writer.raw(file_head).raw(proof.hearing).vec(proof.note);
  write_leaves(writer, proof.directory);
  write_leaves(writer, proof.channel);
  writer.u32(static_cast<std::uint32_t>(proof.hashes.size()));
  for (const Digest& hash : proof.hashes) writer.raw(hash);
  writer.u32(static_cast<std::uint32_t>(proof.texts.size()));
  for (const DisclosedText& each : proof.texts)
    writer.u64(each.channel_seq).vec(each.ciphertext).raw(each.prk.view());
  writer.u32(static_cast<std::uint32_t>(proof.names.size()));
  for (const DisclosedName& each : proof.names)
    writer.raw(each.device).raw(each.salt).vec(each.name);
  return writer.take();
}

Result<ServiceProof> parse_service_proof(ByteView bytes) {
  if (bytes.size() > service_proof_bytes_at_most)
    return no_service_proof("a proof of service has at most 256 MiB");
  ByteReader reader(bytes);
  if (as_text(reader.take(file_head.size())) != file_head)
    return no_service_proof("it does not begin as a proof of service does");
  ServiceProof proof;
  proof.hearing = reader.id<HearingId>();
  proof.note = std::string(as_text(reader.vec(limits::note_bytes)));
  proof.directory = read_leaves(reader);
  proof.channel = read_leaves(reader);
  const std::uint32_t hashes = reader.u32();
  for (std::uint32_t i = 0; i < hashes && !reader.failed(); ++i)
    proof.hashes.push_back(reader.id<Digest>());
  proof.texts = read_texts(reader);
  proof.names = read_names(reader);
  if (!reader.complete()) return no_service_proof("it is cut short, or has something behind it");
  return proof;
}

}  // namespace oberih::evidence
