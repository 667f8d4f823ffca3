// SPDX-License-Identifier: Apache-2.0
// What goes wrong in JSON-RPC: the frames are well formed, what they carry is not.
#include "protocol/base/limits.hpp"
#include "protocol/wire/requests.hpp"
#include "tests/garbage/mischief.hpp"

namespace oberih::garbage {
namespace {

using nlohmann::json;

constexpr std::size_t nearly_a_message = limits::frame_bytes - 100;

json parsed_request(Scene& scene) { return json::parse(scene.any_request()); }

json any_value(Scene& scene) {
  const std::array<json, 10> values = {
      json(nullptr), json(true), json(-1),      json(1.5),      json(UINT64_MAX),
      json(""),      json("\0"), json::array(), json::object(), json(std::string(1'000, '='))};
  return values[scene.random.below(values.size())];
}

/// Some value within `value`, however deep; `value` itself where it has none.
json& any_place(Scene& scene, json& value) {
  if (value.empty() || !value.is_structured() || scene.random.one_in(4)) return value;
  auto place = value.begin();
  std::advance(place, static_cast<std::ptrdiff_t>(scene.random.below(value.size())));
  return any_place(scene, *place);
}

}  // namespace

Afterwards noise_text(Scene& scene) {
  std::string text = scene.random_bytes(0, 2'000);
  for (char& byte : text) byte = static_cast<char>(byte & 0x7f);
  scene.send_text(text);
  return Afterwards::answers_or_ends;
}

Afterwards mutated_request(Scene& scene) {
  scene.send_text(scene.random.mutate(scene.any_request()));
  return Afterwards::answers_or_ends;
}

Afterwards mutated_requests(Scene& scene) {
  for (std::size_t i = 1 + scene.random.below(60); i > 0; --i)
    if (!scene.send_text(scene.random.mutate(scene.any_request()))) break;
  return Afterwards::answers_or_ends;
}

Afterwards wrong_type(Scene& scene) {
  json request = parsed_request(scene);
  any_place(scene, request) = any_value(scene);
  scene.send_text(request.dump());
  return Afterwards::answers;
}

Afterwards wrong_id(Scene& scene) {
  json request = parsed_request(scene);
  request["id"] = any_value(scene);
  scene.send_text(request.dump());
  return Afterwards::answers;
}

Afterwards other_parameters(Scene& scene) {
  json request = parsed_request(scene);
  request["params"] = parsed_request(scene)["params"];
  scene.send_text(request.dump());
  return Afterwards::answers;
}

Afterwards deep_json(Scene& scene) {
  const std::size_t depth = 10 + scene.random.below(100'000);
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += scene.random.one_in(2) ? "[" : "{\"a\":";
  scene.send_text(scene.random.one_in(2) ? std::string(depth, '[') + std::string(depth, ']')
                                         : text.substr(0, nearly_a_message));
  return Afterwards::answers;
}

Afterwards wide_json(Scene& scene) {
  std::string text = R"({"jsonrpc":"2.0","id":1,"method":"directory.names","params":{"devices":[)";
  if (scene.random.one_in(3)) {
    text += '"' + std::string(nearly_a_message - text.size() - 2, 'A') + "\"]}}";
  } else {
    const std::string element = scene.random.one_in(2) ? "[]," : "\"\\ud83d\\ude00\",";
    while (text.size() + element.size() < nearly_a_message) text += element;
    text += "1]}}";
  }
  scene.send_text(text);
  return Afterwards::answers;
}

Afterwards doubled_key(Scene& scene) {
  std::string text = scene.any_request();
  constexpr std::array<std::string_view, 4> additions = {
      "\"id\":7,", "\"method\":\"session.hello\",", "\"unknown\":0,", "\"params\":{},"};
  text.insert(1, additions[scene.random.below(additions.size())]);
  scene.send_text(text);
  return Afterwards::answers;
}

Afterwards batch(Scene& scene) {
  const std::string one = scene.any_request(), other = scene.any_request();
  constexpr std::string_view notification =
      R"({"jsonrpc":"2.0","method":"channel.list","params":{}})";
  scene.send_text(scene.random.one_in(3) ? std::string(notification)
                                         : "[" + one + "," + other + "]");
  return Afterwards::answers;
}

Afterwards reply_instead(Scene& scene) {
  constexpr std::array<std::string_view, 3> replies = {
      R"({"jsonrpc":"2.0","id":1,"result":{}})",
      R"({"jsonrpc":"2.0","id":1,"error":{"code":-32700,"message":"no","data":{}}})",
      R"([{"jsonrpc":"2.0","method":"journal.checkpoint","params":{"checkpoint":"x"}}])"};
  scene.send_text(replies[scene.random.below(replies.size())]);
  return Afterwards::answers;
}

Afterwards unknown_method(Scene& scene) {
  json request = parsed_request(scene);
  const std::array<std::string, 6> methods = {
      "", "channel.delete", "Session.hello", "rpc.discover", std::string(5'000, 'm'), "\n\x1b[31m"};
  request["method"] = methods[scene.random.below(methods.size())];
  scene.send_text(request.dump());
  return Afterwards::answers;
}

Afterwards hello_again(Scene& scene) {
  for (std::size_t i = 2 + scene.random.below(20); i > 0; --i)
    if (!scene.send_request(wire::SessionHello{"again", 0})) break;
  return Afterwards::answers_or_ends;
}

}  // namespace oberih::garbage
