// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "broker.h"

#include <csignal>

namespace broker {

namespace {

/// How often a silent child is checked for having ended without its socket being closed.
constexpr std::chrono::milliseconds kIdleCheck{500};

bool isReadyEvent(const Message &message) {
  return message.type == MessageType::Event && message.target == kBrokerName &&
         message.method == "ready";
}

} // namespace

void Broker::readLoop(const std::shared_ptr<Process> &self) {
  const std::string &id = self->spec.id;
  std::shared_ptr<Transport> transport;
  {
    std::lock_guard<std::mutex> lock(self->mu);
    transport = self->transport;
  }
  if (!transport)
    return;

  for (;;) {
    {
      std::shared_lock<std::shared_mutex> lock(mu_);
      auto it = processes_.find(id);
      if (it == processes_.end())
        return;
    }

    Message message;
    const auto received = transport->receive(message, stopEvent_.fd(), kIdleCheck);

    std::shared_ptr<Process> process;
    {
      std::shared_lock<std::shared_mutex> lock(mu_);
      if (const auto it = processes_.find(id); it != processes_.end())
        process = it->second;
    }
    if (process != self)
      return; // killed, or started again, while this thread was waiting

    switch (received) {
    case ReceiveStatus::Woken:
      return;
    case ReceiveStatus::Closed:
      reap(process);
      return;
    case ReceiveStatus::Idle:
      if (awaitExit(*process, std::chrono::milliseconds(0))) {
        reap(process);
        return;
      }
      continue;
    case ReceiveStatus::Malformed:
      logger()->warn("malformed message from " + id);
      continue;
    case ReceiveStatus::Received:
      break;
    }

    {
      std::lock_guard<std::mutex> own(process->mu);
      ++process->messagesReceived;
    }
    message.source = id;

    if (isReadyEvent(message)) {
      std::shared_ptr<Process> starter;
      {
        std::shared_lock lock(mu_);
        auto it = processes_.find(id);
        if (it != processes_.end())
          starter = it->second;
      }
      if (starter) {
        std::lock_guard<std::mutex> own(starter->mu);
        if (starter->status == ProcessStatus::Starting) {
          starter->status = ProcessStatus::Running;
          starter->changed.notify_all();
        }
      }
      logger()->info(id + " is ready");
      continue;
    }
    routeMessage(message);
  }
}

} // namespace broker
