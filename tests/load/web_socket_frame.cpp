// SPDX-License-Identifier: Apache-2.0
#include "tests/load/web_socket_frame.hpp"

#include <array>
#include <stdexcept>

#include "protocol/crypto/random_bytes.hpp"

namespace oberih::load {
namespace {

constexpr unsigned char final_bit = 0x80;
constexpr unsigned char mask_bit = 0x80;

}  // namespace

std::string masked_frame(Opcode opcode, std::string_view payload) {
  std::string frame(1, static_cast<char>(final_bit | static_cast<unsigned char>(opcode)));
  const std::size_t size = payload.size();
  int length_bytes = 0;
  if (size < 126) {
    frame += static_cast<char>(mask_bit | size);
  } else {
    length_bytes = size < 65'536 ? 2 : 8;
    frame += static_cast<char>(mask_bit | (length_bytes == 2 ? 126 : 127));
  }
  for (int i = length_bytes - 1; i >= 0; --i) frame += static_cast<char>(size >> (8 * i));
  std::array<std::uint8_t, 4> mask{};
  crypto::fill_random(mask);
  for (const std::uint8_t byte : mask) frame += static_cast<char>(byte);
  const std::size_t start = frame.size();
  frame += payload;
  for (std::size_t i = 0; i < size; ++i)
    frame[start + i] = static_cast<char>(frame[start + i] ^ static_cast<char>(mask[i % 4]));
  return frame;
}

std::optional<IncomingFrame> find_frame(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if ((at(0) & final_bit) == 0) throw std::runtime_error("the server sent a fragment");
  std::size_t size = at(1) & 0x7f;
  std::size_t header = 2;
  if (size >= 126) {
    header = size == 126 ? 4 : 10;
    if (bytes.size() < header) return std::nullopt;
    size = 0;
    for (std::size_t i = 2; i < header; ++i) size = size << 8 | at(i);
  }
  if (bytes.size() < header + size) return std::nullopt;
  return IncomingFrame{static_cast<Opcode>(at(0) & 0x0f), bytes.substr(header, size),
                       header + size};
}

}  // namespace oberih::load
