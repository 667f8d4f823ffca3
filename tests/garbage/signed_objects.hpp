// SPDX-License-Identifier: Apache-2.0
// Genuine entries and records of a hostile member, and how they are put to the server.
#pragma once

#include "protocol/sealing/sealed_entry.hpp"
#include "protocol/wire/requests.hpp"
#include "tests/garbage/scene.hpp"

namespace oberih::garbage {

struct SealedPost {
  sealing::EntryHeader header;
  Digest message_hash;
  wire::EntryPost request;
};

/// The header of the next entry in the member's chain. Hold the turn.
sealing::EntryHeader next_header(const Target& target, const HostileMember& person);
/// Seals and signs whatever the header says.
SealedPost seal_post(const Target& target, const HostileMember& person,
                     const sealing::EntryHeader& header);
/// Sends `frame` and waits for the answer that the server gives to exactly these bytes. What it
/// says of the member's chain is taken over. Hold the turn.
std::optional<wire::RpcReply> put(Scene& scene, const SealedPost& post, std::string_view frame);
std::string frame_of(Scene& scene, const SealedPost& post);

/// Whether the server took it; sealed anew while only the chain's head was not known.
bool post_next(Scene& scene, SealedPost& post);

/// A channel of the member and of the honest one, with its wraps; it is in the book.
wire::ChannelAppend make_record(Target& target, const HostileMember& person);
/// One frame of every method, in the member's name.
std::vector<std::string> genuine_requests(Target& target, HostileMember& person);

}  // namespace oberih::garbage
