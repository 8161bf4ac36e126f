// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The messages that the broker and its processes exchange, and their text form.

#ifndef BROKER_MESSAGE_H
#define BROKER_MESSAGE_H

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace broker {

enum class MessageType { Request, Response, Error, Event };

/// The name under which processes address the broker itself.
inline constexpr std::string_view kBrokerName = "broker";

/// A frame is a length of four bytes, most significant first, and then that many bytes.
inline constexpr std::size_t kFrameHeader = 4;
inline constexpr std::size_t kMaxFrame = std::size_t{1} << 20;

struct Message {
  MessageType type = MessageType::Event;
  std::string correlationId; ///< ties a response or an error to its request
  std::string source;        ///< filled in by the broker for what a process sends
  std::string target;
  std::string method;
  std::string payload; ///< any bytes; all other fields are single lines
};

const char *toString(MessageType type);

/// The answer to `request`, addressed to whoever sent it.
Message makeResponse(const Message &request, std::string payload);
Message makeError(const Message &request, std::string text);

/// The text of a message: five header lines, then the payload. Nothing if a header holds a line
/// break or the text would not fit into a frame.
std::optional<std::string> encodeMessage(const Message &message);
std::optional<Message> decodeMessage(std::string_view text);

/// `text` with its length in front.
std::string frame(std::string_view text);
/// The length that a frame header announces. `header` has at least kFrameHeader bytes.
std::size_t frameLength(std::string_view header);

} // namespace broker

#endif // BROKER_MESSAGE_H
