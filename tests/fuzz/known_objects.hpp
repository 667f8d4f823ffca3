// SPDX-License-Identifier: Apache-2.0
// Real objects under keys that never change: what the corpora are made of, and what targets compare
// with that must tell an honest object from a forged one.
#pragma once

#include "protocol/journal/checkpoint.hpp"
#include "protocol/sealing/device_certificate.hpp"
#include "protocol/sealing/epoch_keys.hpp"
#include "protocol/sealing/governance.hpp"
#include "protocol/sealing/key_wrap.hpp"
#include "protocol/sealing/out_of_service.hpp"
#include "protocol/sealing/sealed_entry.hpp"
#include "protocol/sealing/unit.hpp"

namespace oberih::fuzz {

/// Bytes that are distinct for each number and the same in every run.
template <class Fixed>
Fixed made_of(std::uint8_t number) {
  Fixed value;
  for (std::size_t i = 0; i < Fixed::size; ++i)
    value.bytes[i] = static_cast<std::uint8_t>(number + 31 * i);
  return value;
}
template <class SecretType>
SecretType secret_of(std::uint8_t number) {
  SecretType secret;
  std::uint8_t next = number;
  for (std::uint8_t& byte : secret.writable()) byte = next = static_cast<std::uint8_t>(next + 37);
  return secret;
}
crypto::Signer signer_of(std::uint8_t number);

// -- people ---------------------------------------------------------------------------------------
inline constexpr std::uint8_t journal_number = 1, police_root = 2, court_root = 3, dawn_root = 4;
inline constexpr std::uint8_t admin_number = 10, investigator_number = 11, clerk_number = 12;

sealing::Genesis known_genesis();
sealing::SignedGenesis known_signed_genesis();
sealing::DeviceCertificate known_certificate(std::uint8_t number);
sealing::SignedCertificate known_signed_certificate(std::uint8_t number);
sealing::SignedRevocation known_revocation();
/// Admits an agency to the known genesis, with all signatures that takes.
sealing::SignedGovernance known_signed_governance();
/// The administrator's, of the investigator.
sealing::SignedUnit known_signed_unit();
sealing::SignedOutOfService known_out_of_service();

// -- a note that is signed and cosigned -----------------------------------------------------------
journal::NoteVerifier known_journal_key();
journal::NoteVerifier known_witness_key();
std::vector<std::string> known_checkpoint_texts();
/// The first is of an empty journal; the second is cosigned; the third signed by others too.
std::vector<std::string> known_notes();

// -- a channel ------------------------------------------------------------------------------------
ChannelId known_channel();
HpkeSecretKey known_recipient();
/// Of the only device, in the first epoch.
sealing::WrapContext known_wrap_context(sealing::WrapKind kind);
sealing::KeyWrap known_wrap(sealing::WrapKind kind);
/// K_2 seals K_1.
sealing::EpochKeys known_second_epoch();
Bytes known_prev_box();
sealing::EntryHeader known_header(EntryType type);
MessageKey known_message_key();
sealing::SealedEntryWithBody known_entry(EntryType type, std::string_view text);

}  // namespace oberih::fuzz
