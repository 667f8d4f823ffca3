// SPDX-License-Identifier: Apache-2.0
#include "server/application/audit_question.hpp"

namespace oberih::application {
namespace {

class QuestionUnit final : public Unit {
 public:
  QuestionUnit(const Origin& origin, const ChannelId& channel,
               sealing::SignedAuditQuestion question, Answer<wire::Appended> done)
      : Unit(origin), channel_(channel), question_(std::move(question)), done_(std::move(done)) {}

  std::size_t size_bytes() const override { return 256 + question_.question.query.size(); }

  Result<wire::Appended> judge(BatchView& batch) override {
    return stage_asked(batch, channel_, question_);
  }

  void answer(Result<wire::Appended> outcome) override { done_(std::move(outcome)); }

 private:
  const ChannelId channel_;
  const sealing::SignedAuditQuestion question_;
  const Answer<wire::Appended> done_;
};

}  // namespace

Result<sealing::SignedAuditQuestion> take_question(const Services& services,
                                                   const domain::Caller& caller,
                                                   sealing::AuditWhat what, const Bytes& content,
                                                   const Signature& signature) {
  Result<sealing::AuditQuestion> question = sealing::parse_audit_content(content);
  if (!question) return question.error();
  if (question->what != what)
    return refuse(RefusalCode::malformed_object, "the question is one of another kind");
  if (question->auditor != caller.device)
    return refuse(RefusalCode::forbidden, "a question is asked by the device that signed it");
  const DirectoryPointer directory = services.view.directory();
  const sealing::Device* device = directory->find_device(caller.device);
  if (device == nullptr) return refuse(RefusalCode::unknown_device);
  sealing::SignedAuditQuestion signed_question{std::move(*question), signature};
  if (!sealing::verify_audit_signature(signed_question, device->certificate.signature_key))
    return refuse(RefusalCode::bad_signature);
  const std::optional<SignedCheckpoint> checkpoint = services.view.checkpoint();
  if (!checkpoint) return refuse(RefusalCode::unavailable, "no checkpoint is signed yet");
  // What is not signed may still be lost, and is nobody's evidence.
  if (signed_question.question.size > checkpoint->size)
    return refuse(
        RefusalCode::checkpoint_unknown,
        "The newest signed checkpoint is over " + std::to_string(checkpoint->size) + " leaves.");
  return signed_question;
}

Result<wire::Appended> stage_asked(BatchView& batch, const ChannelId& channel,
                                   const sealing::SignedAuditQuestion& question) {
  const sealing::Standing standing =
      batch.directory().standing(question.question.auditor, batch.next_index(), batch.server_ms());
  if (standing != sealing::Standing::active) return sealing::refusal_of(standing);
  return batch.stage_question(channel, question);
}

void record_question(const Services& services, const domain::Caller& caller,
                     const ChannelId& channel, sealing::SignedAuditQuestion question,
                     Answer<wire::Appended> done) {
  services.recorder.submit(std::make_unique<QuestionUnit>(caller.origin(), channel,
                                                          std::move(question), std::move(done)));
}

}  // namespace oberih::application
