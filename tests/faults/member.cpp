// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/member.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <stdexcept>

#include "protocol/encoding/hex.hpp"

namespace oberih::faults {
namespace {

using Fields = std::map<std::string, std::string>;

Bytes bytes_of(const Fields& fields, const std::string& name) {
  const auto bytes = encoding::decode_hex(fields.at(name));
  if (!bytes) throw std::runtime_error(name + " is not hexadecimal");
  return *bytes;
}

template <class Fixed>
void read_fixed(const Fields& fields, const std::string& name, Fixed& value) {
  const auto read = encoding::decode_hex_as<Fixed>(fields.at(name));
  if (!read) throw std::runtime_error(name + " has a wrong length");
  value = *read;
}

template <class Secret>
void read_secret(const Fields& fields, const std::string& name, Secret& value) {
  const Bytes bytes = bytes_of(fields, name);
  if (bytes.size() != value.writable().size())
    throw std::runtime_error(name + " has a wrong length");
  std::copy(bytes.begin(), bytes.end(), value.writable().begin());
}

}  // namespace

Room Room::through_port(std::uint16_t port) const {
  return {{server.host, port}, server_spki, channel,    channel_head,
          message_key.copy(),  checkpoint,  text_bytes, longest_pause_ms};
}

void write_credentials(const std::filesystem::path& path, const Room& room, const Member& member) {
  using encoding::encode_hex;
  std::ofstream file(path);
  file << "port " << room.server.port << "\nspki " << encode_hex(room.server_spki) << "\nchannel "
       << encode_hex(room.channel) << "\nhead " << encode_hex(room.channel_head) << "\nkey "
       << encode_hex(room.message_key.view()) << "\nlog_size " << room.checkpoint.size
       << "\nlog_root " << encode_hex(room.checkpoint.root) << "\ntext_bytes " << room.text_bytes
       << "\npause " << room.longest_pause_ms << "\ndevice " << encode_hex(member.device)
       << "\nseed " << encode_hex(member.signature.secret_key.view()) << "\ntls_key "
       << encode_hex(member.tls.private_key_pem.view()) << "\ntls_certificate "
       << encode_hex(as_bytes(member.tls.certificate_pem)) << '\n';
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

void read_credentials(const std::filesystem::path& path, Room& room, Member& member) {
  std::ifstream file(path);
  Fields fields;
  for (std::string name, value; file >> name >> value;) fields[name] = value;
  room.server = {"127.0.0.1", static_cast<std::uint16_t>(std::stoul(fields.at("port")))};
  read_fixed(fields, "spki", room.server_spki);
  read_fixed(fields, "channel", room.channel);
  read_fixed(fields, "head", room.channel_head);
  read_secret(fields, "key", room.message_key);
  room.checkpoint.size = std::stoull(fields.at("log_size"));
  read_fixed(fields, "log_root", room.checkpoint.root);
  room.text_bytes = std::stoull(fields.at("text_bytes"));
  room.longest_pause_ms = static_cast<unsigned>(std::stoul(fields.at("pause")));
  read_fixed(fields, "device", member.device);
  SignatureSecretKey seed;
  read_secret(fields, "seed", seed);
  member.signature = crypto::signature_keys_from_seed(seed);
  member.tls.private_key_pem = SecretBuffer(bytes_of(fields, "tls_key"));
  member.tls.certificate_pem = std::string(as_text(bytes_of(fields, "tls_certificate")));
}

}  // namespace oberih::faults
