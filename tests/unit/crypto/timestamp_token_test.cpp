// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/timestamp_token.hpp"

#include <gtest/gtest.h>

#include "protocol/crypto/digest.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::crypto {
namespace {

// Made with `openssl ts` for this test: an authority with a root of its own, good for a century,
// and its answer to a request over the text "checkpoint".
constexpr std::string_view root_pem =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBsTCCAVegAwIBAgIUZVud3ldGP2q09gQ/jGN2qX5JSyMwCgYIKoZIzj0EAwIw\n"
    "LTEXMBUGA1UECgwOVGVzdCBhdXRob3JpdHkxEjAQBgNVBAMMCVRlc3Qgcm9vdDAg\n"
    "Fw0yNjExMjYxOTIwMjRaGA8yMTI2MTEwMjE5MjAyNFowLTEXMBUGA1UECgwOVGVz\n"
    "dCBhdXRob3JpdHkxEjAQBgNVBAMMCVRlc3Qgcm9vdDBZMBMGByqGSM49AgEGCCqG\n"
    "SM49AwEHA0IABEJD5d+Vx5ZY6FjYuaPwxt/77Z175oAxyJDkLGVD8Z33NUW/vgb4\n"
    "0mTT7Rytm2YCLawIqESqRRUS8kfkFvx1boKjUzBRMB0GA1UdDgQWBBSnj4fKpemx\n"
    "atH5oSzTYJ24yxYpyTAfBgNVHSMEGDAWgBSnj4fKpemxatH5oSzTYJ24yxYpyTAP\n"
    "BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIBLL1ahmfno8V2z2+ksM\n"
    "BTFbsCOd7X5tUijjn6tuHqRtAiEA86dQ0BR8HU4JMc0an8KITB2Rtie2hiheKHFT\n"
    "A1GAnwI=\n"
    "-----END CERTIFICATE-----\n";
// The same name, another key.
constexpr std::string_view other_root_pem =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBsDCCAVegAwIBAgIUdmk1nOG4/Od69KTZQtOWktsGElgwCgYIKoZIzj0EAwIw\n"
    "LTEXMBUGA1UECgwOVGVzdCBhdXRob3JpdHkxEjAQBgNVBAMMCVRlc3Qgcm9vdDAg\n"
    "Fw0yNjExMjYxOTIxMTRaGA8yMTI2MTEwMjE5MjExNFowLTEXMBUGA1UECgwOVGVz\n"
    "dCBhdXRob3JpdHkxEjAQBgNVBAMMCVRlc3Qgcm9vdDBZMBMGByqGSM49AgEGCCqG\n"
    "SM49AwEHA0IABKl5th+PNgV/nhhCdTqEhOPWPL6eGxx9Us89JSZ7HFaIekXGxuVR\n"
    "rmLRoxXw0qwh9uiFahb59e4MPnIbaSaZ6zyjUzBRMB0GA1UdDgQWBBQgCg8LowSY\n"
    "ueclOqaJ26F9CNPKGzAfBgNVHSMEGDAWgBQgCg8LowSYueclOqaJ26F9CNPKGzAP\n"
    "BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCICj+XPAsnBHauo2Dszgc\n"
    "sF2ydv/wDx3WaRFD3AaI+u1nAiBJBcpmzP4+u1+z91vBj7GveIc7OeTI4VUl3q2X\n"
    "l7JqMg==\n"
    "-----END CERTIFICATE-----\n";
constexpr std::string_view request_hex =
    "30430201013031300d06096086480165030402010500042047320987f9a49d5b00119b960f247a956773f575"
    "43982b8bfcb6da5bb3afd9ef02081b9355b45d52b7000101ff";
constexpr std::string_view response_hex =
    "3082058e30030201003082058506092a864886f70d010702a082057630820572020103310f300d0609608648"
    "01650304020105003075060b2a864886f70d0109100104a0660464306202010106042a0304013031300d0609"
    "6086480165030402010500042047320987f9a49d5b00119b960f247a956773f57543982b8bfcb6da5bb3afd9"
    "ef020102180f32303236313132363139323032365a30030201010101ff02081b9355b45d52b700a082039230"
    "8201d930820180a003020102021456a68929c99cc811524f840a89c4c9f8b1148623300a06082a8648ce3d04"
    "0302302d31173015060355040a0c0e5465737420617574686f726974793112301006035504030c0954657374"
    "20726f6f743020170d3236313132363139323032355a180f32313236313130323139323032355a3034311730"
    "15060355040a0c0e5465737420617574686f726974793119301706035504030c10546573742074696d652d73"
    "74616d70733059301306072a8648ce3d020106082a8648ce3d0301070342000403565493ca49b19656ad5c4e"
    "55bb37b66b7df1c1070884e24b282c3316e554244c1d4b45f8887102f664725b821797e0c82d79d78ad2c25a"
    "c1d0d15dffd8f584a375307330090603551d1304023000300e0603551d0f0101ff0404030207803016060355"
    "1d250101ff040c300a06082b06010505070308301d0603551d0e04160414d25e37ca6000dc3b5c501c6005af"
    "e224dfd97953301f0603551d23041830168014a78f87caa5e9b16ad1f9a12cd3609db8cb1629c9300a06082a"
    "8648ce3d04030203470030440220575ada7b191ad22d389dff7d21e6dac76119e7b19bae0d1f967e2f60a06d"
    "dedc0220415b6b508766035edff52ce1c3f749eba8793544d86f1a5cc2ba5a83217d24dc308201b130820157"
    "a0030201020214655b9dde57463f6ab4f6043f8c6376a97e494b23300a06082a8648ce3d040302302d311730"
    "15060355040a0c0e5465737420617574686f726974793112301006035504030c095465737420726f6f743020"
    "170d3236313132363139323032345a180f32313236313130323139323032345a302d31173015060355040a0c"
    "0e5465737420617574686f726974793112301006035504030c095465737420726f6f743059301306072a8648"
    "ce3d020106082a8648ce3d030107034200044243e5df95c79658e858d8b9a3f0c6dffbed9d7be68031c890e4"
    "2c6543f19df73545bfbe06f8d264d3ed1cad9b66022dac08a844aa451512f247e416fc756e82a3533051301d"
    "0603551d0e04160414a78f87caa5e9b16ad1f9a12cd3609db8cb1629c9301f0603551d23041830168014a78f"
    "87caa5e9b16ad1f9a12cd3609db8cb1629c9300f0603551d130101ff040530030101ff300a06082a8648ce3d"
    "0403020348003045022012cbd5a8667e7a3c576cf6fa4b0c05315bb0239ded7e6d5228e39fab6e1ea46d0221"
    "00f3a750d0147c1d4e0931cd1a9fc2884c1d91b627b686285e2871530351809f023182014d30820149020101"
    "3045302d31173015060355040a0c0e5465737420617574686f726974793112301006035504030c0954657374"
    "20726f6f74021456a68929c99cc811524f840a89c4c9f8b1148623300d06096086480165030402010500a081"
    "98301a06092a864886f70d010903310d060b2a864886f70d0109100104301c06092a864886f70d010905310f"
    "170d3236313132363139323032365a302b060b2a864886f70d010910020c311c301a3018301604141a2a66ee"
    "02bbc36a54a3e3509089b583cde1c59c302f06092a864886f70d01090431220420500e93294c726c58f9a414"
    "b85e482c66310b2bf68023475a88cf41242eedd887300a06082a8648ce3d0403020447304502205a34ed8ea9"
    "ecd448e019a28994f5d40f6d940646372b64740b419bd5e4072ce7022100a23cd0c56718f6eeeacfa4063b07"
    "6a6e667c04bc978232ce0647278bd2747e16";

constexpr Milliseconds token_at_ms = 1795720826000;

Bytes bytes_of(std::string_view hex) { return encoding::decode_hex(hex).value(); }
Digest imprint() { return sha256(as_bytes("checkpoint")); }
Bytes token() {
  return take_timestamp_token(bytes_of(response_hex), bytes_of(request_hex)).value();
}
template <class T>
std::string verdict(const Result<T>& result) {
  return result ? "accepted" : std::string(refusal_row(result.error().code).name);
}

}  // namespace

