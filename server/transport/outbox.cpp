// SPDX-License-Identifier: Apache-2.0
#include "server/transport/outbox.hpp"

#include <utility>
#include <vector>

#include "protocol/base/limits.hpp"
#include "protocol/wire/rpc_frame.hpp"

namespace oberih::transport {

Outbox::Outbox(std::size_t limit_bytes, Wiring wiring)
    : limit_bytes_(limit_bytes), wiring_(std::move(wiring)) {}

void Outbox::push_reply(std::string frame) {
  push({std::make_shared<const std::string>(std::move(frame)), false});
  flush();
}

void Outbox::push_batch(Frame frame) { push({std::move(frame), true}); }

void Outbox::push(Waiting waiting) {
  bool is_full = false;
  {
    std::lock_guard lock(mutex_);
    if (is_closed_) return;
    if (bytes_ + waiting.frame->size() > limit_bytes_) {
      is_closed_ = is_full = true;
      waiting_.clear();
      wish_ = nullptr;
    } else {
      bytes_ += waiting.frame->size();
      waiting_.push_back(std::move(waiting));
    }
  }
  if (is_full) wiring_.on_full();
}

void Outbox::flush() {
  {
    std::lock_guard lock(mutex_);
    if (is_closed_ || waiting_.empty() || std::exchange(is_sending_, true)) return;
  }
  send_what_waits();
}

Frame Outbox::take_next() {
  Waiting first = std::move(waiting_.front());
  waiting_.pop_front();
  sending_bytes_ = first.frame->size();
  if (!first.is_batch) return std::move(first.frame);
  std::vector<Frame> joined = {std::move(first.frame)};
  while (!waiting_.empty() && waiting_.front().is_batch &&
         sending_bytes_ + waiting_.front().frame->size() <= limits::batch_frame_bytes) {
    sending_bytes_ += waiting_.front().frame->size();
    joined.push_back(std::move(waiting_.front().frame));
    waiting_.pop_front();
  }
  if (joined.size() == 1) return std::move(joined.front());
  std::vector<std::string_view> views;
  for (const Frame& frame : joined) views.push_back(*frame);
  return std::make_shared<const std::string>(wire::join_batches(views));
}

void Outbox::send_what_waits() {
  // A loop, not a recursion: with a fast peer every `done` comes inside the call.
  while (true) {
    Frame frame;
    {
      std::lock_guard lock(mutex_);
      if (is_closed_ || waiting_.empty()) {
        is_sending_ = false;
        return;
      }
      frame = take_next();
      turn_ = Turn::inside_send;
    }
    wiring_.send(std::move(frame), [self = weak_from_this()](bool sent) {
      if (auto outbox = self.lock()) outbox->finish_sending(sent);
    });
    std::lock_guard lock(mutex_);
    if (std::exchange(turn_, Turn::later) == Turn::inside_send) return;
  }
}

void Outbox::finish_sending(bool sent) {
  std::function<void()> work;
  bool goes_on = false;
  {
    std::lock_guard lock(mutex_);
    bytes_ -= sending_bytes_;
    sending_bytes_ = 0;
    if (!sent) is_closed_ = true;
    if (is_closed_) waiting_.clear();
    if (!is_closed_ && wish_ && bytes_ <= wish_bytes_) work = std::exchange(wish_, nullptr);
    goes_on = turn_ == Turn::later;
    if (!goes_on) turn_ = Turn::answered_inside;
  }
  if (work) work();
  if (goes_on) send_what_waits();
}

void Outbox::when_below(std::size_t bytes, std::function<void()> work) {
  {
    std::lock_guard lock(mutex_);
    if (is_closed_) return;
    if (bytes_ > bytes) {
      wish_bytes_ = bytes;
      wish_ = std::move(work);
      return;
    }
  }
  work();
}

void Outbox::close() {
  std::lock_guard lock(mutex_);
  is_closed_ = true;
  waiting_.clear();
  wish_ = nullptr;
}

std::size_t Outbox::waiting_bytes() const {
  std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace oberih::transport
