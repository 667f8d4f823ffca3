// SPDX-License-Identifier: Apache-2.0
#include "server/application/append_directory.hpp"

#include <algorithm>

#include "protocol/base/limits.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::application {
namespace {

class DirectoryUnit final : public Unit {
 public:
  DirectoryUnit(const Origin& origin, wire::DirectoryAppend request, Answer<wire::Appended> done)
      : Unit(origin), request_(std::move(request)), done_(std::move(done)) {}

  std::size_t size_bytes() const override { return request_.body.size(); }
  Result<wire::Appended> judge(BatchView& batch) override {
    return batch.stage_directory_leaf(request_.kind, request_.body, request_.name_card);
  }
  void answer(Result<wire::Appended> outcome) override { done_(std::move(outcome)); }

 private:
  wire::DirectoryAppend request_;
  Answer<wire::Appended> done_;
};

struct Signed {  // who says it for which agency, and what permission that needs
  AgencyId agency;
  DeviceId signer;
  domain::Action action{};
};

template <class ParseBody, class ParseContent, class Make>
Result<Signed> read_signed(ByteView bytes, ParseBody parse_body, ParseContent parse_content,
                           Make make) {
  auto body = parse_body(bytes);
  if (!body) return body.error();
  auto content = parse_content(body->content);
  if (!content) return content.error();
  return make(*content);
}

Result<Signed> parse_signer(const wire::DirectoryAppend& request) {
  using domain::Action;
  if (request.kind == journal::LeafKind::device_certificate)
    return read_signed(
        request.body, sealing::parse_certificate_body, sealing::parse_certificate_content,
        [](const auto& certificate) {
          return Signed{certificate.agency, certificate.certifier_device, Action::directory_append};
        });
  if (request.kind == journal::LeafKind::device_revocation)
    return read_signed(
        request.body, sealing::parse_revocation_body, sealing::parse_revocation_content,
        [](const auto& revocation) {
          return Signed{revocation.agency, revocation.signer_device, Action::directory_append};
        });
  if (request.kind == journal::LeafKind::unit)
    return read_signed(request.body, sealing::parse_unit_body, sealing::parse_unit_content,
                       [](const auto& unit) {
                         return Signed{unit.agency, unit.signer, Action::unit_append};
                       });
  if (request.kind == journal::LeafKind::out_of_service)
    return read_signed(
        request.body, sealing::parse_out_of_service_body, sealing::parse_out_of_service_content,
        [](const auto& interval) {
          return Signed{interval.agency, interval.signer, Action::out_of_service_append};
        });
  return refuse(RefusalCode::invalid_parameters,
                "kind: a certificate (2), a revocation (3), a unit (14) or out of service (15)");
}

Refusal not_the_signer(domain::Action action) {
  return refuse(action == domain::Action::directory_append ? RefusalCode::not_certifier
                                                           : RefusalCode::not_in_charge,
                "the signer is not the device that sends it");
}

bool is_language_list(std::string_view text) {
  return text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == ',';
         });
}

Result<void> check_name_card(const wire::DirectoryAppend& request) {
  if (!request.name_card) return {};
  const sealing::NameCard& card = *request.name_card;
  if (request.kind != journal::LeafKind::device_certificate)
    return refuse(RefusalCode::invalid_parameters, "name_card: only beside a certificate");
  if (card.name.empty() || card.name.size() > limits::name_bytes || !encoding::is_nfc(card.name) ||
      encoding::has_control_characters(card.name))
    return refuse(RefusalCode::invalid_parameters,
                  "name_card.name: 1 to 256 bytes of UTF-8 in NFC without control characters");
  if (!is_language_list(card.languages))
    return refuse(RefusalCode::invalid_parameters, "name_card.languages: BCP 47 tags, commas");
  auto body = sealing::parse_certificate_body(request.body);
  if (!body) return body.error();
  auto certificate = sealing::parse_certificate_content(body->content);
  if (!certificate) return certificate.error();
  if (certificate->device != card.device ||
      certificate->name_hash != sealing::name_hash(card.salt, card.name))
    return refuse(RefusalCode::invalid_parameters,
                  "name_card: it is not the one that the certificate's hash is of");
  return {};
}

}  // namespace

void append_directory(const Services& services, const domain::Caller& caller,
                      const wire::DirectoryAppend& request, Answer<wire::Appended> done) {
  Result<Signed> by = parse_signer(request);
  if (!by) return done(by.error());
  if (auto may = authorize(services, caller, by->action, {{}, by->agency}); !may)
    return done(may.error());
  if (by->signer != caller.device) return done(not_the_signer(by->action));
  append_directory_leaf(services.recorder, caller.origin(), request, std::move(done));
}

void append_directory_leaf(Recorder& recorder, const domain::Origin& origin,
                           const wire::DirectoryAppend& request, Answer<wire::Appended> done) {
  if (auto card = check_name_card(request); !card) return done(card.error());
  if (request.body.size() > journal::leaf_body_bytes)
    return done(refuse(RefusalCode::malformed_object, "it does not fit in one leaf"));
  recorder.submit(std::make_unique<DirectoryUnit>(origin, request, std::move(done)));
}

}  // namespace oberih::application
