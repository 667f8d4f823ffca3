// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/profile.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "client-cli/keyring/key_ring.hpp"
#include "client-cli/keyring/private_file.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "tests/unit/client/temporary_folder.hpp"

namespace oberih::client {
namespace {

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status {};
  ::stat(path.c_str(), &status);
  return status.st_mode & 0777;
}

Profile make_profile(const std::filesystem::path& home) {
  Profile profile;
  profile.name = "oksana";
  profile.folder = home / "oksana";
  profile.server = "127.0.0.1:7417";
  profile.genesis_hash = crypto::random_id<Digest>();
  return profile;
}

TEST(Profile, is_read_as_it_was_written) {
  TemporaryFolder home;
  Profile profile = make_profile(home.path());
  ASSERT_TRUE(create_profile(profile));
  profile.device = crypto::random_id<DeviceId>();
  ASSERT_TRUE(save_profile(profile));
  Result<Profile> read = load_profile(home.path(), "oksana");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->genesis_hash, profile.genesis_hash);
  EXPECT_EQ(read->device, profile.device);
  EXPECT_EQ(read->person, std::nullopt);
  EXPECT_EQ(list_profiles(home.path()), std::vector<std::string>{"oksana"});
}

TEST(Profile, lies_in_a_folder_of_its_owner_alone) {
  TemporaryFolder home;
  Profile profile = make_profile(home.path());
  ASSERT_TRUE(create_profile(profile));
  EXPECT_EQ(mode_of(profile.folder), 0700u);
  EXPECT_EQ(mode_of(profile.folder / "profile.json"), 0600u);
}

TEST(Profile, is_not_made_twice) {
  TemporaryFolder home;
  ASSERT_TRUE(create_profile(make_profile(home.path())));
  Result<> again = create_profile(make_profile(home.path()));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, RefusalCode::usage);
}

TEST(Profile, a_name_is_never_a_path) {
  for (const char* name : {"", ".", "..", "../x", "a/b", ".hidden", "a b", "Оксана"})
    EXPECT_FALSE(is_profile_name(name)) << name;
  EXPECT_TRUE(is_profile_name("police-admin_2.old"));
}

TEST(Profile, a_file_that_is_no_profile_is_refused) {
  TemporaryFolder home;
  Profile profile = make_profile(home.path());
  ASSERT_TRUE(create_profile(profile));
  for (std::string_view text : {"", "{}", "{\"format\":\"oberih-profile-2\"}", "[1"}) {
    ASSERT_TRUE(
        replace_file(profile.folder / "profile.json", as_bytes(text), FileAccess::owner_only));
    Result<Profile> read = load_profile(home.path(), "oksana");
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, RefusalCode::local_state_broken);
  }
}

TEST(ServerAddress, is_host_and_port) {
  EXPECT_EQ(parse_server_address("10.0.0.5:7417")->port, 7417);
  EXPECT_EQ(parse_server_address("[::1]:7417")->host, "::1");
  for (const char* text : {"", "host", "host:", ":7417", "host:0", "host:70000", "host:7417x"})
    EXPECT_FALSE(parse_server_address(text)) << text;
}

TEST(KeyRing, comes_back_whole_and_is_never_overwritten) {
  TemporaryFolder folder;
  KeyRing ring = generate_key_ring();
  const crypto::PassphraseCost cheap{1, 8 * 1024 * 1024};
  ASSERT_TRUE(create_key_ring(folder.path(), ring, as_bytes("correct horse"), cheap));
  EXPECT_EQ(mode_of(key_ring_file(folder.path())), 0600u);
  Result<SymmetricKey> key = unlock_key_ring(folder.path(), as_bytes("correct horse"));
  ASSERT_TRUE(key);
  Result<KeyRing> opened = open_key_ring(folder.path(), *key);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->device, ring.device);
  EXPECT_TRUE(
      crypto::constant_time_equal(opened->signature_seed.view(), ring.signature_seed.view()));
  EXPECT_TRUE(crypto::constant_time_equal(opened->hpke_secret.view(), ring.hpke_secret.view()));
  EXPECT_EQ(opened->tls_certificate_pem, ring.tls_certificate_pem);
  EXPECT_FALSE(create_key_ring(folder.path(), ring, as_bytes("correct horse"), cheap));
  EXPECT_EQ(unlock_key_ring(folder.path(), as_bytes("wrong")).error().code,
            RefusalCode::wrong_passphrase);
}

}  // namespace
}  // namespace oberih::client
