// SPDX-License-Identifier: Apache-2.0
// A malicious server gives out attachments as it likes: another file's, cut, in another order, of
// another size. Whatever was taken until the lie is found is the beginning of the true file.
#include <fstream>

#include "client-cli/verification/attachment_download.hpp"
#include "tests/attacks/server_attack.hpp"

namespace oberih::attacks {
namespace {

constexpr std::size_t file_bytes = 3 * sealing::attachment_chunk_bytes + 999;

class ServerAttackOnAttachments : public ServerAttack {
 protected:
  struct Sent {
    ChannelId channel;
    Bytes content, other_content;
    std::optional<sealing::Attachment> file, other;
  };
  /// Two files of one size in one conversation.
  static const Sent& sent() {
    static const Sent made = [] {
      Sent sent;
      sent.channel = Scene::shared().open_channel();
      auto oksana = Scene::shared().honest_member(Scene::shared().oksana());
      EXPECT_EQ(outcome(oksana->read(sent.channel)), "accepted");
      client::AttachmentUpload upload(oksana->session(), sent.channel);
      const auto send = [&](const std::string& name, Bytes& content) {
        content.resize(file_bytes);
        for (std::size_t at = 0; at < content.size(); ++at)
          content[at] = static_cast<std::uint8_t>(at * 31 + at / 4'099 + name.size());
        const std::filesystem::path file = oksana->folder() / name;
        std::ofstream(file, std::ios::binary)
            .write(reinterpret_cast<const char*>(content.data()),
                   static_cast<std::streamsize>(content.size()));
        auto attachment = upload.send(file, {});
        if (!attachment) throw std::runtime_error("no upload: " + attachment.error().detail);
        return std::move(*attachment);
      };
      sent.file.emplace(send("protocol.pdf", sent.content));
      sent.other.emplace(send("other.pdf", sent.other_content));
      return sent;
    }();
    return made;
  }
  struct Fetched {
    Result<> outcome;
    Bytes taken;
  };
  static Fetched fetch(Member& member) {
    Fetched fetched;
    fetched.outcome = client::fetch_attachment(member.session(), sent().channel, *sent().file,
                                               [&](ByteView part) -> Result<> {
                                                 fetched.taken.insert(fetched.taken.end(),
                                                                      part.begin(), part.end());
                                                 return {};
                                               },
                                               {});
    return fetched;
  }
  void expect_fetch_refused(RefusalCode code, std::size_t chunks_taken,
                            const std::function<void(MaliciousServer&)>& lie) {
    auto server = scene().malicious_server();
    auto unharmed = scene().member_of(*server, scene().odesa());
    ASSERT_EQ(outcome(unharmed->read(sent().channel)), "accepted");
    const Fetched honest = fetch(*unharmed);
    ASSERT_EQ(outcome(honest.outcome), "accepted") << "the control run fails";
    ASSERT_EQ(honest.taken, sent().content);

    lie(*server);
    auto victim = scene().member_of(*server, scene().odesa());
    ASSERT_EQ(outcome(victim->read(sent().channel)), "accepted");
    const Fetched fetched = fetch(*victim);
    ASSERT_FALSE(fetched.outcome) << "the lie was believed";
    EXPECT_EQ(fetched.outcome.error().code, code) << outcome(fetched.outcome);
    ASSERT_EQ(fetched.taken.size(), chunks_taken * sealing::attachment_chunk_bytes);
    EXPECT_TRUE(std::equal(fetched.taken.begin(), fetched.taken.end(), sent().content.begin()));
  }
  void expect_chunks_refused(std::size_t chunks_taken,
                             const std::function<void(std::uint32_t, Bytes&)>& tamper) {
    expect_fetch_refused(RefusalCode::attachment_invalid, chunks_taken,
                         [&](MaliciousServer& server) {
                           server.when<wire::AttachmentGet>(
                               [&](const wire::AttachmentGet& get, wire::AttachmentChunk& reply) {
                                 tamper(get.number, reply.chunk);
                               });
                         });
  }
  void expect_manifest_refused(const std::function<void(sealing::AttachmentManifest&)>& tamper) {
    expect_fetch_refused(RefusalCode::attachment_invalid, 0, [&](MaliciousServer& server) {
      server.when<wire::AttachmentStatus>(
          [&](const wire::AttachmentStatus&, wire::AttachmentState& state) {
            tamper(state.manifest);
          });
    });
  }
  /// As the honest server gives it.
  Bytes chunk_of(const sealing::Attachment& file, std::uint32_t number) {
    auto member = scene().honest_member(scene().odesa());
    EXPECT_EQ(outcome(member->read(sent().channel)), "accepted");
    return member->session()
        .ask(wire::AttachmentGet{sent().channel, file.content, number})
        .value()
        .chunk;
  }
  sealing::AttachmentManifest manifest_of(const sealing::Attachment& file) {
    auto member = scene().honest_member(scene().odesa());
    EXPECT_EQ(outcome(member->read(sent().channel)), "accepted");
    return member->session()
        .ask(wire::AttachmentStatus{sent().channel, file.content})
        .value()
        .manifest;
  }
};

TEST_F(ServerAttackOnAttachments, a_chunk_of_another_file_is_refused) {
  const Bytes foreign = chunk_of(*sent().other, 1);
  expect_chunks_refused(1, [&](std::uint32_t number, Bytes& chunk) {
    if (number == 1) chunk = foreign;
  });
}

TEST_F(ServerAttackOnAttachments, a_flipped_bit_is_refused) {
  expect_chunks_refused(2, [](std::uint32_t number, Bytes& chunk) {
    if (number == 2) chunk.back() ^= 1;
  });
}

TEST_F(ServerAttackOnAttachments, chunks_in_another_order_are_refused) {
  const Bytes first = chunk_of(*sent().file, 0), second = chunk_of(*sent().file, 1);
  expect_chunks_refused(0, [&](std::uint32_t number, Bytes& chunk) {
    if (number < 2) chunk = number == 0 ? second : first;
  });
}

TEST_F(ServerAttackOnAttachments, a_chunk_cut_short_or_empty_is_refused) {
  expect_chunks_refused(1, [](std::uint32_t number, Bytes& chunk) {
    if (number == 1) chunk.pop_back();
  });
  expect_chunks_refused(0, [](std::uint32_t, Bytes& chunk) { chunk.clear(); });
}

TEST_F(ServerAttackOnAttachments, a_manifest_of_another_content_is_refused) {
  const sealing::AttachmentManifest foreign = manifest_of(*sent().other);
  expect_manifest_refused([&](sealing::AttachmentManifest& manifest) { manifest = foreign; });
}

TEST_F(ServerAttackOnAttachments, a_manifest_with_the_hash_of_another_chunk_is_refused) {
  // The server exchanges chunk and hash together: the content id covers both.
  const Digest foreign = sealing::chunk_hash(manifest_of(*sent().other), 1);
  expect_manifest_refused([&](sealing::AttachmentManifest& manifest) {
    std::ranges::copy(foreign.view(),
                      manifest.chunk_hashes.begin() + static_cast<std::ptrdiff_t>(Digest::size));
  });
}

TEST_F(ServerAttackOnAttachments, another_size_is_refused) {
  expect_manifest_refused([](sealing::AttachmentManifest& manifest) {
    // As if the file ended one chunk earlier.
    manifest.chunk_hashes.resize(manifest.chunk_hashes.size() - Digest::size);
    manifest.padded_bytes -= sealing::attachment_chunk_bytes;
  });
  expect_manifest_refused(
      [](sealing::AttachmentManifest& manifest) { manifest.padded_bytes += 1; });
}

TEST_F(ServerAttackOnAttachments, a_file_called_incomplete_is_not_saved_in_part) {
  expect_fetch_refused(RefusalCode::attachment_incomplete, 0, [](MaliciousServer& server) {
    server.when<wire::AttachmentStatus>(
        [](const wire::AttachmentStatus&, wire::AttachmentState& state) {
          state.progress.complete = false;
        });
  });
}

}  // namespace
}  // namespace oberih::attacks
