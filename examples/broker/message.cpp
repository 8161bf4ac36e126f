// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "message.h"

#include <array>
#include <cstdint>
#include <utility>

namespace broker {

namespace {

constexpr std::array<std::pair<MessageType, const char *>, 4> kTypeNames{{
    {MessageType::Request, "request"},
    {MessageType::Response, "response"},
    {MessageType::Error, "error"},
    {MessageType::Event, "event"},
}};

std::optional<MessageType> typeFromName(std::string_view name) {
  for (const auto &[type, typeName] : kTypeNames)
    if (name == typeName)
      return type;
  return std::nullopt;
}

Message makeAnswer(MessageType type, const Message &request, std::string payload) {
  Message answer;
  answer.type = type;
  answer.correlationId = request.correlationId;
  answer.source = request.target;
  answer.target = request.source;
  answer.method = request.method;
  answer.payload = std::move(payload);
  return answer;
}

} // namespace

const char *toString(MessageType type) {
  for (const auto &[known, name] : kTypeNames)
    if (known == type)
      return name;
  return "unknown";
}

Message makeResponse(const Message &request, std::string payload) {
  return makeAnswer(MessageType::Response, request, std::move(payload));
}

Message makeError(const Message &request, std::string text) {
  return makeAnswer(MessageType::Error, request, std::move(text));
}

std::optional<std::string> encodeMessage(const Message &message) {
  std::string text = toString(message.type);
  text += '\n';
  for (const std::string *header :
       {&message.correlationId, &message.source, &message.target, &message.method}) {
    if (header->find('\n') != std::string::npos)
      return std::nullopt;
    text += *header;
    text += '\n';
  }
  if (text.size() + message.payload.size() > kMaxFrame)
    return std::nullopt;
  text += message.payload;
  return text;
}

std::optional<Message> decodeMessage(std::string_view text) {
  std::array<std::string_view, 5> headers;
  for (auto &header : headers) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos)
      return std::nullopt;
    header = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  const auto type = typeFromName(headers[0]);
  if (!type)
    return std::nullopt;
  Message message;
  message.type = *type;
  message.correlationId = headers[1];
  message.source = headers[2];
  message.target = headers[3];
  message.method = headers[4];
  message.payload = text;
  return message;
}

std::string frame(std::string_view text) {
  const auto length = static_cast<std::uint32_t>(text.size());
  std::string framed;
  framed.reserve(kFrameHeader + text.size());
  for (int shift = 24; shift >= 0; shift -= 8)
    framed += static_cast<char>((length >> shift) & 0xffU);
  framed += text;
  return framed;
}

std::size_t frameLength(std::string_view header) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < kFrameHeader; ++i)
    length = (length << 8) | static_cast<unsigned char>(header[i]);
  return length;
}

} // namespace broker
