// SPDX-License-Identifier: Apache-2.0
// The service list (`відомість вручення`) of a hearing: who was called, how each was served, and by
// which entry that is proven. As many pages as it takes, each with the head of the columns. Knows
// no session: it prints what it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client-cli/printing/check_code.hpp"
#include "protocol/base/kyiv_clock.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"
#include "protocol/sealing/entry_facts.hpp"
#include "protocol/sealing/hearing_text.hpp"
#include "protocol/sealing/hearing_transitions.hpp"

namespace oberih::client {

/// A step of one addressee that an entry proves.
struct ProvenStep {
  std::uint64_t entry = 0;  // number in the channel; 0: there is none
  Milliseconds time = 0;    // when it was done, or, of an answer, when it was given
  std::string by;           // who signed it
};

struct ServicePrintRow {
  std::size_t number = 0;  // as the terminal tells it: whoever reads the paper types it there
  std::string name;
  sealing::ProceduralStatus status{};
  std::optional<sealing::AcknowledgementKind> answer{};  // the addressee's own, signed
  ProvenStep answered;
  std::string way;  // as an officer states, with its articles; empty: nobody has
  ProvenStep served;
  ProvenStep told;  // as the Coordination Centre confirms
};

struct ServicePrint {
  std::string court_name;
  std::string case_number;
  std::string act;
  std::string place;
  WallTime start;
  std::uint64_t version = 1;
  sealing::HearingState state = sealing::first_hearing_state;
  std::string entry;       // that made the version: `417#12`
  Milliseconds as_of = 0;  // until when the journal was read
  std::vector<ServicePrintRow> rows;
  CheckCode code;
};

/// A PDF. Refusal: document_unprintable, also where one row alone is higher than a page.
Result<SecretBuffer> print_service_list(const ServicePrint& list);

}  // namespace oberih::client
