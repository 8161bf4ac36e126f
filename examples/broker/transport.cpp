// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "transport.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <optional>
#include <poll.h>
#include <string_view>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace broker {

namespace {

using Clock = std::chrono::steady_clock;

int pollTimeout(std::chrono::milliseconds timeout) {
  if (timeout.count() < 0)
    return -1;
  const std::chrono::milliseconds::rep most = std::numeric_limits<int>::max();
  return static_cast<int>(std::min(timeout.count(), most));
}

} // namespace

WakeEvent::WakeEvent() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_ < 0)
    throw std::system_error(errno, std::generic_category(), "eventfd");
}

WakeEvent::~WakeEvent() { ::close(fd_); }

void WakeEvent::signal() {
  const std::uint64_t one = 1;
  while (::write(fd_, &one, sizeof one) < 0 && errno == EINTR) {
  }
}

Transport::Transport(int fd, std::size_t chunk) : fd_(fd), chunk_(chunk) {}

Transport::~Transport() { ::close(fd_); }

bool Transport::send(const Message &message, std::chrono::milliseconds timeout) {
  const auto text = encodeMessage(message);
  if (!text)
    return false;
  const std::string framed = frame(*text);
  std::string_view rest = framed;
  const auto deadline = Clock::now() + timeout;

  std::lock_guard<std::mutex> lock(sendMu_);
  while (!rest.empty()) {
    const ssize_t sent = ::send(fd_, rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (errno == EINTR)
      continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
      pollfd poller{fd_, POLLOUT, 0};
      if (left.count() > 0 && (::poll(&poller, 1, pollTimeout(left)) >= 0 || errno == EINTR))
        continue;
    }
    if (rest.size() != framed.size())
      ::shutdown(fd_, SHUT_RDWR);
    return false;
  }
  return true;
}

ReceiveStatus Transport::takeFrame(Message &message) {
  const std::string_view rest = std::string_view(input_).substr(inputPos_);
  if (rest.size() < kFrameHeader)
    return ReceiveStatus::Idle;
  const std::size_t length = frameLength(rest);
  if (length > kMaxFrame)
    return ReceiveStatus::Closed;
  if (rest.size() < kFrameHeader + length)
    return ReceiveStatus::Idle;
  auto decoded = decodeMessage(rest.substr(kFrameHeader, length));
  inputPos_ += kFrameHeader + length;
  if (!decoded)
    return ReceiveStatus::Malformed;
  message = std::move(*decoded);
  return ReceiveStatus::Received;
}

ReceiveStatus Transport::receive(Message &message, int wakeFd, std::chrono::milliseconds idle) {
  for (;;) {
    if (const auto status = takeFrame(message); status != ReceiveStatus::Idle)
      return status;
    input_.erase(0, inputPos_);
    inputPos_ = 0;

    std::array<pollfd, 2> pollers{{{fd_, POLLIN, 0}, {wakeFd, POLLIN, 0}}};
    const int ready = ::poll(pollers.data(), pollers.size(), pollTimeout(idle));
    if (ready < 0) {
      if (errno == EINTR)
        continue;
      return ReceiveStatus::Closed;
    }
    if (ready == 0)
      return ReceiveStatus::Idle;
    if (pollers[1].revents != 0)
      return ReceiveStatus::Woken;

    const std::size_t had = input_.size();
    input_.resize(had + chunk_);
    const ssize_t got = ::recv(fd_, input_.data() + had, chunk_, MSG_DONTWAIT);
    const int error = errno;
    input_.resize(had + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got == 0)
      return ReceiveStatus::Closed;
    if (got < 0 && error != EINTR && error != EAGAIN && error != EWOULDBLOCK)
      return ReceiveStatus::Closed;
  }
}

} // namespace broker
