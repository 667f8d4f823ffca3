// SPDX-License-Identifier: Apache-2.0
// Answers to questions that were asked side by side, as many as come in time. One that comes later
// finds its place still there, and nobody looking.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace oberih::application {

template <class Answer>
class Gathered {
 public:
  explicit Gathered(std::size_t count) : state_(std::make_shared<State>(count)) {}

  /// To be called once, on any thread, with the answer to that question.
  std::function<void(Answer)> slot(std::size_t place) const {
    return [state = state_, place](Answer answer) {
      std::lock_guard lock(state->mutex);
      if (state->answers[place]) return;
      state->answers[place].emplace(std::move(answer));
      if (--state->missing == 0) state->complete.notify_all();
    };
  }
  /// Empty where no answer has come. Once. Ends early where `is_over` says so: who stops must not
  /// wait for others.
  std::vector<std::optional<Answer>> wait_for(std::chrono::milliseconds time,
                                              const std::function<bool()>& is_over = {}) {
    constexpr std::chrono::milliseconds look{50};
    const auto until = std::chrono::steady_clock::now() + time;
    std::unique_lock lock(state_->mutex);
    while (state_->missing != 0 && std::chrono::steady_clock::now() < until &&
           !(is_over && is_over()))
      state_->complete.wait_for(lock, look, [this] { return state_->missing == 0; });
    std::vector<std::optional<Answer>> taken(state_->answers.size());
    for (std::size_t i = 0; i < taken.size(); ++i)
      if (state_->answers[i]) taken[i].emplace(std::move(*state_->answers[i]));
    return taken;
  }

 private:
  struct State {
    explicit State(std::size_t count) : answers(count), missing(count) {}
    std::mutex mutex;
    std::condition_variable complete;
    std::vector<std::optional<Answer>> answers;
    std::size_t missing;
  };
  std::shared_ptr<State> state_;
};

}  // namespace oberih::application
