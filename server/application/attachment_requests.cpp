// SPDX-License-Identifier: Apache-2.0
#include "server/application/attachment_requests.hpp"

#include "server/application/read_for_audit.hpp"

namespace oberih::application {
namespace {

/// Who may post there now. A closed channel takes nothing more.
Result<void> may_put(const Services& services, const domain::Caller& caller,
                     const ChannelId& channel) {
  OBERIH_TRY(authorize(services, caller, domain::Action::attachment_put, {channel, {}}));
  const auto line = services.view.find_member(channel, caller.device, rule_time_ms(services));
  if (!line) return refuse(RefusalCode::not_found);
  if (line->role == RosterRole::read_only) return refuse(RefusalCode::read_only_member);
  const std::optional<ChannelFacts> facts = services.view.find_channel(channel);
  if (facts && facts->state->is_closed()) return refuse(RefusalCode::channel_closed);
  return {};
}

Result<void> may_get(const Services& services, const domain::Caller& caller,
                     const ChannelId& channel) {
  // Chunks are of no epoch that a server knows: their keys stand in entries that a grant opens.
  if (caller.role == Role::auditor) return require_grant(services, caller, channel);
  return authorize(services, caller, domain::Action::attachment_get, {channel, {}});
}

template <class Reply, class Work>
void hand_over(const Services& services, const domain::Caller& caller, const Result<void>& may,
               Work work, Answer<Reply> done) {
  if (!may) return done(may.error());
  if (services.attachments == nullptr)
    return done(refuse(RefusalCode::unavailable, "this server keeps no attachments"));
  auto answer = std::make_shared<Answer<Reply>>(std::move(done));
  services.attachments->submit(caller.origin(),
                               {[work = std::move(work), answer](AttachmentKeeper& keeper) {
                                  Result<Reply> reply = work(keeper);
                                  (*answer)(std::move(reply));
                                },
                                [answer](RefusalCode code) { (*answer)(refuse(code)); }});
}

/// Each chunk that is handed out is an access to what the channel holds.
Answer<wire::AttachmentChunk> noting_access(const Services& services, const domain::Caller& caller,
                                            const wire::AttachmentGet& request,
                                            Answer<wire::AttachmentChunk> done) {
  if (!services.accesses) return done;
  return [accesses = services.accesses, origin = caller.origin(), channel = request.channel,
          number = request.number, done = std::move(done)](Result<wire::AttachmentChunk> chunk) {
    if (chunk) accesses->note_attachment(origin, channel, number);
    done(std::move(chunk));
  };
}

}  // namespace

void begin_attachment(const Services& services, const domain::Caller& caller,
                      const wire::AttachmentBegin& request, Answer<wire::AttachmentProgress> done) {
  Result<void> may = may_put(services, caller, request.channel);
  if (may) may = sealing::judge_manifest(request.content, request.manifest);
  const Milliseconds now_ms = rule_time_ms(services);
  hand_over(
      services, caller, may,
      [origin = caller.origin(), request, now_ms](AttachmentKeeper& keeper) {
        return keeper.begin(origin, request, now_ms);
      },
      std::move(done));
}

void put_attachment(const Services& services, const domain::Caller& caller,
                    const wire::AttachmentPut& request, Answer<wire::AttachmentProgress> done) {
  hand_over(
      services, caller, may_put(services, caller, request.channel),
      [origin = caller.origin(), request](AttachmentKeeper& keeper) {
        return keeper.put(origin, request);
      },
      std::move(done));
}

void keep_attachment(const Services& services, const domain::Caller& caller,
                     const wire::AttachmentKeep& request, Answer<wire::AttachmentProgress> done) {
  hand_over(
      services, caller,
      authorize(services, caller, domain::Action::attachment_get, {request.channel, {}}),
      [request](AttachmentKeeper& keeper) { return keeper.keep(request); }, std::move(done));
}

void read_attachment_state(const Services& services, const domain::Caller& caller,
                           const wire::AttachmentStatus& request,
                           Answer<wire::AttachmentState> done) {
  hand_over(
      services, caller, may_get(services, caller, request.channel),
      [request](AttachmentKeeper& keeper) { return keeper.load_state(request); }, std::move(done));
}

void get_attachment(const Services& services, const domain::Caller& caller,
                    const wire::AttachmentGet& request, Answer<wire::AttachmentChunk> done) {
  hand_over(
      services, caller, may_get(services, caller, request.channel),
      [origin = caller.origin(), request](AttachmentKeeper& keeper) {
        return keeper.load_chunk(origin, request);
      },
      noting_access(services, caller, request, std::move(done)));
}

}  // namespace oberih::application
