// SPDX-License-Identifier: Apache-2.0
// The summons (`повістка про виклик`) of one called person, with all that article 137 of the
// Criminal Procedure Code of Ukraine asks for and a slip to be signed and torn off (article 136).
// Always one page of A4. Knows no session and no hearing: it prints what it is given.
#pragma once

#include <string>

#include "client-cli/printing/check_code.hpp"
#include "protocol/base/kyiv_clock.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"
#include "protocol/sealing/hearing_text.hpp"

namespace oberih::client {

struct SummonsPrint {
  std::string summoned_by;  // name and position: who signs
  std::string court_name;
  std::string court_address;
  std::string court_phone;
  std::string case_number;
  std::string place;
  std::string act;
  std::string consequences;
  std::string valid_reasons;
  std::string called_name;
  std::string called_address;  // may be empty: a line is left to write on
  sealing::ProceduralStatus status{};
  WallTime start;
  std::uint64_t version = 1;  // from the second on the paper says that it replaces the one before
  CheckCode code;
};

/// A PDF. Letters shrink down to a size that can still be read; what does not fit even then is
/// document_unprintable, never a second page.
Result<SecretBuffer> print_summons(const SummonsPrint& summons);

}  // namespace oberih::client
