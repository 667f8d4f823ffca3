// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/alert_reader.hpp"

#include "client-cli/verification/evidence.hpp"

namespace oberih::client {
namespace {

Refusal no_alert(std::string why) {
  return refuse(RefusalCode::verification_failed, std::move(why));
}

/// Of every kind of alert.
template <class Told>
Result<> check_addressee(const Told& alert, const journal::Leaf& leaf,
                         const sealing::Directory& directory, const AgencyId& agency) {
  if (alert.agency != agency) return no_alert("it is for another agency");
  if (alert.said_for_ms > leaf.server_ms) return no_alert("it was said before its moment");
  if (alert.unit.is_zero()) return {};
  const sealing::UnitInForce* unit = directory.find_unit(alert.unit);
  if (unit == nullptr || unit->unit.agency != agency)
    return no_alert("it names a unit that is none of the agency");
  return {};
}

}  // namespace

Result<VerifiedAlert> open_alert(const wire::DirectoryLeaf& stored,
                                 const sealing::Directory& directory, const AgencyId& agency) {
  Result<journal::Leaf> leaf = journal::parse_leaf(stored.leaf);
  if (!leaf) return leaf.error();
  if (leaf->kind != journal::LeafKind::server_event || !leaf->channel_id.is_zero())
    return no_alert("it is no alert");
  VerifiedAlert verified{{}, {}, {}, stored.index, leaf->server_ms, false};
  if (sealing::is_silence_alert(leaf->body)) {
    Result<sealing::SilenceAlert> silence = sealing::parse_silence_alert(leaf->body);
    if (!silence) return silence.error();
    OBERIH_TRY(check_addressee(*silence, *leaf, directory, agency));
    verified.silence = *silence;
    return verified;
  }
  if (sealing::is_hearing_alert(leaf->body)) {
    Result<sealing::HearingAlert> hearing = sealing::parse_hearing_alert(leaf->body);
    if (!hearing) return hearing.error();
    OBERIH_TRY(check_addressee(*hearing, *leaf, directory, agency));
    verified.hearing = *hearing;
    return verified;
  }
  Result<sealing::Alert> alert = sealing::parse_alert(leaf->body);
  if (!alert) return alert.error();
  OBERIH_TRY(check_addressee(*alert, *leaf, directory, agency));
  verified.alert = *alert;
  return verified;
}

Result<> AlertReader::take_page(const std::vector<wire::DirectoryLeaf>& leaves,
                                std::uint64_t after_index) {
  const sealing::Directory& directory = session_.directory();
  const AgencyId agency = directory.find_device(session_.ring().device)->certificate.agency;
  for (const wire::DirectoryLeaf& leaf : leaves) {
    // Ascending, so that a server cannot keep us asking for ever.
    if (leaf.index <= after_index) return no_alert("alerts out of order");
    after_index = leaf.index;
    Result<VerifiedAlert> alert = open_alert(leaf, directory, agency);
    if (!alert)
      return keep_evidence(
          session_.profile().folder, "leaf " + std::to_string(leaf.index) + " of the journal",
          std::string(refusal_row(alert.error().code).name) + ", " + alert.error().detail,
          {{"leaf", leaf.leaf}});
    alerts_.push_back(*alert);
    leaves_.push_back({leaf.index, journal::leaf_hash(leaf.leaf)});
  }
  return {};
}

Result<std::vector<VerifiedAlert>> AlertReader::read(std::uint64_t after_index) {
  wire::AlertList request{after_index, wire::alerts_at_once};
  for (bool more = true; more;) {
    Result<wire::AlertPage> page = session_.ask(request);
    if (!page && page.error().code == RefusalCode::forbidden) return std::vector<VerifiedAlert>{};
    if (!page) return page.error();
    OBERIH_TRY(session_.read_directory(page->directory_count));
    OBERIH_TRY(take_page(page->leaves, request.after_index));
    more = page->more && !page->leaves.empty();
    if (more) request.after_index = page->leaves.back().index;
  }
  if (alerts_.empty()) return std::move(alerts_);
  Result<std::uint64_t> proven = session_.prove(leaves_);
  if (!proven) return proven.error();
  for (VerifiedAlert& alert : alerts_) alert.is_proven = alert.index < *proven;
  return std::move(alerts_);
}

}  // namespace oberih::client
