// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/passphrase_prompt.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "client-cli/keyring/private_file.hpp"
#include "protocol/crypto/random_bytes.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t longest_passphrase = 1024;
constexpr std::size_t shortest_passphrase = 8;
constexpr const char* file_variable = "OBERIH_PASSPHRASE_FILE";

/// The controlling terminal, whatever stdin and stdout are; echo comes back when it goes.
class Terminal {
 public:
  Terminal() : descriptor_(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {}
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    if (descriptor_ < 0) return;
    if (silent_) ::tcsetattr(descriptor_, TCSAFLUSH, &saved_);
    ::close(descriptor_);
  }
  bool is_open() const { return descriptor_ >= 0; }
  void silence() {
    if (::tcgetattr(descriptor_, &saved_) != 0) return;
    termios silent = saved_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent_ = ::tcsetattr(descriptor_, TCSAFLUSH, &silent) == 0;
  }
  void write(std::string_view text) {
    while (!text.empty()) {
      ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  SecretBuffer read_line() {
    SecretBuffer line(longest_passphrase);
    std::size_t size = 0;
    while (size < longest_passphrase) {
      std::uint8_t byte = 0;
      if (::read(descriptor_, &byte, 1) != 1 || byte == '\n') break;
      line.writable()[size++] = byte;
    }
    line.shrink_to(size);
    return line;
  }

 private:
  int descriptor_;
  bool silent_ = false;
  termios saved_{};
};

Result<SecretBuffer> read_passphrase_file(const char* path) {
  Result<Bytes> content = read_whole_file(path, longest_passphrase + 2);
  if (!content) return content.error();
  auto end = std::find_if(content->begin(), content->end(),
                          [](std::uint8_t byte) { return byte == '\n' || byte == '\r'; });
  SecretBuffer passphrase(
      ByteView(content->data(), static_cast<std::size_t>(end - content->begin())));
  explicit_bzero(content->data(), content->size());
  return passphrase;
}

Result<SecretBuffer> not_empty(SecretBuffer passphrase) {
  if (passphrase.size() == 0) return refuse(RefusalCode::usage, "the passphrase is empty");
  return passphrase;
}

Result<SecretBuffer> ask_terminal(const std::string& question) {
  Terminal terminal;
  if (!terminal.is_open())
    return refuse(RefusalCode::locked,
                  std::string("no terminal to ask, and ") + file_variable + " names no file");
  terminal.silence();
  terminal.write(question);
  SecretBuffer passphrase = terminal.read_line();
  terminal.write("\n");
  return not_empty(std::move(passphrase));
}

}  // namespace

bool has_passphrase_file() {
  const char* path = std::getenv(file_variable);
  return path != nullptr && *path != '\0';
}

Result<SecretBuffer> ask_passphrase(const std::string& question) {
  if (!has_passphrase_file()) return ask_terminal(question);
  Result<SecretBuffer> passphrase = read_passphrase_file(std::getenv(file_variable));
  if (!passphrase) return passphrase.error();
  return not_empty(std::move(*passphrase));
}

Result<SecretBuffer> ask_new_passphrase(const std::string& question, const std::string& again) {
  Result<SecretBuffer> first = ask_passphrase(question);
  if (!first) return first.error();
  if (first->size() < shortest_passphrase)
    return refuse(RefusalCode::usage, "a passphrase has at least 8 bytes");
  if (has_passphrase_file()) return first;
  Result<SecretBuffer> second = ask_terminal(again);
  if (!second) return second.error();
  if (!crypto::constant_time_equal(first->view(), second->view()))
    return refuse(RefusalCode::usage, "the two passphrases differ");
  return first;
}

bool ask_yes(const std::string& question) {
  Terminal terminal;
  if (!terminal.is_open()) return false;
  terminal.write(question);
  SecretBuffer line = terminal.read_line();
  std::string_view answer = as_text(line.view());
  for (std::string_view yes : {"y", "Y", "yes", "т", "Т", "так", "Так"})
    if (answer == yes) return true;
  return false;
}

}  // namespace oberih::client
