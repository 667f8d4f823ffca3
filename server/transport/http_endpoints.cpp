// SPDX-License-Identifier: Apache-2.0
#include "server/transport/http_endpoints.hpp"

namespace oberih::transport {

socket::HttpResponse answer_http(const application::JournalView& view,
                                 const socket::HttpRequest& request) {
  constexpr const char* text = "text/plain; charset=utf-8";
  if (request.method == "GET" && request.target == "/health") return {200, text, "ok\n"};
  if (request.method == "GET" && request.target == "/checkpoint") {
    if (auto checkpoint = view.checkpoint()) return {200, text, checkpoint->note};
    return {503, text, "No checkpoint is signed yet.\n"};
  }
  return {404, text, "There is no such page.\n"};
}

}  // namespace oberih::transport
