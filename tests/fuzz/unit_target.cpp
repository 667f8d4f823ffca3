// SPDX-License-Identifier: Apache-2.0
// Units and intervals out of service: content and signed body; marks of units in mandates; and that
// nobody puts one into the known directory without the key of its administrator.
#include "protocol/sealing/directory.hpp"
#include "protocol/sealing/unit_mark.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/known_objects.hpp"

namespace oberih::fuzz {
namespace {

using journal::LeafKind;

const sealing::Directory& known_directory() {
  static const sealing::Directory directory = [] {
    sealing::Directory made;
    const auto take = [&](LeafKind kind, const Bytes& body, std::uint64_t index) {
      require(
          made.apply(kind, body, index, known_certificate(admin_number).not_before_ms).has_value(),
          "a known leaf of the directory");
    };
    take(LeafKind::genesis, sealing::encode_genesis_body(known_signed_genesis()), 0);
    for (const std::uint8_t number : {admin_number, investigator_number})
      take(LeafKind::device_certificate,
           sealing::encode_certificate_body(known_signed_certificate(number)), number);
    return made;
  }();
  return directory;
}

bool judge_as(LeafKind kind, ByteView input, const Bytes& known) {
  sealing::Directory directory = known_directory();
  const bool stands =
      directory.apply(kind, input, 20, known_certificate(admin_number).not_before_ms).has_value();
  require(!stands || equal(known, input), "nobody signs for the known administrator");
  require(stands || (directory.units().empty() &&
                     directory.out_of_service_of(made_of<AgencyId>(police_root)).empty()),
          "what is refused changes nothing");
  return stands;
}

bool judge_unit(ByteView input) {
  bool accepted = round_trip(input, sealing::parse_unit_content, sealing::encode_unit_content,
                             "a unit has one form");
  if (const auto unit = sealing::parse_unit_content(input))
    for (const sealing::UnitLine& line : unit->lines) {
      const auto standing = sealing::standing_in(*unit, line.person, line.from_ms);
      require(line.duty == sealing::UnitDuty::deputy || standing.is_of_unit(),
              "a line is in force from its first millisecond on");
    }
  const auto body = sealing::parse_unit_body(input);
  if (!body) return accepted;
  require(equal(sealing::encode_unit_body(*body), input), "a signed one has one form");
  judge_as(LeafKind::unit, input, sealing::encode_unit_body(known_signed_unit()));
  return true;
}

bool judge_out_of_service(ByteView input) {
  bool accepted = round_trip(input, sealing::parse_out_of_service_content,
                             sealing::encode_out_of_service_content, "an interval has one form");
  const auto body = sealing::parse_out_of_service_body(input);
  if (!body) return accepted;
  require(equal(sealing::encode_out_of_service_body(*body), input), "a signed one has one form");
  judge_as(LeafKind::out_of_service, input,
           sealing::encode_out_of_service_body(known_out_of_service()));
  return true;
}

bool judge_marks(ByteView input) {
  const sealing::MarkedMandate marked = sealing::read_unit_marks(as_text(input));
  require(std::is_sorted(marked.units.begin(), marked.units.end()), "units of marks ascend");
  const std::string again = sealing::with_unit_marks(marked.text, marked.units);
  require(equal(as_bytes(again), input), "marks come back as they went");
  return !marked.units.empty();
}

}  // namespace

bool judge(ByteView input) {
  bool accepted = judge_unit(input);
  accepted |= judge_out_of_service(input);
  return judge_marks(input) || accepted;
}

}  // namespace oberih::fuzz
