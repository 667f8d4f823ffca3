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

struct Signed {  // who says it about whom
  AgencyId agency;
  DeviceId signer;
};

Result<Signed> parse_signer(const wire::DirectoryAppend& request) {
  if (request.kind == journal::LeafKind::device_certificate) {
    auto body = sealing::parse_certificate_body(request.body);
    if (!body) return body.error();
    auto certificate = sealing::parse_certificate_content(body->content);
    if (!certificate) return certificate.error();
    return Signed{certificate->agency, certificate->certifier_device};
  }
  if (request.kind == journal::LeafKind::device_revocation) {
    auto body = sealing::parse_revocation_body(request.body);
    if (!body) return body.error();
    auto revocation = sealing::parse_revocation_content(body->content);
    if (!revocation) return revocation.error();
    return Signed{revocation->agency, revocation->signer_device};
  }
  return refuse(RefusalCode::invalid_parameters, "kind: a certificate (2) or a revocation (3)");
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
  if (auto may = authorize(services, caller, domain::Action::directory_append, {{}, by->agency});
      !may)
    return done(may.error());
  if (by->signer != caller.device)
    return done(refuse(RefusalCode::not_certifier, "the signer is not the device that sends it"));
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
