// SPDX-License-Identifier: Apache-2.0
// The closed word lists of hearings as sentences of the catalogue.
#pragma once

#include "client-cli/output/message_catalogue.hpp"
#include "protocol/sealing/hearing_text.hpp"
#include "protocol/sealing/hearing_words.hpp"

namespace oberih::client {

Sentence word_of(sealing::HearingState state);
Sentence word_of(sealing::ProceduralStatus status);
Sentence word_of(sealing::ProtectiveMeasure measure);
Sentence word_of(sealing::HearingReason reason);
Sentence word_of(sealing::ServiceWay way);
/// What an entry of the verb says: `moves {hearing} to {time}`.
Sentence word_of(sealing::HearingVerb verb);

}  // namespace oberih::client