TEST(TimestampToken, verifies_for_what_was_stamped_and_says_when_and_by_whom) {
  const auto stamped = verify_timestamp_token(token(), imprint(), root_pem);
  ASSERT_TRUE(stamped) << stamped.error().detail;
  EXPECT_EQ(stamped->at_ms % 1000, 0u);
  EXPECT_EQ(stamped->at_ms, token_at_ms);
  EXPECT_NE(stamped->authority.find("Test time-stamps"), std::string::npos) << stamped->authority;
}

TEST(TimestampToken, refuses_another_imprint_another_root_and_none) {
  EXPECT_EQ(verdict(verify_timestamp_token(token(), sha256(as_bytes("other")), root_pem)),
            "verification_failed");
  EXPECT_EQ(verdict(verify_timestamp_token(token(), imprint(), "")), "usage");
  EXPECT_EQ(verdict(verify_timestamp_token(token(), imprint(), other_root_pem)),
            "verification_failed");
}

TEST(TimestampToken, no_changed_byte_makes_it_say_something_else_and_none_may_be_missing) {
  const Bytes whole = token();
  std::size_t refused = 0;
  for (std::size_t at = 0; at < whole.size(); at += 5) {
    Bytes changed = whole;
    changed[at] ^= 1;
    const auto stamped = verify_timestamp_token(changed, imprint(), root_pem);
    refused += stamped ? 0 : 1;
    if (!stamped) continue;
    EXPECT_EQ(stamped->at_ms, token_at_ms) << at;  // what the signature does not cover
  }
  EXPECT_GT(refused, whole.size() / 10);
  EXPECT_EQ(
      verdict(verify_timestamp_token(ByteView(whole).first(whole.size() - 1), imprint(), root_pem)),
      "malformed_object");
  Bytes longer = whole;
  longer.push_back(0);
  EXPECT_EQ(verdict(verify_timestamp_token(longer, imprint(), root_pem)), "malformed_object");
  EXPECT_EQ(verdict(verify_timestamp_token({}, imprint(), root_pem)), "malformed_object");
  EXPECT_EQ(verdict(verify_timestamp_token(Bytes(timestamp_token_bytes + 1), imprint(), root_pem)),
            "malformed_object");
}

TEST(TimestampToken, answer_to_another_request_is_none) {
  EXPECT_EQ(
      verdict(take_timestamp_token(bytes_of(response_hex), make_timestamp_request(imprint()))),
      "verification_failed")
      << "another nonce";
  EXPECT_EQ(verdict(take_timestamp_token(bytes_of(response_hex),
                                         make_timestamp_request(sha256(as_bytes("other"))))),
            "verification_failed");
  EXPECT_EQ(verdict(take_timestamp_token(as_bytes("no answer"), bytes_of(request_hex))),
            "malformed_object");
}

TEST(TimestampToken, requests_are_never_twice_the_same) {
  EXPECT_NE(make_timestamp_request(imprint()), make_timestamp_request(imprint()));
}

}  // namespace oberih::crypto
