// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef BROKER_TRANSPORT_H
#define BROKER_TRANSPORT_H

#include "message.h"

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>

namespace broker {

/// A file descriptor that others can wait for; once signalled it stays signalled.
class WakeEvent {
public:
  WakeEvent();
  ~WakeEvent();
  WakeEvent(const WakeEvent &) = delete;
  WakeEvent &operator=(const WakeEvent &) = delete;

  void signal();
  int fd() const { return fd_; }

private:
  int fd_;
};

enum class ReceiveStatus {
  Received,  ///< a message has come
  Malformed, ///< a frame has come that is no message; the stream goes on
  Idle,      ///< nothing has come for a while
  Woken,     ///< the wake descriptor was signalled
  Closed,    ///< the other side is gone, or what it sends is no frame
};

/// One end of a stream socket that carries framed messages. Any number of threads may send; one
/// thread receives.
class Transport {
public:
  static constexpr std::size_t kDefaultChunk = 16 * 1024;

  /// Takes the descriptor over.
  explicit Transport(int fd, std::size_t chunk = kDefaultChunk);
  ~Transport();
  Transport(const Transport &) = delete;
  Transport &operator=(const Transport &) = delete;

  /// Sends all of the message, or gives up after `timeout` and shuts the stream down if it was left
  /// in the middle of a frame.
  bool send(const Message &message, std::chrono::milliseconds timeout);

  /// Waits for the next message, at most for `idle`, or without limit if that is negative.
  /// `wakeFd` may be -1.
  ReceiveStatus receive(Message &message, int wakeFd, std::chrono::milliseconds idle);

private:
  ReceiveStatus takeFrame(Message &message);

  const int fd_;
  const std::size_t chunk_;
  std::mutex sendMu_; ///< keeps the frames of different senders apart
  std::string input_; ///< of the receiving thread only
  std::size_t inputPos_ = 0;
};

} // namespace broker

#endif // BROKER_TRANSPORT_H
