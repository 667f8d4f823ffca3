// SPDX-License-Identifier: Apache-2.0
#include "protocol/encoding/strict_json.hpp"

#include <nlohmann/json.hpp>

#include "protocol/encoding/utf8.hpp"

namespace oberih::encoding {
namespace {

using nlohmann::json;

// Builds the value while it is read. Returning false stops the parser at once.
class StrictBuilder : public nlohmann::json_sax<json> {
 public:
  explicit StrictBuilder(std::size_t max_depth) : max_depth_(max_depth) {}

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  // An integer beyond 64 bits comes here too: nothing silently becomes a double.
  bool number_float(number_float_t, const string_t&) override {
    return stop("a number is not an integer of 64 bits");
  }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return stop("it is not JSON"); }

  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (open_.back()->contains(name)) return stop("an object has the same key twice");
    key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return stop("it is not JSON at byte " + std::to_string(position));
  }

  json take() { return std::move(root_); }
  const std::string& fault() const { return fault_; }

 private:
  json* place(json value) {
    if (open_.empty()) return &(root_ = std::move(value));
    json& parent = *open_.back();
    if (parent.is_object()) return &(parent[key_] = std::move(value));
    parent.push_back(std::move(value));
    return &parent.back();
  }
  bool add(json value) {
    place(std::move(value));
    return true;
  }
  bool open(json container) {
    if (open_.size() == max_depth_)
      return stop("it is nested more than " + std::to_string(max_depth_) + " deep");
    open_.push_back(place(std::move(container)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }
  bool stop(std::string fault) {
    if (fault_.empty()) fault_ = std::move(fault);
    return false;
  }

  const std::size_t max_depth_;
  json root_;
  // The containers around the next value. They stay in place: a parent grows only after its newest
  // child was closed.
  std::vector<json*> open_;
  std::string key_;
  std::string fault_;
};

}  // namespace

Result<json> parse_strict_json(std::string_view text, std::size_t max_depth) {
  if (!is_valid_utf8(text)) return refuse(RefusalCode::malformed_frame, "it is not UTF-8");
  // The parser would skip a byte order mark; RFC 8259 forbids to send one.
  if (text.starts_with("\xef\xbb\xbf"))
    return refuse(RefusalCode::malformed_frame, "it begins with a byte order mark");
  // The parser takes a zero byte for the end and would not look at what stands behind it.
  if (text.find('\0') != text.npos)
    return refuse(RefusalCode::malformed_frame, "it has a zero byte");
  StrictBuilder builder(max_depth);
  if (!json::sax_parse(text.begin(), text.end(), &builder))
    return refuse(RefusalCode::malformed_frame, builder.fault());
  return Result<json>(boost::system::in_place_value, builder.take());
}

}  // namespace oberih::encoding
