// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/message_text.hpp"

#include "malformed_input.hpp"

namespace oberih::sealing {
namespace {

Bytes encoded(const MessageText& message) {
  return to_bytes(encode_message_text(message).value().view());
}

TEST(MessageText, has_the_bytes_of_the_reference) {
  EXPECT_EQ(encoded({MessageWhat::text, "Ok"}), (Bytes{1, 0, 0, 0, 0, 2, 'O', 'k', 0, 0}));
  EXPECT_EQ(encoded({MessageWhat::channel_title, "7"}), (Bytes{1, 1, 0, 0, 0, 1, '7', 0, 0}));
}

TEST(MessageText, comes_back_as_it_went) {
  const Bytes bytes = encoded({MessageWhat::channel_title, "Справа 417"});
  const Result<MessageText> back = parse_message_text(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->what, MessageWhat::channel_title);
  EXPECT_EQ(back->text, "Справа 417");
}

TEST(MessageText, refuses_what_is_cut_short_longer_or_of_another_version) {
  expect_strict(encoded({MessageWhat::text, "Добрий день"}), parse_message_text);
}

TEST(MessageText, refuses_unknown_sorts_and_attachments_that_are_not_there) {
  Bytes bytes = encoded({MessageWhat::text, "Ok"});
  bytes[1] = 2;
  EXPECT_FALSE(parse_message_text(bytes));
  bytes[1] = 0;
  bytes.back() = 1;
  EXPECT_FALSE(parse_message_text(bytes));
}

TEST(MessageText, refuses_text_that_is_empty_or_no_utf8) {
  EXPECT_FALSE(encode_message_text({MessageWhat::text, ""}));
  EXPECT_FALSE(encode_message_text({MessageWhat::text, "\xff"}));
  EXPECT_FALSE(parse_message_text(Bytes{1, 0, 0, 0, 0, 1, 0xff, 0, 0}));
  EXPECT_FALSE(parse_message_text(Bytes{1, 0, 0, 0, 0, 0, 0, 0}));
}

Attachment attached() {
  Attachment attachment;
  attachment.name = "план.pdf";
  attachment.size = 5;
  attachment.commitment.bytes.fill(2);
  attachment.content.bytes.fill(3);
  return attachment;
}

TEST(MessageText, carries_attachments_also_without_a_text) {
  MessageText message{MessageWhat::text, ""};
  message.attachments.push_back(attached());
  const Bytes bytes = encoded(message);
  const auto back = parse_message_text(bytes);
  ASSERT_TRUE(back);
  ASSERT_EQ(back->attachments.size(), 1u);
  EXPECT_EQ(back->attachments[0].name, "план.pdf");
  EXPECT_EQ(back->attachments[0].content, message.attachments[0].content);
  expect_strict(bytes, parse_message_text);
}

TEST(MessageText, gives_a_title_no_attachments_and_a_text_at_most_16) {
  MessageText message{MessageWhat::channel_title, "417"};
  message.attachments.push_back(attached());
  EXPECT_FALSE(encode_message_text(message));
  message.what = MessageWhat::text;
  while (message.attachments.size() < 16) message.attachments.push_back(attached());
  EXPECT_TRUE(encode_message_text(message));
  message.text = std::string(65'000, 'x');
  const auto refused = encode_message_text(message);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, RefusalCode::body_too_large);
  message.text = "x";
  message.attachments.push_back(attached());
  EXPECT_FALSE(encode_message_text(message));
}

TEST(MessageText, has_a_largest_length) {
  EXPECT_TRUE(encode_message_text({MessageWhat::text, std::string(65'000, 'x')}));
  const auto refused = encode_message_text({MessageWhat::text, std::string(65'001, 'x')});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, RefusalCode::body_too_large);
}

TEST(MessageText, counts_the_characters_of_a_title_not_its_bytes) {
  std::string title;
  for (int i = 0; i < 200; ++i) title += "ї";
  EXPECT_TRUE(encode_message_text({MessageWhat::channel_title, title}));
  EXPECT_FALSE(encode_message_text({MessageWhat::channel_title, title + "ї"}));
  EXPECT_TRUE(encode_message_text({MessageWhat::text, title + "ї"}));
}

TEST(MessageText, lets_no_control_character_into_a_title) {
  for (const char* title : {"a\nb", "a\x1b[2J",
                            "a\xe2\x80\xae"
                            "b"}) {
    EXPECT_FALSE(encode_message_text({MessageWhat::channel_title, title}));
    EXPECT_TRUE(encode_message_text({MessageWhat::text, title}));
  }
}

}  // namespace
}  // namespace oberih::sealing
