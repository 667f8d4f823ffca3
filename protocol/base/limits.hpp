// SPDX-License-Identifier: Apache-2.0
// Every bound of the protocol, once. What a server may set lower is in its settings.
#pragma once

#include <cstddef>
#include <cstdint>

namespace oberih::limits {

inline constexpr std::size_t leaf_bytes = 65'535;        // a tile's entries have u16 lengths
inline constexpr std::size_t ciphertext_bytes = 65'536;  // body_too_large
inline constexpr std::size_t frame_bytes = 256 * 1024;   // one WebSocket message
inline constexpr std::size_t batch_frame_bytes =
    64 * 1024;  // fan-out: joined items; larger go alone
inline constexpr std::size_t roster_lines = 1'024;
inline constexpr std::size_t change_lines = 100;     // lines and devices in all items of a record
inline constexpr std::size_t approvals = 32;         // of one record
inline constexpr std::size_t facts_bytes = 20'480;   // a hearing of 500 addressees fits
inline constexpr std::size_t mandate_bytes = 1'024;  // mandates, reasons, orders
inline constexpr std::size_t name_bytes = 256;
inline constexpr std::size_t role_bytes = 32;
inline constexpr std::size_t json_depth = 16;
inline constexpr std::size_t page_items = 1'000;  // one reply of channel.read or directory.read
inline constexpr std::size_t page_bytes = 192 * 1024;
inline constexpr std::size_t note_bytes = 16 * 1024;  // a signed checkpoint
inline constexpr std::size_t version_bytes = 64;      // how a server or client calls itself
inline constexpr std::uint64_t clock_skew_ms = 5 * 60 * 1000;

}  // namespace oberih::limits
