// SPDX-License-Identifier: Apache-2.0
// A time-stamping authority of its own for a test: `openssl ts` behind a few lines of HTTP.
#pragma once

#include <signal.h>

#include <stdexcept>

#include "tests/support/process.hpp"

namespace oberih::test {

class TimeAuthority {
 public:
  enum class Way { http, https };

  /// Makes its root and its key in the folder; it is not there yet.
  explicit TimeAuthority(std::filesystem::path folder, Way way = Way::http)
      : folder_(std::move(folder)), way_(way) {
    std::filesystem::create_directory(folder_);
    write_file(folder_ / "tsa.conf", configuration);
    write_file(folder_ / "serve.py", program);
    const Finished made = run_process({"bash", "-c", keys, "_", folder_});
    if (made.exit_code != 0) throw std::runtime_error("no authority: " + made.err);
    start();  // finds its port
    stop();
  }
  void start() {
    std::filesystem::remove(folder_ / "output");
    process_ = std::make_unique<BackgroundProcess>(
        std::vector<std::string>{"python3", "-u", folder_ / "serve.py", folder_,
                                 std::to_string(port_), way_ == Way::https ? "https" : "http"},
        Environment{}, folder_ / "output");
    if (!process_->wait_for_output("serves on "))
      throw std::runtime_error("no authority: " + process_->output());
    const std::string said = process_->output();
    port_ = std::stoi(said.substr(said.find("serves on ") + 10));
  }
  void stop() { process_->stop(SIGKILL); }
  std::string url() const {
    return (way_ == Way::https ? "https://127.0.0.1:" : "http://127.0.0.1:") +
           std::to_string(port_) + "/tsa";
  }
  std::string root_file() const { return folder_ / "ca.crt"; }
  std::string web_root_file() const { return folder_ / "web.crt"; }  // for https

 private:
  static constexpr const char* keys = R"(set -e; cd "$1"
openssl ecparam -name prime256v1 -genkey -noout -out ca.key
openssl req -x509 -new -key ca.key -sha256 -days 3650 -subj "/CN=Test root" -out ca.crt
openssl ecparam -name prime256v1 -genkey -noout -out tsa.key
openssl req -new -key tsa.key -subj "/CN=Test time-stamps" -out tsa.csr
printf 'extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n' > extensions
openssl x509 -req -in tsa.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -sha256 \
  -extfile extensions -out tsa.crt
printf 01 > serial
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout web.key -sha256 \
  -days 3650 -subj "/CN=127.0.0.1" -addext "subjectAltName=IP:127.0.0.1" -out web.crt)";
  static constexpr const char* configuration = R"([tsa]
default_tsa = authority
[authority]
serial = serial
signer_cert = tsa.crt
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_chain = no
)";
  static constexpr const char* program = R"(import http.server, os, ssl, subprocess, sys
os.chdir(sys.argv[1])
class Authority(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        with open('query', 'wb') as query:
            query.write(self.rfile.read(int(self.headers['Content-Length'])))
        subprocess.run(['openssl', 'ts', '-reply', '-config', 'tsa.conf', '-section', 'authority',
                        '-queryfile', 'query', '-out', 'reply'], check=True)
        with open('reply', 'rb') as reply:
            body = reply.read()
        self.send_response(200)
        self.send_header('Content-Type', 'application/timestamp-reply')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
server = http.server.HTTPServer(('127.0.0.1', int(sys.argv[2])), Authority)
if sys.argv[3] == 'https':
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain('web.crt', 'web.key')
    server.socket = context.wrap_socket(server.socket, server_side=True)
print('serves on', server.server_port)
server.serve_forever()
)";

  std::filesystem::path folder_;
  const Way way_;
  int port_ = 0;
  std::unique_ptr<BackgroundProcess> process_;
};

}  // namespace oberih::test
