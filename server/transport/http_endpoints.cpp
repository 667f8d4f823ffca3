// SPDX-License-Identifier: Apache-2.0
#include "server/transport/http_endpoints.hpp"

#include <algorithm>

#include "server/application/read_tree.hpp"

namespace oberih::transport {
namespace {

using socket::HttpResponse;

constexpr const char* text = "text/plain; charset=utf-8";
constexpr const char* bytes = "application/octet-stream";
// As what a page of a channel costs beyond one request.
constexpr double page_cost = 3;
// Private: whoever stands between has no certificate. A year is what HTTP calls for ever.
constexpr const char* immutable = "private, max-age=31536000, immutable";

HttpResponse sentence(unsigned status, std::string words) {
  return {status, text, std::move(words) + "\n", {{"Cache-Control", "no-store"}}};
}

HttpResponse come_back_in(std::chrono::milliseconds pause) {
  const auto seconds = std::max<long long>(1, (pause.count() + 999) / 1000);
  HttpResponse response =
      sentence(429, "This device or its agency has read too much at once. Come back in " +
                        std::to_string(seconds) + " s.");
  response.fields.emplace_back("Retry-After", std::to_string(seconds));
  return response;
}

HttpResponse checkpoint_page(const application::JournalView& view) {
  const auto checkpoint = view.checkpoint();
  if (!checkpoint) return sentence(503, "No checkpoint is signed yet.");
  return {200, text, checkpoint->note, {{"Cache-Control", "no-store"}}};
}

HttpResponse refused_tile(const Refusal& refusal) {
  switch (refusal.code) {
    case RefusalCode::forbidden:
      return sentence(403,
                      "Bundles of leaves are for auditors' devices: they show who met whom and "
                      "when. Tiles of hashes and the checkpoint are for every device.");
    case RefusalCode::not_found:
      return sentence(404, refusal.detail);
    case RefusalCode::server_busy:
      return come_back_in(std::chrono::seconds(1));
    default:
      return sentence(503, "The journal cannot be read at the moment. Come back in a moment.");
  }
}

/// Nothing where the device may read on now.
std::optional<HttpResponse> too_much(RateLimiter& limiter, std::size_t request_bytes) {
  const auto now = std::chrono::steady_clock::now();
  if (const auto pause = limiter.read_pause(now); pause.count() > 0) return come_back_in(pause);
  const bool is_within = limiter.take(request_bytes, now) == TokenBucket::Verdict::within &&
                         limiter.take_more(page_cost, now) == TokenBucket::Verdict::within;
  if (!is_within) return come_back_in(limiter.request_pause(now));
  return std::nullopt;
}

void answer_tile(const application::Services& services, const domain::Caller& caller,
                 const std::shared_ptr<RateLimiter>& limiter, std::string_view path,
                 socket::HttpAnswer done) {
  if (auto refusal = too_much(*limiter, path.size())) return done(std::move(*refusal));
  const auto tile = journal::parse_tile_path(path);
  if (!tile)
    return done(sentence(
        400,
        "That is no tile's path. Paths are tile/<level>/<index>[.p/<width>] and "
        "tile/entries/<index>[.p/<width>], the index in groups like x001/x234/067, the width "
        "1 to 255 for a partial tile."));
  application::read_tile(
      services, caller, *tile,
      [limiter, done = std::move(done), tally = services.refusals,
       origin = caller.origin()](Result<Bytes> found) {
        if (!found) {
          done(refused_tile(found.error()));
          // A tile that is not there yet is no secret: only leaves are for auditors.
          if (tally && found.error().code == RefusalCode::forbidden)
            tally->note(origin, {"leaves.read", {}, {}}, RefusalCode::forbidden);
          return;
        }
        limiter->charge_read(std::max(found->size(), least_page_bytes),
                             std::chrono::steady_clock::now());
        done({200, bytes, std::string(as_text(*found)), {{"Cache-Control", immutable}}});
      });
}

}  // namespace

void answer_http(const application::Services& services, const domain::Caller& caller,
                 const std::shared_ptr<RateLimiter>& limiter, const socket::HttpRequest& request,
                 socket::HttpAnswer done) {
  if (request.method != "GET" && request.method != "HEAD") {
    HttpResponse response = sentence(405, "Pages are only read here: GET or HEAD.");
    response.fields.emplace_back("Allow", "GET, HEAD");
    return done(std::move(response));
  }
  const std::string_view target = request.target;
  if (target == "/health") return done(sentence(200, "ok"));
  if (target == "/checkpoint") return done(checkpoint_page(services.view));
  if (target.starts_with("/tile/"))
    return answer_tile(services, caller, limiter, target.substr(1), std::move(done));
  done(sentence(404, "There is no such page."));
}

}  // namespace oberih::transport
