// SPDX-License-Identifier: Apache-2.0
// Parts of the genesis that governance leaves repeat in the same bytes.
#pragma once

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/sealing/genesis.hpp"

namespace oberih::sealing {

inline constexpr std::uint32_t agencies_at_most = 256;

/// `vec(UTF-8)`, as long as a name may be.
std::string read_text(ByteReader& reader);
/// A count of at most `maximum`; failure of the reader beyond it.
std::uint32_t read_count(ByteReader& reader, std::uint32_t maximum);

/// `agency[16] || vec(kind) || vec(name) || root_pk[32]`
void write_agency(ByteWriter& writer, const Agency& agency);
Agency read_agency(ByteReader& reader);

/// `u32 w || w * (vec(name) || pk[32] || tls_spki[32] || agency[16])
///  || u32 g || g * (u8 needed || u32 k || k * vec(kind))`
void write_witnesses(ByteWriter& writer, const std::vector<Witness>& witnesses,
                     const std::vector<WitnessQuorumGroup>& quorum);
void read_witnesses(ByteReader& reader, std::vector<Witness>& witnesses,
                    std::vector<WitnessQuorumGroup>& quorum);

bool is_printable_name(const std::string& name);
/// Of itself: name and key. Refusals: malformed_object, unacceptable_key.
Result<void> check_witness(const Witness& witness);
Result<void> check_quorum_groups(const std::vector<WitnessQuorumGroup>& groups);

}  // namespace oberih::sealing
